/** The campaigns of a stream in the order they are tried, each with what the customer gets. */
import { ActionIcon, Button, NumberInput, Text, TextInput } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import classes from './form.module.css'
import { type FieldsProps, listOf, numberOf } from './fields.ts'

interface Entry {
  readonly campaign: string
  readonly treatment?: string
  readonly condition?: unknown
}

export function StreamFields({ readOnly, get, set, errors }: FieldsProps) {
  const entries = listOf<Entry>(get('definition.campaigns'))
  const days = get('definition.measurementDays')
  const put = (next: readonly Entry[]) => set('definition.campaigns', next)
  const change = (at: number, { treatment, ...part }: Partial<Entry>) =>
    put(entries.map((entry, index) => (index === at ? { ...entry, ...part, ...(treatment === undefined ? {} : { treatment }) } : entry)))
  const swap = (at: number, other: number) => put(entries.map((entry, index) => (index === at ? (entries[other] ?? entry) : index === other ? (entries[at] ?? entry) : entry)))
  const fault = errors.at('definition.campaigns')
  return (
    <>
      <fieldset className={classes.group}>
        <legend>Campaigns, in the order they are tried</legend>
        {entries.map((entry, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the order
          <div key={at} className={classes.row}>
            <TextInput
              label={`${at + 1}. Campaign`}
              value={entry.campaign}
              onChange={({ currentTarget }) => change(at, { campaign: currentTarget.value })}
              readOnly={readOnly}
              className={classes.grow}
            />
            <TextInput
              label="Treatment"
              value={entry.treatment ?? ''}
              onChange={({ currentTarget: { value } }) => (value === '' ? put(entries.map((one, index) => (index === at ? without(one) : one))) : change(at, { treatment: value }))}
              readOnly={readOnly}
              className={classes.grow}
              dir="auto"
            />
            {readOnly ? null : (
              <div className={classes.tools}>
                <Tool label={`Move campaign ${at + 1} up`} icon={IconArrowUp} disabled={at === 0} onClick={() => swap(at, at - 1)} />
                <Tool label={`Move campaign ${at + 1} down`} icon={IconArrowDown} disabled={at === entries.length - 1} onClick={() => swap(at, at + 1)} />
                <Tool label={`Remove campaign ${at + 1}`} icon={IconTrash} onClick={() => put(entries.filter((_, index) => index !== at))} />
              </div>
            )}
            {entry.condition === undefined ? null : (
              <Text size="xs" c="dimmed" component="div" className={classes.under}>
                Only for <code>{JSON.stringify(entry.condition)}</code>
              </Text>
            )}
          </div>
        ))}
        {fault ? (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {fault}
          </Text>
        ) : null}
        {readOnly || entries.length >= 200 ? null : (
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => put([...entries, { campaign: '' }])}>
            Add a campaign
          </Button>
        )}
      </fieldset>
      <NumberInput
        label="Days measured"
        description="Empty: as the account attributes orders"
        value={typeof days === 'number' ? days : ''}
        onChange={(value) => set('definition.measurementDays', numberOf(value))}
        min={1}
        max={365}
        allowDecimal={false}
        readOnly={readOnly}
        error={errors.at('definition.measurementDays')}
        hideControls
      />
    </>
  )
}

const without = ({ treatment: _, ...entry }: Entry): Entry => entry

function Tool({ label, icon: Sign, ...rest }: { label: string; icon: typeof IconTrash; disabled?: boolean; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} {...rest}>
      <Sign size={17} aria-hidden />
    </ActionIcon>
  )
}

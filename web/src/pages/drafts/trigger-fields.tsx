/** What sets a trigger off, on which conditions, for whom, and what follows. */
import { ActionIcon, Button, NumberInput, Select, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { operatorWords } from '../../kit/rule-editor/index.ts'
import classes from './form.module.css'
import { type FieldsProps, listOf, numberOf, textOf } from './fields.ts'
import { RuleField } from './rule-field.tsx'

/** Those that need no known type of what they compare. */
const operators = ['is', 'isNot', 'in', 'notIn', 'contains', 'startsWith', '>', '>=', '<', '<=', 'between', 'known', 'unknown'] as const
const withoutValue = new Set<string>(['known', 'unknown'])

interface Condition {
  readonly field: string
  readonly op: string
  readonly value?: unknown
}

/** Text stands as it is; what would read as a number or a list does so in quotes, so that each comes back as what it was. */
const written = (value: unknown): string => (value === undefined ? '' : typeof value === 'string' && read(value) === value ? value : JSON.stringify(value))
function read(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function TriggerFields({ account, readOnly, get, set, errors }: FieldsProps) {
  const number = (path: string, label: string, description: string) => {
    const value = get(path)
    return (
      <NumberInput
        label={label}
        description={description}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => set(path, numberOf(next))}
        min={0}
        allowDecimal={false}
        readOnly={readOnly}
        error={errors.at(path)}
        hideControls
      />
    )
  }
  const text = (path: string, label: string, description: string) => (
    <TextInput
      label={label}
      description={description}
      value={textOf(get(path))}
      onChange={({ currentTarget }) => set(path, currentTarget.value || undefined)}
      readOnly={readOnly}
      error={errors.at(path)}
    />
  )
  return (
    <>
      {text('definition.event', 'Event', 'As events are named: ordered, opened, deposit …')}
      <Conditions
        readOnly={readOnly}
        value={listOf<Condition>(get('definition.where'))}
        onChange={(value) => set('definition.where', value)}
        error={errors.at('definition.where')}
      />
      {get('definition.audience') === undefined && readOnly ? null : (
        <RuleField
          account={account}
          label="Only for customers"
          optional
          value={get('definition.audience')}
          onChange={(value) => set('definition.audience', value)}
          readOnly={readOnly}
          error={errors.at('definition.audience')}
        />
      )}
      <div className={classes.two}>
        {text('definition.followUp.campaign', 'Campaign that follows', 'Its key')}
        {text('definition.followUp.flow', 'Flow that follows', 'Its key')}
        {number('definition.followUp.delayMinutes', 'Delay', 'Minutes after the event')}
        {number('definition.windowHours', 'Window', 'Hours in which it may follow')}
      </div>
    </>
  )
}

interface ConditionsProps {
  readonly readOnly: boolean
  readonly value: readonly Condition[]
  readonly onChange: (value: readonly Condition[]) => void
  readonly error: string | undefined
}

function Conditions({ readOnly, value, onChange, error }: ConditionsProps) {
  const change = (at: number, part: Partial<Condition>) => onChange(value.map((condition, index) => (index === at ? bare({ ...condition, ...part }) : condition)))
  if (value.length === 0 && readOnly) return null
  return (
    <fieldset className={classes.group}>
      <legend>Conditions, all of which must hold</legend>
      {value.map((condition, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its field is what is typed
        <div key={at} className={classes.row}>
          <TextInput
            label="Field"
            value={condition.field}
            onChange={({ currentTarget }) => change(at, { field: currentTarget.value })}
            readOnly={readOnly}
            className={classes.grow}
          />
          <Select
            label="Compared"
            data={operators.map((op) => ({ value: op, label: operatorWords(op, 'text') }))}
            value={condition.op}
            onChange={(op) => op !== null && change(at, { op })}
            allowDeselect={false}
            readOnly={readOnly}
            w={150}
          />
          {withoutValue.has(condition.op) ? null : (
            <TextInput
              label="Value"
              value={written(condition.value)}
              onChange={({ currentTarget }) => change(at, { value: currentTarget.value === '' ? undefined : read(currentTarget.value) })}
              readOnly={readOnly}
              className={classes.grow}
              dir="auto"
            />
          )}
          {readOnly ? null : (
            <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => onChange(value.filter((_, index) => index !== at))} aria-label={`Remove condition ${at + 1}`}>
              <IconTrash size={17} aria-hidden />
            </ActionIcon>
          )}
        </div>
      ))}
      {error ? (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      ) : null}
      {readOnly || value.length >= 20 ? null : (
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { field: '', op: 'is' }])}>
          Add a condition
        </Button>
      )}
    </fieldset>
  )
}

function bare({ value, ...rest }: Condition): Condition {
  return value === undefined || withoutValue.has(rest.op) ? rest : { ...rest, value }
}

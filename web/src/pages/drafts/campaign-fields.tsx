/** What a campaign says, to whom, when, and how it is measured. */
import { ActionIcon, Button, NumberInput, TagsInput, Text, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import classes from './form.module.css'
import { type FieldsProps, listOf, percentOf, shareOf, textOf } from './fields.ts'
import { MomentField } from './moment-field.tsx'

const regions = new Intl.DisplayNames('en', { type: 'region' })
function countryName(code: string): string {
  try {
    return regions.of(code) ?? code
  } catch {
    // Not of the form that codes have: the server says so.
    return code
  }
}

export function CampaignFields({ account, readOnly, get, set, errors }: FieldsProps) {
  const countries = listOf<string>(get('definition.countries'))
  const text = (path: string, label: string) => (
    <TextInput
      label={label}
      value={textOf(get(path))}
      onChange={({ currentTarget }) => set(path, currentTarget.value || undefined)}
      readOnly={readOnly}
      error={errors.at(path)}
      dir="auto"
    />
  )
  return (
    <>
      {text('definition.template.subject', 'Subject')}
      {text('definition.template.preheader', 'Preheader')}
      <Textarea
        label="Content"
        description="Text or HTML, as the platform that sends takes it."
        value={textOf(get('definition.template.content'))}
        onChange={({ currentTarget }) => set('definition.template.content', currentTarget.value || undefined)}
        readOnly={readOnly}
        error={errors.at('definition.template.content')}
        autosize
        minRows={4}
        maxRows={16}
        dir="auto"
      />
      <TextInput
        label="Target group"
        description="The key of the group of customers who get it; empty: everybody."
        value={textOf(get('definition.targetGroup'))}
        onChange={({ currentTarget }) => set('definition.targetGroup', currentTarget.value || undefined)}
        readOnly={readOnly}
        error={errors.at('definition.targetGroup')}
      />
      <TagsInput
        label="Countries"
        description={countries.length === 0 ? 'Codes of two letters, like DE; none: everywhere.' : countries.map(countryName).join(', ')}
        value={[...countries]}
        onChange={(codes) => set('definition.countries', [...new Set(codes.map((code) => code.trim().toUpperCase()))])}
        readOnly={readOnly}
        error={errors.at('definition.countries')}
        acceptValueOnBlur
      />
      <div className={classes.two}>
        <NumberInput
          label="Control group"
          description="Held out, in per cent"
          value={percentOf(get('definition.controlShare'))}
          onChange={(value) => set('definition.controlShare', shareOf(value))}
          min={0}
          max={100}
          suffix=" %"
          decimalScale={4}
          readOnly={readOnly}
          error={errors.at('definition.controlShare')}
          hideControls
        />
        <MomentField
          account={account}
          label="Sent at"
          value={get('definition.schedule.sendAt')}
          onChange={(value) => set('definition.schedule.sendAt', value)}
          readOnly={readOnly}
          error={errors.at('definition.schedule')}
        />
      </div>
      <Variants
        readOnly={readOnly}
        value={listOf<Variant>(get('definition.variants'))}
        onChange={(value) => set('definition.variants', value)}
        error={errors.at('definition.variants')}
      />
    </>
  )
}

interface Variant {
  readonly name: string
  readonly share?: number
  readonly subject?: string
}

interface VariantsProps {
  readonly readOnly: boolean
  readonly value: readonly Variant[]
  readonly onChange: (value: readonly Variant[]) => void
  readonly error: string | undefined
}

function Variants({ readOnly, value, onChange, error }: VariantsProps) {
  const change = (at: number, part: { [Field in keyof Variant]?: Variant[Field] | undefined }) =>
    onChange(
      value.map((variant, index) =>
        index === at ? (Object.fromEntries(Object.entries({ ...variant, ...part }).filter(([, one]) => one !== undefined)) as unknown as Variant) : variant,
      ),
    )
  if (value.length === 0 && readOnly) return null
  return (
    <fieldset className={classes.group}>
      <legend>Variants</legend>
      {value.map((variant, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, its name is what is typed
        <div key={at} className={classes.row}>
          <TextInput label="Name" value={variant.name} onChange={({ currentTarget }) => change(at, { name: currentTarget.value })} readOnly={readOnly} />
          <NumberInput
            label="Share"
            value={percentOf(variant.share)}
            onChange={(share) => change(at, { share: shareOf(share) })}
            suffix=" %"
            min={0}
            max={100}
            readOnly={readOnly}
            hideControls
            w={96}
          />
          <TextInput
            label="Subject"
            value={variant.subject ?? ''}
            onChange={({ currentTarget }) => change(at, { subject: currentTarget.value || undefined })}
            readOnly={readOnly}
            className={classes.grow}
            dir="auto"
          />
          {readOnly ? null : (
            <ActionIcon variant="subtle" color="gray" size="lg" onClick={() => onChange(value.filter((_, index) => index !== at))} aria-label={`Remove variant ${at + 1}`}>
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
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...value, { name: String.fromCharCode(65 + value.length) }])}>
          Add a variant
        </Button>
      )}
    </fieldset>
  )
}

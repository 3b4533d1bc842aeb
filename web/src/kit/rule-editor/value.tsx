/** The field for a value: by its type and by how it is compared. */
import { MultiSelect, NumberInput, Select, TagsInput, Text, TextInput } from '@mantine/core'
import { useEditing } from './context.ts'
import { EntityField } from './entity.tsx'
import { listOf, shapeOf } from './operators.ts'
import classes from './rule-editor.module.css'
import type { Scalar, Term } from './types.ts'
import type { ValueFieldProps } from './value-props.ts'

export function ValueField(props: ValueFieldProps) {
  const { term, op, value, wrong, onChange } = props
  switch (shapeOf(op)) {
    case 'none':
      return null
    case 'days':
      return <Count label={`${term.title}: days`} unit={value === 1 ? 'day' : 'days'} value={value} most={3650} wrong={wrong} onChange={onChange} />
    case 'percent':
      return <Count label={`${term.title}: per cent`} unit="%" value={value} most={100} places={2} wrong={wrong} onChange={onChange} />
    case 'two': {
      const [from = '', to = ''] = listOf(value)
      return (
        <div className={classes.pair}>
          <One term={term} wrong={wrong} value={from} label={`${term.title}: from`} onChange={(given) => onChange([given ?? '', to])} />
          <Text size="sm" c="dimmed">
            and
          </Text>
          <One term={term} wrong={wrong} value={to} label={`${term.title}: to`} onChange={(given) => onChange([from, given ?? ''])} />
        </div>
      )
    }
    case 'many':
      return <Many {...props} />
    case 'one':
      return term.type === 'entity' ? <EntityField {...props} one /> : <One term={term} wrong={wrong} value={listOf(value)[0]} label={term.title} onChange={onChange} />
  }
}

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' })
const languages = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' })

/** "Germany (DE)": codes are what is stored, names what people know. */
function labelOf(value: string, { name, type }: Term): string {
  if (type !== 'code' || (name !== 'country' && name !== 'language')) return value
  try {
    const said = name === 'country' ? regions.of(value.toUpperCase()) : languages.of(value)
    return said === undefined || said.toLowerCase() === value.toLowerCase() ? value : `${said} (${value})`
  } catch {
    // Imported data may hold anything.
    return value
  }
}

/** What there is to choose from, with what is chosen among it; undefined: it is typed. */
function useChoices(term: Term, chosen: readonly Scalar[]) {
  const { vocabulary } = useEditing()
  // The country of a message or an order is one like those of customers.
  const known = term.known ?? vocabulary.attributes.find(({ name }) => name === term.name && term.name === 'country')?.known
  const values = term.values ?? (known?.length ? known : undefined)
  if (!values) return undefined
  return [...new Set([...values, ...chosen.map(String)])].filter((value) => value !== '').map((value) => ({ value, label: labelOf(value, term) }))
}

type OneProps = Pick<ValueFieldProps, 'term' | 'wrong'> & { readonly value: Scalar | undefined; readonly label: string; readonly onChange: (value: Scalar | undefined) => void }

function One({ term, value, label, wrong, onChange }: OneProps) {
  const { vocabulary } = useEditing()
  const choices = useChoices(term, value === undefined ? [] : [value])
  const common = { size: 'sm', 'aria-label': label, error: wrong, className: classes.value ?? '' } as const
  if (term.type === 'boolean') {
    return (
      <Select
        {...common}
        data={[
          { value: 'true', label: 'Yes' },
          { value: 'false', label: 'No' },
        ]}
        value={String(value)}
        onChange={(given) => onChange(given === 'true')}
        allowDeselect={false}
      />
    )
  }
  if (choices) {
    return (
      <Select
        {...common}
        data={choices}
        value={value === undefined || value === '' ? null : String(value)}
        onChange={(given) => onChange(given ?? undefined)}
        placeholder="Choose …"
        searchable
        allowDeselect={false}
        nothingFoundMessage="No group of customers has it"
      />
    )
  }
  const amount = term.type === 'money' || term.type === 'number'
  return (
    <TextInput
      {...common}
      type={term.type === 'date' ? 'date' : 'text'}
      inputMode={amount ? 'decimal' : undefined}
      value={value === undefined ? '' : String(value)}
      onChange={({ currentTarget }) => onChange(currentTarget.value === '' ? undefined : currentTarget.value)}
      maxLength={term.type === 'date' ? undefined : 500}
      rightSection={term.type === 'money' ? <Unit>{vocabulary.currency}</Unit> : undefined}
      rightSectionWidth={48}
      data-narrow={amount || undefined}
    />
  )
}

function Many(props: ValueFieldProps) {
  const { term, value, wrong, onChange } = props
  const chosen = listOf(value)
  const choices = useChoices(term, chosen)
  const common = {
    size: 'sm',
    'aria-label': term.title,
    error: wrong,
    className: classes.list ?? '',
    value: chosen.map(String),
    onChange: (given: string[]) => onChange(given.length > 0 ? given : undefined),
    clearable: true,
    clearButtonProps: { 'aria-label': `Clear ${term.title}` },
  } as const
  if (term.type === 'entity') return <EntityField {...props} />
  if (!choices) return <TagsInput {...common} placeholder={chosen.length > 0 ? '' : 'Type one and press Enter'} />
  return (
    <MultiSelect {...common} data={choices} placeholder={chosen.length > 0 ? '' : 'Choose …'} searchable hidePickedOptions nothingFoundMessage="No group of customers has it" />
  )
}

function Unit({ children }: { children: string }) {
  return (
    <Text size="xs" c="dimmed" component="span">
      {children}
    </Text>
  )
}

interface CountProps {
  readonly label: string
  readonly unit: string
  readonly value: unknown
  readonly most: number
  readonly places?: number
  readonly wrong?: boolean
  readonly placeholder?: string
  readonly onChange: (value: number | undefined) => void
}

/** A number from 1 (with places: above 0); what is typed is kept as it is, and what is wrong with it is said below. */
export function Count({ label, unit, value, most, places = 0, wrong = false, placeholder, onChange }: CountProps) {
  return (
    <NumberInput
      size="sm"
      className={classes.countField ?? ''}
      aria-label={label}
      value={typeof value === 'number' ? value : ''}
      onChange={(given) => onChange(given === '' ? undefined : Number(given))}
      min={places > 0 ? 0 : 1}
      max={most}
      allowDecimal={places > 0}
      decimalScale={places}
      allowNegative={false}
      clampBehavior="none"
      hideControls
      suffix={unit === '' ? '' : ` ${unit}`}
      placeholder={placeholder}
      error={wrong}
    />
  )
}

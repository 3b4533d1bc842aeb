/** One condition on what was done: only messages, orders or events that meet it count. */
import { ActionIcon, Select, Tooltip } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { ComparisonFields } from './comparison.tsx'
import classes from './rule-editor.module.css'
import { comparisonOf } from './subjects.ts'
import type { Condition, Term } from './types.ts'

interface FilterFieldsProps {
  readonly number: number
  readonly fields: readonly Term[]
  readonly condition: Condition
  readonly wrong: boolean
  readonly onChange: (condition: Condition) => void
  readonly onRemove: () => void
}

export function FilterFields({ number, fields, condition, wrong, onChange, onRemove }: FilterFieldsProps) {
  const term = fields.find(({ name }) => name === condition.field)
  const choices = fields.map(({ name, title }) => ({ value: name, label: title }))
  return (
    <fieldset className={classes.filter}>
      <legend className={classes.hidden}>Filter {number}</legend>
      <span className={classes.where} aria-hidden>
        {number === 1 ? 'where' : 'and'}
      </span>
      <Select
        className={classes.field ?? ''}
        size="sm"
        aria-label="Field"
        data={term ? choices : [...choices, { value: condition.field, label: condition.field }]}
        value={condition.field}
        onChange={(name) => {
          const next = fields.find((one) => one.name === name)
          if (next) onChange({ field: next.name, ...comparisonOf(next) })
        }}
        allowDeselect={false}
      />
      {term ? <ComparisonFields term={term} comparison={condition} wrong={wrong} onChange={(comparison) => onChange({ field: condition.field, ...comparison })} /> : null}
      <Tooltip label="Remove the filter">
        <ActionIcon size={28} variant="subtle" color="gray" aria-label={`Remove filter ${number}`} onClick={onRemove}>
          <IconX size={15} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </fieldset>
  )
}

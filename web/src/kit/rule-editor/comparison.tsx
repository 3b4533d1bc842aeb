/** A comparison: the operator, and the value in the field that its type wants. */
import { Select } from '@mantine/core'
import { operatorWords, valueFor } from './operators.ts'
import classes from './rule-editor.module.css'
import type { Operator, Scalar, Term } from './types.ts'
import { ValueField } from './value.tsx'

export interface Comparison {
  readonly op: Operator
  readonly value?: Scalar | Scalar[] | undefined
}

interface ComparisonFieldsProps {
  readonly term: Term
  readonly comparison: Comparison
  readonly wrong: boolean
  readonly onChange: (comparison: { op: Operator; value?: Scalar | Scalar[] }) => void
}

export function ComparisonFields({ term, comparison: { op, value }, wrong, onChange }: ComparisonFieldsProps) {
  const change = (next: Operator, given: Comparison['value']) => onChange(given === undefined ? { op: next } : { op: next, value: given })
  const known = term.operators.includes(op) ? term.operators : [op, ...term.operators]
  return (
    <>
      <Select
        className={classes.operator ?? ''}
        size="sm"
        aria-label={`How ${term.title} is compared`}
        data={known.map((one) => ({ value: one, label: operatorWords(one, term.type) }))}
        value={op}
        onChange={(next) => next && change(next, term.type === 'boolean' && value === undefined ? true : valueFor(next, value, op))}
        allowDeselect={false}
        comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      />
      <ValueField term={term} op={op} value={value} wrong={wrong} onChange={(given) => change(op, given)} />
    </>
  )
}

/** How groups and operators are called for each type of value, and what a value must look like before the server is asked. Pure. */
import type { Group, Operator, Scalar, Term } from './types.ts'

export const groupWords: Record<Group, { readonly short: string; readonly long: string; readonly join: string }> = {
  all: { short: 'All', long: 'All of these hold', join: 'and' },
  any: { short: 'Any', long: 'At least one of these holds', join: 'or' },
  none: { short: 'None', long: 'None of these holds', join: 'nor' },
}

const words: Partial<Record<Operator, string>> = {
  is: 'is',
  isNot: 'is not',
  in: 'is one of',
  notIn: 'is none of',
  contains: 'contains',
  startsWith: 'starts with',
  '>': 'is more than',
  '>=': 'is at least',
  '<': 'is less than',
  '<=': 'is at most',
  between: 'is between',
  known: 'is known',
  unknown: 'is not known',
  inLast: 'is in the last',
  notInLast: 'is not in the last',
  top: 'is in the top',
}
const dateWords: typeof words = { is: 'is on', isNot: 'is not on', '>': 'is after', '>=': 'is on or after', '<': 'is before', '<=': 'is on or before' }
const setWords: typeof words = { is: 'includes', isNot: 'does not include', in: 'includes one of', notIn: 'includes none of' }

export function operatorWords(op: Operator, type: Term['type']): string {
  const own = type === 'date' ? dateWords : type === 'channels' ? setWords : {}
  return own[op] ?? words[op] ?? op
}

/** What kind of field a value is typed into. */
export type Shape = 'none' | 'one' | 'many' | 'two' | 'days' | 'percent'

export function shapeOf(op: Operator): Shape {
  if (op === 'known' || op === 'unknown') return 'none'
  if (op === 'in' || op === 'notIn') return 'many'
  if (op === 'between') return 'two'
  if (op === 'inLast' || op === 'notInLast') return 'days'
  return op === 'top' ? 'percent' : 'one'
}

export const listOf = (value: Scalar | Scalar[] | undefined): Scalar[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

type Value = Scalar | Scalar[] | undefined

/** The value as another operator takes it, as far as it can be kept. */
export function valueFor(op: Operator, before: Value, beforeOp: Operator): Value {
  const [from, to] = [shapeOf(beforeOp), shapeOf(op)]
  if (from === to) return before
  const plain = (shape: Shape) => shape === 'one' || shape === 'many' || shape === 'two'
  if (!plain(from) || !plain(to)) return to === 'days' ? 30 : to === 'percent' ? 10 : undefined
  const values = listOf(before)
  if (to === 'many') return values.length > 0 ? values : undefined
  return to === 'two' ? [values[0] ?? '', values[1] ?? ''] : values[0]
}

const decimal = /^-?\d{1,20}(\.\d{1,6})?$/
const day = /^\d{4}-\d{2}-\d{2}$/

/** What is still missing, as a sentence; undefined: nothing. */
export function missingIn(op: Operator, value: Value, type: Term['type']): string | undefined {
  const shape = shapeOf(op)
  const values = listOf(value)
  if (shape === 'none') return undefined
  if (shape === 'days') return whole(values[0], 1, 3650) ? undefined : 'Enter a number of days, from 1 to 3650.'
  if (shape === 'percent') return typeof values[0] === 'number' && values[0] > 0 && values[0] <= 100 ? undefined : 'Enter a percentage above 0, up to 100.'
  if (shape === 'two' && values.length !== 2) return 'Enter both values.'
  if (values.length === 0 || values.some((one) => one === '')) return wanted[type] ?? (shape === 'two' ? 'Enter both values.' : 'Choose a value.')
  if ((type === 'number' || type === 'money') && !values.every((one) => decimal.test(String(one)))) return 'Enter a number, with a point before decimals: 19.99.'
  if (type === 'date' && !values.every((one) => day.test(String(one)))) return 'Enter a day.'
  return undefined
}

const wanted: Partial<Record<Term['type'], string>> = {
  number: 'Enter a number.',
  money: 'Enter an amount.',
  date: 'Enter a day.',
  text: 'Enter or choose a value.',
  channel: 'Choose a channel.',
  channels: 'Choose a channel.',
}

export const whole = (value: unknown, least: number, most: number): boolean => typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most

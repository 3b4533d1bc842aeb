/** What the fields of a draft's form share: a value by its path, how it is changed, and what is wrong with it. */
import type { FormErrors } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import type { DraftType } from './types.ts'

export interface FieldsProps {
  readonly account: Account
  readonly type: DraftType
  /** Shown, and not to be changed. */
  readonly readOnly: boolean
  readonly get: (path: string) => unknown
  readonly set: (path: string, value: unknown) => void
  readonly errors: FormErrors
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const listOf = <Item>(value: unknown): readonly Item[] => (Array.isArray(value) ? value : [])
/** What a number field gives: nothing for an empty one. */
export const numberOf = (value: string | number): number | undefined => (value === '' || !Number.isFinite(Number(value)) ? undefined : Number(value))
/** 0.125 as 12.5; no third digit that nobody typed. */
export const percentOf = (value: unknown): number | '' => (typeof value === 'number' ? Number((value * 100).toFixed(4)) : '')
export const shareOf = (value: string | number): number | undefined => {
  const percent = numberOf(value)
  return percent === undefined ? undefined : Number((percent / 100).toFixed(6))
}

/** Fields of the definition that the form has a field for, by type; the others are shown as they are. */
export const formFields: Readonly<Record<DraftType, readonly string[]>> = {
  campaign: ['template', 'countries', 'controlShare', 'variants', 'targetGroup', 'schedule'],
  target_group: ['predicate', 'priority', 'exclusions'],
  segment: ['predicate'],
  trigger: ['event', 'where', 'audience', 'windowHours', 'followUp'],
  stream: ['campaigns', 'measurementDays'],
}

/** Events that triggers wait for: those the account has, and those a platform may yet send, whose parameters nobody has declared. Pure. */
import { dayForm } from '../../core/period.ts'
import type { Behaviour, Condition, Predicate, Term, Vocabulary } from '../predicates/index.ts'

/** The account's own event of this name, whatever its case. */
export function eventNamed({ behaviours }: Vocabulary, name: string): Behaviour | undefined {
  return behaviours.find((one) => one.name === name) ?? behaviours.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
}

/** The vocabulary with the event in it, and the parameters that the conditions name: of what they are compared with, each is of the type. Built-in events keep to their own fields. */
export function withEvent(vocabulary: Vocabulary, event: string, where: readonly Condition[]): Vocabulary {
  const known = eventNamed(vocabulary, event)
  if (known && known.kind !== 'web') return vocabulary
  const own = known?.fields ?? []
  const names = [...new Set(where.map(({ field }) => field))].filter((name) => !own.some((term) => term.name === name))
  const fields = names.map((name): Term => ({ name, type: typeOf(where.filter(({ field }) => field === name)), description: 'Parameter of the event' }))
  const behaviour: Behaviour = { ...(known ?? { name: event.trim(), kind: 'web', description: 'An event that has not come yet' }), fields: [...own, ...fields] }
  return { ...vocabulary, behaviours: [...vocabulary.behaviours.filter((one) => one !== known), behaviour] }
}

function typeOf(conditions: readonly Condition[]): Term['type'] {
  const values = conditions.flatMap(({ value }) => (value === undefined ? [] : Array.isArray(value) ? value : [value]))
  if (values.length > 0 && values.every((value) => typeof value === 'boolean')) return 'boolean'
  if (conditions.some(({ op }) => op === 'inLast' || op === 'notInLast')) return 'date'
  const sized = conditions.every(({ op }) => ['>', '>=', '<', '<=', 'between'].includes(op))
  if (sized && values.every((value) => typeof value === 'string' && dayForm.test(value))) return 'date'
  return sized || (values.length > 0 && values.every((value) => typeof value === 'number')) ? 'number' : 'text'
}

/** Days over which it is counted who would have set a trigger off. */
export const lookBackDays = 30

/** Who set it off in the last days, as far as the account's events tell; undefined where it has none of the name. @returns also the conditions left aside */
export function firedBy(vocabulary: Vocabulary, event: string, where: readonly Condition[], audience: Predicate | undefined): { tree: Predicate; aside: string[] } | undefined {
  const known = eventNamed(vocabulary, event)
  if (!known) return undefined
  const stored = where.filter(({ field }) => known.fields.some(({ name }) => name === field))
  const did: Predicate = { did: known.name, ...(stored.length ? { where: stored } : {}), within: { days: lookBackDays } }
  return { tree: audience ? { all: [did, audience] } : did, aside: where.flatMap(({ field }) => (stored.some((one) => one.field === field) ? [] : [field])) }
}

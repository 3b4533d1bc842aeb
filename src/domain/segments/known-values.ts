/** Says when a rule names a country, language or stage that no group of customers has: an empty audience would look like a poor one. */
import { MercatError } from '../../core/errors.ts'
import { clip, nearest } from '../../core/text.ts'
import type { Analytics, RunOptions } from '../../storage/analytics/run.ts'
import { type AttributePredicate, builtInAttributes, groupOf, pathText, type Predicate, type Term } from '../predicates/index.ts'
import type { Counts } from './audience.ts'

/** Attributes whose values are few and known: each value that a group of customers has. */
export const checked = builtInAttributes.filter((term) => term.checked)

/** The values of a `checked` attribute that at least so many customers have as the floor says, the most common first; at most 1000. */
export async function knownValues(analytics: Analytics, accountId: string, { name }: Term, floor: number, options: Pick<RunOptions, 'signal'>): Promise<string[]> {
  const rows = await analytics.query<{ value: string }>(
    `SELECT toString(any(${name})) AS value FROM customers FINAL WHERE account_id = {account:String} AND ${name} != '' GROUP BY lower(${name}) HAVING count() >= {least:UInt32} ORDER BY count() DESC LIMIT 1000`,
    { account: accountId, least: Math.max(floor, 1) },
    options,
  )
  return rows.map((row) => row.value)
}

/** Values that fewer customers than the floor have are not told from unknown ones. @param at where the tree stands, for errors @throws `unknown_value` */
export async function refuseUnknownValues(
  analytics: Analytics,
  accountId: string,
  tree: Predicate,
  counts: Counts,
  floor: number,
  at: string,
  options: Pick<RunOptions, 'signal'>,
): Promise<void> {
  // Before the first customer came every value is unknown, and none is a mistake.
  if (counts.customers === 0) return
  const least = Math.max(floor, 1)
  const counted = new Map(counts.parts.map(({ path, count }) => [path, count]))
  for (const { predicate, path } of attributesOf(tree, [])) {
    const { attribute, op, value } = predicate
    const term = checked.find(({ name }) => name === attribute)
    if (!term || !['is', 'isNot', 'in', 'notIn'].includes(op)) continue
    // One value that a group has needs no question.
    if (op === 'is' && (counted.get(pathText(path)) ?? 0) >= least) continue
    const known = await knownValues(analytics, accountId, term, floor, options)
    const same = (a: string, b: string) => (term.type === 'code' ? a.toLowerCase() === b.toLowerCase() : a === b)
    const wrong = (Array.isArray(value) ? value : [value]).map(String).find((one) => !known.some((name) => same(name, one)))
    if (wrong === undefined) continue
    const argument = pathText([at, ...path, 'value'])
    throw new MercatError('unknown_value', `${least === 1 ? 'No customer has' : `Fewer than ${least} customers have`} the ${attribute} ${JSON.stringify(clip(wrong, 60))}`, {
      argument,
      value: clip(wrong, 60),
      nearest: nearest(clip(wrong, 60), known),
      allowed: known.slice(0, 20).map((name) => clip(name, 60)),
    })
  }
}

function attributesOf(tree: Predicate, path: (string | number)[]): { predicate: AttributePredicate; path: (string | number)[] }[] {
  const inner = groupOf(tree)
  if (inner) return inner.members.flatMap((member, index) => attributesOf(member, [...path, inner.group, index]))
  return 'attribute' in tree ? [{ predicate: tree, path }] : []
}

/** Says a predicate tree in plain English, exactly and always in the same phrases, so that the sentence can be read back into the same tree. */
import { compareDecimals, isDecimal } from '../../core/money.ts'
import { groupOf, pathText } from './schema.ts'
import type { AttributePredicate, Condition, DidNotPredicate, DidPredicate, Operator, Predicate, Scalar, Within } from './tree.ts'
import { messageBehaviours } from './vocabulary.ts'

export interface Explanation {
  /** `Customers whose country is "DE" and who opened at least 1 message in the last 30 days`. */
  readonly text: string
  /** Every predicate of the tree but the root's own group, in its order, with its path: `all[0]`; '' when the tree is one predicate. */
  readonly parts: readonly { readonly path: string; readonly text: string }[]
}

/** Names to show instead of ids and keys in the values of conditions on campaigns, flows, brands, folders. */
export type ShownNames = ReadonlyMap<string, string>

/** @param names default: ids and keys as they stand in the tree */
export function explain(tree: Predicate, names: ShownNames = new Map()): Explanation {
  const parts: { path: string; text: string }[] = []
  const walk = (predicate: Predicate, path: (string | number)[]) => {
    const inner = groupOf(predicate)
    if (path.length > 0 || !inner) parts.push({ path: pathText(path), text: clause(predicate, names) })
    for (const [index, member] of (inner?.members ?? []).entries()) walk(member, [...path, inner?.group ?? '', index])
  }
  walk(tree, [])
  return { text: `Customers ${clause(tree, names)}`, parts }
}

/** A clause that goes with "customers". Groups of several are in brackets inside others; `none` always says what it covers in brackets. */
function clause(predicate: Predicate, names: ShownNames, inside = false): string {
  const inner = groupOf(predicate)
  if (!inner) return leaf(predicate as AttributePredicate | DidPredicate | DidNotPredicate, names)
  const { group, members } = inner
  // A group of one is its member, which keeps its brackets where the group would have had them.
  const said = members.map((member) => clause(member, names, inside || members.length > 1 || group === 'none'))
  if (group === 'none') return `to whom none of this applies: [${said.join('; or ')}]`
  const [only] = said
  if (members.length === 1 && only !== undefined) return only
  const text = said.join(group === 'all' ? ' and ' : ' or ')
  return inside ? `(${text})` : text
}

function leaf(predicate: AttributePredicate | DidPredicate | DidNotPredicate, names: ShownNames): string {
  if ('attribute' in predicate) return attributeClause(predicate)
  if ('did' in predicate) return didClause(predicate, names)
  return didNotClause(predicate, names)
}

function attributeClause(predicate: AttributePredicate): string {
  if (predicate.attribute === 'consent') return `who ${consent(predicate)}`
  return `whose ${word(predicate.attribute)} ${comparison(predicate)}`
}

/** A name as it stands in a sentence: quoted unless it is one plain word. */
const word = (name: string) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : JSON.stringify(name))

const dayForm = /^\d{4}-\d{2}-\d{2}$/

function shown(value: Scalar, names?: ShownNames): string {
  if (typeof value !== 'string') return String(value)
  return JSON.stringify(names?.get(value) ?? value)
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
}
const dateWords: Partial<Record<Operator, string>> = { '>': 'is after', '>=': 'is on or after', '<': 'is before', '<=': 'is on or before' }

/** A number as it stands bare; in quotes where its point could be taken for one that parts thousands: "1.125". */
const amount = (value: Scalar) => (/^[1-9]\d{0,2}\.\d{3}$/.test(String(value).replace('-', '')) ? JSON.stringify(String(value)) : String(value))

/** Days stand bare, and amounts where they are compared in size; other text in quotes. */
function comparison({ op, value }: { op: Operator; value?: Scalar | Scalar[] | undefined }, names?: ShownNames): string {
  const values = value === undefined ? [] : Array.isArray(value) ? value : [value]
  const sized = ['>', '>=', '<', '<=', 'between'].includes(op)
  const say = (one: Scalar) => (typeof one === 'string' && dayForm.test(one) ? one : sized && /^[-\d.]+$/.test(String(one)) ? amount(one) : shown(one, names))
  const dates = values.every((one) => typeof one === 'string' && dayForm.test(one))
  switch (op) {
    case 'known':
      return 'is known'
    case 'unknown':
      return 'is unknown'
    case 'between':
      return `is between ${values.map(say).join(' and ')}${isEmpty(values) ? ` (${emptyRange})` : ''}`
    case 'inLast':
      return `is in the last ${days(values[0])}`
    case 'notInLast':
      return `is not in the last ${days(values[0])}`
    case 'top':
      return `is in the top ${String(values[0])} %`
    default:
      return `${(dates ? dateWords[op] : undefined) ?? words[op] ?? op} ${values.map(say).join(', ')}`
  }
}

/** What explain() adds to a range that ends before it begins and holds for nobody: without it, such a range is taken for a slip. */
export const emptyRange = 'an empty range'

function isEmpty([least, most]: readonly Scalar[]): boolean {
  const [from, to] = [String(least), String(most)]
  return isDecimal(from) && isDecimal(to) ? compareDecimals(from, to) > 0 : from > to
}

const days = (count: Scalar | undefined) => `${String(count)} ${String(count) === '1' ? 'day' : 'days'}`

function consent({ op, value }: AttributePredicate): string {
  const channels = (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String).join(', ')
  const phrases: Partial<Record<Operator, string>> = {
    is: 'consented to',
    isNot: 'did not consent to',
    in: 'consented to one of',
    notIn: 'consented to none of',
  }
  return `${phrases[op] ?? op} ${channels}`
}

function nouns(event: string): { did: string; didNot: string; one: string; many: string } {
  const message = Object.hasOwn(messageBehaviours, event) ? messageBehaviours[event] : undefined
  if (message) return { did: message.did, didNot: message.didNot, one: 'message', many: 'messages' }
  if (event === 'ordered') return { did: 'placed', didNot: 'did not place', one: 'order', many: 'orders' }
  return { did: `did ${JSON.stringify(event)}`, didNot: `did not do ${JSON.stringify(event)}`, one: 'time', many: 'times' }
}

function didClause({ did, where, within, atLeast, atMost, total }: DidPredicate, names: ShownNames): string {
  const { did: verb, one, many } = nouns(did)
  const least = atLeast ?? 1
  const count = atMost === undefined ? `at least ${least}` : atMost === least ? `exactly ${least}` : `between ${least} and ${atMost}`
  const noun = (atMost ?? least) === 1 ? one : many
  const spent = total ? ` for ${words[total.op]?.replace('is ', '')} ${amount(total.value)} in total` : ''
  return `who ${verb} ${lastMessages(count, noun, within)}${conditions(where, names)}${period(within)}${spent}`
}

function didNotClause({ didNot, where, within }: DidNotPredicate, names: ShownNames): string {
  const { didNot: verb, one } = nouns(didNot)
  const object = one === 'time' ? 'at any time' : lastMessages('any', one, within)
  return `who ${verb} ${object}${conditions(where, names)}${period(within)}`
}

const lastMessages = (count: string, noun: string, within: Within | undefined) =>
  within && 'messages' in within ? `${count} of the last ${within.messages} ${within.messages === 1 ? 'message' : 'messages'} sent to them` : `${count} ${noun}`

function conditions(where: readonly Condition[] | undefined, names: ShownNames): string {
  if (!where?.length) return ''
  return ` where ${where.map((condition) => `${word(condition.field)} ${comparison(condition, names)}`).join(' and ')}`
}

function period(within: Within | undefined): string {
  if (!within || 'messages' in within) return ''
  if ('days' in within) return ` in the last ${days(within.days)}`
  const { from, to } = within
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`
  return from === undefined ? ` until ${to}` : ` since ${from}`
}

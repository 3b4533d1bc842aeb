/** Compiles a tree that was understood to conditions on customers, in ClickHouse's SQL with bound parameters. It runs nothing and knows no account. */
import { addDays, dayOf, startOfDay } from '../../core/period.ts'
import { channelNames } from '../channels.ts'
import { groupOf, pathText, type AttributePredicate, type DidNotPredicate, type DidPredicate, type Predicate, type Term, type Within } from '../predicates/index.ts'
import { behaviourSet, type Instants, type PeopleSet } from './behaviours.ts'
import type { Circumstances } from './circumstances.ts'
import { compareSql, type Bind } from './compare.ts'
import { orderSet, overOrders, topSet } from './orders.ts'

export interface Compiled {
  /** Conditions on a row of `customers` with its `customer_number`, 0 or 1, by the name under which `conditions` use them. */
  readonly leaves: readonly { readonly name: string; readonly sql: string }[]
  /** For every predicate of the tree, in its order, whether it holds, in terms of the leaves; the first, of path '', is the whole tree. */
  readonly conditions: readonly { readonly path: string; readonly sql: string }[]
  /** The sets of people that the leaves look in. */
  readonly sets: readonly PeopleSet[]
  /** Besides these the statement binds `account`, `zone`, `snapshot`, `currency` and `statuses` (audience.ts). */
  readonly params: Record<string, unknown>
}

export function compile(tree: Predicate, circumstances: Circumstances): Compiled {
  const params: Record<string, unknown> = {}
  let bound = 0
  const bind: Bind = (value, type) => {
    const name = `v${bound++}`
    params[name] = value
    return `{${name}:${type}}`
  }
  const today = dayOf(circumstances.now, circumstances.timeZone)
  const attributes = new Map(circumstances.vocabulary.attributes.map((term) => [term.name, term]))
  const conditions: { path: string; sql: string }[] = []
  const leaves: { name: string; sql: string }[] = []
  const sets: PeopleSet[] = []
  const people = (set: PeopleSet): string => {
    sets.push(set)
    return set.sql
  }

  const walk = (predicate: Predicate, path: (string | number)[]): string => {
    const index = conditions.push({ path: pathText(path), sql: '' }) - 1
    const sql = groupOf(predicate) ? group(predicate, path) : `c${index}`
    if (!groupOf(predicate)) leaves.push({ name: sql, sql: leaf(predicate) })
    conditions[index] = { path: pathText(path), sql }
    return sql
  }
  const group = (predicate: Predicate, path: (string | number)[]): string => {
    const inner = groupOf(predicate)
    const members = (inner?.members ?? []).map((member, index) => walk(member, [...path, inner?.group ?? '', index]))
    const joined = `(${members.join(inner?.group === 'all' ? ' AND ' : ' OR ')})`
    return inner?.group === 'none' ? `NOT ${joined}` : joined
  }
  const leaf = (predicate: Predicate): string => {
    if ('attribute' in predicate) return attribute(predicate)
    if ('did' in predicate) return `customer_number IN (${did(predicate)})`
    const { didNot, ...rest } = predicate as DidNotPredicate
    return `customer_number NOT IN (${did({ did: didNot, ...rest })})`
  }
  const did = (predicate: DidPredicate): string => people(behaviourSet(predicate, instantsOf(predicate.within, today, circumstances.timeZone), circumstances, bind))
  const attribute = (predicate: AttributePredicate): string => {
    const term = attributes.get(predicate.attribute)
    if (!term) throw new Error(`The attribute ${predicate.attribute} is not in the vocabulary: understand() comes first`)
    if (term.source?.of === 'orders') return orderSet(predicate, term, people({ table: 'orders', sql: overOrders(term.source.sql) }), bind, today)
    if (term.type === 'channels') return consent(predicate)
    const column = columnOf(term, bind)
    if (predicate.op === 'top') {
      const valued = people({
        table: 'customers',
        sql: `SELECT customer_number AS person, ${column} AS value FROM customers FINAL WHERE account_id = {account:String}`,
      })
      return `customer_number IN (${topSet(valued, predicate.value, bind)})`
    }
    return compareSql(predicate, term.type, column, bind, today)
  }
  walk(tree, [])
  return { leaves, conditions, sets, params }
}

/** The value of an attribute, NULL where it is not known. */
function columnOf(term: Term, bind: Bind): string {
  if (term.source) return term.source.sql
  // A key that is not there is ''.
  const text = `nullIf(trimBoth(attributes[${bind(term.name, 'String')}]), '')`
  if (term.type === 'number') return `toDecimal128OrNull(${text}, 6)`
  if (term.type === 'date') return `if(match(ifNull(${text}, ''), '^\\\\d{4}-\\\\d{2}-\\\\d{2}$'), toDate32OrNull(${text}), NULL)`
  if (term.type === 'boolean') return `transform(lower(ifNull(${text}, '')), ['true', '1', 'false', '0'], [1, 1, 0, 0], CAST(NULL, 'Nullable(UInt8)'))`
  return text
}

/** Consents are bits of `channels`. */
function consent({ op, value }: AttributePredicate): string {
  const bits = (Array.isArray(value) ? value : [value]).reduce<number>((sum, channel) => sum + 2 ** (channelNames as readonly unknown[]).indexOf(channel), 0)
  const any = `bitAnd(channels, ${bits}) != 0`
  return op === 'is' || op === 'in' ? any : `NOT (${any})`
}

/** The instants of a span of days: from the first, up to but without the second. */
function instantsOf(within: Within | undefined, today: string, zone: string): Instants {
  if (!within || 'messages' in within) return { from: undefined, until: undefined }
  if ('days' in within) return { from: startOfDay(addDays(today, 1 - within.days), zone), until: startOfDay(addDays(today, 1), zone) }
  return { from: within.from === undefined ? undefined : startOfDay(within.from, zone), until: within.to === undefined ? undefined : startOfDay(addDays(within.to, 1), zone) }
}

/** SQL of the sets of people who did something. It runs nothing. */
import { currentFacts, currentNumbers, customerNumber } from '../facts/index.ts'
import type { Condition, DidPredicate } from '../predicates/index.ts'
import type { Circumstances } from './circumstances.ts'
import { compareSql, type Bind } from './compare.ts'
import { currentOrders } from './orders.ts'

/** From the first, up to but without the second. */
export interface Instants {
  readonly from: Date | undefined
  readonly until: Date | undefined
}

const account = 'account_id = {account:String}'
const person = `${customerNumber('customer')} AS person`

/** People, as a SELECT of `person`. */
export interface PeopleSet {
  /** The table of rows it reads. */
  readonly table: string
  readonly sql: string
}

export function behaviourSet(predicate: DidPredicate, instants: Instants, circumstances: Circumstances, bind: Bind): PeopleSet {
  const behaviour = circumstances.vocabulary.behaviours.find(({ name }) => name === predicate.did)
  if (!behaviour) throw new Error(`The behaviour ${predicate.did} is not in the vocabulary: understand() comes first`)
  if (behaviour.kind === 'order') return { table: 'orders', sql: ordered(predicate, instants, bind) }
  const where = (conditions: readonly Condition[] | undefined) => (conditions ?? []).map((condition) => ` AND ${fieldSql(condition, circumstances, bind)}`).join('')
  if (behaviour.kind === 'web') {
    const events = `SELECT ${person} FROM web_events FINAL WHERE ${account} AND kind = ${bind(predicate.did, 'String')}${span('occurred_at', instants, bind)}${where(predicate.where)}`
    return { table: 'web_events', sql: counted(events, predicate, 'count()', bind) }
  }
  const { within } = predicate
  const { engaged } = behaviour
  if (within && 'messages' in within) return { table: 'messages', sql: lastMessages(predicate, within.messages, engaged?.happened ?? `${deliveredAt} > 0`, where, bind) }
  if (!engaged) {
    const at = predicate.did === 'sent' ? 'sent' : deliveredAt
    const messages = `SELECT ${person} FROM (SELECT customer, ${at} AS at FROM messages WHERE ${received}${where(predicate.where)}) WHERE at > 0${spanMs(instants, bind)}`
    return { table: 'messages', sql: counted(messages, predicate, 'count()', bind) }
  }
  const [bounceTypes, others] = split(predicate.where)
  const bounce = bounceTypes.map((condition) => ` AND ${compareSql(condition, 'text', 'toString(kind)', bind, '')}`).join('')
  const done = `SELECT customer_number AS person, message_number, campaign FROM engagements
    WHERE ${account} AND kind IN (${engaged.kinds.map((kind) => `'${kind}'`).join(', ')})${span('at', instants, bind)} AND ${currentNumbers('messages')}${bounce}${where(others)}`
  return { table: 'engagements', sql: counted(done, predicate, 'uniqExact(campaign, message_number)', bind) }
}

const received = `${account} AND ${currentFacts('messages')} AND sent > 0 AND customer != toFixedString('', 16)`

/** As the reports count deliveries: explicit ones where a campaign has any in the channel, otherwise what was sent and did not bounce or fail. */
const deliveredAt = `if((campaign, channel) IN (SELECT campaign, channel FROM message_facts WHERE ${account} AND ${currentFacts('messages')} AND basis = 'send' GROUP BY campaign, channel HAVING sum(explicit_deliveries) > 0),
  delivered, if(hard = 0 AND soft = 0 AND failed = 0, sent, 0))`

const split = (where: readonly Condition[] | undefined): [Condition[], Condition[]] => [
  (where ?? []).filter(({ field }) => field === 'bounceType'),
  (where ?? []).filter(({ field }) => field !== 'bounceType'),
]

/** The bounds stand bare: the primary key ends at the time. */
function span(column: string, { from, until }: Instants, bind: Bind): string {
  const bound = (instant: Date) => `fromUnixTimestamp64Milli(${bind(instant.getTime(), 'Int64')}, 'UTC')`
  return `${from ? ` AND ${column} >= ${bound(from)}` : ''}${until ? ` AND ${column} < ${bound(until)}` : ''}`
}

const spanMs = ({ from, until }: Instants, bind: Bind) =>
  `${from ? ` AND at >= ${bind(from.getTime(), 'Int64')}` : ''}${until ? ` AND at < ${bind(until.getTime(), 'Int64')}` : ''}`

/** How often: distinct messages, orders, or times. */
function counted(rows: string, { atLeast = 1, atMost, total }: DidPredicate, count: string, bind: Bind): string {
  const having = [
    ...(atLeast > 1 ? [`${count} >= ${bind(atLeast, 'UInt64')}`] : []),
    ...(atMost === undefined ? [] : [`${count} <= ${bind(atMost, 'UInt64')}`]),
    ...(total ? [`sumIf(amount, currency = {currency:String}) ${total.op} toDecimal128(${bind(String(total.value), 'String')}, 6)`] : []),
  ]
  return having.length === 0 ? `SELECT person FROM (${rows})` : `SELECT person FROM (${rows}) GROUP BY person HAVING ${having.join(' AND ')}`
}

function ordered(predicate: DidPredicate, instants: Instants, bind: Bind): string {
  const conditions = (predicate.where ?? []).map(({ field, op, value }) => {
    if (field === 'amount') return ` AND ${compareSql({ op, value }, 'money', 'if(currency = {currency:String}, toNullable(amount), NULL)', bind, '')}`
    if (field !== 'product') return ` AND ${compareSql({ op, value }, 'code', `nullIf(${field}, '')`, bind, '')}`
    return ` AND ${ofItems({ op, value }, bind)}`
  })
  return counted(`SELECT * FROM (${currentOrders}) WHERE 1${span('placed_at', instants, bind)}${conditions.join('')}`, predicate, 'count()', bind)
}

/** An order has several products: a condition holds when one of them meets it, a negation when none does. */
function ofItems({ op, value }: Pick<Condition, 'op' | 'value'>, bind: Bind): string {
  const positive = ({ isNot: 'is', notIn: 'in', unknown: 'known' } as const)[op as string] ?? op
  const items = `SELECT order_key FROM order_items FINAL WHERE ${account} AND ${compareSql({ op: positive, value }, 'text', "nullIf(product, '')", bind, '')}`
  return `order_key ${positive === op ? 'IN' : 'NOT IN'} (${items})`
}

function fieldSql(condition: Condition, { campaigns }: Circumstances, bind: Bind): string {
  const { field, op, value } = condition
  switch (field) {
    case 'campaign':
    case 'flow':
    case 'brand':
    case 'folder':
    case 'tag': {
      const wanted = (Array.isArray(value) ? value : [value]).flatMap((one) => campaigns(field, String(one)))
      return `${op === 'isNot' || op === 'notIn' ? 'NOT ' : ''}has(${bind([...new Set(wanted)], 'Array(String)')}, campaign)`
    }
    case 'country':
      return compareSql(condition, 'code', "nullIf(country, '')", bind, '')
    default:
      return compareSql(condition, 'text', `nullIf(${field}, '')`, bind, '')
  }
}

/** Of the last messages sent to each person that meet the conditions, whenever it happened. Of those sent at one instant the last by campaign, then by the message's hash, count as later. */
function lastMessages(predicate: DidPredicate, messages: number, happened: string, where: (conditions: readonly Condition[]) => string, bind: Bind): string {
  const [bounceTypes, others] = split(predicate.where)
  const bounce = bounceTypes.map((condition) => ` AND ${compareSql(condition, 'text', "if(hard > 0, 'hard', 'soft')", bind, '')}`).join('')
  const last = `SELECT person, did FROM (SELECT ${person}, sent, campaign, message, (${happened}${bounce}) AS did FROM messages WHERE ${received}${where(others)}
    ORDER BY person, sent DESC, campaign DESC, reinterpretAsUInt64(message) DESC LIMIT ${Number(messages)} BY person)`
  return counted(`SELECT person FROM (${last}) WHERE did`, predicate, 'count()', bind)
}

/** SQL of the sets of people who did something. It runs nothing. */
import { currentFacts, factNumber } from '../facts/index.ts'
import type { Condition, DidPredicate } from '../predicates/index.ts'
import type { Circumstances } from './circumstances.ts'
import { compareSql, type Names } from './compare.ts'
import { currentOrders } from './orders.ts'

/** From the first, up to but without the second. */
export interface Instants {
  readonly from: Date | undefined
  readonly until: Date | undefined
}

const account = 'account_id = {account:String}'
const currentNumbers = `fact IN (SELECT ${factNumber} FROM (SELECT campaign, max(generation) AS generation FROM fact_generations WHERE ${account} AND family = 'messages' AND fact_generations.generation <= {snapshot:UInt64} GROUP BY campaign))`

/** The people, as a SELECT of `person`. */
export function behaviourSet(predicate: DidPredicate, instants: Instants, circumstances: Circumstances, names: Names): string {
  const behaviour = circumstances.vocabulary.behaviours.find(({ name }) => name === predicate.did)
  if (!behaviour) throw new Error(`The behaviour ${predicate.did} is not in the vocabulary: understand() comes first`)
  if (behaviour.kind === 'order') return ordered(predicate, instants, names)
  const where = (conditions: readonly Condition[] | undefined) => (conditions ?? []).map((condition) => ` AND ${fieldSql(condition, circumstances, names)}`).join('')
  if (behaviour.kind === 'web') {
    const events = `SELECT reinterpretAsUInt64(customer) AS person FROM web_events FINAL WHERE ${account} AND kind = ${names(predicate.did, 'String')}${span('occurred_at', instants, names)}${where(predicate.where)}`
    return counted(events, predicate, 'count()', names)
  }
  const { within } = predicate
  if (within && 'messages' in within) return lastMessages(predicate, within.messages, where, names)
  if (predicate.did === 'sent' || predicate.did === 'delivered') {
    const at = predicate.did === 'sent' ? 'sent' : deliveredAt
    const messages = `SELECT reinterpretAsUInt64(customer) AS person FROM (SELECT customer, ${at} AS at FROM messages WHERE ${received}${where(predicate.where)}) WHERE at > 0${spanMs(instants, names)}`
    return counted(messages, predicate, 'count()', names)
  }
  const [bounceTypes, others] = split(predicate.where)
  const kinds = predicate.did === 'bounced' ? ['hard', 'soft'] : [predicate.did]
  const bounce = bounceTypes.map((condition) => ` AND ${compareSql(condition, 'text', 'toString(kind)', names, '')}`).join('')
  const done = `SELECT customer_number AS person, message_number, campaign FROM engagements
    WHERE ${account} AND kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})${span('at', instants, names)} AND ${currentNumbers}${bounce}${where(others)}`
  return counted(done, predicate, 'uniqExact(campaign, message_number)', names)
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
function span(column: string, { from, until }: Instants, names: Names): string {
  const bound = (instant: Date) => `fromUnixTimestamp64Milli(${names(instant.getTime(), 'Int64')}, 'UTC')`
  return `${from ? ` AND ${column} >= ${bound(from)}` : ''}${until ? ` AND ${column} < ${bound(until)}` : ''}`
}

const spanMs = ({ from, until }: Instants, names: Names) =>
  `${from ? ` AND at >= ${names(from.getTime(), 'Int64')}` : ''}${until ? ` AND at < ${names(until.getTime(), 'Int64')}` : ''}`

/** How often: distinct messages, orders, or times. */
function counted(rows: string, { atLeast = 1, atMost, total }: DidPredicate, count: string, names: Names): string {
  const having = [
    ...(atLeast > 1 ? [`${count} >= ${names(atLeast, 'UInt64')}`] : []),
    ...(atMost === undefined ? [] : [`${count} <= ${names(atMost, 'UInt64')}`]),
    ...(total ? [`sumIf(amount, currency = {currency:String}) ${total.op} toDecimal128(${names(String(total.value), 'String')}, 6)`] : []),
  ]
  return having.length === 0 ? `SELECT person FROM (${rows})` : `SELECT person FROM (${rows}) GROUP BY person HAVING ${having.join(' AND ')}`
}

function ordered(predicate: DidPredicate, instants: Instants, names: Names): string {
  const conditions = (predicate.where ?? []).map(({ field, op, value }) => {
    if (field === 'amount') return ` AND ${compareSql({ op, value }, 'money', 'if(currency = {currency:String}, toNullable(amount), NULL)', names, '')}`
    if (field !== 'product') return ` AND ${compareSql({ op, value }, 'code', `nullIf(${field}, '')`, names, '')}`
    return ` AND ${ofItems({ op, value }, names)}`
  })
  return counted(`SELECT * FROM (${currentOrders}) WHERE 1${span('placed_at', instants, names)}${conditions.join('')}`, predicate, 'count()', names)
}

/** An order has several products: a condition holds when one of them meets it, a negation when none does. */
function ofItems({ op, value }: Pick<Condition, 'op' | 'value'>, names: Names): string {
  const positive = ({ isNot: 'is', notIn: 'in', unknown: 'known' } as const)[op as string] ?? op
  const items = `SELECT order_key FROM order_items FINAL WHERE ${account} AND ${compareSql({ op: positive, value }, 'text', "nullIf(product, '')", names, '')}`
  return `order_key ${positive === op ? 'IN' : 'NOT IN'} (${items})`
}

function fieldSql(condition: Condition, { campaigns }: Circumstances, names: Names): string {
  const { field, op, value } = condition
  switch (field) {
    case 'campaign':
    case 'flow':
    case 'brand':
    case 'folder':
    case 'tag': {
      const wanted = (Array.isArray(value) ? value : [value]).flatMap((one) => campaigns(field, String(one)))
      return `${op === 'isNot' || op === 'notIn' ? 'NOT ' : ''}has(${names([...new Set(wanted)], 'Array(String)')}, campaign)`
    }
    case 'country':
      return compareSql(condition, 'code', "nullIf(country, '')", names, '')
    default:
      return compareSql(condition, 'text', `nullIf(${field}, '')`, names, '')
  }
}

const happened: Readonly<Record<string, string>> = {
  delivered: `${deliveredAt} > 0`,
  opened: 'notEmpty(opens)',
  clicked: 'notEmpty(clicks)',
  unsubscribed: 'unsubscribed > 0',
  complained: 'complained > 0',
  bounced: '(hard > 0 OR soft > 0)',
}

/** Of the last messages sent to each person that meet the conditions, whenever it happened. Of those sent at one instant the last by campaign, then by the message's hash, count as later. */
function lastMessages(predicate: DidPredicate, messages: number, where: (conditions: readonly Condition[]) => string, names: Names): string {
  const [bounceTypes, others] = split(predicate.where)
  const bounce = bounceTypes.map((condition) => ` AND ${compareSql(condition, 'text', "if(hard > 0, 'hard', 'soft')", names, '')}`).join('')
  const last = `SELECT person, did FROM (SELECT reinterpretAsUInt64(customer) AS person, sent, campaign, message, (${happened[predicate.did]}${bounce}) AS did FROM messages WHERE ${received}${where(others)}
    ORDER BY person, sent DESC, campaign DESC, reinterpretAsUInt64(message) DESC LIMIT ${Number(messages)} BY person)`
  return counted(`SELECT person FROM (${last}) WHERE did`, predicate, 'count()', names)
}

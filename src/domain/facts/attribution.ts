/** SQL of attribution: which orders a refresh concerns, and what earned each (docs/figures.md, "Attribution"). It runs nothing. */
import { currentOrNew, type FactScope } from './generations.ts'
import { messageHeads } from './messages.ts'

/** Orders between two hashes (hex), so that one statement handles a bounded number of them; undefined at an end. */
export interface OrderRange {
  readonly from: string | undefined
  readonly to: string | undefined
}

/** What the account's orders name themselves: what none names need not be looked up. */
export interface Named {
  readonly messages: boolean
  readonly campaigns: boolean
}

/**
 * Inserts the orders whose attribution may have changed: loaded ones; those of customers who have, or had, touches in dirty
 * campaigns; those that name a dirty campaign or a message of one; and those that a refresh which broke off had written.
 */
export function insertAffectedOrders(scope: FactScope, named: Named): string {
  const dirty = 'campaign IN {dirty:Array(String)}'
  const before = `SELECT customer FROM touches WHERE account_id = {account:String} AND ${dirty} AND (campaign, generation) IN
    (SELECT campaign, max(generation) FROM fact_generations WHERE account_id = {account:String} AND family = 'messages' AND generation <= {committed:UInt64} AND ${dirty} GROUP BY campaign)`
  const after = 'SELECT customer FROM touches WHERE account_id = {account:String} AND generation = {generation:UInt64}'
  const namedMessages = 'SELECT assumeNotNull(message) FROM orders WHERE account_id = {account:String} AND message IS NOT NULL'
  const conditions = [
    'load_id IN {loads:Array(UInt64)}',
    'order_key IN (SELECT order_key FROM attributions WHERE account_id = {account:String} AND generation > {committed:UInt64})',
    `customer IN (${before} UNION ALL ${after})`,
    ...(named.campaigns ? [dirty] : []),
    ...(named.messages ? [`message IN (SELECT message FROM events WHERE account_id = {account:String} AND ${dirty} AND message IN (${namedMessages}))`] : []),
  ]
  return `INSERT INTO affected_orders
    SELECT {account:String}, {generation:UInt64}, order_key, customer, placed_at, status, amount, currency, country, campaign, message, product, opt_ins
    FROM orders FINAL WHERE account_id = {account:String}${scope.everything ? '' : ` AND (${conditions.join(' OR ')})`}`
}

function rangeCondition(range: OrderRange): string {
  return [
    ...(range.from === undefined ? [] : [' AND order_key >= toFixedString(unhex({from:String}), 16)']),
    ...(range.to === undefined ? [] : [' AND order_key < toFixedString(unhex({to:String}), 16)']),
  ].join('')
}

// Conditions on a nullable id stand in a subquery of their own: beside `assumeNotNull(id) AS id` they would see the alias, which is
// never null, and take whatever bytes lie under a NULL for an id.
// Each candidate below is one row per order that has it, with the same columns: found, campaign, touched, sent (milliseconds), channel, country, variant.
const none = "SELECT toFixedString('', 16) AS order_key, 0 AS found, '' AS campaign, toInt64(0) AS sent, '' AS channel, '' AS country, '' AS variant WHERE 0"

/** Rule 1. A message id may occur in two campaigns: the one the order names comes first, then the first in the order of text. */
function byMessage(orders: string): string {
  const messages = `SELECT assumeNotNull(message) FROM (${orders}) WHERE message IS NOT NULL`
  return `SELECT o.order_key AS order_key, 1 AS found, h.campaign AS campaign, h.sent AS sent, h.channel AS channel, h.country AS country, h.variant AS variant
    FROM (SELECT order_key, campaign, assumeNotNull(message) AS message FROM (SELECT * FROM (${orders}) WHERE message IS NOT NULL)) AS o
    INNER JOIN (SELECT * FROM (${messageHeads(`account_id = {account:String} AND message IN (${messages})`)}) WHERE sent > 0) AS h ON o.message = h.message
    ORDER BY order_key, h.campaign != o.campaign, campaign LIMIT 1 BY order_key`
}

/** Rule 2: the last message of the named campaign to the customer. Only messages that name the customer anywhere are read in full. */
function byCampaign(orders: string): string {
  const naming = `FROM (SELECT * FROM (${orders}) WHERE campaign != '' AND customer IS NOT NULL)`
  const inCampaigns = `account_id = {account:String} AND campaign IN (SELECT campaign ${naming})`
  const condition = `${inCampaigns} AND message IN (SELECT message FROM events WHERE ${inCampaigns} AND customer IN (SELECT assumeNotNull(customer) ${naming}))`
  return `SELECT o.order_key AS order_key, 1 AS found, o.campaign AS campaign, h.sent AS sent, h.channel AS channel, h.country AS country, h.variant AS variant
    FROM (SELECT order_key, campaign, assumeNotNull(customer) AS customer, toUnixTimestamp64Milli(placed_at) AS placed ${naming}) AS o
    ASOF INNER JOIN (SELECT campaign, customer, sent, channel, country, variant FROM (${messageHeads(condition)}) WHERE sent > 0
      ORDER BY campaign, customer, sent, channel, country, variant LIMIT 1 BY campaign, customer, sent) AS h
    ON o.campaign = h.campaign AND o.customer = h.customer AND o.placed >= h.sent`
}

/** Rule 3: the latest touch. Of several at one instant: click, delivery, open; then in the order of text and time. */
function byTouch(orders: string, scope: FactScope): string {
  return `SELECT o.order_key AS order_key, 1 AS found, t.campaign AS campaign, t.kind AS kind, t.touched AS touched, t.sent AS sent, t.channel AS channel, t.country AS country, t.variant AS variant
    FROM (SELECT order_key, assumeNotNull(customer) AS customer, toUnixTimestamp64Milli(placed_at) AS placed FROM (SELECT * FROM (${orders}) WHERE customer IS NOT NULL)) AS o
    ASOF INNER JOIN (SELECT customer, toUnixTimestamp64Milli(touched_at) AS touched, campaign, CAST(kind, 'Int8') AS kind, toUnixTimestamp64Milli(sent_at) AS sent, channel, country, variant
      FROM touches WHERE ${currentOrNew('messages', scope)} AND customer IN (SELECT assumeNotNull(customer) FROM (${orders}) WHERE customer IS NOT NULL)
      ORDER BY customer, touched, kind, campaign, sent, channel, country, variant LIMIT 1 BY customer, touched) AS t
    ON o.customer = t.customer AND o.placed >= t.touched
    WHERE o.placed - t.touched <= {window:Int64}`
}

/** The channel of a campaign that has only one: of its sent messages. */
function onlyChannels(scope: FactScope): string {
  return `SELECT campaign, min(channel) AS only FROM message_facts WHERE ${currentOrNew('messages', scope)} AND basis = 'send' AND sends > 0 GROUP BY campaign HAVING uniqExact(channel) = 1`
}

const instant = (milliseconds: string) => `fromUnixTimestamp64Milli(${milliseconds}, 'UTC')`

/**
 * Inserts the attribution of the affected orders of a range where it differs from the stored one. `was_campaign` and
 * `was_placed_at` keep where the committed facts count the order, also when a refresh broke off in between.
 */
export function insertAttributions(scope: FactScope, named: Named, range: OrderRange): string {
  const orders = `SELECT order_key, customer, placed_at, status, amount, currency, country, campaign, message, product, opt_ins
    FROM affected_orders WHERE account_id = {account:String} AND generation = {generation:UInt64}${rangeCondition(range)}`
  const columns = ['customer', 'placed_at', 'status', 'amount', 'currency', 'campaign', 'rule', 'touched_at', 'sent_at', 'channel', 'country', 'variant']
  const facts = ['product', 'opt_ins']
  const comparable = (row: string) =>
    `(${[...columns, ...facts].map((column) => (column === 'customer' ? `ifNull(${row}.customer, toFixedString('', 16))` : column.endsWith('ed_at') || column === 'sent_at' ? `ifNull(toUnixTimestamp64Milli(${row}.${column}), 0)` : column === 'rule' || column === 'status' ? `CAST(${row}.${column}, 'Int8')` : `toString(${row}.${column})`)).join(', ')})`
  return `INSERT INTO attributions
    SELECT {account:String}, n.order_key, ${columns.map((column) => `n.${column}`).join(', ')},
      multiIf(old.found = 0, n.campaign, old.generation > {committed:UInt64}, old.was_campaign, old.campaign),
      multiIf(old.found = 0, n.placed_at, old.generation > {committed:UInt64}, old.was_placed_at, old.placed_at),
      {generation:UInt64}, ${facts.map((column) => `n.${column}`).join(', ')}
    FROM (
      SELECT o.order_key AS order_key, o.customer AS customer, o.placed_at AS placed_at, o.status AS status, o.amount AS amount, o.currency AS currency, o.product AS product, o.opt_ins AS opt_ins,
        multiIf(m.found = 1, 1, o.campaign != '', 2, t.found = 1, t.kind + 2, 0) AS rule,
        multiIf(rule = 1, m.campaign, rule = 2, o.campaign, t.campaign) AS campaign,
        if(rule > 2, toNullable(${instant('t.touched')}), NULL) AS touched_at,
        multiIf(rule = 1, m.sent, rule = 2, c.sent, t.sent) AS sent,
        if(sent > 0, toNullable(${instant('sent')}), NULL) AS sent_at,
        multiIf(rule = 1, m.channel, rule = 2 AND c.found = 0, k.only, rule = 2, c.channel, t.channel) AS channel,
        multiIf(sent = 0, o.country, rule = 1, m.country, rule = 2, c.country, t.country) AS country,
        multiIf(rule = 1, m.variant, rule = 2, c.variant, t.variant) AS variant
      FROM (${orders}) AS o
      LEFT JOIN (${named.messages ? byMessage(orders) : none}) AS m ON o.order_key = m.order_key
      LEFT JOIN (${named.campaigns ? byCampaign(orders) : none}) AS c ON o.order_key = c.order_key
      LEFT JOIN (${onlyChannels(scope)}) AS k ON o.campaign = k.campaign
      LEFT JOIN (${byTouch(orders, scope)}) AS t ON o.order_key = t.order_key
    ) AS n
    LEFT JOIN (SELECT *, 1 AS found FROM attributions FINAL PREWHERE account_id = {account:String}${rangeCondition(range)} AND order_key IN (SELECT order_key FROM (${orders}))) AS old
    ON n.order_key = old.order_key
    WHERE old.found = 0 OR ${comparable('n')} != ${comparable('old')}`
}

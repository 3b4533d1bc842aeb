/** SQL of uplift: what the two arms of controlled campaigns did (docs/figures.md, "Uplift"). It runs nothing. */
import { currentOrNew, type FactScope } from './generations.ts'
import { type Chunk, chunkCondition, dayOfMs, messageHeads } from './messages.ts'

/** Campaigns with held-out messages, and the days on which customers were assigned in them. */
export function controlledCampaigns(scope: FactScope): string {
  return `SELECT campaign, toString(min(day)) AS first, toString(max(day)) AS last FROM message_facts
    WHERE ${currentOrNew('messages', scope)} AND basis = 'send' GROUP BY campaign HAVING sum(held_out) > 0`
}

/**
 * Inserts who was assigned to which arm in a chunk of whole campaigns: the earlier assignment wins; at one instant, the sent message.
 * Binds the measurement windows in milliseconds, parallel to `campaigns`, as `windows`.
 */
export function insertAssignments(chunk: Chunk): string {
  return `INSERT INTO assignments
    SELECT {account:String}, {generation:UInt64}, campaign, customer, fromUnixTimestamp64Milli(intDiv(first, 2), 'UTC'), first % 2 + 1,
      transform(toString(campaign), {campaigns:Array(String)}, {windows:Array(Int64)}, toInt64(0))
    FROM (SELECT campaign, customer, min(if(sent > 0, sent * 2, held * 2 + 1)) AS first
      FROM (${messageHeads(chunkCondition(chunk))}) WHERE (sent > 0 OR held > 0) AND customer != toFixedString('', 16) GROUP BY campaign, customer)`
}

/** Inserts the uplift facts of `{campaigns:Array(String)}` from their assignments. Binds goals as parallel arrays `goal_names`, `goal_statuses`, and the account's `currency`. */
export const insertUplift = (() => {
  const rows = 'FROM assignments WHERE account_id = {account:String} AND generation = {generation:UInt64} AND campaign IN {campaigns:Array(String)}'
  const assigned = `SELECT campaign, customer, toUnixTimestamp64Milli(assigned_at) AS at, arm, window_ms ${rows}`
  const customers = `SELECT customer ${rows}`
  const visits = `SELECT customer, toUnixTimestamp64Milli(occurred_at) AS visited FROM web_events WHERE account_id = {account:String} AND kind = 'visit' AND customer IN (${customers})`
  const goals = 'SELECT goal.1 AS name, goal.2 AS statuses FROM (SELECT arrayJoin(arrayZip({goal_names:Array(String)}, {goal_statuses:Array(Array(String))})) AS goal)'
  const purchases = `SELECT a.campaign AS campaign, a.customer AS customer, g.name AS goal, count() AS orders, sumIf(o.amount, o.currency = {currency:String}) AS revenue
    FROM (${assigned}) AS a
    INNER JOIN (SELECT assumeNotNull(customer) AS customer, toUnixTimestamp64Milli(placed_at) AS placed, toString(status) AS status, amount, currency
      FROM (SELECT * FROM orders FINAL WHERE account_id = {account:String} AND customer IS NOT NULL AND customer IN (${customers}))) AS o ON a.customer = o.customer
    CROSS JOIN (${goals}) AS g
    WHERE o.placed >= a.at AND o.placed <= a.at + a.window_ms AND has(g.statuses, o.status)
    GROUP BY campaign, customer, goal`
  return `INSERT INTO uplift_facts
    SELECT {account:String}, w.campaign, {generation:UInt64}, ${dayOfMs('w.at')} AS day, g.name AS goal, w.arm,
      count(), sum(w.visited), countIf(p.orders > 0), sum(p.orders), sum(p.revenue), sum(toDecimal256(p.revenue, 6) * toDecimal256(p.revenue, 6))
    FROM (SELECT a.campaign AS campaign, a.customer AS customer, a.at AS at, a.arm AS arm, v.visited > 0 AND v.visited <= a.at + a.window_ms AS visited
      FROM (${assigned}) AS a ASOF LEFT JOIN (${visits}) AS v ON a.customer = v.customer AND a.at <= v.visited) AS w
    CROSS JOIN (${goals}) AS g
    LEFT JOIN (${purchases}) AS p ON w.campaign = p.campaign AND w.customer = p.customer AND g.name = p.goal
    GROUP BY w.campaign, day, goal, w.arm`
})()

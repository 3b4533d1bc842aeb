/** The figures of campaign_report straight from the raw rows, in one statement: what the daily facts are measured against, and must equal (docs/figures.md). */

const milliseconds = (column: string) => `toUnixTimestamp64Milli(${column})`
const dayOf = (ms: string) => `toDate(fromUnixTimestamp64Milli(${ms}, 'UTC'), {zone:String})`

// A click is a bot's when it is flagged, or is in a run of 4 within 1 s or 5 within 10 s.
const inRun = (count: number, span: number) => `arrayExists(s -> s <= t AND t <= s + ${span} AND arrayCount(x -> x >= s AND x <= s + ${span}, click_at) >= ${count}, click_at)`
const isBot = `(m OR (length(click_at) >= 4 AND (${inRun(4, 1000)} OR ${inRun(5, 10_000)})))`

/** One row per message of the events that meet a condition. */
const messages = (condition: string) => `SELECT *,
    arraySort(c -> c.1, all_clicks).1 AS click_at, arraySort(c -> c.1, all_clicks).2 AS click_machine,
    arrayFilter((t, m) -> NOT ${isBot}, click_at, click_machine) AS human_clicks, arrayFilter((t, m) -> ${isBot}, click_at, click_machine) AS bot_clicks,
    arrayExists(u -> NOT arrayExists(b -> abs(toInt64(b) - toInt64(u)) <= 10000, bot_clicks), unsubscribes_at) AS unsubscribed
  FROM (
    SELECT campaign, message, any(channel) AS channel, any(customer) AS customer,
      minIf(${milliseconds('occurred_at')}, event = 'sent') AS own_sent,
      if(own_sent > 0, own_sent, minIf(${milliseconds('occurred_at')}, event NOT IN ('queued', 'held_out'))) AS sent,
      countIf(event = 'delivered') > 0 AS delivered, countIf(event = 'bounced') > 0 AS bounced, countIf(event = 'bounced' AND bounce_type != 'soft') > 0 AS hard,
      countIf(event = 'failed') > 0 AS failed, countIf(event = 'opened' AND NOT machine) > 0 AS opened, countIf(event = 'complained') > 0 AS complained,
      groupArrayIf((${milliseconds('occurred_at')}, machine), event = 'clicked') AS all_clicks, groupArrayIf(${milliseconds('occurred_at')}, event = 'unsubscribed') AS unsubscribes_at
    FROM (SELECT * FROM events FINAL WHERE account_id = {account:String} AND ${condition}) GROUP BY campaign, message
  )`

const goalOrders = "SELECT * FROM orders FINAL WHERE account_id = {account:String} AND status IN ('placed', 'paid', 'delivered')"
const touches = `SELECT customer, campaign, sent, arrayJoin(human_clicks) AS touched
  FROM (${messages("campaign NOT IN {excluded:Array(String)} AND message IN (SELECT message FROM events WHERE account_id = {account:String} AND event = 'clicked')")}) WHERE sent > 0`

/** Orders with the campaign that earned them and the day they count on: the named message, the named campaign, the last click in the window. */
const earned = `
  SELECT m.campaign AS campaign, ${dayOf('m.sent')} AS day, amount, currency FROM (${goalOrders} AND message IS NOT NULL) AS o
    INNER JOIN (${messages(`message IN (SELECT assumeNotNull(message) FROM (${goalOrders} AND message IS NOT NULL))`)}) AS m ON assumeNotNull(o.message) = m.message
  UNION ALL
  SELECT o.campaign AS campaign, ${dayOf(`if(m.sent > 0, m.sent, ${milliseconds('o.placed_at')})`)} AS day, amount, currency
    FROM (SELECT campaign, ifNull(customer, toFixedString('', 16)) AS customer, placed_at, ${milliseconds('placed_at')} AS placed, amount, currency FROM (${goalOrders} AND message IS NULL AND campaign != '')) AS o
    ASOF LEFT JOIN (SELECT campaign, customer, sent FROM (${messages(`customer IN (SELECT assumeNotNull(customer) FROM (${goalOrders} AND campaign != ''))`)}) WHERE sent > 0) AS m
    ON o.campaign = m.campaign AND o.customer = m.customer AND o.placed >= m.sent
  UNION ALL
  SELECT t.campaign AS campaign, ${dayOf('t.sent')} AS day, amount, currency
    FROM (SELECT assumeNotNull(customer) AS customer, ${milliseconds('placed_at')} AS placed, amount, currency FROM (${goalOrders} AND message IS NULL AND campaign = '' AND customer IS NOT NULL)) AS o
    ASOF INNER JOIN (SELECT * FROM (${touches}) ORDER BY customer, touched, campaign, sent LIMIT 1 BY customer, touched) AS t ON o.customer = t.customer AND o.placed >= t.touched
    WHERE o.placed - t.touched <= {window:Int64}`

/** The metrics compared, in the order of the columns after `campaign`. */
export const naiveMetrics = ['sends', 'deliveries', 'opens', 'clicks', 'unsubscribes', 'complaints', 'hardBounces', 'softBounces', 'orders', 'revenue'] as const

/**
 * One row per campaign with messages sent, or orders earned, in a period. Params: account, zone, currency, start, end (days, inclusive), window (ms), excluded (campaign keys).
 * Aggregation in the order of the key keeps its memory small at any size; without it the statement could not run on large tables at all.
 */
export const naiveReport = `
  SELECT campaign, sum(s.sends) AS sends, sum(s.deliveries) AS deliveries, sum(s.opens) AS opens, sum(s.clicks) AS clicks, sum(s.unsubscribes) AS unsubscribes,
    sum(s.complaints) AS complaints, sum(s.hardBounces) AS hardBounces, sum(s.softBounces) AS softBounces, sum(s.orders) AS orders, sum(s.revenue) AS revenue
  FROM (
    SELECT campaign, countIf(within) AS sends, if(countIf(delivered) > 0, countIf(within AND delivered), countIf(within AND NOT bounced AND NOT failed)) AS deliveries,
      countIf(within AND opened) AS opens, countIf(within AND notEmpty(human_clicks)) AS clicks, countIf(within AND unsubscribed) AS unsubscribes, countIf(within AND complained) AS complaints,
      countIf(within AND hard) AS hardBounces, countIf(within AND bounced AND NOT hard) AS softBounces, 0 AS orders, toDecimal128(0, 6) AS revenue
    FROM (SELECT *, ${dayOf('sent')} BETWEEN {start:Date} AND {end:Date} AS within FROM (${messages('1')}) WHERE sent > 0) GROUP BY campaign, channel
    UNION ALL
    SELECT campaign, 0, 0, 0, 0, 0, 0, 0, 0, count() AS orders, sumIf(amount, currency = {currency:String}) AS revenue FROM (${earned}) WHERE day BETWEEN {start:Date} AND {end:Date} GROUP BY campaign
  ) AS s GROUP BY campaign HAVING sends > 0 OR orders > 0 ORDER BY campaign`

/** In-order aggregation and room for the sorts of the joins. */
export const naiveSettings = {
  seconds: 3600,
  settings: {
    optimize_aggregation_in_order: 1,
    max_memory_usage: 12_000_000_000,
    max_bytes_before_external_sort: 2_000_000_000,
    max_bytes_before_external_group_by: 2_000_000_000,
  },
} as const

/** SQL of messages: what happened to each one (docs/figures.md, "A message"), and the daily facts made from it. It runs nothing. */

/** Campaigns that one statement handles, and of a very large campaign the share of messages between two hashes. */
export interface Chunk {
  readonly campaigns: readonly string[]
  /** Hex of the first message hash of the slice, and of the first one after it; undefined at an end. */
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Parameters that the SQL of a chunk binds. */
export function chunkParams(chunk: Chunk): Record<string, unknown> {
  return { campaigns: chunk.campaigns, from: chunk.from ?? '', to: chunk.to ?? '' }
}

/** The chunk as a condition on `events`: key columns only, so it may stand in PREWHERE before the copies of an event are merged. */
export function chunkCondition(chunk: Chunk): string {
  const bounds = [
    ...(chunk.from === undefined ? [] : ['message >= toFixedString(unhex({from:String}), 16)']),
    ...(chunk.to === undefined ? [] : ['message < toFixedString(unhex({to:String}), 16)']),
  ]
  return ['account_id = {account:String}', 'campaign IN {campaigns:Array(String)}', ...bounds].join(' AND ')
}

/** The first non-empty value: of the `sent` event, then in the order of time; at one instant by the kind of event, then by a fixed hash. */
function first(column: string, hash: string, isPresent: string): string {
  return `argMinIf(${column}, bitOr(bitShiftLeft(toUInt128(bitOr(bitShiftLeft(toUInt64(event != 'sent'), 62), bitOr(bitShiftLeft(toUInt64(ms), 4), toUInt64(kind)))), 64), toUInt128(${hash})), ${isPresent})`
}

/** Dimensions and instants of each message, in milliseconds, 0 where there is none: what every query over messages needs. */
const headColumns = `
  ${first('customer', 'reinterpretAsUInt64(customer)', "customer != toFixedString('', 16)")} AS customer,
  ${first('channel', 'sipHash64(channel)', "channel != ''")} AS channel,
  ${first('country', 'sipHash64(country)', "country != ''")} AS country,
  ${first('variant', 'sipHash64(variant)', "variant != ''")} AS variant,
  minIf(ms, event = 'sent') AS own_sent,
  if(own_sent > 0, own_sent, minIf(ms, event NOT IN ('queued', 'held_out'))) AS sent,
  if(sent > 0, 0, minIf(ms, event = 'held_out')) AS held`

const detailColumns = `
  minIf(ms, event = 'delivered') AS delivered,
  groupArrayIf(ms, event = 'opened' AND NOT machine) AS opens,
  minIf(ms, event = 'opened' AND machine) AS machine_open,
  arraySort(groupArrayIf(ms * 2 + machine, event = 'clicked')) AS all_clicks,
  groupArrayIf(ms * 2, event = 'unsubscribed') AS unsubscribes,
  minIf(ms, event = 'complained') AS complained,
  minIf(ms, event = 'bounced' AND bounce_type != 'soft') AS hard,
  if(hard > 0, 0, minIf(ms, event = 'bounced')) AS soft,
  minIf(ms, event = 'failed') AS failed,
  min(ms) AS first_at,
  max(ms) AS last_at`

// No lambda below captures an array: a captured array is copied for every element, and a message with 100,000 clicks would
// need the square of that. Windows are made by shifting instead.
/** Whether a click begins a run of `count` clicks within `milliseconds`, for every click. */
const begins = (count: number, milliseconds: number) => `arrayMap((a, b) -> b - a <= ${milliseconds}, at, arrayShiftLeft(at, ${count - 1}, toInt64(9000000000000000)))`
/** Whether a click is in such a run: it, or one of the `count - 1` before it, begins one. */
const within = (runs: string, count: number) =>
  `arrayMap((${Array.from({ length: count }, (_, index) => `r${index}`).join(', ')}) -> ${Array.from({ length: count }, (_, index) => `r${index}`).join(' OR ')}, ${Array.from({ length: count }, (_, index) => `arrayShiftRight(${runs}, ${index}, 0)`).join(', ')})`

/**
 * Clicks told apart into people's and bots', and the unsubscribes that no bot made. One level a step: an alias used at its own level
 * is repeated wherever it is used, and the statement would grow beyond what the engine plans quickly.
 */
const clickLevels = [
  'arrayMap(c -> intDiv(c, 2), all_clicks) AS at',
  `${begins(4, 1000)} AS runs4, ${begins(5, 10_000)} AS runs5`,
  `if(length(at) < 4, arrayMap(c -> c % 2 = 1, all_clicks), arrayMap((c, in4, in5) -> c % 2 = 1 OR in4 OR in5, all_clicks, ${within('runs4', 4)}, ${within('runs5', 5)})) AS is_bot`,
  'arrayFilter((t, b) -> NOT b, at, is_bot) AS clicks, arrayFilter((t, b) -> b, at, is_bot) AS bot_clicks',
  'if(empty(bot_clicks) OR empty(unsubscribes), unsubscribes, arraySort(arrayConcat(unsubscribes, arrayMap(t -> t * 2 + 1, bot_clicks)))) AS marks',
  `intDiv(arrayMin(arrayFilter((m, before, after) -> m % 2 = 0 AND (before % 2 = 0 OR intDiv(m, 2) - intDiv(before, 2) > 10000) AND (after % 2 = 0 OR intDiv(after, 2) - intDiv(m, 2) > 10000),
    marks, arrayFill(m -> m % 2 = 1, marks), arrayReverseFill(m -> m % 2 = 1, marks))), 2) AS unsubscribed`,
]

const eventColumns = `campaign, message, event, CAST(event, 'Int8') AS kind, toUnixTimestamp64Milli(occurred_at) AS ms, customer, channel, country, variant`

/** One row per message: campaign, message, customer, channel, country, variant, sent, held (milliseconds; 0: not). */
export function messageHeads(condition: string): string {
  return `SELECT campaign, message, ${headColumns} FROM (SELECT ${eventColumns} FROM events FINAL PREWHERE ${condition}) GROUP BY campaign, message`
}

const inboxColumn = `${first('inbox', 'sipHash64(inbox)', "inbox != ''")} AS inbox`

/** One row per message with everything that happened to it. @param more columns of events, and what a message makes of them */
function messageStates(condition: string): string {
  const grouped = `SELECT campaign, message, ${headColumns}, ${inboxColumn}, ${detailColumns}
    FROM (SELECT ${eventColumns}, inbox, machine, bounce_type FROM events FINAL PREWHERE ${condition}) GROUP BY campaign, message`
  return clickLevels.reduce((inner, level) => `SELECT *, ${level} FROM (${inner})`, grouped)
}

const stateColumns =
  'campaign, message, customer, channel, country, variant, inbox, sent, held, delivered, opens, machine_open, clicks, bot_clicks, unsubscribed, complained, hard, soft, failed, first_at, last_at'

/** Inserts the messages of a chunk as they are now, under `{generation:UInt64}`. */
export function insertMessages(chunk: Chunk): string {
  return `INSERT INTO messages (account_id, generation, ${stateColumns})
    SELECT {account:String}, {generation:UInt64}, ${stateColumns} FROM (${messageStates(chunkCondition(chunk))}) WHERE sent > 0 OR held > 0`
}

/** The chunk's messages that insertMessages wrote, as a condition on `messages`. */
export const ofGeneration = (chunk: Chunk) => `${chunkCondition(chunk)} AND generation = {generation:UInt64}`

/** The account's day of an instant in milliseconds. */
export const dayOfMs = (ms: string) => `toDate(fromUnixTimestamp64Milli(${ms}, 'UTC'), {zone:String})`

/** The same as a number, so that 0 can stand for none; plain numbers are also quicker to plan. */
const dayNumber = (ms: string) => `toUInt16(${dayOfMs(ms)})`
const dayOrNone = (ms: string) => `if(${ms} > 0, ${dayNumber(ms)}, 0)`
// `if`, because the engine's planner takes ten times as long over AND with OR.
const once = (happened: string) => `countIf(if(basis = 1, ${happened} > 0, ${happened} = day))`
const each = (days: string) => `sum(if(basis = 1, length(${days}), countEqual(${days}, day)))`

/**
 * Inserts what is counted of a chunk's messages, by inbox provider too. Whether derived or explicit deliveries count is known only for whole campaigns:
 * the statements below decide. Counting by provider here spares another pass over the events.
 */
export function insertCountedMessages(chunk: Chunk): string {
  return `INSERT INTO counted_messages
    SELECT {account:String}, {generation:UInt64}, campaign, basis, toDate(day), channel, country, variant, inbox,
      ${once('sent_day')}, ${once('derived_day')}, ${once('delivered_day')},
      ${once('open_day')}, ${each('open_days')}, ${once('machine_day')},
      ${once('click_day')}, ${each('click_days')}, ${each('bot_days')},
      ${once('unsubscribed_day')}, ${once('complained_day')}, ${once('hard_day')}, ${once('soft_day')}, ${once('failed_day')}, ${once('held_day')},
      fromUnixTimestamp64Milli(min(first_at), 'UTC'), fromUnixTimestamp64Milli(max(last_at), 'UTC')
    FROM (
      SELECT *, place.1 AS basis, place.2 AS day FROM (SELECT *, arrayJoin(arrayConcat([tuple(1, if(sent_day > 0, sent_day, held_day))], arrayMap(d -> tuple(2, d), arrayDistinct(arrayFilter(d -> d > 0, arrayConcat(
        [sent_day, held_day, delivered_day, machine_day, unsubscribed_day, complained_day, hard_day, soft_day, failed_day], open_days, click_days, bot_days)))))) AS place
      FROM (
        SELECT campaign, channel, country, variant, if(channel = 'Email', inbox, '') AS inbox, first_at, last_at, sent_day, held_day, delivered_day, if(hard = 0 AND soft = 0 AND failed = 0, sent_day, 0) AS derived_day,
          ${dayOrNone('arrayMin(opens)')} AS open_day, if(empty(opens), ${dayOrNone('machine_open')}, 0) AS machine_day, ${dayOrNone('arrayMin(clicks)')} AS click_day,
          ${dayOrNone('unsubscribed')} AS unsubscribed_day, ${dayOrNone('complained')} AS complained_day,
          ${dayOrNone('hard')} AS hard_day, ${dayOrNone('soft')} AS soft_day, ${dayOrNone('failed')} AS failed_day,
          arrayMap(t -> ${dayNumber('t')}, opens) AS open_days, arrayMap(t -> ${dayNumber('t')}, clicks) AS click_days, arrayMap(t -> ${dayNumber('t')}, bot_clicks) AS bot_days
        FROM (SELECT *, ${dayOrNone('sent')} AS sent_day, ${dayOrNone('held')} AS held_day, ${dayOrNone('delivered')} AS delivered_day
          FROM messages WHERE ${ofGeneration(chunk)})
      ))
    )
    GROUP BY campaign, basis, day, channel, country, variant, inbox`
}

/** Where a campaign has explicit deliveries in a channel, they count there, otherwise derived ones. */
const counted = `SELECT *, sum(explicit_deliveries) OVER (PARTITION BY campaign, channel) > 0 AS is_explicit
    FROM counted_messages WHERE account_id = {account:String} AND generation = {generation:UInt64}`
const deliveries = 'sum(if(is_explicit, explicit_deliveries, derived_deliveries))'
const sums = (...columns: string[]) => columns.map((column) => `sum(${column})`).join(', ')

/** Makes the facts of `{generation:UInt64}` of what was counted. */
export const insertMessageFacts = `INSERT INTO message_facts
  SELECT {account:String}, campaign, {generation:UInt64}, basis, day, channel, country, variant, sum(sends), ${deliveries},
    ${sums('explicit_deliveries', 'opens', 'total_opens', 'machine_opens', 'clicks', 'total_clicks', 'bot_clicks', 'unsubscribes', 'complaints', 'hard_bounces', 'soft_bounces', 'failures', 'held_out')},
    min(earliest), max(latest)
  FROM (${counted}) GROUP BY campaign, basis, day, channel, country, variant`

/** Makes the facts of e-mail by inbox provider of what was counted. */
export const insertInboxFacts = `INSERT INTO inbox_facts
  SELECT {account:String}, campaign, {generation:UInt64}, basis, day, inbox, sum(sends), ${deliveries}, ${sums('opens', 'clicks', 'unsubscribes', 'complaints', 'hard_bounces', 'soft_bounces')}
  FROM (${counted}) WHERE channel = 'Email' GROUP BY campaign, basis, day, inbox`

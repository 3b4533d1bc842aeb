/** SQL that turns invented messages and people into the rows a platform would send: canonical fields with raw ids, and `arrives`, the instant a row reaches Mercat. */
import { dayMs, fraction, layers, organicOrdersSql, organicVisitsSql, peopleSql } from './people.ts'
import { of, outcomesSql } from './messages.ts'
import { blockedText, countries, deferredText, demoChannels, errorTexts, inboxes, newsletterTopics, refusedText } from './world.ts'

/** Nothing arrives later than this many days after its message or order began: a top-up looks this far back. */
export const latestArrivalDays = 55

const names = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`
const country = `${names(countries.map(({ code }) => code))}[land]`

// What can happen to a message, by number; 15 to 20 are one scanner's burst of clicks.
const burst = [15, 16, 17, 18, 19, 20]
const happenings = `arrayFilter(k -> k > 0, if(held, [22], [1, if(fate = 1, 3, 0), if(fate = 2, 4, 0), if(fate = 3, 5, 0), if(delivered AND ${of('reports')} > 0, 2, 0),
  if(machine, 6, 0), if(opened AND sees, 7, 0), if(opened AND sees AND ${fraction('h', 60)} < 0.3, 8, 0), if(opened AND sees AND ${fraction('h', 60)} < 0.08, 9, 0),
  if(clicked, 10, 0), if(clicked AND ${fraction('h', 61)} < 0.25, 11, 0), if(left, 12, 0), if(complained, 13, 0), if(bot AND ${fraction('h', 62)} < 0.2, 21, 0), ${burst.map((k) => `if(bot, ${k}, 0)`).join(', ')}]))`
const eventNames = [
  'sent',
  'delivered',
  'bounced',
  'bounced',
  'failed',
  'opened',
  'opened',
  'opened',
  'opened',
  'clicked',
  'clicked',
  'unsubscribed',
  'complained',
  '',
  ...burst.map(() => 'clicked'),
  'unsubscribed',
  'held_out',
]
const instants = `[at, deliveredAt, deliveredAt, deliveredAt + 900000, at + 400, deliveredAt + 2000, openedAt, openedAt + 5000 + toInt64(${fraction('h', 63)} * ${2 * dayMs}), openedAt + 9000 + toInt64(${fraction('h', 64)} * ${3 * dayMs}),
  clickedAt, clickedAt + 20000, leftAt, openedAt + 60000, 0, ${burst.map((_, index) => `deliveredAt + ${11_000 + index * 130}`).join(', ')}, deliveredAt + 13000, at]`

/** A text of the channel's, by chance. */
const errorOf = (fate: 'hard' | 'soft' | 'failed'): string => {
  const texts = demoChannels.map(({ name }) => errorTexts[name][fate])
  return `arrayElement([${texts.map(names).join(', ')}][${of('channel')}] AS ${fate}Texts, 1 + toUInt32(${fraction('h', 71)} * length(${fate}Texts)))`
}
const error = `multiIf(k = 3, multiIf(blocked, '${blockedText}', deferred, '${refusedText}', ${errorOf('hard')}), k = 4, multiIf(blocked, '${blockedText}', deferred, '${deferredText}', ${errorOf('soft')}), k = 5, ${errorOf('failed')}, '')`

/**
 * Message events. One in a hundred reaches Mercat one to four days late; some come twice, at once or a day later, and the copy of one that has an
 * `event_id` says a slightly later instant. Email and push providers name their events, the others do not.
 */
export const eventRowsSql = `SELECT message AS message_id, ${of('key')} AS campaign_id, customer AS customer_id, ${names(demoChannels.map(({ name }) => name))}[${of('channel')}] AS channel,
  ${names(eventNames)}[k] AS event, happened + if(copy = 1 AND named, 1500, 0) AS occurred_ms, if(named, concat(message, '#', toString(k)), '') AS event_id,
  multiIf(k = 3, 'hard', k = 4, 'soft', '') AS bounce_type, k = 6 AS machine, if(k IN (10, 11) OR k BETWEEN 15 AND 20, concat(${of('site')}, ['', '/more', '/offer', '/imprint', '/terms', '/unsubscribe'][1 + (k + h) % 6]), '') AS url,
  if(${fraction('h', 70)} < 0.03, '', ${country}) AS country, arm AS variant,
  if(${of('channel')} = 1 AND k != 22, ${names(inboxes.map(({ name }) => name))}[inboxNumber], '') AS inbox, ${error} AS error,
  happened + toInt64(multiIf(${fraction('kh', 1)} < 0.01, 1 + ${fraction('kh', 2)} * 3, copy = 1 AND ${fraction('kh', 3)} < 0.5, 1, 0) * ${dayMs}) AS arrives
FROM (${layers(
  outcomesSql,
  [`arrayJoin(${happenings}) AS k`],
  [`${instants}[k] AS happened`, `${of('channel')} IN (1, 4) AND k != 22 AS named`, 'intHash64(bitXor(h, toUInt64(1000 + k))) AS kh'],
  [`arrayJoin(if(${fraction('kh', 4)} < 0.008, [0, 1], [0])) AS copy`],
)})`

const basket = (hash: string, base: string) =>
  `toInt64(${base} * 100 * (0.35 + 0.9 * ${fraction(hash, 80)} + 2.4 * ${fraction(hash, 81)} * ${fraction(hash, 81)} * ${fraction(hash, 81)}))`

const messageOrders = `SELECT concat('O-', message) AS order_id, customer AS customer_id, if(clicked, clickedAt + 180000 + toInt64(${fraction('h', 42)} * ${fraction('h', 42)} * ${fraction('h', 42)} * ${2 * dayMs}),
    at + 3600000 + toInt64(${fraction('h', 43)} * ${4 * dayMs})) AS placed, h AS o, ${basket('h', `[89, 64][${of('brand')}]`)} AS cents, land,
    if(${fraction('h', 44)} < 0.08, message, '') AS message_id, if(${fraction('h', 44)} > 0.96, ${of('key')}, '') AS campaign_id
  FROM (${outcomesSql}) WHERE delivered AND ${fraction('h', 41)} < if(clicked, ${of('orderClick')}, ${of('orderPull')} * engagement)`
const organicOrders = `SELECT concat('O-', toString(i), '-', toString(intDiv(at - {firstMs:Int64}, 1000))) AS order_id, if(${fraction('h', 45)} < 0.05, '', concat('cust-', toString(i))) AS customer_id, at AS placed, h AS o,
    ${basket('h', 'if(brandBits = 2, 64, 89)')} AS cents, land, '' AS message_id, '' AS campaign_id FROM (${organicOrdersSql})`

/** Orders, one row each time their status changes: placed, paid, delivered, and for some cancelled or refunded. A twentieth of those without a message are guests'. */
export const orderRowsSql = `SELECT order_id, customer_id, placed AS placed_ms, updated AS updated_ms, ['placed', 'paid', 'delivered', 'cancelled', 'refunded'][step] AS status, toDecimal128(cents, 6) / 100 AS amount,
  ${names(countries.map(({ currency }) => currency))}[land] = 'second' AS abroad, if(abroad, {second:String}, {home:String}) AS currency, ${country} AS country, campaign_id, message_id, updated AS arrives
FROM (SELECT *, arrayJoin(multiIf(${fraction('o', 90)} < 0.035, [1, 2, 4], ${fraction('o', 90)} < 0.065, [1, 2, 3, 5], ${fraction('o', 90)} < 0.95, [1, 2, 3], [1, 2])) AS step,
    placed + [0, 150000, toInt64((2 + 3 * ${fraction('o', 91)}) * ${dayMs}), toInt64((0.05 + ${fraction('o', 92)}) * ${dayMs}), toInt64((8 + 22 * ${fraction('o', 93)}) * ${dayMs})][step] AS updated
  FROM (${messageOrders} UNION ALL ${organicOrders}))`

/** Web visits: after most clicks, after some messages without a click, and without any message. */
export const visitRowsSql = `SELECT customer_id, 'visit' AS kind, visited AS occurred_ms, visited AS arrives, webapp FROM (
  SELECT customer AS customer_id, if(clicked, clickedAt + 1200, at + 1800000 + toInt64(${fraction('h', 52)} * ${4 * dayMs})) AS visited, {brandKeys:Array(String)}[${of('brand')}] AS webapp
  FROM (${outcomesSql}) WHERE delivered AND ${fraction('h', 51)} < if(clicked, 0.92, ${of('visitPull')} * engagement)
  UNION ALL SELECT concat('cust-', toString(i)) AS customer_id, at AS visited, {brandKeys:Array(String)}[1 + h % 2] AS webapp FROM (${organicVisitsSql}))`

const tier = `multiIf(engagement < 0.5, 'bronze', engagement < 1, if(${fraction('p', 16)} < 0.3, 'silver', 'bronze'), engagement < 2, if(${fraction('p', 16)} < 0.4, 'gold', 'silver'), if(${fraction('p', 16)} < 0.45, 'platinum', 'gold'))`
const topic = (brand: keyof typeof newsletterTopics, number: number) =>
  `${names(newsletterTopics[brand])}[1 + toUInt32(${fraction('p', number)} * ${newsletterTopics[brand].length})]`
/** Custom attributes as JSON members; '' where one is not known of the person. */
const members = [
  `concat('"brands":"', ['fjell-fjord', 'casa-lume', 'both'][brandBits], '"')`,
  `concat('"loyalty_tier":"', ${tier}, '"')`,
  `concat('"lifetime_points":"', toString(toUInt32(engagement * 1200 * ${fraction('p', 17)} * (0.2 + ${fraction('p', 18)}))), '"')`,
  `if(${fraction('p', 19)} < 0.62, concat('"birthday_month":"', toString(1 + toUInt32(${fraction('p', 20)} * 12)), '"'), '')`,
  `if(bitTest(reach, 1), concat('"newsletter_topics":"', arrayStringConcat(arrayFilter(x -> x != '', [if(bitTest(brandBits, 0), ${topic('fjell-fjord', 21)}, ''), if(bitTest(brandBits, 1), ${topic('casa-lume', 22)}, '')]), ', '), '"'), '')`,
  `concat('"club_member":"', if(club, 'true', 'false'), '"')`,
  `if(club, concat('"club_since":"', toString(signed_up), '"'), '')`,
  `if(bitTest(brandBits, 0) AND ${fraction('p', 24)} < 0.35, concat('"shoe_size":"', toString(36 + toUInt32(${fraction('p', 25)} * 11)), '"'), '')`,
]

/** People who have signed up, as the platform describes them on that day. */
export const customerRowsSql = `SELECT concat('cust-', toString(i)) AS customer_id, ${country} AS country, if(land = 3 AND ${fraction('p', 9)} < 0.3, 'fr', ${names(countries.map(({ language }) => language))}[land]) AS language,
  toDate({firstDay:Date}) + signed AS signed_up, multiIf(engagement < 0.5, 'dormant', engagement < 1, 'occasional', engagement < 2, 'regular', 'loyal') AS stage,
  arrayFilter((name, n) -> bitTest(reach, n), ${names(demoChannels.map(({ name }) => name))}, range(1, ${demoChannels.length + 1})) AS consent,
  engagement >= 0.5 AND ${fraction('p', 23)} < 0.45 AS club, concat('{', arrayStringConcat(arrayFilter(x -> x != '', [${members.join(', ')}]), ','), '}') AS attributes,
  {firstMs:Int64} + toInt64((signed + 0.5) * ${dayMs}) AS arrives FROM (${peopleSql})`

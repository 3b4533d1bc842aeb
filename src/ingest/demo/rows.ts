/** SQL that turns invented messages and people into the rows a platform would send: canonical fields with raw ids, and `arrives`, the instant a row reaches Mercat. */
import { optInMoods } from './gifts.ts'
import { dayMs, fraction, layers, organicOrdersSql, organicVisitsSql, peopleSql } from './people.ts'
import { of, outcomesSql } from './messages.ts'
import { lichtblick } from './organizations.ts'
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

/** When who clicks orders, if they do. */
const orderedAt = `clickedAt + 180000 + toInt64(${fraction('h', 42)} * ${fraction('h', 42)} * ${fraction('h', 42)} * ${2 * dayMs})`
// A gift is free: what is paid is the postage, and by some a finer paper or more pages. An older version of the webapps tells neither product nor opt-ins.
const giftCents = `490 + if(${fraction('h', 82)} < 0.38, ${basket('h', '12')}, 0)`
const tells = `${of('gift')} = 1 AND ${fraction('h', 46)} >= 0.06`
const product = `if(${tells}, ${of('products')}[1 + toUInt32(${fraction('h', 47)} * ${fraction('h', 47)} * length(${of('products')}))], '')`
const agrees = `intHash64(bitXor(h, 200 + n)) / 18446744073709551616. < if(share = 1, 1, share * [${optInMoods.join(', ')}][land])`
const optIns = `if(${tells}, concat('{', arrayStringConcat(arrayMap((name, share, n) -> concat('"', name, '":', if(${agrees}, 'true', 'false')), ${of('optIns')}, ${of('optInShares')}, arrayEnumerate(${of('optIns')})), ','), '}'), '')`

const messageOrders = `SELECT concat('O-', message) AS order_id, customer AS customer_id, if(clicked, ${orderedAt}, at + 3600000 + toInt64(${fraction('h', 43)} * ${4 * dayMs})) AS placed, h AS o,
    if(${of('gift')} = 1, ${giftCents}, ${basket('h', `[89, 64][${of('brand')}]`)}) AS cents, land,
    if(${of('gift')} = 1 OR ${fraction('h', 44)} < 0.08, message, '') AS message_id, if(${of('gift')} = 1 OR ${fraction('h', 44)} > 0.96, ${of('key')}, '') AS campaign_id, ${product} AS product, ${optIns} AS opt_ins
  FROM (${outcomesSql}) WHERE delivered AND ${fraction('h', 41)} < if(clicked, ${of('orderClick')}, ${of('orderPull')} * engagement)`
const organicOrders = `SELECT concat('O-', toString(i), '-', toString(intDiv(at - {firstMs:Int64}, 1000))) AS order_id, if(${fraction('h', 45)} < 0.05, '', concat('cust-', toString(i))) AS customer_id, at AS placed, h AS o,
    ${basket('h', 'if(brandBits = 2, 64, 89)')} AS cents, land, '' AS message_id, '' AS campaign_id, '' AS product, '' AS opt_ins FROM (${organicOrdersSql})`

/** Orders, one row each time their status changes: placed, paid, delivered, and for some cancelled or refunded. A twentieth of those without a message are guests'. */
export const orderRowsSql = `SELECT order_id, customer_id, placed AS placed_ms, updated AS updated_ms, ['placed', 'paid', 'delivered', 'cancelled', 'refunded'][step] AS status, toDecimal128(cents, 6) / 100 AS amount,
  ${names(countries.map(({ currency }) => currency))}[land] = 'second' AS abroad, if(abroad, {second:String}, {home:String}) AS currency, ${country} AS country, campaign_id, message_id, product, opt_ins, updated AS arrives
FROM (SELECT *, arrayJoin(multiIf(${fraction('o', 90)} < 0.035, [1, 2, 4], ${fraction('o', 90)} < 0.065, [1, 2, 3, 5], ${fraction('o', 90)} < 0.95, [1, 2, 3], [1, 2])) AS step,
    placed + [0, 150000, toInt64((2 + 3 * ${fraction('o', 91)}) * ${dayMs}), toInt64((0.05 + ${fraction('o', 92)}) * ${dayMs}), toInt64((8 + 22 * ${fraction('o', 93)}) * ${dayMs})][step] AS updated
  FROM (${messageOrders} UNION ALL ${organicOrders}))`

// How far somebody who clicked gets in the webapp: 1 a visit, 2 begun, 3 photos uploaded, 4 at the checkout, 5 ordered. Who orders is the same as above.
const depth = `multiIf(${[1, 1.25, 1.55, 1.9].map((times, index) => `${fraction('h', 41)} < ${of('orderClick')} * ${times}, ${5 - index}`).join(', ')}, ${fraction('h', 51)} < 0.92, 1, 0)`
const funnelKinds = ['visit', 'start', 'upload', 'checkout', 'order']

/**
 * Web events. Visits come after most clicks, after some messages without a click, and without any message; of a gift's visitors, and of a few who came by
 * themselves, the later steps of the webapp's funnel too. An order of a gift is at the very moment of the order's row.
 */
export const webRowsSql = `SELECT customer_id, ${names(funnelKinds)}[step] AS kind, times[step] AS occurred_ms, occurred_ms AS arrives, webapp FROM (SELECT customer_id, webapp, times, arrayJoin(range(1, reached + 1)) AS step FROM (
  SELECT customer AS customer_id, ${of('webapp')} AS webapp,
    if(${of('gift')} = 1, if(clicked, ${depth}, 0), toInt32(${fraction('h', 51)} < if(clicked, 0.92, ${of('visitPull')} * engagement))) AS reached,
    if(clicked, clickedAt + 1200, at + 1800000 + toInt64(${fraction('h', 52)} * ${4 * dayMs})) AS visited, ${orderedAt} AS ordered, clickedAt + 9000 + toInt64(${fraction('h', 53)} * 50000) AS started,
    if(reached > 1, [visited, started, started + toInt64((ordered - started) * (0.2 + 0.4 * ${fraction('h', 54)})), started + toInt64((ordered - started) * (0.7 + 0.25 * ${fraction('h', 55)})), ordered], [visited]) AS times
  FROM (${outcomesSql}) WHERE delivered AND reached > 0
  UNION ALL SELECT concat('cust-', toString(i)) AS customer_id, if(h % 20 = 19, '${lichtblick}', {brandKeys:Array(String)}[1 + h % 2]) AS webapp,
    multiIf(${fraction('h', 56)} < 0.008, 4, ${fraction('h', 56)} < 0.025, 3, ${fraction('h', 56)} < 0.06, 2, 1) AS reached, at AS visited, toInt64(0) AS ordered, toInt64(0) AS started,
    arrayMap(n -> at + toInt64(n * (40000 + ${fraction('h', 57)} * 200000)), [0, 1, 3, 4]) AS times FROM (${organicVisitsSql})))`

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

/** SQL that invents messages and what people did with them, one row a message. Which rows a store gets of them is rows.ts. */
import type { DemoCampaign } from './campaigns.ts'
import { draw } from './draw.ts'
import { organizations } from './organizations.ts'
import { dayMs, fraction, inboxNumber, layers, mix, organicOrdersSql, peopleSql } from './people.ts'
import { brandKeys, countries, demoChannels, inboxes } from './world.ts'

/** Days since the first day on which Casa Lume's mail address was on a block list; again every 250 days, so that an old demo has news. */
export const blockList = { every: 250, days: 12 } as const

/**
 * Days since the first day on which GMX and Web.de defer or refuse much of Fjell & Fjord's mail and hide the rest: a new demo, 18 months long, is in the middle of it.
 * Again every half year, for the same reason.
 */
export const deferring = { inbox: 'GMX/Web.de', from: 530, every: 180, days: 56 } as const

const whole = (...words: (string | number)[]) => Math.floor(draw(...words) * 2 ** 50)

/**
 * What SQL knows of a campaign. `start`: 0 a mailing, 1 a flow begun by signing up, 2 by an order, 3 one that recurs. `lands`: bit n, it goes to the country at position
 * n + 1. `gift`: people make something in its webapp.
 */
const campaignColumns = {
  start: 'UInt8',
  key: 'String',
  site: 'String',
  hash: 'UInt64',
  flowHash: 'UInt64',
  brand: 'UInt8',
  channel: 'UInt8',
  sendMs: 'Int64',
  sendMinutes: 'Int64',
  lands: 'UInt32',
  gift: 'UInt8',
  webapp: 'String',
  products: 'Array(String)',
  optIns: 'Array(String)',
  optInShares: 'Array(Float64)',
  delayMs: 'Int64',
  ranFrom: 'Int32',
  ranTo: 'Int32',
  period: 'Int32',
  chance: 'Float64',
  share: 'Float64',
  control: 'Float64',
  arms: 'Float64',
  lift: 'Float64',
  reports: 'Float64',
  hard: 'Float64',
  soft: 'Float64',
  fail: 'Float64',
  open: 'Float64',
  click: 'Float64',
  leave: 'Float64',
  complain: 'Float64',
  machine: 'Float64',
  bot: 'Float64',
  orderClick: 'Float64',
  orderPull: 'Float64',
  visitPull: 'Float64',
} as const
type Column = keyof typeof campaignColumns
const allColumns = Object.keys(campaignColumns) as Column[]

/** A column of the campaign. */
export const of = (column: Column): string => `c_${column}`

/** The campaigns as rows with a number `c` and the given columns. They travel as one array a column, each bound as seldom as can be: a statement that holds an array often is slow to plan. */
function campaignRows(columns: readonly Column[], where = '1'): string {
  const arrays = columns.map((column) => `{${column}:Array(${campaignColumns[column]})} AS ${of(column)}`)
  return `(SELECT c, ${columns.map(of).join(', ')} FROM (SELECT 1) ARRAY JOIN range({campaigns:UInt32}) AS c, ${arrays.join(', ')} WHERE ${where})`
}

/** The campaigns as parameters. */
export function campaignParams(campaigns: readonly DemoCampaign[]): Record<Column, readonly (string | number | readonly (string | number)[])[]> & { campaigns: number } {
  const behaviour = (name: keyof DemoCampaign['behaviour']) => campaigns.map((campaign) => campaign.behaviour[name])
  const steps = campaigns.map(({ step }) => step)
  return {
    campaigns: campaigns.length,
    start: steps.map((step) => (step ? { signup: 1, order: 2, recurring: 3 }[step.trigger.on] : 0)),
    key: campaigns.map(({ key }) => key),
    hash: campaigns.map(({ key }) => whole(key, 'hash')),
    flowHash: campaigns.map(({ key, step }) => whole(step?.flow ?? key, 'flow')),
    brand: campaigns.map(({ brand }) => brandKeys.indexOf(brand) + 1),
    channel: campaigns.map(({ channel }) => demoChannels.findIndex(({ name }) => name === channel) + 1),
    site: campaigns.map(({ organization, key }) => `${organizations[organization].site}/${key}`),
    sendMs: campaigns.map(({ mailing }) => mailing?.at.getTime() ?? 0),
    sendMinutes: campaigns.map(({ mailing }) => mailing?.minutes ?? 0),
    lands: campaigns.map(({ gift }) => countries.reduce((bits, { code }, at) => (!gift || gift.countries.includes(code) ? bits + 2 ** at : bits), 0)),
    gift: campaigns.map(({ gift }) => (gift ? 1 : 0)),
    webapp: campaigns.map(({ gift, brand }) => gift?.webapp ?? brand),
    products: campaigns.map(({ gift }) => gift?.products ?? []),
    optIns: campaigns.map(({ gift }) => gift?.optIns.map(({ name }) => name) ?? []),
    optInShares: campaigns.map(({ gift }) => gift?.optIns.map(({ share }) => share) ?? []),
    delayMs: steps.map((step) => (step?.delayMinutes ?? 0) * 60_000),
    ranFrom: steps.map((step) => step?.days[0] ?? 0),
    ranTo: steps.map((step) => step?.days[1] ?? 0),
    period: steps.map((step) => (step?.trigger.on === 'recurring' ? step.trigger.periodDays : 0)),
    chance: steps.map((step) => (step?.trigger.on === 'recurring' ? step.trigger.probability : 0)),
    share: behaviour('share'),
    control: behaviour('control'),
    arms: behaviour('variants'),
    lift: behaviour('variantLift'),
    reports: behaviour('reportsDelivery'),
    hard: behaviour('hardBounce'),
    soft: behaviour('softBounce'),
    fail: behaviour('failure'),
    open: behaviour('open'),
    click: behaviour('click'),
    leave: behaviour('unsubscribe'),
    complain: behaviour('complaint'),
    machine: behaviour('machineOpen'),
    bot: behaviour('botClick'),
    orderClick: behaviour('orderGivenClick'),
    orderPull: behaviour('orderWithoutClick'),
    visitPull: behaviour('visitWithoutClick'),
  }
}

const reachable = `bitTest(brandBits, ${of('brand')} - 1) AND bitTest(reach, ${of('channel')})`
const person = 'i, p, engagement, land, apple, corporate'

/** Who is chosen for what and when: rows of a person's columns, `c`, entry number `e`, message hash `h`, arm hash `g` (the same for all steps of one entry) and `at` (ms). */
function chosenSql(): string {
  const chosen = `${fraction('h', 2)} < ${of('share')}`
  const within = `at >= {earliestMs:Int64} AND at < {untilMs:Int64}`
  const starting = (start: number, ...columns: Column[]) =>
    `${campaignRows(['start', 'hash', 'flowHash', 'brand', 'channel', 'share', ...columns], `${of('start')} = ${start}`)} AS campaign`
  const step: Column[] = ['delayMs', 'ranFrom', 'ranTo']
  const ran = `entryDay >= ${of('ranFrom')} AND entryDay < ${of('ranTo')}`
  const reached = (people: string, campaign: string, where = '1') => `SELECT * FROM (${people}) AS people CROSS JOIN ${campaign} WHERE ${reachable} AND ${where}`
  const mailings = `${layers(
    reached(peopleSql, starting(0, 'sendMs', 'sendMinutes', 'lands'), `bitTest(${of('lands')}, land - 1) AND signed < intDiv(${of('sendMs')} - {firstMs:Int64}, ${dayMs})`),
    ['toUInt32(0) AS e', `${mix('p', of('hash'))} AS h`],
    ['h AS g', `${of('sendMs')} + toInt64(${fraction('h', 1)} * ${of('sendMinutes')} * 60000) AS at`],
  )} WHERE ${within} AND ${chosen}`
  const signups = `${layers(
    reached(peopleSql, starting(1, ...step), 'signed >= 0'),
    [
      'toUInt32(0) AS e',
      `${mix('p', of('flowHash'))} AS g`,
      'toInt32(signed) AS entryDay',
      `{firstMs:Int64} + toInt64((signed + 0.3 + 0.6 * ${fraction('p', 8)}) * ${dayMs}) + ${of('delayMs')} AS at`,
    ],
    [`${mix('g', of('hash'))} AS h`],
  )} WHERE ${ran} AND ${within} AND ${chosen}`
  const orders = `${layers(
    reached(`SELECT * EXCEPT (h, at), h AS orderHash, at AS ordered FROM (${organicOrdersSql})`, starting(2, ...step)),
    ['slot AS e', `${mix('orderHash', of('flowHash'))} AS g`, `toInt32(intDiv(ordered - {firstMs:Int64}, ${dayMs})) AS entryDay`, `ordered + ${of('delayMs')} AS at`],
    [`${mix('g', of('hash'))} AS h`],
  )} WHERE ${ran} AND ${within} AND ${chosen}`
  const entries = `arrayJoin(range(toUInt32(greatest(0, intDiv({fromDay:Int32}, ${of('period')}) - 1)), toUInt32(intDiv({toDay:Int32}, ${of('period')}) + 1)))`
  const recurring = `${layers(
    reached(peopleSql, starting(3, ...step, 'period', 'chance')),
    [`${entries} AS e`],
    [`${mix(mix('p', of('flowHash')), 'e')} AS g`],
    [`${mix('g', of('hash'))} AS h`, `toInt32((e + ${fraction('g', 3)}) * ${of('period')}) AS entryDay`],
    [`{firstMs:Int64} + toInt64((entryDay + 0.3 + 0.6 * ${fraction('g', 4)}) * ${dayMs}) + ${of('delayMs')} AS at`],
  )} WHERE entryDay > signed AND ${ran} AND ${within} AND ${fraction('g', 5)} < ${of('chance')} AND ${chosen}`
  const columns = `SELECT ${person}, c, e, h, g, at FROM`
  return [mailings, signups, orders, recurring].map((sql) => `${columns} (${sql})`).join(' UNION ALL ')
}

const squared = (hash: string, number: number) => `${fraction(hash, number)} * ${fraction(hash, number)}`

/**
 * Every message with its outcome: `held, fate (0 arrived, 1 hard, 2 soft bounce, 3 failed), delivered, opened, clicked, machine, bot, left, complained`, the instants
 * `deliveredAt, openedAt, clickedAt, leftAt` (ms; meaningful where it happened), `arm`, `message` and `customer` (ids as a platform would name them), `sees` (the channel reports opens), `inboxNumber`,
 * `blocked` and `deferred` (the two troubles with delivery).
 */
export const outcomesSql = layers(
  `SELECT * FROM (${chosenSql()}) AS chosen INNER JOIN ${campaignRows(allColumns)} AS campaign USING (c)`,
  [
    `concat(${of('key')}, '/', toString(i), '/', toString(e)) AS message`,
    "concat('cust-', toString(i)) AS customer",
    `toInt32(intDiv(at - {firstMs:Int64}, ${dayMs})) AS day`,
    `${of('open')} > 0 AS sees`,
    `${fraction('g', 11)} < ${of('control')} AS held`,
    `toUInt8(${fraction('h', 12)} * ${of('arms')}) AS armNumber`,
    `at + 800 + toInt64(${fraction('h', 20)} * if(${of('channel')} = 1, 40000, 6000)) AS deliveredAt`,
  ],
  [
    `if(${of('arms')} > 1, ['A', 'B', 'C'][armNumber + 1], '') AS arm`,
    `${of('brand')} = 2 AND ${of('channel')} = 1 AND day >= ${blockList.every} AND day % ${blockList.every} < ${blockList.days} AS blocked`,
    `${inboxNumber} AS inboxNumber`,
    `${of('brand')} = 1 AND ${of('channel')} = 1 AND day >= ${deferring.from} AND (day - ${deferring.from}) % ${deferring.every} < ${deferring.days} AS deferrable`,
    `deliveredAt + 4000 + toInt64(${squared('h', 21)} * ${squared('h', 21)} * ${5 * dayMs}) AS openedAt`,
  ],
  [`deferrable AND inboxNumber = ${inboxes.findIndex(({ name }) => name === deferring.inbox) + 1} AS deferred`],
  [
    `multiIf(blocked, ${of('hard')} * 7, deferred, 0.06, ${of('hard')}) AS hardTo`,
    `least(0.95, ${of('open')} * engagement * multiIf(blocked, 0.4, deferred, 0.4, 1)) AS opens`,
    'if(sees, openedAt, deliveredAt) AS readAt',
  ],
  [
    `hardTo + multiIf(blocked, 0.17, deferred, 0.12, ${of('soft')}) AS softTo`,
    `readAt + if(sees, 3000 + toInt64(${squared('h', 22)} * 600000), 5000 + toInt64(${squared('h', 22)} * ${squared('h', 22)} * ${3 * dayMs})) AS clickedAt`,
    `readAt + 8000 + toInt64(${fraction('h', 23)} * 240000) AS leftAt`,
  ],
  [`multiIf(${fraction('h', 13)} < hardTo, 1, ${fraction('h', 13)} < softTo, 2, ${fraction('h', 13)} < softTo + ${of('fail')}, 3, 0) AS fate`],
  ['NOT held AND fate = 0 AS delivered'],
  [
    `delivered AND ${fraction('h', 14)} < opens AS opened`,
    `delivered AND apple AND ${fraction('h', 16)} < ${of('machine')} AS machine`,
    `delivered AND corporate AND ${fraction('h', 17)} < ${of('bot')} AS bot`,
    `delivered AND ${fraction('h', 19)} < ${of('complain')} * multiIf(blocked, 8, deferred, 6, 1) AS complained`,
  ],
  ['if(sees, opened, delivered) AS read'],
  [
    `read AND ${fraction('h', 15)} < least(0.9, ${of('click')} * if(sees, 1, engagement) * [1, ${of('lift')}, ${of('lift')} * ${of('lift')}][armNumber + 1]) AS clicked`,
    `read AND ${fraction('h', 18)} < ${of('leave')} * if(blocked, 1.8, 1) / if(sees, opens, 1) AS left`,
  ],
)

/** SQL that invents messages and what people did with them, one row a message. Which rows a store gets of them is rows.ts. */
import type { DemoCampaign } from './campaigns.ts'
import { draw } from './campaigns.ts'
import { dayMs, fraction, mix, organicOrdersSql, peopleSql } from './people.ts'
import { brandKeys, brands, demoChannels } from './world.ts'

/** Days since the first day on which Casa Lume's mail address was on a block list; again every 250 days, so that an old demo has news. */
export const blockList = { every: 250, days: 12 } as const

const whole = (...words: (string | number)[]) => Math.floor(draw(...words) * 2 ** 50)

const arrayTypes = {
  key: 'String',
  site: 'String',
  hash: 'UInt64',
  flowHash: 'UInt64',
  brand: 'UInt8',
  channel: 'UInt8',
  sendMs: 'Int64',
  sendMinutes: 'Int64',
  delayMs: 'Int64',
  ranFrom: 'Int32',
  ranTo: 'Int32',
  period: 'Int32',
  mailings: 'UInt16',
  onSignup: 'UInt16',
  onOrder: 'UInt16',
  recurring: 'UInt16',
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
type ArrayName = keyof typeof arrayTypes

/** Stands before every SELECT over messages: each array is bound once, since chDB gets parameters as text and a statement has a limit of size. */
export const withCampaigns = `WITH ${Object.entries(arrayTypes)
  .map(([name, type]) => `{${name}:Array(${type})} AS all_${name}`)
  .join(', ')}`
/** The value of the campaign at position `c`. */
export const of = (name: ArrayName): string => `all_${name}[c]`

/** The campaigns as arrays that SQL looks up by position `c`, and as lists for mailings and steps. */
export function campaignParams(campaigns: readonly DemoCampaign[]): Record<ArrayName, readonly (string | number)[]> {
  const behaviour = (name: keyof DemoCampaign['behaviour']) => campaigns.map((campaign) => campaign.behaviour[name])
  const steps = campaigns.map(({ step }) => step)
  return {
    key: campaigns.map(({ key }) => key),
    hash: campaigns.map(({ key }) => whole(key, 'hash')),
    flowHash: campaigns.map(({ key, step }) => whole(step?.flow ?? key, 'flow')),
    brand: campaigns.map(({ brand }) => brandKeys.indexOf(brand) + 1),
    channel: campaigns.map(({ channel }) => demoChannels.findIndex(({ name }) => name === channel) + 1),
    site: campaigns.map(({ brand, key }) => `${brands[brand].site}/${key}`),
    sendMs: campaigns.map(({ mailing }) => mailing?.at.getTime() ?? 0),
    sendMinutes: campaigns.map(({ mailing }) => mailing?.minutes ?? 0),
    delayMs: steps.map((step) => (step?.delayMinutes ?? 0) * 60_000),
    ranFrom: steps.map((step) => step?.days[0] ?? 0),
    ranTo: steps.map((step) => step?.days[1] ?? 0),
    period: steps.map((step) => (step?.trigger.on === 'recurring' ? step.trigger.periodDays : 0)),
    chance: steps.map((step) => (step?.trigger.on === 'recurring' ? step.trigger.probability : 0)),
    mailings: positions(campaigns, ({ mailing }) => mailing !== undefined),
    onSignup: positions(campaigns, ({ step }) => step?.trigger.on === 'signup'),
    onOrder: positions(campaigns, ({ step }) => step?.trigger.on === 'order'),
    recurring: positions(campaigns, ({ step }) => step?.trigger.on === 'recurring'),
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

const positions = (campaigns: readonly DemoCampaign[], wanted: (campaign: DemoCampaign) => boolean) => campaigns.flatMap((campaign, index) => (wanted(campaign) ? [index + 1] : []))

const reachable = `bitTest(brandBits, ${of('brand')} - 1) AND bitTest(reach, ${of('channel')})`
const person = 'i, p, engagement, land, apple, corporate'

/** Who is chosen for what and when: rows of a person's columns, `c`, entry number `e`, message hash `h`, arm hash `g` (the same for all steps of one entry) and `at` (ms). */
function chosenSql(): string {
  const chosen = (hash: string) => `${reachable} AND ${fraction(hash, 2)} < ${of('share')}`
  const within = `at >= {earliestMs:Int64} AND at < {untilMs:Int64}`
  const list = (name: ArrayName) => `(SELECT arrayJoin(all_${name}) AS c) AS chosen`
  const ran = `entryDay >= ${of('ranFrom')} AND entryDay < ${of('ranTo')}`
  const mailings = `SELECT ${person}, c, toUInt32(0) AS e, ${mix('p', of('hash'))} AS h, h AS g, ${of('sendMs')} + toInt64(${fraction('h', 1)} * ${of('sendMinutes')} * 60000) AS at
    FROM (${peopleSql}) AS people CROSS JOIN ${list('mailings')} WHERE signed < intDiv(${of('sendMs')} - {firstMs:Int64}, ${dayMs}) AND ${within} AND ${chosen('h')}`
  const signups = `SELECT ${person}, c, toUInt32(0) AS e, ${mix('g', of('hash'))} AS h, ${mix('p', of('flowHash'))} AS g,
      {firstMs:Int64} + toInt64((signed + 0.3 + 0.6 * ${fraction('p', 8)}) * ${dayMs}) AS entry, toInt32(signed) AS entryDay, entry + ${of('delayMs')} AS at
    FROM (${peopleSql}) AS people CROSS JOIN ${list('onSignup')} WHERE signed >= 0 AND ${ran} AND ${within} AND ${chosen('h')}`
  const orders = `SELECT ${person}, c, slot AS e, ${mix('g', of('hash'))} AS h, ${mix('entryHash', of('flowHash'))} AS g,
      entry, toInt32(intDiv(entry - {firstMs:Int64}, ${dayMs})) AS entryDay, entry + ${of('delayMs')} AS at
    FROM (SELECT * EXCEPT (h, at), h AS entryHash, at AS entry FROM (${organicOrdersSql})) AS ordered CROSS JOIN ${list('onOrder')} WHERE ${ran} AND ${within} AND ${chosen('h')}`
  const entries = `arrayJoin(range(toUInt32(greatest(0, intDiv({fromDay:Int32}, ${of('period')}) - 1)), toUInt32(intDiv({toDay:Int32}, ${of('period')}) + 1)))`
  const recurring = `SELECT ${person}, c, e, ${mix('g', of('hash'))} AS h, ${mix(mix('p', of('flowHash')), 'e')} AS g,
      toInt32((e + ${fraction('g', 3)}) * ${of('period')}) AS entryDay, {firstMs:Int64} + toInt64((entryDay + 0.3 + 0.6 * ${fraction('g', 4)}) * ${dayMs}) + ${of('delayMs')} AS at
    FROM (SELECT *, ${entries} AS e FROM (${peopleSql}) AS people CROSS JOIN ${list('recurring')} WHERE ${reachable}) WHERE entryDay > signed AND ${ran} AND ${within} AND ${fraction('g', 5)} < ${of('chance')} AND ${chosen('h')}`
  const columns = `SELECT ${person}, c, e, h, g, at FROM`
  return [mailings, signups, orders, recurring].map((sql) => `${columns} (${sql})`).join(' UNION ALL ')
}

const squared = (hash: string, number: number) => `${fraction(hash, number)} * ${fraction(hash, number)}`
const listed = `if(${of('brand')} = 2 AND ${of('channel')} = 1 AND day >= ${blockList.every} AND day % ${blockList.every} < ${blockList.days}, 1, 0)`

/**
 * Every message with its outcome: `held, fate (0 arrived, 1 hard, 2 soft bounce, 3 failed), delivered, opened, clicked, machine, bot, left, complained`, the instants
 * `deliveredAt, openedAt, clickedAt, leftAt` (ms; meaningful where it happened), `arm`, `message` and `customer` (ids as a platform would name them), `sees` (the channel reports opens).
 */
export const outcomesSql = `SELECT *, concat(${of('key')}, '/', toString(i), '/', toString(e)) AS message, concat('cust-', toString(i)) AS customer,
  toInt32(intDiv(at - {firstMs:Int64}, ${dayMs})) AS day, ${listed} AS blocked, ${of('open')} > 0 AS sees,
  ${fraction('g', 11)} < ${of('control')} AS held, toUInt8(${fraction('h', 12)} * ${of('arms')}) AS armNumber, if(${of('arms')} > 1, ['A', 'B', 'C'][armNumber + 1], '') AS arm,
  ${of('hard')} * if(blocked, 7, 1) AS hardTo, hardTo + if(blocked, 0.17, ${of('soft')}) AS softTo,
  multiIf(${fraction('h', 13)} < hardTo, 1, ${fraction('h', 13)} < softTo, 2, ${fraction('h', 13)} < softTo + ${of('fail')}, 3, 0) AS fate, NOT held AND fate = 0 AS delivered,
  delivered AND ${fraction('h', 14)} < least(0.95, ${of('open')} * engagement * if(blocked, 0.4, 1)) AS opened,
  if(sees, opened, delivered) AND ${fraction('h', 15)} < least(0.9, ${of('click')} * if(sees, 1, engagement) * multiIf(armNumber = 0, 1, armNumber = 1, ${of('lift')}, ${of('lift')} * ${of('lift')})) AS clicked,
  delivered AND apple AND ${fraction('h', 16)} < ${of('machine')} AS machine, delivered AND corporate AND ${fraction('h', 17)} < ${of('bot')} AS bot,
  if(sees, opened, delivered) AND ${fraction('h', 18)} < ${of('leave')} * if(blocked, 1.8, 1) / if(sees, least(0.95, ${of('open')} * engagement), 1) AS left,
  delivered AND ${fraction('h', 19)} < ${of('complain')} * if(blocked, 8, 1) AS complained,
  at + 800 + toInt64(${fraction('h', 20)} * if(${of('channel')} = 1, 40000, 6000)) AS deliveredAt,
  deliveredAt + 4000 + toInt64(${squared('h', 21)} * ${squared('h', 21)} * ${5 * dayMs}) AS openedAt,
  if(sees, openedAt + 3000 + toInt64(${squared('h', 22)} * 600000), deliveredAt + 5000 + toInt64(${squared('h', 22)} * ${squared('h', 22)} * ${3 * dayMs})) AS clickedAt,
  if(sees, openedAt, deliveredAt) + 8000 + toInt64(${fraction('h', 23)} * 240000) AS leftAt
FROM (${chosenSql()})`

/** SQL that invents people, their organic orders and their visits from numbers. Everything about person n follows from n alone, so that a larger demo holds the smaller one. */
import { countries, demoChannels, hourProfile, inboxes, monthWeights, weekdayWeights } from './world.ts'

export const dayMs = 86_400_000

/** A pseudo-random fraction in [0, 1) that always belongs to this hash and number. Only exact arithmetic: the same on every machine. */
export const fraction = (hash: string, number: number): string => `(intHash64(bitXor(${hash}, toUInt64(${number}))) / 18446744073709551616.)`
/** Another hash made of one and a number. */
export const mix = (hash: string, other: string): string => `intHash64(bitXor(${hash}, intHash64(toUInt64(${other}))))`

/**
 * A SELECT with more columns, step by step: each step sees those before. Columns that stood beside each other and named one another would be
 * written out again at every use, and the planner would take longer than the work.
 */
export function layers(sql: string, ...steps: (readonly string[])[]): string {
  return steps.reduce((inner, columns) => `SELECT *, ${columns.join(', ')} FROM (${inner})`, sql)
}

const literal = (values: readonly (string | number)[]) => `[${values.map((value) => (typeof value === 'number' ? String(value) : `'${value}'`)).join(', ')}]`

/** The 1-based position whose cumulated share holds the fraction. */
function chosen(at: string, shares: readonly number[]): string {
  const upTo = (index: number) => shares.slice(0, index + 1).reduce((sum, share) => sum + share, 0)
  const branches = shares.slice(0, -1).map((_, index) => `${at} < ${upTo(index).toFixed(4)}, ${index + 1}`)
  return `multiIf(${branches.join(', ')}, ${shares.length})`
}

/**
 * Rows: person number `i`, hash `p`, day of signing up `signed` (days since the first day, negative before it), `brandBits`, `reach` (bit n: consents to
 * the channel at position n), `engagement`, `land` (position of the country), `apple` (mail program opens everything), `corporate` (links are scanned).
 * People sign up over four years, so that the base grows for as long as the demo is topped up. Params: `from`, `to` (person numbers, excluded).
 */
export const peopleSql = `SELECT i, p,
  if(${fraction('p', 1)} < 0.42, -1 - toInt32(${fraction('p', 2)} * 900), toInt32(${fraction('p', 2)} * 1460)) AS signed,
  multiIf(${fraction('p', 3)} < 0.5, 1, ${fraction('p', 3)} < 0.8, 2, 3) AS brandBits,
  ${demoChannels.map(({ consent }, index) => `(${fraction('p', 10 + index)} < ${consent}) * ${2 ** (index + 1)}`).join(' + ')} AS reach,
  multiIf(${fraction('p', 4)} < 0.3, 0.2, ${fraction('p', 4)} < 0.7, 0.8, ${fraction('p', 4)} < 0.9, 1.6, 3.) AS engagement,
  ${chosen(
    fraction('p', 5),
    countries.map(({ share }) => share),
  )} AS land,
  ${fraction('p', 6)} < 0.36 AS apple, ${fraction('p', 7)} < 0.014 AS corporate
FROM (SELECT number AS i, intHash64(bitXor(number, toUInt64(7177162612873))) AS p FROM numbers({from:UInt64}, {to:UInt64} - {from:UInt64}))`

const inboxAmong = (where: 'german' | 'elsewhere') =>
  chosen(
    fraction('p', 15),
    inboxes.map((inbox) => inbox[where]),
  )
/** Position of a person's inbox provider. The first three countries speak German. */
export const inboxNumber = `multiIf(corporate, ${inboxes.length}, land <= 3, ${inboxAmong('german')}, ${inboxAmong('elsewhere')})`

/** Every how many days a person may order without a message's help, and how likely an ordinary person in an ordinary month is to. */
const orderPeriod = 30
const orderChance = 0.075
const visitPeriod = 12
const visitChance = 0.16

/** Local time of a day by the profile of hours; `hash` chooses. The demo's clock ignores daylight saving here: people do not. */
const instantOf = (day: string, hash: string): string =>
  `{firstMs:Int64} + toInt64(${day}) * ${dayMs} + toInt64((${literal(hourProfile)}[1 + toUInt32(${fraction(hash, 31)} * ${hourProfile.length})] + ${fraction(hash, 32)}) * 3600000)`

function recurring(period: number, salt: number, chance: string, columns: string): string {
  const slots = `arrayJoin(range(toUInt32(greatest(0, intDiv({fromDay:Int32}, ${period}) - 1)), toUInt32(intDiv({toDay:Int32}, ${period}) + 1)))`
  const entered = layers(
    `SELECT *, ${slots} AS slot FROM (${peopleSql})`,
    [`${mix(`bitXor(p, toUInt64(${salt}))`, 'slot')} AS h`],
    [`toInt32((slot + ${fraction('h', 1)}) * ${period}) AS day`],
  )
  return `SELECT ${columns} FROM (SELECT *, ${instantOf('day', 'h')} AS at, toDate({firstDay:Date}) + day AS date FROM (${entered}))
  WHERE day >= signed AND day >= 0 AND at >= {earliestMs:Int64} AND at < {untilMs:Int64} AND ${fraction('h', 2)} < ${chance}`
}

/** Orders that no message brought, as rows `i, p, signed, brandBits, reach, engagement, land, apple, corporate, h, at`. Params also: firstMs, firstDay, fromDay, toDay, earliestMs, untilMs. */
export const organicOrdersSql = recurring(
  orderPeriod,
  40_503,
  `${orderChance} * engagement * ${literal(monthWeights)}[toMonth(date)] * ${literal(weekdayWeights)}[toDayOfWeek(date)]`,
  'i, p, signed, brandBits, reach, engagement, land, apple, corporate, slot, h, at',
)

/** Visits that no message brought: `i, h, at`. */
export const organicVisitsSql = recurring(visitPeriod, 94_711, `${visitChance} * engagement * ${literal(weekdayWeights)}[toDayOfWeek(date)]`, 'i, h, at')

/** Calendar days of an account: inclusive periods, their neighbours, and the instants where days begin. DST comes from Temporal. */
import { Temporal } from 'temporal-polyfill'
import { MercatError } from './errors.ts'

/** `yyyy-MM-dd`. */
export type Day = string

/** Days, inclusive at both ends. */
export interface Period {
  readonly start: Day
  readonly end: Day
}

export const dayForm = /^\d{4}-\d{2}-\d{2}$/
/** Reports look at these years; anything else is a typing error, not a period. */
const firstYear = 2000
const lastYear = 2100

/** A day that exists in the calendar, within 2000–2100. Throws `invalid_arguments` naming the argument. */
export function parseDay(text: string, argument: string): Day {
  const wrong = (hint: string) =>
    new MercatError('invalid_arguments', `${argument} is not a day: ${JSON.stringify(text.slice(0, 40))}`, { argument, value: text.slice(0, 40), hint })
  if (!dayForm.test(text)) throw wrong('Send a date as yyyy-MM-dd, for example 2026-03-31.')
  const year = Number(text.slice(0, 4))
  if (year < firstYear || year > lastYear) throw wrong(`Send a year between ${firstYear} and ${lastYear}.`)
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString()
  } catch {
    throw wrong('That day is not in the calendar.')
  }
}

/**
 * The period of the arguments, never quietly moved or cut. Throws `invalid_arguments` that says what to send.
 * @param usual days of a period whose start is not given @param most days of any period
 */
export function parsePeriod(
  given: { startDate?: string | undefined; endDate?: string | undefined },
  today: Day,
  timeZone: string,
  { usual = 90, most = 5 * 366 }: { usual?: number; most?: number } = {},
): Period {
  const end = given.endDate === undefined ? today : parseDay(given.endDate, 'endDate')
  const start = given.startDate === undefined ? addDays(end, 1 - usual) : parseDay(given.startDate, 'startDate')
  const wrong = (message: string, hint: string) => new MercatError('invalid_arguments', message, { argument: 'startDate', value: start, hint })
  if (start > today) throw wrong(`The period starts after today, ${today} in ${timeZone}`, `Send a startDate up to ${today}.`)
  if (start > end) throw wrong(`startDate ${start} is after endDate ${end}`, 'Send the earlier day as startDate.')
  const days = lengthOf({ start, end })
  if (days > most) throw wrong(`The period has ${days} days`, `Send at most ${most} days.`)
  return { start, end }
}

/** The account's day at an instant. */
export function dayOf(instant: Date, timeZone: string): Day {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** The instant a day begins in the zone (not always midnight: a zone may skip it). */
export function startOfDay(day: Day, timeZone: string): Date {
  return new Date(Temporal.PlainDate.from(day).toZonedDateTime({ timeZone }).startOfDay().epochMilliseconds)
}

export function addDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString()
}

export function addYears(day: Day, years: number): Day {
  return Temporal.PlainDate.from(day).add({ years }).toString()
}

/** Number of days in the period; 1 when start = end. */
export function lengthOf(period: Period): number {
  return Temporal.PlainDate.from(period.start).until(period.end, { largestUnit: 'days' }).days + 1
}

/** The period of the same length that ends the day before this one starts. */
export function previousPeriod(period: Period): Period {
  const end = addDays(period.start, -1)
  return { start: addDays(end, 1 - lengthOf(period)), end }
}

/** The same days one year earlier (29 February becomes 28). */
export function previousYear(period: Period): Period {
  return { start: addYears(period.start, -1), end: addYears(period.end, -1) }
}

/** The first day of the unit that holds the day: weeks start on Monday (ISO 8601). */
export function startOfUnit(day: Day, unit: 'day' | 'week' | 'month'): Day {
  const date = Temporal.PlainDate.from(day)
  if (unit === 'month') return date.with({ day: 1 }).toString()
  if (unit === 'week') return date.subtract({ days: date.dayOfWeek - 1 }).toString()
  return day
}

/** All unit starts that touch the period, in order. */
export function unitsOf(period: Period, unit: 'day' | 'week' | 'month'): Day[] {
  const units: Day[] = []
  const last = Temporal.PlainDate.from(period.end)
  let at = Temporal.PlainDate.from(startOfUnit(period.start, unit))
  while (Temporal.PlainDate.compare(at, last) <= 0) {
    units.push(at.toString())
    at = at.add(unit === 'month' ? { months: 1 } : { days: unit === 'week' ? 7 : 1 })
  }
  return units
}

export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return /^[A-Za-z]/.test(zone)
  } catch {
    return false
  }
}

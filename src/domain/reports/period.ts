/** Which days a report is about: the given ones or the last 90, never quietly moved or cut. */
import { MercatError } from '../../core/errors.ts'
import { addDays, type Day, lengthOf, parseDay, type Period, previousPeriod, previousYear, unitsOf } from '../../core/period.ts'
import type { TimelineUnit } from './arguments.ts'

const defaultDays = 90
const mostDays = 5 * 366
const mostPoints = 100

/** The period of the arguments. Throws `invalid_arguments` that says what to send. @param usual days of a period whose start is not given */
export function parsePeriod(given: { startDate?: string | undefined; endDate?: string | undefined }, today: Day, timeZone: string, usual = defaultDays): Period {
  const end = given.endDate === undefined ? today : parseDay(given.endDate, 'endDate')
  const start = given.startDate === undefined ? addDays(end, 1 - usual) : parseDay(given.startDate, 'startDate')
  if (start > today) throw wrong('startDate', start, `The period starts after today, ${today} in ${timeZone}`, `Send a startDate up to ${today}.`)
  if (start > end) throw wrong('startDate', start, `startDate ${start} is after endDate ${end}`, 'Send the earlier day as startDate.')
  const days = lengthOf({ start, end })
  if (days > mostDays) throw wrong('startDate', start, `The period has ${days} days`, `Send at most ${mostDays} days.`)
  return { start, end }
}

/** The period to compare with, by the argument's name for it. */
export function parseComparison(compareTo: 'none' | 'previousPeriod' | 'previousYear', period: Period): Period | null {
  if (compareTo === 'none') return null
  if (compareTo === 'previousPeriod') return previousPeriod(period)
  const before = previousYear(period)
  // A day in both periods would be compared with itself.
  if (before.end >= period.start)
    throw wrong('compareTo', 'previousYear', 'The period is longer than the year it would be compared with', 'Send at most one year, or compareTo previousPeriod.')
  return before
}

export function parseTimeline(timeline: 'none' | TimelineUnit, period: Period): TimelineUnit | null {
  if (timeline === 'none') return null
  const points = unitsOf(period, timeline).length
  if (points > mostPoints)
    throw wrong('timeline', timeline, `A timeline by ${timeline} would have ${points} points, at most ${mostPoints} are given`, 'Send a longer unit or a shorter period.')
  return timeline
}

function wrong(argument: string, value: string, message: string, hint: string): MercatError {
  return new MercatError('invalid_arguments', message, { argument, value, hint })
}

/** What a report compares its period with, and the points of its timeline. */
import { MercatError } from '../../core/errors.ts'
import { type Period, previousPeriod, previousYear, unitsOf } from '../../core/period.ts'
import type { TimelineUnit } from './arguments.ts'

const mostPoints = 100

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

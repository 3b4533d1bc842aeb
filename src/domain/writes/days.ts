/** The active period of what is made: days of the account's calendar, as instants. Pure. */
import { MercatError } from '../../core/errors.ts'
import { addDays, parseDay, startOfDay } from '../../core/period.ts'

export interface Days {
  readonly start: string | undefined
  readonly end: string | undefined
  readonly startsAt: Date | undefined
  readonly endsAt: Date | undefined
}

/** The period is of the account's days; its end is the last moment of the last one. Throws `invalid_arguments`. */
export function daysOf({ startDate, endDate }: { readonly startDate?: string | undefined; readonly endDate?: string | undefined }, timeZone: string): Days {
  const start = startDate?.trim() ? parseDay(startDate.trim(), 'startDate') : undefined
  const end = endDate?.trim() ? parseDay(endDate.trim(), 'endDate') : undefined
  if (start !== undefined && end !== undefined && end < start) {
    throw new MercatError('invalid_arguments', `endDate ${end} is before startDate ${start}`, { argument: 'endDate', value: end, hint: 'Send the earlier day as startDate.' })
  }
  return {
    start,
    end,
    startsAt: start === undefined ? undefined : startOfDay(start, timeZone),
    endsAt: end === undefined ? undefined : new Date(startOfDay(addDays(end, 1), timeZone).getTime() - 1),
  }
}

/** A time on the clock of a zone, as callers write it, and the instant it is: with what daylight saving makes of it. Pure. */
import { Temporal } from 'temporal-polyfill'
import { MercatError } from './errors.ts'
import { clip } from './text.ts'

export interface LocalTime {
  readonly at: Date
  /** ISO 8601 with the zone's offset. */
  readonly iso: string
  /** Clocks are set back that day and show it twice: the first is meant. */
  readonly twice: boolean
}

const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/

/** `2026-12-01T09:00` in the zone. Throws `invalid_arguments`, also for a time that clocks skip when they are set forward. */
export function parseLocalTime(text: string, timeZone: string, argument: string): LocalTime {
  const value = clip(text.trim(), 40)
  const wrong = (message: string, hint: string) => new MercatError('invalid_arguments', message, { argument, value, hint })
  const local = form.test(value) ? plainOf(value) : undefined
  if (!local || local.year < 2000 || local.year > 2100)
    throw wrong(`${argument} is no time: ${JSON.stringify(value)}`, `Send yyyy-MM-ddTHH:mm, the time in ${timeZone}, like 2026-12-01T09:00.`)
  const early = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' })
  const late = local.toZonedDateTime(timeZone, { disambiguation: 'later' })
  if (!late.toPlainDateTime().equals(local)) {
    const next = late.toPlainDateTime().toString({ smallestUnit: 'minute' })
    throw wrong(`${argument} ${value} does not exist in ${timeZone}: clocks are set forward and skip it`, `Send a time that there is, such as ${next}.`)
  }
  return { at: new Date(early.epochMilliseconds), iso: early.toString({ timeZoneName: 'never' }), twice: early.epochMilliseconds !== late.epochMilliseconds }
}

function plainOf(text: string): Temporal.PlainDateTime | undefined {
  try {
    return Temporal.PlainDateTime.from(text, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

/** `2026-12-01 09:00` on the clock of the zone. */
export function localTimeOf(instant: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' }).replace('T', ' ')
}

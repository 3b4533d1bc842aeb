/** Bounds of time filters: a day of the account, an instant, or back from now. Pure. */
import { MercatError } from '../../core/errors.ts'
import { addDays, parseDay, startOfDay } from '../../core/period.ts'
import { clip } from '../../core/text.ts'

const back = /^(\d{1,5})\s*([hdw])$/i
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i
const day = /^\d{4}-\d{2}-\d{2}$/
const hours = { h: 1, d: 24, w: 168 }

/**
 * The instant a bound means: a day is its beginning as a first bound and its end as a last one, so both days are included. Throws `invalid_arguments`.
 * @param now what `1h` counts back from
 */
export function parseBound(given: string, argument: string, side: 'from' | 'to', now: Date, timeZone: string): Date {
  const text = given.trim()
  const relative = back.exec(text)
  if (relative) return new Date(now.getTime() - Number(relative[1]) * hours[relative[2]?.toLowerCase() as keyof typeof hours] * 3_600_000)
  if (day.test(text)) {
    const named = parseDay(text, argument)
    return startOfDay(side === 'to' ? addDays(named, 1) : named, timeZone)
  }
  const parsed = instant.test(text) ? new Date(text) : undefined
  if (parsed && !Number.isNaN(parsed.getTime())) return parsed
  const value = clip(text, 60)
  throw new MercatError('invalid_arguments', `${argument} is no time: ${JSON.stringify(value)}`, {
    argument,
    value,
    hint: `Send a day as yyyy-MM-dd (of ${timeZone}), a time with its zone like 2026-03-31T09:00:00Z, or how far back from now: 1h, 7d, 2w.`,
  })
}

/** A moment as a date and a time of day in a time zone, as a field shows it, and back. Pure. */

/** `yyyy-MM-ddTHH:mm`. @param at ISO 8601 with a zone */
export function toLocal(at: string, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(at))
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? ''
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`
}

/** ISO 8601, UTC; undefined: no such text. Where clocks go back the earlier one counts; a time they jump over is the one after it. */
export function fromLocal(local: string, zone: string): string | undefined {
  const wanted = Date.parse(`${local}:00Z`)
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local) || Number.isNaN(wanted)) return undefined
  const offset = (at: number) => Date.parse(`${toLocal(new Date(at).toISOString(), zone)}:00Z`) - at
  // Offsets a day before and after: the two that can hold at this time.
  const candidates = [offset(wanted - 86_400_000), offset(wanted + 86_400_000)].map((one) => wanted - one)
  const exact = candidates.filter((at) => at + offset(at) === wanted)
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)).toISOString()
}

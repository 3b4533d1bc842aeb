/** A moment as people say it, and exactly in the account's time zone. */
import { Tooltip } from '@mantine/core'
import { useZone } from '../session.ts'

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** "3 minutes ago", "in 2 weeks", "just now". */
export function relative(at: Date, now = new Date()): string {
  const seconds = (at.getTime() - now.getTime()) / 1000
  for (const [unit, size] of steps) if (Math.abs(seconds) >= size) return words.format(seconds > 0 ? Math.round(seconds / size) : Math.trunc(seconds / size), unit)
  return 'just now'
}

/** "20 Nov 2026, 21:53:07 CET". */
export function exact(at: Date, zone: string | undefined, seconds = false): string {
  return new Intl.DateTimeFormat('en-GB', {
    ...(zone === undefined ? {} : { timeZone: zone }),
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' as const } : {}),
    timeZoneName: 'short',
  }).format(at)
}

/** "20 Nov 2026". @param at a day as yyyy-MM-dd, which is the same everywhere, or a moment, whose day is the zone's */
export function dayWords(at: string, zone: string | undefined): string {
  const timeZone = at.length === 10 ? 'UTC' : zone
  return new Intl.DateTimeFormat('en-GB', { ...(timeZone === undefined ? {} : { timeZone }), day: 'numeric', month: 'short', year: 'numeric' }).format(new Date(at))
}

/** In a narrow column it is one word. */
const nowrap = { whiteSpace: 'nowrap' } as const

export function Day({ at }: { at: string }) {
  return (
    <time dateTime={at} style={nowrap}>
      {dayWords(at, useZone())}
    </time>
  )
}

/** @param at ISO 8601 @param show relative with the exact time on demand (default), or the exact time itself */
export function Time({ at, show = 'relative' }: { at: string; show?: 'relative' | 'exact' | 'seconds' }) {
  const zone = useZone()
  const moment = new Date(at)
  if (show !== 'relative') return <time dateTime={at}>{exact(moment, zone, show === 'seconds')}</time>
  return (
    <Tooltip label={exact(moment, zone)} events={{ hover: true, focus: true, touch: true }}>
      <time dateTime={at} style={nowrap}>
        {relative(moment)}
      </time>
    </Tooltip>
  )
}

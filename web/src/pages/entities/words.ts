/** Durations, shares and comparisons as sentences say them. Pure. */
import { figure } from '../../kit/index.ts'
import type { Definitions } from '../../server.ts'

type Condition = Definitions['trigger']['where'][number]

const units = [
  { minutes: 1440, one: 'day', many: 'days' },
  { minutes: 60, one: 'hour', many: 'hours' },
  { minutes: 1, one: 'minute', many: 'minutes' },
] as const

/** "2 days", "1 day and 12 hours", "at once". */
export function duration(minutes: number): string {
  if (minutes === 0) return 'at once'
  let left = minutes
  const parts = units.flatMap((unit) => {
    const count = Math.floor(left / unit.minutes)
    left -= count * unit.minutes
    return count === 0 ? [] : [`${figure(count)} ${count === 1 ? unit.one : unit.many}`]
  })
  return parts.join(' and ')
}

const signs: Readonly<Record<string, string>> = { '>=': '≥', '<=': '≤' }

/** "amount ≥ 100", "webapp is one of "a", "b"". */
export function conditionWords({ field, op, value }: Condition): string {
  const said = Array.isArray(value) ? value.map((one) => JSON.stringify(one)).join(', ') : JSON.stringify(value)
  return [field, signs[op] ?? op, said].filter((part) => part !== undefined).join(' ')
}

/** "12%", of a share of 0 to 1. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`

/** A text of users as a page shows it: without the marks that turn the direction of what follows. */
export const shown = (text: string): string => text.replace(/[\u202A-\u202E\u2066-\u2069]/g, '')

/** Of a name that a page shows: nobody reads more, and no layout holds it. */
const longestName = 200

export function shortName(name: string): string {
  const text = shown(name)
  return text.length > longestName ? `${Array.from(text).slice(0, longestName).join('')}…` : text
}

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

/** "amount >= 100", "webapp is one of "a", "b"". */
export function conditionWords({ field, op, value }: Condition): string {
  const said = Array.isArray(value) ? value.map((one) => JSON.stringify(one)).join(', ') : JSON.stringify(value)
  return [field, op, said].filter((part) => part !== undefined).join(' ')
}

/** "12%", of a share of 0 to 1. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(1))}%`

/** Of a name that a page shows: nobody reads more, and no layout holds it. */
const longestName = 200

export const shortName = (name: string): string => (name.length > longestName ? `${Array.from(name).slice(0, longestName).join('')}…` : name)

/** Periods by their names, in the days of the account, and how finely each is drawn. */

/** `90d` is what the tools take when no date is given. */
export const presets = {
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '90d': 'Last 90 days',
  month: 'This month',
  last_month: 'Last month',
  year: 'This year',
  custom: 'Other days',
} as const
export type Preset = keyof typeof presets
export const usualPreset: Preset = '90d'

export interface Days {
  readonly start: string
  readonly end: string
}

export const units = { day: 'By day', week: 'By week', month: 'By month' } as const
export type Unit = keyof typeof units

/** A timeline has no more points than this. */
const mostPoints = 100

/** Today in the zone, as yyyy-MM-dd. */
export function todayIn(timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(new Date())
}

const instant = (day: string) => Date.parse(`${day}T00:00:00Z`)
const dayAt = (time: number) => new Date(time).toISOString().slice(0, 10)
const back = (day: string, days: number) => dayAt(instant(day) - days * 86_400_000)

/** The days of a preset; of `custom`, none. */
export function daysOf(preset: Preset, today: string): Days | undefined {
  const month = `${today.slice(0, 7)}-01`
  switch (preset) {
    case '7d':
      return { start: back(today, 6), end: today }
    case '28d':
      return { start: back(today, 27), end: today }
    case '90d':
      return { start: back(today, 89), end: today }
    case 'month':
      return { start: month, end: today }
    case 'last_month':
      return { start: `${back(month, 1).slice(0, 7)}-01`, end: back(month, 1) }
    case 'year':
      return { start: `${today.slice(0, 4)}-01-01`, end: today }
    case 'custom':
      return undefined
  }
}

/** How many days, at least one; of days that are none, one. */
export function lengthOf({ start, end }: Days): number {
  const days = Math.round((instant(end) - instant(start)) / 86_400_000) + 1
  return Number.isFinite(days) && days > 0 ? days : 1
}

/** The unit that shows the period without crowding it. */
export function unitFor(days: number): Unit {
  return days <= 31 ? 'day' : days <= 190 ? 'week' : 'month'
}

/** Units that a period of so many days can be drawn by. */
export function unitsFor(days: number): Unit[] {
  return (['day', 'week', 'month'] as const).filter((unit) => days / { day: 1, week: 7, month: 28 }[unit] < mostPoints - 1)
}

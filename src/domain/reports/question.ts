/** What a cursor belongs to: everything that decides which rows there are and their order. Read from a plan when it is parsed, from an answer when it is cut; both must say the same. */
import type { Plan } from './plan.ts'

export interface Question {
  readonly groupBy: string
  readonly sort: string
  readonly startDate: string
  readonly endDate: string
  readonly timeBasis: string
  readonly goal: string
  readonly attribution: string
  readonly filters: unknown
}

export function questionOf(plan: Plan): Question {
  const { groupBy, metrics, period, basis, goal, filters } = plan
  return {
    groupBy,
    sort: metrics[0].id,
    startDate: period.start,
    endDate: period.end,
    timeBasis: basis,
    goal: goalWords(goal),
    attribution: attributionWords(plan),
    filters: sorted(filters),
  }
}

/** A goal as an answer states it: `Orders: placed, paid, delivered`. */
export function goalWords({ name, statuses, channels }: Plan['goal']): string {
  return `${name}: ${statuses.join(', ')}${channels.length ? ` (${channels.join(', ')} only)` : ''}`
}

/** Keys in one order, so that the same filters read the same. */
export function sorted(filters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The attribution rule as an answer states it. */
export function attributionWords({ attribution }: Pick<Plan, 'attribution'>): string {
  const touches = ['click', ...(attribution.smsDeliveries ? ['SMS delivery'] : []), ...(attribution.opens ? ['open'] : [])]
  return `named message or campaign, else last ${touches.join(' or ')} within ${attribution.windowDays} days`
}

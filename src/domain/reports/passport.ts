/** How an answer's figures were made, in its own words. Pure. */
import { addDays, dayOf } from '../../core/period.ts'
import type { Passport } from './answer.ts'
import type { Plan } from './plan.ts'
import { attributionWords, goalWords, sorted } from './question.ts'
import type { Facts } from './run.ts'
import type { Tally } from './tally.ts'

/** Version of the definitions as a whole: raised when any rule of docs/figures.md changes. */
export const definitionsVersion = 1

const dayMilliseconds = 86_400_000

export function passportOf(plan: Plan, facts: Facts, summary: Tally, now: Date): Passport {
  const settled = settledThrough(plan, facts.dataAsOf, now)
  const open = plan.basis === 'event' ? null : openDays(plan, settled)
  return {
    startDate: plan.period.start,
    endDate: plan.period.end,
    timeZone: plan.account.timeZone,
    currency: plan.account.currency,
    timeBasis: plan.basis,
    goal: goalWords(plan.goal),
    attribution: attributionWords(plan),
    filters: sorted(plan.filters),
    definitions: definitionsVersion,
    dataAsOf: facts.dataAsOf?.toISOString().replace(/\.\d+Z$/, 'Z') ?? null,
    dataVersion: facts.snapshot,
    attributionSettledThrough: settled,
    stillSettlingFrom: open,
    deliveries: deliverySources(summary),
  }
}

/** The last day whose attribution window has closed with the data there is: a day that began a window before the newest data is not over yet, the one before it is. */
export function settledThrough(plan: Pick<Plan, 'account' | 'attribution'>, dataAsOf: Date | null, now: Date): string | null {
  if (!dataAsOf) return null
  // Data dated in the future closes no window.
  const known = Math.min(dataAsOf.getTime(), now.getTime())
  return addDays(dayOf(new Date(known - plan.attribution.windowDays * dayMilliseconds), plan.account.timeZone), -1)
}

/** The first day of the period that is still settling; so are all after it. */
function openDays({ period }: Plan, settled: string | null): string | null {
  if (settled === null || settled >= period.end) return null
  const first = settled >= period.start ? addDays(settled, 1) : period.start
  return first
}

/** Channels by where their deliveries come from: explicit events, derived from sends, or both (some campaigns of the channel report them). */
function deliverySources(summary: Tally): Record<string, string> {
  const sources = new Map<string, string[]>()
  for (const [channel, { messages }] of [...summary].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { deliveries, explicitDeliveries } = messages
    if (deliveries === 0) continue
    const source = explicitDeliveries === 0 ? 'derived' : explicitDeliveries === deliveries ? 'explicit' : 'both'
    sources.set(source, [...(sources.get(source) ?? []), channel || '(no channel)'])
  }
  return Object.fromEntries([...sources].map(([source, channels]) => [source, channels.join(', ')]))
}

/** What a reader must know before using the figures, as short sentences. Pure; flags of single rows are in rows.ts. */
import { dayOf } from '../../core/period.ts'
import type { Principal } from '../../core/access.ts'
import { type Cell, fromCell } from './measure.ts'
import { overlaps, type Plan } from './plan.ts'
import type { Facts } from './run.ts'

export interface CautionFacts {
  readonly plan: Plan
  readonly principal: Principal
  readonly facts: Facts
  readonly summary: Readonly<Record<string, Cell>>
  /** Orders of other currencies in the summary. */
  readonly foreignOrders: number
  /** Whether a campaign of a flow took part. */
  readonly automatic: boolean
  /** Campaigns with a control group whose uplift is not listed. */
  readonly moreUplift: number
}

export function cautionsOf(at: CautionFacts): string[] {
  return [...scopeCautions(at), ...dataCautions(at), ...figureCautions(at)]
}

/** What is inside, and what must not be added. */
function scopeCautions({ plan, principal, automatic }: CautionFacts): string[] {
  const cautions: string[] = []
  if (plan.tool === 'campaign_report' && automatic) cautions.push('Includes campaigns of flows: never add flow_report to it; account_overview has the total.')
  if (plan.tool === 'channel_report') cautions.push('Campaigns and flows together, each message once: never add campaign_report or flow_report to it.')
  if (plan.tool === 'flow_report') cautions.push('Flows are also in campaign_report: never add the two; account_overview has the total.')
  if (overlaps(plan.groupBy)) cautions.push('A campaign counts in each of its tags: rows overlap and do not add up to the summary, which counts each message once.')
  const limits = [...(principal.organizations ? ['organizations'] : []), ...(principal.brands ? ['brands'] : [])]
  if (limits.length) cautions.push(`Covers only the ${limits.join(' and ')} you may see.`)
  if (plan.items.size === 0 && !plan.everything)
    cautions.push(plan.flows.length ? 'No campaign belongs to these flows.' : 'Nothing matches all filters together; each alone matches something.')
  return cautions
}

/** How complete the data is. */
function dataCautions({ plan, facts }: CautionFacts): string[] {
  const cautions: string[] = []
  if (plan.recounting) cautions.push('The account’s settings were changed: figures still follow the goals, attribution and time zone of before until they are counted anew.')
  if (facts.dataAsOf === null) return ['No events or orders have been imported for this account yet.']
  const last = dayOf(facts.dataAsOf, plan.account.timeZone)
  if (last < plan.period.start) cautions.push(`The newest data is of ${last}: the whole period is still empty.`)
  else if (last < plan.period.end)
    cautions.push(`The newest data is of ${last}: later days of the period are still empty${plan.comparison ? ', those compared with are whole' : ''}.`)
  else if (plan.period.end >= plan.today) cautions.push(`${plan.today} is not over.`)
  if (!facts.ordersKnown && plan.metrics.some(({ numerator }) => ['orders', 'revenue'].includes(numerator)))
    cautions.push('No orders have been imported: orders and revenue are unknown, not 0.')
  if (plan.asOf !== undefined && plan.asOf !== facts.snapshot)
    cautions.push('The data changed since the first page, whose state is kept for ten minutes only: a row may appear twice or be missing; start again without cursor.')
  return cautions
}

/** What single figures do not say. */
function figureCautions({ plan, summary, foreignOrders, facts, moreUplift }: CautionFacts): string[] {
  const cautions: string[] = []
  const [rates, unreported] = [
    plan.metrics.filter(({ unit }) => unit === 'rate'),
    plan.metrics.filter(({ id, needs }) => needs.length && fromCell(summary[id] ?? null).numerator === null),
  ]
  if (unreported.length && facts.now.size) cautions.push(`${unreported.map(({ id }) => id).join(', ')}: null, these channels do not report it.`)
  if (plan.basis === 'event' && rates.length) cautions.push('Rates divide what happened in the period by what was delivered in it, not message by message.')
  if (foreignOrders) cautions.push(`orders includes ${foreignOrders} in other currencies, revenue none of them.`)
  if (moreUplift)
    cautions.push(`Uplift of ${moreUplift} more ${moreUplift === 1 ? 'campaign' : 'campaigns'} with a control group is not listed: campaign_report with metrics uplift gives it.`)
  if (plan.mode === 'full' && plan.groupBy !== 'campaign' && plan.tool !== 'channel_report') cautions.push('Variants are given per campaign: send groupBy campaign.')
  return cautions
}

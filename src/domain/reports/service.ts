/** The reports service: understands the question, asks the facts once, shapes the answer. Bound to a principal; the account never comes from the arguments. */
import type { Principal } from '../../core/access.ts'
import type { RunOptions } from '../../storage/analytics/run.ts'
import type { Stores } from '../stores.ts'
import type { Definitions, Overview, Report } from './answer.ts'
import type { AccountOverviewInput, CampaignReportInput, FlowReportInput, MetricDefinitionsInput } from './arguments.ts'
import { defineMetrics } from './definitions.ts'
import { reportCost } from './cost.ts'
import { type Directory, readDirectory } from './directory.ts'
import { unknownValue } from '../../core/match.ts'
import { parseAccountOverview, parseCampaignReport, parseFlowReport } from './parse.ts'
import type { Plan } from './plan.ts'
import { overlaps } from './plan.ts'
import { shapeOverview } from './overview.ts'
import { type Extras, pageOf, type Page, shapeReport } from './report.ts'
import { type Facts, runChannels, runPlan, runUplift, runVariants } from './run.ts'
import { upliftRows } from './uplift.ts'

/** All methods throw MercatError for arguments that name something unknown, and `cancelled` when the signal aborts. */
export interface ReportsService {
  readonly campaigns: (input: CampaignReportInput, signal?: AbortSignal) => Promise<Report>
  readonly flows: (input: FlowReportInput, signal?: AbortSignal) => Promise<Report>
  readonly overview: (input: AccountOverviewInput, signal?: AbortSignal) => Promise<Overview>
  /** Rows of facts that each of them would read. */
  readonly cost: {
    readonly campaigns: (input: CampaignReportInput, signal?: AbortSignal) => Promise<number>
    readonly flows: (input: FlowReportInput, signal?: AbortSignal) => Promise<number>
    readonly overview: (input: AccountOverviewInput, signal?: AbortSignal) => Promise<number>
  }
  readonly definitions: (input: MetricDefinitionsInput) => Promise<Definitions>
}

export function createReports(stores: Stores): (principal: Principal) => ReportsService {
  return (principal) => {
    const report = async <Input extends { organizationId?: string | undefined }>(
      input: Input,
      parse: (input: Input, at: Parameters<typeof parseCampaignReport>[1]) => Plan,
      signal: AbortSignal | undefined,
    ): Promise<Report> => {
      const now = stores.clock()
      const directory = await readDirectory(stores, principal, input.organizationId)
      const plan = parse(input, { account: principal.account, directory, now })
      const options: RunOptions = signal ? { signal } : {}
      const facts = await runPlan(stores.analytics, plan, options, false)
      await refuseUnusedChannels(stores, plan, directory, facts, options)
      const page = pageOf(plan, facts)
      return shapeReport(plan, facts, page, await extrasOf(stores, plan, page, facts, options), principal, now)
    }
    const costOf =
      <Input extends { organizationId?: string | undefined }>(parse: (input: Input, at: Parameters<typeof parseCampaignReport>[1]) => Plan, overview = false) =>
      (input: Input, signal?: AbortSignal) => {
        const { account } = principal
        const planOf = async () => parse(input, { account, directory: await readDirectory(stores, principal, input.organizationId), now: stores.clock() })
        return reportCost(stores.analytics, account.id, planOf, overview, signal)
      }
    return {
      cost: { campaigns: costOf(parseCampaignReport), flows: costOf(parseFlowReport), overview: costOf(parseAccountOverview, true) },
      campaigns: (input, signal) => report(input, parseCampaignReport, signal),
      flows: (input, signal) => report(input, parseFlowReport, signal),
      overview: async (input, signal) => {
        const now = stores.clock()
        const directory = await readDirectory(stores, principal, input.organizationId)
        const plan = parseAccountOverview(input, { account: principal.account, directory, now })
        // Below the tool: a restricted member's statements never read orders that belong to no brand or organization.
        const facts = await runPlan(stores.analytics, plan, signal ? { signal } : {}, directory.whole)
        return shapeOverview(plan, facts, pageOf(plan, facts), directory.whole, principal, now)
      },
      definitions: async (input) => defineMetrics(input),
    }
  }
}

/** Variants and uplift of the campaigns on the page. */
async function extrasOf({ analytics }: Stores, plan: Plan, { shown }: Page, { snapshot }: Facts, options: RunOptions): Promise<Extras> {
  const keys = shown.flatMap(({ key }) => (key === null ? [] : [key]))
  if (keys.length === 0 || overlaps(plan.groupBy)) return { variants: undefined, uplift: undefined }
  const variants = plan.mode === 'full' ? await runVariants(analytics, plan, keys, snapshot, options) : undefined
  const uplift = plan.uplift ? upliftRows(plan, keys, await runUplift(analytics, plan, keys, snapshot, options)) : undefined
  return { variants, uplift }
}

/** A channel that Mercat knows and the account does not use would make an empty report that looks like a poor one. */
async function refuseUnusedChannels({ analytics }: Stores, plan: Plan, { campaigns, whole }: Directory, facts: Facts, options: RunOptions): Promise<void> {
  const used = new Set<string>(campaigns.flatMap((campaign) => campaign.channel ?? []))
  for (const tally of [...facts.now.values(), ...facts.before.values()]) for (const channel of tally.keys()) used.add(channel)
  const unseen = (plan.channels ?? []).filter((channel) => !used.has(channel))
  if (unseen.length === 0) return
  // Campaigns may not name their channel, and have used it on other days: only now is that worth a query.
  for (const channel of await runChannels(analytics, plan, whole ? null : campaigns.map(({ key }) => key), facts.snapshot, options)) used.add(channel)
  const choices = [...used].filter(Boolean).map((name) => ({ id: name, name }))
  const wrong = unseen.find((channel) => !used.has(channel))
  if (wrong) throw unknownValue(wrong, choices, `channels[${plan.channels?.indexOf(wrong)}]`, { one: 'channel of this account', many: 'channels in use' })
}

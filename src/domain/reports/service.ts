/** The reports service: understands the question, asks the facts once, shapes the answer. Bound to a principal; the account never comes from the arguments. */
import { type Principal, requireScopes } from '../../core/access.ts'
import { asked } from '../../core/asked.ts'
import type { RunOptions } from '../../storage/analytics/run.ts'
import type { Stores } from '../stores.ts'
import type { ChannelReport, Definitions, EmailHealth, Overview, Report, ReportChoices } from './answer.ts'
import type { AccountOverviewInput, CampaignReportInput, ChannelReportInput, EmailHealthInput, FlowReportInput, MetricDefinitionsInput } from './arguments.ts'
import { choicesOf } from './choices.ts'
import { reportCsv } from './csv.ts'
import { defineMetrics } from './definitions.ts'
import { reportCost } from './cost.ts'
import { type Directory, readDirectory, settingsOfFacts } from './directory.ts'
import { asChoices, unknownValue } from '../../core/match.ts'
import { shapeChannels } from './channel-report.ts'
import { shapeHealth, weeksOf } from './health.ts'
import { mostRows, parseAccountOverview, parseCampaignReport, parseChannelReport, parseEmailHealth, parseFlowReport } from './parse.ts'
import type { Plan } from './plan.ts'
import { type OrderFigures, orderFigures, ordersInput, type OrdersQuestion } from './orders.ts'
import { shapeOverview } from './overview.ts'
import { type Extras, pageOf, type Page, shapeReport } from './report.ts'
import { type Facts, runChannels, runInboxes, runPlan, runUplift, runVariants } from './run.ts'
import { controlledCampaigns, upliftRows, upliftSummary } from './uplift.ts'

/** All methods throw MercatError for arguments that name something unknown, and `cancelled` when the signal aborts. Reports and their choices need `read:reports`; whoever takes `orders` for an answer of their own asks for the scope of that. */
export interface ReportsService {
  readonly campaigns: (input: CampaignReportInput, signal?: AbortSignal) => Promise<Report>
  readonly flows: (input: FlowReportInput, signal?: AbortSignal) => Promise<Report>
  readonly overview: (input: AccountOverviewInput, signal?: AbortSignal) => Promise<Overview>
  readonly channels: (input: ChannelReportInput, signal?: AbortSignal) => Promise<ChannelReport>
  readonly emailHealth: (input: EmailHealthInput, signal?: AbortSignal) => Promise<EmailHealth>
  /** Orders placed in the period, broken down: what the tools of organizations are made of. Counted as campaign_report counts them by event day. */
  readonly orders: (question: OrdersQuestion, signal?: AbortSignal) => Promise<OrderFigures>
  /** Rows of facts that each of them would read. */
  readonly cost: {
    readonly campaigns: (input: CampaignReportInput, signal?: AbortSignal) => Promise<number>
    readonly flows: (input: FlowReportInput, signal?: AbortSignal) => Promise<number>
    readonly overview: (input: AccountOverviewInput, signal?: AbortSignal) => Promise<number>
    readonly channels: (input: ChannelReportInput, signal?: AbortSignal) => Promise<number>
    readonly emailHealth: (input: EmailHealthInput, signal?: AbortSignal) => Promise<number>
    readonly orders: (question: OrdersQuestion, signal?: AbortSignal) => Promise<number>
  }
  /** All rows of a report, whatever its `limit`, as the lines of a CSV file. */
  readonly csv: {
    readonly campaigns: (input: CampaignReportInput, signal?: AbortSignal) => Promise<AsyncIterable<string>>
    readonly flows: (input: FlowReportInput, signal?: AbortSignal) => Promise<AsyncIterable<string>>
  }
  /** What the filters can name. */
  readonly choices: () => Promise<ReportChoices>
  readonly definitions: (input: MetricDefinitionsInput) => Promise<Definitions>
  /** Names of the goals that reports take, the default one first. */
  readonly goals: () => Promise<string[]>
}

/** What a report's arguments mean now. */
interface Understood {
  readonly plan: Plan
  readonly directory: Directory
  readonly now: Date
}

type Parse<Input> = (input: Input, at: Parameters<typeof parseCampaignReport>[1]) => Plan

export function createReports(stores: Stores): (principal: Principal) => ReportsService {
  const { analytics } = stores
  return (principal) => {
    const { account } = principal
    /** What the tool's arguments mean, and how many rows it would read. @param placed whether it reads the orders of the whole account too */
    const question = <Input extends { organizationId?: string | undefined }>(parse: Parse<Input>, placed = false) => {
      const understood = asked(async (input: Input): Promise<Understood> => {
        const now = stores.clock()
        const directory = await readDirectory(stores, principal, input.organizationId)
        return { plan: parse(input, { account, directory, now }), directory, now }
      })
      const cost = (input: Input, signal?: AbortSignal) => reportCost(analytics, account.id, async () => (await understood.ask(input)).plan, placed, signal)
      return { understand: understood.take, cost }
    }
    const campaigns = question(parseCampaignReport)
    const flows = question(parseFlowReport)
    const channels = question(parseChannelReport)
    const emailHealth = question(parseEmailHealth)
    const overview = question(parseAccountOverview, true)

    const report = async ({ plan, directory, now }: Understood, signal: AbortSignal | undefined): Promise<Report> => {
      const options: RunOptions = signal ? { signal } : {}
      const facts = await runPlan(analytics, plan, options, false)
      await refuseUnusedChannels(stores, plan, directory, facts, options)
      const page = pageOf(plan, facts)
      return shapeReport(plan, facts, page, await extrasOf(stores, plan, page, facts, options), principal, now)
    }
    const allowed = () => requireScopes(principal, 'read:reports')
    const campaignReport: ReportsService['campaigns'] = async (input, signal) => {
      allowed()
      return await report(await campaigns.understand(input), signal)
    }
    const flowReport: ReportsService['flows'] = async (input, signal) => {
      allowed()
      return await report(await flows.understand(input), signal)
    }
    return {
      cost: {
        campaigns: campaigns.cost,
        flows: flows.cost,
        overview: overview.cost,
        channels: channels.cost,
        emailHealth: emailHealth.cost,
        orders: async (asked, signal) => await campaigns.cost(ordersInput(asked), signal),
      },
      campaigns: campaignReport,
      flows: flowReport,
      csv: {
        campaigns: async (input, signal) => await reportCsv((cursor) => campaignReport({ ...input, limit: mostRows, cursor }, signal)),
        flows: async (input, signal) => await reportCsv((cursor) => flowReport({ ...input, limit: mostRows, cursor }, signal)),
      },
      channels: async (input, signal) => {
        allowed()
        return shapeChannels(await report(await channels.understand(input), signal))
      },
      orders: async (asked, signal) => {
        const { plan, now } = await campaigns.understand(ordersInput(asked))
        return await orderFigures(analytics, plan, now, signal ? { signal } : {})
      },
      emailHealth: async (input, signal) => {
        allowed()
        const { plan, now } = await emailHealth.understand(input)
        const options: RunOptions = signal ? { signal } : {}
        const facts = await runPlan(analytics, plan, options, false)
        const weeks = weeksOf(plan, facts.dataAsOf)
        const week = await runPlan(analytics, { ...plan, period: weeks.last, comparison: weeks.before, asOf: facts.snapshot }, options, false)
        return shapeHealth({ plan, facts, weeks, week, inboxes: await runInboxes(analytics, plan, facts.snapshot, options), principal, now })
      },
      overview: async (input, signal) => {
        allowed()
        const { plan, directory, now } = await overview.understand(input)
        // Below the tool: a restricted member's statements never read orders that belong to no brand or organization.
        const options: RunOptions = signal ? { signal } : {}
        const facts = await runPlan(analytics, plan, options, directory.whole)
        const page = pageOf(plan, facts)
        return shapeOverview(plan, facts, page, await extrasOf(stores, plan, page, facts, options), directory.whole, principal, now)
      },
      choices: async () => {
        allowed()
        return choicesOf(await readDirectory(stores, principal, undefined))
      },
      definitions: async (input) => defineMetrics(input),
      goals: async () => (await settingsOfFacts(stores.db, account)).settings.goals.map(({ name }) => name),
    }
  }
}

/** Variants of the campaigns on the page; uplift of these where it was asked for, otherwise, in few words, of the whole selection. */
async function extrasOf({ analytics }: Stores, plan: Plan, { shown }: Page, facts: Facts, options: RunOptions): Promise<Extras> {
  const keys = shown.flatMap(({ key }) => (key === null ? [] : [key]))
  const variants = plan.mode === 'full' && keys.length ? await runVariants(analytics, plan, keys, facts.snapshot, options) : undefined
  const arms = async (of: readonly string[]) => (of.length ? await runUplift(analytics, plan, of, facts.snapshot, options) : [])
  if (plan.uplift && plan.groupBy === 'campaign') return { variants, uplift: upliftRows(plan, keys, await arms(keys)), moreUplift: 0 }
  // Later pages are about the same selection.
  const controlled = plan.offset === 0 ? controlledCampaigns(facts) : []
  const { rows, more } = upliftSummary(plan, controlled, await arms(controlled))
  return { variants, uplift: rows, moreUplift: more }
}

/** A channel that Mercat knows and the account does not use would make an empty report that looks like a poor one. */
async function refuseUnusedChannels({ analytics }: Stores, plan: Plan, { campaigns, whole }: Directory, facts: Facts, options: RunOptions): Promise<void> {
  const used = new Set<string>(campaigns.flatMap((campaign) => campaign.channel ?? []))
  for (const tally of [...facts.now.values(), ...facts.before.values()]) for (const channel of tally.keys()) used.add(channel)
  const unseen = (plan.channels ?? []).filter((channel) => !used.has(channel))
  if (unseen.length === 0) return
  // Campaigns may not name their channel, and have used it on other days: only now is that worth a query.
  for (const channel of await runChannels(analytics, plan, whole ? null : campaigns.map(({ key }) => key), facts.snapshot, options)) used.add(channel)
  const choices = asChoices([...used].filter(Boolean))
  const wrong = unseen.find((channel) => !used.has(channel))
  if (wrong) throw unknownValue(wrong, choices, `channels[${plan.channels?.indexOf(wrong)}]`, { one: 'channel of this account', many: 'channels in use' })
}

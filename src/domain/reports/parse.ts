/** Understands the arguments of the report tools: arguments + what exists → Plan. Everything unknown is refused with what would be right; reads no store. */
import type { Account } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { asChoices, label, nearNames, pick, unknownValue } from '../../core/match.ts'
import { decodeCursor, foreignCursor } from '../../core/page.ts'
import { addDays, dayOf, parsePeriod, startOfDay } from '../../core/period.ts'
import { clip } from '../../core/text.ts'
import { channelNamed, channelNames } from '../channels.ts'
import type { EntityHead } from '../entities/index.ts'
import type { AccountOverviewInput, CampaignReportInput, ChannelReportInput, EmailHealthInput, FlowReportInput, Mode } from './arguments.ts'
import type { Directory } from './directory.ts'
import { judgements } from './health-bands.ts'
import { type ColumnMetric, isColumn } from './metric.ts'
import { metrics as registry } from './metrics/index.gen.ts'
import { parseComparison, parseTimeline } from './period.ts'
import type { Item, Plan, ReportTool } from './plan.ts'
import { questionOf } from './question.ts'

const overviewMetrics = ['deliveries', 'openRate', 'clickRate', 'orders', 'revenue']
const detailedMetrics = [
  'sends',
  'deliveries',
  'deliveryRate',
  'openRate',
  'clickRate',
  'clickToOpenRate',
  'unsubscribeRate',
  'spamRate',
  'bounceRate',
  'orders',
  'conversionRate',
  'revenue',
  'averageOrderValue',
  'revenuePerDelivery',
]
const fullMetrics = [
  ...detailedMetrics,
  ...registry
    .filter(isColumn)
    .map(({ id }) => id)
    .filter((id) => !detailedMetrics.includes(id)),
]
const metricsOf: Record<Mode, readonly string[]> = { overview: overviewMetrics, detailed: detailedMetrics, full: fullMetrics }

const kinds = {
  metrics: { one: 'metric', many: 'metrics' },
  channels: { one: 'channel', many: 'channels' },
  brands: { one: 'brand', many: 'brands' },
  folders: { one: 'folder', many: 'folders' },
  tags: { one: 'tag', many: 'tags' },
  goal: { one: 'goal', many: 'goals' },
  campaign: { one: 'campaign', many: 'campaigns' },
  flow: { one: 'flow', many: 'flows' },
}

/** Rows of a page when the caller names no number. */
const usualLimit = 20
/** Rows of a page at most. */
export const mostRows = 200
/** Days of email_health_report when the caller names none. */
const healthDays = 30

interface Circumstances {
  readonly account: Account
  readonly directory: Directory
  readonly now: Date
}

export function parseCampaignReport(input: CampaignReportInput, at: Circumstances): Plan {
  const { items, filters, named } = filterCampaigns(input, at.directory)
  return finish('campaign_report', input, at, items, filters, named)
}

/** Campaigns of flows included, each message once: the channels share nothing. */
export function parseChannelReport(input: ChannelReportInput, at: Circumstances): Plan {
  const { items, filters, named } = filterCampaigns(input, at.directory)
  return { ...finish('channel_report', { ...input, groupBy: 'channel', limit: mostRows, cursor: undefined }, at, items, filters, named), share: true }
}

/** The figures that e-mail is judged by, of the messages sent in the period. */
export function parseEmailHealth(input: EmailHealthInput, at: Circumstances): Plan {
  const { items, filters, named } = filterCampaigns(input, at.directory)
  const fixed = { metrics: judgements.map(({ metric }) => metric), mode: 'detailed', timeline: 'none', groupBy: 'campaign', timeBasis: 'send', compareTo: 'none' } as const
  const rest = { ...fixed, channels: ['Email'], goal: undefined, limit: mostRows, cursor: undefined }
  return finish('email_health_report', { ...input, ...rest }, at, items, filters, named, healthDays)
}

/** The campaigns that pass the filters. */
function filterCampaigns(input: OwnerFilters & Pick<CampaignReportInput, 'campaignIds' | 'activationType'>, directory: Directory) {
  const { filters, named, kept } = filterOwners(input, directory, directory.campaigns, [['campaignIds', input.campaignIds]], kinds.campaign)
  const automatic = input.activationType === undefined ? undefined : input.activationType === 'automatic'
  if (input.activationType) filters.activationType = input.activationType
  const items = [...kept].filter((campaign) => automatic === undefined || (campaign.flowId !== null) === automatic).map((campaign): Item => ({ campaign, owner: campaign }))
  return { items, filters, named }
}

export function parseFlowReport(input: FlowReportInput, at: Circumstances): Plan {
  const { filters, named, kept } = filterOwners(input, at.directory, at.directory.flows, [['flowIds', input.flowIds]], kinds.flow)
  const excluded = pick(input.excludeFlowIds ?? [], at.directory.flows, 'excludeFlowIds', kinds.flow)
  if (excluded.length) filters.excludeFlowIds = excluded.map(({ id }) => id)
  for (const flow of excluded) kept.delete(flow)
  if (input.activeOnly) {
    filters.activeOnly = true
    for (const flow of kept) if (flow.status !== 'active') kept.delete(flow)
  }
  if (input.startedInPeriodOnly) {
    filters.startedInPeriodOnly = true
    const period = parsePeriod(input, dayOf(at.now, at.account.timeZone), at.account.timeZone)
    const [from, to] = [startOfDay(period.start, at.account.timeZone), startOfDay(addDays(period.end, 1), at.account.timeZone)]
    for (const flow of kept) if (flow.startsAt === null || new Date(flow.startsAt) < from || new Date(flow.startsAt) >= to) kept.delete(flow)
  }
  const flows = new Map([...kept].map((flow) => [flow.id, flow]))
  const items = at.directory.campaigns.flatMap((campaign): Item[] => {
    const owner = campaign.flowId === null ? undefined : flows.get(campaign.flowId)
    return owner ? [{ campaign, owner }] : []
  })
  return { ...finish('flow_report', input, at, items, filters, named), everything: false, flows: [...kept] }
}

/** All campaigns of the member, those of flows included, each once. */
export function parseAccountOverview(input: AccountOverviewInput, at: Circumstances): Plan {
  const items = at.directory.campaigns.map((campaign): Item => ({ campaign, owner: campaign }))
  return finish(
    'account_overview',
    { ...input, mode: 'overview', groupBy: 'channel', limit: mostRows, cursor: undefined, channels: undefined },
    at,
    items,
    organizationFilter(at.directory),
    new Set(),
  )
}

type OwnerFilters = Pick<CampaignReportInput, 'brands' | 'folders' | 'tags' | 'nameContains'>
type Filters = Record<string, string | boolean | readonly string[]>

/** The directory was narrowed to the organization already; the answer and its cursors say so. */
function organizationFilter({ organization }: Directory): Filters {
  return organization === undefined ? {} : { organizationId: organization.id }
}

/** The campaigns or flows that pass the filters both tools share, and the filters as they were understood. */
function filterOwners(
  input: OwnerFilters,
  directory: Directory,
  owners: readonly EntityHead[],
  byId: [string, readonly string[] | undefined][],
  kind: { one: string; many: string },
) {
  const filters: Filters = organizationFilter(directory)
  const named = new Set<string>()
  let kept = [...owners]
  for (const [argument, values] of byId) {
    if (!values?.length) continue
    const picked = new Set(pick(values, owners, argument, kind))
    for (const { id } of picked) named.add(id)
    filters[argument] = [...picked].map(({ id }) => id)
    kept = kept.filter((owner) => picked.has(owner))
  }
  const keepIds = (argument: 'brands' | 'folders', idOf: (owner: EntityHead) => string | null) => {
    const values = input[argument]
    if (!values?.length) return
    const picked = pick(values, directory[argument], argument, kinds[argument])
    const ids = new Set(picked.map(({ id }) => id))
    filters[argument] = picked.map(({ name }) => label(name))
    kept = kept.filter((owner) => ids.has(idOf(owner) ?? ''))
  }
  keepIds('brands', (owner) => owner.brandId)
  keepIds('folders', (owner) => owner.folderId)
  if (input.tags?.length) {
    const known = asChoices(new Set(owners.flatMap(({ tags }) => tags)))
    const picked = pick(input.tags, known, 'tags', kinds.tags).map(({ id }) => id)
    filters.tags = picked.map(label)
    kept = kept.filter(({ tags }) => tags.some((tag) => picked.includes(tag)))
  }
  if (input.nameContains?.trim()) {
    filters.nameContains = label(input.nameContains)
    kept = withName(input.nameContains.trim(), kept, kind)
  }
  return { filters, named, kept: new Set(kept) }
}

function withName(part: string, owners: readonly EntityHead[], kind: { one: string; many: string }): EntityHead[] {
  const found = owners.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()))
  if (found.length) return found
  const shown = clip(part, 60)
  throw new MercatError('unknown_value', `No ${kind.one}${owners.length ? ` of the ${owners.length} that the other filters leave` : ''} has ${JSON.stringify(shown)} in its name`, {
    argument: 'nameContains',
    value: shown,
    nearest: nearNames(
      part,
      owners.map(({ name }) => label(name)),
    ),
    hint: 'Send another part of the name, or leave nameContains out.',
  })
}

type Shared = Pick<CampaignReportInput, 'startDate' | 'endDate' | 'metrics' | 'mode' | 'timeline' | 'channels' | 'goal' | 'timeBasis' | 'compareTo' | 'limit' | 'cursor'> & {
  groupBy: Plan['groupBy']
}

/** What all reports share, once their campaigns are known. */
function finish(tool: ReportTool, input: Shared, { account, directory, now }: Circumstances, items: readonly Item[], filters: Filters, named: Set<string>, usualDays = 90): Plan {
  const today = dayOf(now, account.timeZone)
  const period = parsePeriod(input, today, account.timeZone, { usual: usualDays })
  const channels = parseChannels(input.channels)
  if (channels) filters.channels = channels
  const { settings } = directory
  const goals = settings.goals.map((goal) => ({ id: goal.name, name: goal.name, goal }))
  const goal = (input.goal === undefined ? undefined : pick([input.goal], goals, 'goal', kinds.goal)[0]?.goal) ?? settings.goals[0]
  if (!goal) throw new Error('An account has at least one goal')
  const plan: Plan = {
    tool,
    account,
    today,
    period,
    goal,
    channels,
    filters,
    named,
    comparison: parseComparison(input.compareTo, period),
    basis: input.timeBasis,
    attribution: settings.attribution,
    recounting: directory.recounting,
    privacyFloor: settings.privacyFloor,
    ...parseMetrics(input),
    mode: input.mode,
    timeline: parseTimeline(input.timeline, period),
    groupBy: input.groupBy,
    items: new Map(items.map((item) => [item.campaign.key, item])),
    flows: [],
    everything: directory.whole && Object.keys(filters).every((filter) => filter === 'channels'),
    brandNames: new Map(directory.brands.map(({ id, name }) => [id, name])),
    folderNames: new Map(directory.folders.map(({ id, name }) => [id, name])),
    offset: 0,
    limit: input.limit ?? usualLimit,
    asOf: undefined,
  }
  if (input.cursor === undefined || input.cursor === '') return plan
  const { position, asOf } = decodeCursor(input.cursor, questionOf(plan))
  // Reports count rows and snapshots.
  if (typeof position !== 'number' || !/^\d{1,15}$/.test(asOf ?? '')) throw foreignCursor()
  return { ...plan, offset: position, asOf: Number(asOf) }
}

function parseMetrics(input: Pick<Shared, 'metrics' | 'mode'>): Pick<Plan, 'metrics' | 'uplift' | 'share'> {
  const choices = registry.map((metric) => ({ id: metric.id, name: metric.id, metric }))
  const asked = pick(input.metrics ?? [], choices, 'metrics', kinds.metrics).map(({ metric }) => metric)
  const columns = asked.filter(isColumn)
  const [first, ...rest] = columns.length
    ? columns
    : metricsOf[input.mode].flatMap((id) => registry.filter((metric): metric is ColumnMetric => isColumn(metric) && metric.id === id))
  if (!first) throw new Error('A mode has at least one metric')
  return { metrics: [first, ...rest], uplift: input.mode === 'full' || asked.some(({ unit }) => unit === 'uplift'), share: asked.some(({ unit }) => unit === 'share') }
}

function parseChannels(wanted: readonly string[] | undefined): Plan['channels'] {
  if (!wanted?.length) return null
  const choices = asChoices(channelNames)
  return [
    ...new Set(
      wanted.map((text, index) => {
        const channel = channelNamed(text)
        if (!channel) throw unknownValue(text.trim(), choices, `channels[${index}]`, kinds.channels)
        return channel
      }),
    ),
  ]
}

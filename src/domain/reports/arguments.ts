/** The arguments of the report tools. */
import { z } from 'zod'
import { cursor, limitUpTo, listUpTo, textUpTo } from '../../core/arguments.ts'

const text = textUpTo(200)
const list = listUpTo(100)

const asked = {
  startDate: text.optional().describe('yyyy-MM-dd, inclusive. Default: 90 days up to endDate'),
  endDate: text.optional().describe('yyyy-MM-dd, inclusive. Default: today'),
  metrics: list.optional().describe('Metric ids (see metric_definitions); the first sorts the rows'),
}
const settled = {
  goal: text.optional().describe('Name of a goal. Default: the account’s first'),
  timeBasis: z.enum(['send', 'event']).default('send').describe('send: messages sent in the period and all that followed; event: what happened in it'),
  compareTo: z.enum(['none', 'previousPeriod', 'previousYear']).default('none'),
  organizationId: text.optional(),
}
const shaped = {
  mode: z.enum(['overview', 'detailed', 'full']).default('overview').describe('detailed: more metrics, 95 % intervals, comparison per row; full: all metrics, variants, uplift'),
  timeline: z.enum(['none', 'day', 'week', 'month']).default('none'),
}
const filters = {
  channels: list.optional(),
  brands: list.optional().describe('Names or ids'),
  folders: list.optional().describe('Names or ids'),
  tags: list.optional(),
  nameContains: text.optional(),
}
const paged = {
  limit: limitUpTo(200).describe('Default: 20'),
  cursor,
}

export const campaignReportInput = z.strictObject({
  ...asked,
  ...shaped,
  groupBy: z.enum(['campaign', 'folder', 'brand', 'channel', 'tag']).default('campaign'),
  activationType: z.enum(['automatic', 'manual']).optional().describe('automatic: sent by a flow'),
  ...filters,
  campaignIds: list.optional().describe('Ids, keys or exact names'),
  ...settled,
  ...paged,
})

export const flowReportInput = z.strictObject({
  ...asked,
  ...shaped,
  groupBy: z.enum(['flow', 'campaign', 'folder', 'brand', 'channel', 'tag']).default('flow'),
  ...filters,
  flowIds: list.optional().describe('Ids, keys or exact names'),
  excludeFlowIds: list.optional(),
  activeOnly: z.boolean().default(false).describe('Only flows that are active now'),
  startedInPeriodOnly: z.boolean().default(false),
  ...settled,
  ...paged,
})

export const accountOverviewInput = z.strictObject({ ...asked, timeline: shaped.timeline, ...settled })

// Described once, in campaign_report: a model reads both.
const narrowed = {
  startDate: text.optional(),
  endDate: text.optional(),
  activationType: z.enum(['automatic', 'manual']).optional(),
  brands: list.optional(),
  folders: list.optional(),
  tags: list.optional(),
  nameContains: text.optional(),
  campaignIds: list.optional(),
  organizationId: text.optional(),
}

export const channelReportInput = z.strictObject({
  ...narrowed,
  metrics: list.optional(),
  mode: z.enum(['overview', 'detailed', 'full']).default('overview'),
  timeline: shaped.timeline,
  channels: list.optional(),
  goal: text.optional(),
  timeBasis: z.enum(['send', 'event']).default('send'),
  compareTo: settled.compareTo,
})

export const emailHealthInput = z.strictObject({ ...narrowed, startDate: text.optional().describe('Default: 30 days up to endDate') })

export const metricDefinitionsInput = z.strictObject({ metrics: list.optional().describe('Metric ids; default: all') })

export type CampaignReportInput = z.output<typeof campaignReportInput>
export type FlowReportInput = z.output<typeof flowReportInput>
export type AccountOverviewInput = z.output<typeof accountOverviewInput>
export type ChannelReportInput = z.output<typeof channelReportInput>
export type EmailHealthInput = z.output<typeof emailHealthInput>
export type MetricDefinitionsInput = z.output<typeof metricDefinitionsInput>
export type GroupBy = FlowReportInput['groupBy']
export type TimelineUnit = Exclude<CampaignReportInput['timeline'], 'none'>
export type Mode = CampaignReportInput['mode']

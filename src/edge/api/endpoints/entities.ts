/** Campaigns, flows, triggers, streams, promotions and what else is an entity: lists, one of them whole, and the figures of a campaign or flow. */
import { z } from 'zod'
import { getEntityInput, listEntitiesInput, searchCatalogInput } from '../../../domain/explorer/index.ts'
import { campaignReportInput, flowReportInput, type ReportsService } from '../../../domain/reports/index.ts'
import { account, type ApiCall, query } from '../define.ts'

const explorer = async ({ at }: Pick<ApiCall<unknown>, 'at'>, name: string) => (await at(name)).services.explorer

/** In the order of the page. */
const metrics = ['sends', 'deliveries', 'openRate', 'clickRate', 'unsubscribeRate', 'orders', 'conversionRate', 'revenue']

export default {
  list: query({
    input: listEntitiesInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await explorer(call, name)).list(asked),
  }),
  /** What the list of a type can be narrowed to. */
  choices: query({
    input: listEntitiesInput.pick({ type: true }).extend({ account }),
    run: async ({ input, ...call }) => await (await explorer(call, input.account)).choices(input.type),
  }),
  one: query({
    input: getEntityInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await explorer(call, name)).open(asked),
  }),
  search: query({
    input: searchCatalogInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await explorer(call, name)).search(asked, call.signal),
  }),
  /** Of one campaign or flow in the last 90 days, as the report of it says them, each with its definition. */
  figures: query({
    input: z.strictObject({ account, type: z.enum(['campaign', 'flow']), id: z.string().min(1).max(60) }),
    run: async ({ input, at, signal }) => {
      const { reports } = (await at(input.account)).services
      const { summary, passport, cautions } = await reportOf(reports, input.type, input.id, signal)
      const { metrics: definitions } = await reports.definitions({ metrics })
      return {
        startDate: passport.startDate,
        endDate: passport.endDate,
        currency: passport.currency,
        dataAsOf: passport.dataAsOf,
        stillSettlingFrom: passport.stillSettlingFrom,
        cautions,
        metrics: definitions.map(({ id, title, unit, definition }) => ({ id, title, unit, definition, value: figureIn(summary[id] ?? null) })),
      }
    },
  }),
}

async function reportOf(reports: ReportsService, type: 'campaign' | 'flow', id: string, signal: AbortSignal) {
  if (type === 'campaign') return await reports.campaigns(campaignReportInput.parse({ campaignIds: [id], metrics }), signal)
  return await reports.flows(flowReportInput.parse({ flowIds: [id], metrics }), signal)
}

/** A figure without what it is made of. A count or rate is a number, money decimal text; null: nothing can be known. */
function figureIn(cell: unknown): number | string | null {
  const value: unknown = Array.isArray(cell) ? cell[0] : cell
  return typeof value === 'number' || typeof value === 'string' ? value : null
}

/** Reports at the dashboard: the questions are those of the tools, word for word, so that an assistant asked the same gives the same figures. */
import { z } from 'zod'
import { unstorable } from '../../../core/text.ts'
import { accountOverviewInput, campaignReportInput, channelReportInput, emailHealthInput, flowReportInput, metricDefinitionsInput } from '../../../domain/reports/index.ts'
import { account, type ApiCall, type Download, download, query } from '../define.ts'

const reports = async ({ at }: Pick<ApiCall<unknown>, 'at'>, name: string) => (await at(name)).services.reports

/** A tool's arguments as JSON text: what an address can carry. */
function argumentsOf<Schema extends z.ZodObject>(schema: Schema) {
  return z
    .string()
    .max(8000)
    .transform((text, ctx): unknown => {
      try {
        const asked: unknown = JSON.parse(text)
        if (!unstorable.test(JSON.stringify(asked))) return asked
      } catch {
        // Said below.
      }
      ctx.addIssue('Send the arguments of the report as JSON')
      return z.NEVER
    })
    .pipe(schema)
}

const csv = (filename: string, lines: AsyncIterable<string>): Download => ({ filename, contentType: 'text/csv; charset=utf-8', lines })

export default {
  overview: query({
    input: accountOverviewInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await reports(call, name)).overview(asked, call.signal),
  }),
  campaigns: query({
    input: campaignReportInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await reports(call, name)).campaigns(asked, call.signal),
  }),
  flows: query({
    input: flowReportInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await reports(call, name)).flows(asked, call.signal),
  }),
  channels: query({
    input: channelReportInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await reports(call, name)).channels(asked, call.signal),
  }),
  health: query({
    input: emailHealthInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await reports(call, name)).emailHealth(asked, call.signal),
  }),
  metrics: query({
    input: metricDefinitionsInput.extend({ account }),
    run: async ({ input: { account: name, ...asked }, ...call }) => await (await reports(call, name)).definitions(asked),
  }),
  /** What the filters can name. */
  choices: query({
    input: z.strictObject({ account }),
    run: async ({ input, ...call }) => await (await reports(call, input.account)).choices(),
  }),
  campaignsCsv: download({
    input: z.strictObject({ account, asked: argumentsOf(campaignReportInput) }),
    run: async ({ input, ...call }) => csv(`campaigns-${input.account}.csv`, await (await reports(call, input.account)).csv.campaigns(input.asked, call.signal)),
  }),
  flowsCsv: download({
    input: z.strictObject({ account, asked: argumentsOf(flowReportInput) }),
    run: async ({ input, ...call }) => csv(`flows-${input.account}.csv`, await (await reports(call, input.account)).csv.flows(input.asked, call.signal)),
  }),
}

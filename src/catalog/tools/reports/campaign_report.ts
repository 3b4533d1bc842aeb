/** The tool campaign_report. It must not compute anything. */
import { campaignReportInput, cutReport, reportOutput, reportText } from '../../../domain/reports/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'campaign_report',
  title: 'Campaign report',
  effect: 'read',
  scope: 'read:reports',
  description:
    'Figures of campaigns (those of flows included): deliveries, opens, clicks, orders, revenue, rates, with totals, comparison and timeline; by campaign, folder, brand, channel or tag. Filters are names or ids; an unknown one is an error that names the nearest. For all orders of the account use account_overview.',
  input: campaignReportInput,
  output: reportOutput,
  cost: ({ input, ctx }) => ctx.reports.cost.campaigns(input, ctx.signal),
  run: ({ input, ctx }) => ctx.reports.campaigns(input, ctx.signal),
  render: (report) => reportText('Campaigns', report),
  list: { count: ({ rows }) => rows.length, cut: cutReport },
  view: 'report',
})

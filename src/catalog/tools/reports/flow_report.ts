/** The tool flow_report. It must not compute anything. */
import { cutReport, flowReportInput, reportOutput, reportText } from '../../../domain/reports/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'flow_report',
  title: 'Flow report',
  effect: 'read',
  scope: 'read:reports',
  description:
    'campaign_report for flows (automatic journeys): filters and rows are flows, the figures those of the campaigns they send. Never add it to campaign_report: the messages are the same.',
  input: flowReportInput,
  output: reportOutput,
  cost: ({ input, ctx }) => ctx.reports.cost.flows(input, ctx.signal),
  run: ({ input, ctx }) => ctx.reports.flows(input, ctx.signal),
  render: (report) => reportText('Flows', report),
  list: { count: ({ rows }) => rows.length, cut: cutReport },
  view: 'report',
})

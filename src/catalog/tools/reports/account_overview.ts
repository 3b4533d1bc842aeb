/** The tool account_overview. It must not compute anything. */
import { accountOverviewInput, overviewOutput, overviewText } from '../../../domain/reports/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'account_overview',
  title: 'Account overview',
  effect: 'read',
  scope: 'read:reports',
  description:
    'The whole account in one total: all orders and revenue with the share that campaigns and flows earned, campaigns and flows together (each message once), by channel, with comparison and timeline.',
  input: accountOverviewInput,
  output: overviewOutput,
  cost: ({ input, ctx }) => ctx.reports.cost.overview(input, ctx.signal),
  run: ({ input, ctx }) => ctx.reports.overview(input, ctx.signal),
  render: overviewText,
  view: 'overview',
})

/** The tool get_client_report. It must not compute anything. */
import { clientReportInput, clientReportOutput, clientReportText } from '../../../domain/billing/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_client_report',
  title: 'Get client report',
  effect: 'read',
  scope: 'read:billing',
  description: 'What a client has committed to, used, has left, was invoiced and owes, by year and currency, with its contracts.',
  input: clientReportInput,
  output: clientReportOutput,
  run: ({ input, ctx }) => ctx.billing.clientReport(input),
  render: clientReportText,
})

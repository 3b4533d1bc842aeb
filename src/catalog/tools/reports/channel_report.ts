/** The tool channel_report. It must not compute anything. */
import { channelOutput, channelReportInput, channelText } from '../../../domain/reports/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'channel_report',
  title: 'Channel report',
  effect: 'read',
  scope: 'read:reports',
  description:
    'One row per channel in use, campaigns and flows together (each message once): figures, share of the total, what the channel can report, uplift. Arguments as campaign_report.',
  input: channelReportInput,
  output: channelOutput,
  cost: ({ input, ctx }) => ctx.reports.cost.channels(input, ctx.signal),
  run: ({ input, ctx }) => ctx.reports.channels(input, ctx.signal),
  render: channelText,
})

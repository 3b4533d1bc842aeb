/** The tool get_webapp_google_analytics_report. It must not compute anything. */
import { funnelInput, funnelOutput, funnelText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_webapp_google_analytics_report',
  title: 'Get webapp Google Analytics report',
  effect: 'read',
  scope: 'read:webapps',
  description:
    'The funnel of a webapp, visit → start → upload → checkout → order: from its Google Analytics 4 property where it has one, otherwise from Mercat’s own web events; the answer says which.',
  input: funnelInput,
  output: funnelOutput,
  cost: ({ input, ctx }) => ctx.organizations.cost(input, ctx.signal),
  run: ({ input, ctx }) => ctx.organizations.funnel(input, ctx.signal),
  render: funnelText,
})

/** The tool get_organization_campaign_performance. It must not compute anything. */
import { cutPerformance, performanceInput, performanceOutput, performanceText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_organization_campaign_performance',
  title: 'Get organization campaign performance',
  effect: 'read',
  scope: 'read:campaigns',
  description:
    'Orders, revenue by currency, sends, deliveries and clicks of an organization’s campaigns by the day they happened, with countries and products that sum to the total.',
  input: performanceInput,
  output: performanceOutput,
  cost: ({ input, ctx }) => ctx.organizations.costs.performance(input, ctx.signal),
  run: ({ input, ctx }) => ctx.organizations.performance(input, ctx.signal),
  render: performanceText,
  list: { count: ({ rows }) => rows.length, cut: cutPerformance },
})

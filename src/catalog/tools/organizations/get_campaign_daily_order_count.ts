/** The tool get_campaign_daily_order_count. It must not compute anything. */
import { dailyOrdersInput, dailyOrdersOutput, dailyOrdersText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_campaign_daily_order_count',
  title: 'Get campaign daily order count',
  effect: 'read',
  scope: 'read:campaigns',
  description: 'Orders and revenue of one campaign for every day of a period of at most 366 days, with the total.',
  input: dailyOrdersInput,
  output: dailyOrdersOutput,
  cost: ({ input, ctx }) => ctx.organizations.costs.dailyOrders(input, ctx.signal),
  run: ({ input, ctx }) => ctx.organizations.dailyOrders(input, ctx.signal),
  render: dailyOrdersText,
})

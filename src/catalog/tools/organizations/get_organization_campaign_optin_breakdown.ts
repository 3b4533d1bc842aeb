/** The tool get_organization_campaign_optin_breakdown. It must not compute anything. */
import { cutOptIns, optInsInput, optInsOutput, optInsText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'get_organization_campaign_optin_breakdown',
  title: 'Get organization campaign opt-in breakdown',
  effect: 'read',
  scope: 'read:campaigns',
  description: 'Opt-ins given with orders, by campaign and opt-in: given of asked, with totals that are ratios of the sums.',
  input: optInsInput,
  output: optInsOutput,
  cost: ({ input, ctx }) => ctx.organizations.costs.optIns(input, ctx.signal),
  run: ({ input, ctx }) => ctx.organizations.optIns(input, ctx.signal),
  render: optInsText,
  list: { count: ({ campaigns }) => campaigns.length, cut: cutOptIns },
})

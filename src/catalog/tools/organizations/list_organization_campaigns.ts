/** The tool list_organization_campaigns. It must not compute anything. */
import { campaignsText, cutCampaigns, organizationCampaignsInput, organizationCampaignsOutput } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_organization_campaigns',
  title: 'List organization campaigns',
  effect: 'read',
  scope: 'read:campaigns',
  description: 'Campaigns of an organization: status, countries, dates, webapp, products, opt-ins. For figures use get_organization_campaign_performance.',
  input: organizationCampaignsInput,
  output: organizationCampaignsOutput,
  run: ({ input, ctx }) => ctx.organizations.campaigns(input),
  render: campaignsText,
  list: { count: ({ campaigns }) => campaigns.length, cut: cutCampaigns },
})

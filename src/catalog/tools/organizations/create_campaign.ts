/** The tool create_campaign. It must not compute anything. */
import { createCampaignInput, createCampaignOutput, createdCampaignText } from '../../../domain/organizations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'create_campaign',
  title: 'Create campaign',
  effect: 'write',
  scope: 'create:campaigns',
  description:
    'Makes a campaign of an organization with a new webapp (branding and content from defaults) or an existing one: step 2 of 4. It is a draft until a person switches it on in the dashboard. Ask the person first; validateOnly shows what would be made.',
  input: createCampaignInput,
  output: createCampaignOutput,
  run: ({ input, ctx }) => ctx.organizations.createCampaign(input),
  render: createdCampaignText,
})

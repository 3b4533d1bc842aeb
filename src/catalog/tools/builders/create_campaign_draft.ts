/** The tool create_campaign_draft. It must not compute anything. */
import { campaignDraftInput, draftOutput, draftText } from '../../../domain/builders/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'create_campaign_draft',
  title: 'Create campaign draft',
  effect: 'draft',
  scope: 'create:campaigns',
  description: 'Proposes a campaign for a target group or an audience in plain English. Inert until a person approves it at the link; nothing is sent.',
  input: campaignDraftInput,
  output: draftOutput,
  run: ({ input, ctx }) => ctx.builders.campaign(input, ctx.signal),
  render: draftText,
  view: 'draft',
})

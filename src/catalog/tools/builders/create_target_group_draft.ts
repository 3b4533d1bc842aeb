/** The tool create_target_group_draft. It must not compute anything. */
import { targetGroupDraftInput, draftOutput, draftText } from '../../../domain/builders/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'create_target_group_draft',
  title: 'Create target group draft',
  effect: 'draft',
  scope: 'create:segments',
  description: 'Proposes a target group from plain English or a tree: its size, reach and warnings come back. Inert until a person approves it at the link.',
  input: targetGroupDraftInput,
  output: draftOutput,
  run: ({ input, ctx }) => ctx.builders.targetGroup(input, ctx.signal),
  render: draftText,
  view: 'draft',
})

/** The tool create_trigger_draft. It must not compute anything. */
import { triggerDraftInput, draftOutput, draftText } from '../../../domain/builders/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'create_trigger_draft',
  title: 'Create trigger draft',
  effect: 'draft',
  scope: 'create:flows',
  description: 'Proposes a trigger: an event in plain English, for whom, and the flow or campaign that follows. Inert until a person approves it at the link.',
  input: triggerDraftInput,
  output: draftOutput,
  run: ({ input, ctx }) => ctx.builders.trigger(input, ctx.signal),
  render: draftText,
  view: 'draft',
})

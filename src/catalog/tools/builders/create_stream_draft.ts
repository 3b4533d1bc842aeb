/** The tool create_stream_draft. It must not compute anything. */
import { streamDraftInput, draftOutput, draftText } from '../../../domain/builders/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'create_stream_draft',
  title: 'Create stream draft',
  effect: 'draft',
  scope: 'create:flows',
  description: 'Proposes a stream: campaigns in an order, measured as a whole. Inert until a person approves it at the link.',
  input: streamDraftInput,
  output: draftOutput,
  run: ({ input, ctx }) => ctx.builders.stream(input, ctx.signal),
  render: draftText,
  view: 'draft',
})

/** The tool audience_size. It must not compute anything. */
import { audienceSizeInput, audienceSizeOutput, audienceSizeText } from '../../../domain/segments/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'audience_size',
  title: 'Audience size',
  effect: 'read',
  scope: 'read:segments',
  description: 'How many customers a segment, a target group or a rule of your own (tree) has, reachable ones per channel by consent, and the rule in words.',
  input: audienceSizeInput,
  output: audienceSizeOutput,
  cost: ({ input, ctx }) => ctx.audience.cost(input, ctx.signal),
  run: ({ input, ctx }) => ctx.audience.size(input, ctx.signal),
  render: audienceSizeText,
})

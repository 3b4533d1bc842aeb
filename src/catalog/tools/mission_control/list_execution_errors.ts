/** The tool list_execution_errors. It must not compute anything. */
import { cutErrors, errorsInput, errorsOutput, errorsText } from '../../../domain/operations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_execution_errors',
  title: 'List execution errors',
  effect: 'read',
  scope: 'read:health',
  description: 'What failed: bounced and failed messages by campaign, channel and error with their share of the sends; failed loads; failed jobs.',
  input: errorsInput,
  output: errorsOutput,
  run: ({ input, ctx }) => ctx.health.errors(input, ctx.signal),
  render: errorsText,
  list: { count: ({ errors }) => errors.length, cut: cutErrors },
})

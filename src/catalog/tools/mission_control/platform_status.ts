/** The tool platform_status. It must not compute anything. */
import { statusInput, statusOutput, statusText } from '../../../domain/operations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'platform_status',
  title: 'Platform status',
  effect: 'read',
  scope: 'read:health',
  description:
    'Whether Mercat works for this account: stores, jobs, sources, freshness of figures, MCP; one state with reasons and what to do. Answers within 5 s even when a store is away.',
  input: statusInput,
  output: statusOutput,
  run: ({ ctx }) => ctx.health.status(ctx.signal),
  render: statusText,
})

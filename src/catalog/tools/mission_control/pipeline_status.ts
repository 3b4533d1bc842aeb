/** The tool pipeline_status. It must not compute anything. */
import { cutPipelines, pipelinesInput, pipelinesOutput, pipelinesText } from '../../../domain/operations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'pipeline_status',
  title: 'Pipeline status',
  effect: 'read',
  scope: 'read:health',
  description:
    'What came in, by source (import, demo, webhooks …): last load and its state, running loads, rows accepted and rejected with reasons, what waits or is set aside, newest event and lag, volumes of the last 7 days.',
  input: pipelinesInput,
  output: pipelinesOutput,
  run: ({ input, ctx }) => ctx.health.pipelines(input, ctx.signal),
  render: pipelinesText,
  list: { count: ({ pipelines }) => pipelines.length, cut: cutPipelines },
})

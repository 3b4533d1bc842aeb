/** The tool metric_definitions. It must not compute anything. */
import { definitionsOutput, definitionsText, metricDefinitionsInput } from '../../../domain/reports/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'metric_definitions',
  title: 'Metric definitions',
  effect: 'read',
  scope: 'read:reports',
  description: 'What each metric of the reports means, exactly: definition, unit, channels that report it, whether it adds up over rows.',
  input: metricDefinitionsInput,
  output: definitionsOutput,
  run: ({ input, ctx }) => ctx.reports.definitions(input),
  render: definitionsText,
})

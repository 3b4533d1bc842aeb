/** The tool email_health_report. It must not compute anything. */
import { emailHealthInput, healthOutput, healthText } from '../../../domain/reports/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'email_health_report',
  title: 'E-mail health report',
  effect: 'read',
  scope: 'read:reports',
  description:
    'Is e-mail healthy? Open, click, hard bounce, unsubscribe and spam rate, each judged excellent, good or poor, with the change of the last week, inbox providers, worst campaigns and what to do.',
  input: emailHealthInput,
  output: healthOutput,
  cost: ({ input, ctx }) => ctx.reports.cost.emailHealth(input, ctx.signal),
  run: ({ input, ctx }) => ctx.reports.emailHealth(input, ctx.signal),
  render: healthText,
})

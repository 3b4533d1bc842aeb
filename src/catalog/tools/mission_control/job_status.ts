/** The tool job_status. It must not compute anything. */
import { jobInput, jobOutput, jobText, readJobAnswer } from '../../../domain/operations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'job_status',
  title: 'Job status',
  effect: 'read',
  always: true,
  description: 'How far a job is and, once a report is completed, its answer in result. For your own jobs; with read:health any of the account, without results.',
  input: jobInput,
  output: jobOutput,
  run: ({ input, ctx }) => readJobAnswer(ctx.jobs, input.id),
  render: jobText,
})

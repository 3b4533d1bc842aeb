/** The tool list_jobs. It must not compute anything. */
import { cutJobs, jobsAnswer, jobsInput, jobsOutput, jobsText } from '../../../domain/operations/index.ts'
import { defineTool } from '../../define.ts'

export default defineTool({
  name: 'list_jobs',
  title: 'List jobs',
  effect: 'read',
  scope: 'read:health',
  description: 'Work beside the calls, newest first: long reports, imports, recounts, purges, with state and progress. Ended ones stay for 24 hours.',
  input: jobsInput,
  output: jobsOutput,
  run: async ({ input, ctx }) => jobsAnswer(input, await ctx.jobs.list(input)),
  render: jobsText,
  list: { count: ({ jobs }) => jobs.length, cut: cutJobs },
})

/** The Health page: how Mercat is, what came in, what runs, what failed. */
import { z } from 'zod'
import { errorsInput, jobFields, pipelinesInput } from '../../../domain/operations/index.ts'
import { account, mutation, query } from '../define.ts'

export default {
  status: query({
    input: z.strictObject({ account }),
    run: async ({ input, at, signal }) => await (await at(input.account)).services.health.status(signal),
  }),
  pipelines: query({
    input: z.strictObject({ account, cursor: pipelinesInput.shape.cursor }),
    run: async ({ input, at, signal }) => {
      const { account: systemName, ...question } = input
      return await (await at(systemName)).services.health.pipelines({ ...question, limit: 100 }, signal)
    },
  }),
  errors: query({
    input: z.strictObject({ account, cursor: errorsInput.shape.cursor }),
    run: async ({ input, at, signal }) => {
      const { account: systemName, ...question } = input
      return await (await at(systemName)).services.health.errors(question, signal)
    },
  }),
  jobs: query({
    input: z.strictObject({ account, cursor: z.string().max(200).optional() }),
    run: async ({ input, at }) => {
      const { principal, services } = await at(input.account)
      const { jobs, coverage, nextCursor } = await services.jobs.list({ cursor: input.cursor })
      return {
        of: coverage.of,
        nextCursor,
        jobs: jobs.map((job) => ({
          ...jobFields(job),
          /** Whether this person may end it: the service decides anew. */
          cancellable: (job.state === 'queued' || job.state === 'running') && job.accountId !== null && (job.userId === principal.userId || principal.scopes.has('manage:account')),
        })),
      }
    },
  }),
  cancelJob: mutation({
    input: z.strictObject({ account, id: z.string().min(1).max(60) }),
    run: async ({ input, at }) => ({ state: (await (await at(input.account)).services.jobs.cancel(input.id)).state }),
  }),
}

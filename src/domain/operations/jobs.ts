/** The jobs of the domain: what runs by the clock, and what a request puts off; each recorded so that people can see it. */
import { derivedId } from '../../core/ids.ts'
import type { Logger } from '../../core/log.ts'
import type { RequestedJob, RunData, ScheduledJob } from '../../storage/operational/jobs.ts'
import { findAccountById } from '../accounts/index.ts'
import { recount, staleAccounts } from '../facts/index.ts'
import type { Stores } from '../stores.ts'
import { deleteExpired, endLost } from './jobs-repository.ts'
import { purgeAudit } from './purge.ts'
import { sendForgotten, type SendJob } from './report.ts'
import { runJob } from './run.ts'

/** The name of the job that counts an account's figures anew. */
export const recountJob = 'recount'

/** @param send asks for a job to be run */
export function domainJobs(stores: Stores, log: Logger, send: SendJob): (ScheduledJob | RequestedJob)[] {
  return [
    {
      name: 'purge_audit',
      title: 'Delete audit entries past their time',
      type: 'purge',
      cron: '7 * * * *',
      run: async (signal: AbortSignal) => void (await purgeAudit(stores, signal)),
    },
    {
      name: 'purge_jobs',
      title: 'Delete jobs and results past their time',
      type: 'purge',
      cron: '17 * * * *',
      run: async (signal: AbortSignal) => {
        await sendForgotten(stores, send, signal)
        await endLost(stores.db, false, stores.clock())
        await deleteExpired(stores.db, stores.clock())
      },
    },
    {
      name: 'find_stale',
      title: 'Find figures that follow settings of before',
      type: 'upkeep',
      cron: '27 * * * *',
      run: async (signal: AbortSignal) => {
        for (const accountId of await staleAccounts(stores)) {
          signal.throwIfAborted()
          await send(recountJob, { accountId })
        }
      },
    },
    {
      name: recountJob,
      run: async (signal, { accountId, runId }) => {
        // The account may have left since.
        if (!(await findAccountById(stores.db, accountId))) return
        const job = { id: derivedId('job', runId), accountId, type: 'recount', title: 'Count figures anew: settings changed' } as const
        await logged(log, recountJob, async () =>
          runJob(stores, job, { signal, retry: true }, async ({ signal: stop, progress }) => {
            await recount(stores, accountId, 'Settings changed', {
              signal: stop,
              onProgress: (done, of, campaigns) => progress(done, of, 'Counting', { campaignsCounted: campaigns }),
            })
          }),
        )
      },
    },
  ]
}

/** The same jobs, each run of those by the clock recorded as a job of the installation. */
export function recorded(stores: Stores, log: Logger, jobs: readonly (ScheduledJob | RequestedJob)[]): (ScheduledJob | RequestedJob)[] {
  return jobs.map((job) => {
    if (!('cron' in job)) return job
    const { type, title } = job
    return {
      ...job,
      run: (signal: AbortSignal, data: RunData) =>
        logged(log, job.name, async () =>
          runJob(stores, { id: derivedId('job', data.runId), accountId: null, type, title }, { signal, retry: true }, async ({ signal: stop }) => await job.run(stop, data)),
        ),
    }
  })
}

/** A failure that is final is told to people in general words: the log has its own. */
async function logged(log: Logger, name: string, run: () => Promise<unknown>): Promise<void> {
  const error = await run()
  if (error !== undefined) log.error({ err: error, job: name }, 'a job failed for good')
}

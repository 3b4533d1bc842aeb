/** The jobs of the domain: what runs by the clock, and what a request puts off. */
import type { RequestedJob, ScheduledJob } from '../../storage/operational/jobs.ts'
import { findAccountById } from '../accounts/index.ts'
import { recount } from '../facts/index.ts'
import type { Stores } from '../stores.ts'
import { purgeAudit } from './purge.ts'

/** The name of the job that counts an account's figures anew. */
export const recountJob = 'recount'

export function domainJobs(stores: Stores): (ScheduledJob | RequestedJob)[] {
  return [
    { name: 'purge_audit', cron: '7 * * * *', run: async (signal: AbortSignal) => void (await purgeAudit(stores, signal)) },
    {
      name: recountJob,
      run: async (signal, { accountId }) => {
        // The account may have left since.
        if (await findAccountById(stores.db, accountId)) await recount(stores, accountId, 'Settings changed', { signal })
      },
    },
  ]
}

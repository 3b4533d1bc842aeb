/** Forgets idempotency keys past their time. */
import type { ScheduledJob } from '../../storage/operational/jobs.ts'
import type { Stores } from '../stores.ts'
import { deleteWriteKeys } from './rows-repository.ts'

/** Days within which a retry finds what its first call made. */
const keptDays = 7

export function writeKeysJob({ db, clock }: Pick<Stores, 'db' | 'clock'>): ScheduledJob {
  return {
    name: 'purge_write_keys',
    title: 'Forget idempotency keys past their time',
    type: 'purge',
    cron: '37 * * * *',
    run: async () => void (await deleteWriteKeys(db, new Date(clock().getTime() - keptDays * 86_400_000))),
  }
}

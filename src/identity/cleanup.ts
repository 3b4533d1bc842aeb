/** Forgets what is over: the one job of identity, run by the clock in one process of an installation. Ends nothing that still holds. */
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { purgeLinks } from '../domain/accounts/index.ts'
import type { ScheduledJob } from '../storage/operational/jobs.ts'
import type { Db } from '../storage/operational/schema.ts'
import { dropRetiredKeys } from './key-ring.ts'
import type { Records } from './oauth/records-repository.ts'
import type { Challenges } from './sign-in/challenges-repository.ts'
import { purgeSessions } from './sign-in/sessions-repository.ts'

/** A link that can no longer be used still tells for a while that it was there. */
const linksMs = 30 * 86_400_000

export interface CleanUpParts {
  readonly db: Db
  readonly secret: string
  readonly records: Pick<Records, 'purge'>
  readonly challenges: Pick<Challenges, 'purge'>
  readonly clock: Clock
  readonly log: Logger
}

export function cleanUpJob({ db, secret, records, challenges, clock, log }: CleanUpParts): ScheduledJob {
  /** Each step stands for itself; the keys come last, because the others let go of what was kept under them. */
  const steps: readonly (() => Promise<unknown>)[] = [
    records.purge,
    () => purgeSessions(db, clock()),
    challenges.purge,
    () => purgeLinks(db, new Date(clock().getTime() - linksMs)),
    async () => {
      const gone = await dropRetiredKeys(db, secret, clock)
      if (gone.length > 0) log.info({ keys: gone }, 'Retired keys are deleted: nothing was kept under them any more')
    },
  ]
  return {
    name: 'identity_cleanup',
    title: 'Delete expired sign-ins, codes and links',
    type: 'purge',
    cron: '23 * * * *',
    run: async (signal) => {
      for (const step of steps) {
        if (signal.aborted) return
        await step()
      }
    },
  }
}

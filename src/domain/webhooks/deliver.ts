/** Sends what is due, and has it sent: a job for each account that is asked for when something was announced, a look at the clock for what was missed, and a purge. */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Logger } from '../../core/log.ts'
import type { Jobs, RequestedJob, ScheduledJob } from '../../storage/operational/jobs.ts'
import type { OperationalStore } from '../../storage/operational/store.ts'
import { listAccounts, readSettings } from '../accounts/index.ts'
import { keptFrom } from '../audit/index.ts'
import type { Stores } from '../stores.ts'
import { deleteOutdated, dueAccounts, outboxChannel, takeDue } from './outbox-repository.ts'
import { attempt, type Sender } from './sender.ts'

/** Attempts of an account at once. */
const atOnce = 10
/** Accounts that a process sends for at once: a slow receiver keeps no other account waiting. */
const accountsAtOnce = 4
/** A retry that is due sooner than the next look at the clock is woken for. */
const soonMs = 60_000
/** Rows of one statement, as in the purge of the audit log. */
const batch = 1_000
const queue = 'webhooks'

type House = Pick<Stores, 'db' | 'clock'>

/** Sends all that is due in an account. @returns the first retry that was put off; null: there is none. Throws when the signal aborts it. */
export async function deliverDue(house: House, sender: Sender, accountId: string, signal: AbortSignal): Promise<Date | null> {
  let next: Date | null = null
  for (;;) {
    signal.throwIfAborted()
    const taken = await takeDue(house.db, accountId, house.clock(), atOnce)
    if (taken.length === 0) return next
    const results = await Promise.allSettled(taken.map((one) => attempt(house, sender, one, signal)))
    for (const result of results) {
      if (result.status === 'rejected') throw result.reason
      const { nextAt } = result.value
      if (nextAt && (!next || nextAt < next)) next = nextAt
    }
  }
}

/** Hears what any process announces, and has it sent by whichever is first. What is not heard is found by the clock. @returns what stops it */
export async function hearAnnouncements({ listen }: Pick<OperationalStore, 'listen'>, send: Jobs['send'], log: Logger): Promise<() => Promise<void>> {
  return await listen(outboxChannel, (accountId) => void ask(send, accountId, log))
}

async function ask(send: Jobs['send'], accountId: string, log: Logger): Promise<void> {
  await send(queue, { accountId }).catch((error: unknown) => log.debug({ err: error }, 'webhooks could not be asked for; the clock finds them'))
}

/** Runs of these are no jobs that people look at: deliveries are. */
export function webhookJobs(house: House, sender: Sender, send: Jobs['send'], log: Logger): (RequestedJob | ScheduledJob)[] {
  return [
    {
      name: queue,
      concurrency: accountsAtOnce,
      // What a process is at is leased to it.
      overlapping: true,
      run: async (signal, { accountId }) => {
        const next = await deliverDue(house, sender, accountId, signal)
        const ms = next ? next.getTime() - house.clock().getTime() : soonMs
        if (ms < soonMs) setTimeout(() => void ask(send, accountId, log), Math.max(0, ms)).unref()
      },
    },
    {
      name: 'webhooks_due',
      title: 'Send webhooks that are due',
      type: 'upkeep',
      cron: '* * * * *',
      run: async (signal) => {
        for (const accountId of await dueAccounts(house.db, house.clock())) {
          signal.throwIfAborted()
          await send(queue, { accountId })
        }
      },
    },
  ]
}

/** Deletes messages that accounts no longer keep. */
export function purgeWebhooksJob(house: House): ScheduledJob {
  return {
    name: 'purge_webhooks',
    title: 'Delete webhooks past their time',
    type: 'purge',
    cron: '47 * * * *',
    run: async (signal) => await purgeWebhooks(house, signal),
  }
}

async function purgeWebhooks({ db, clock }: House, signal: AbortSignal): Promise<void> {
  for (const account of await listAccounts(db)) {
    const { retentionDays } = await readSettings(db, account.id)
    for (let last = batch; last === batch; ) {
      signal.throwIfAborted()
      last = await deleteOutdated(db, account.id, keptFrom(retentionDays, clock()).calls, batch)
      // Lets whoever waits for the connection go first.
      await breathe()
    }
  }
}

/** What the clock does with drafts: those that nobody decided on expire, and what a person scheduled starts. It approves nothing. */
import type { ScheduledJob } from '../../storage/operational/jobs.ts'
import type { Stores } from '../stores.ts'
import { lockDraft } from '../writes/index.ts'
import { expiredDrafts, scheduledRows } from './steps-repository.ts'
import { discard } from './decide.ts'
import { draftTypeOf } from './drafts-repository.ts'
import { startOf } from './ready.ts'
import { byClock, lockOwn, stepTo, takeStep } from './steps.ts'

const batch = 200

export const expireDraftsJob = (stores: Pick<Stores, 'db' | 'clock'>): ScheduledJob => ({
  name: 'expire_drafts',
  title: 'Let drafts expire that nobody decided on',
  type: 'upkeep',
  cron: '23 * * * *',
  run: (signal) => expireDrafts(stores, signal),
})

/** Its runs are no jobs that people look at: the audit log has what it started. */
export const startScheduledJob = (stores: Pick<Stores, 'db' | 'clock'>): ScheduledJob => ({
  name: 'start_scheduled',
  title: 'Start campaigns whose time has come',
  type: 'upkeep',
  cron: '* * * * *',
  run: (signal) => startScheduled(stores, signal),
})

/** Each in a transaction of its own: one that was decided on meanwhile is passed over. */
export async function expireDrafts({ db, clock }: Pick<Stores, 'db' | 'clock'>, signal: AbortSignal): Promise<void> {
  for (const { accountId, id } of await expiredDrafts(db, clock(), batch)) {
    if (signal.aborted) return
    await db.transaction().execute(async (transaction) => {
      const record = await lockDraft(transaction, accountId, id)
      const entity = await lockOwn(transaction, accountId, id)
      const type = draftTypeOf(entity.type)
      if (record?.decision === null && entity.status === 'draft' && type) await discard(transaction, clock, accountId, { id, type }, byClock, 'expired')
    })
  }
}

/** A person approved it for this time; if it was taken back or moved since, nothing happens. */
export async function startScheduled({ db, clock }: Pick<Stores, 'db' | 'clock'>, signal: AbortSignal): Promise<void> {
  for (const { accountId, id, ...row } of await scheduledRows(db)) {
    if (signal.aborted) return
    const known = draftTypeOf(row.type)
    if (!known || startOf({ ...row, type: known }, clock()) !== null) continue
    await db.transaction().execute(async (transaction) => {
      await lockDraft(transaction, accountId, id)
      const entity = await lockOwn(transaction, accountId, id)
      const type = draftTypeOf(entity.type)
      const step = type && stepTo(type, 'scheduled', 'active')
      if (entity.status !== 'scheduled' || !step || startOf({ ...entity, type }, clock()) !== null) return
      await takeStep(transaction, clock, accountId, { entity, step, by: byClock, event: 'entity.started' })
    })
  }
}

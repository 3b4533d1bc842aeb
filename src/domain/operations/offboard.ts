/** An account leaves: everything of it is deleted in both stores and shown to be gone. Can be stopped or killed at any point and run again; its own row goes last. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Account } from '../../core/access.ts'
import { announceAccessChange } from '../accounts/index.ts'
import { deleteOutdated } from '../audit/index.ts'
import { livingLoads, withRefreshLock } from '../facts/index.ts'
import type { Stores } from '../stores.ts'
import { cancelAll } from './jobs-service.ts'
import { assertEmpty, type Counts, countRows, deleteAccess, deleteAccount, markLeaving } from './offboard-repository.ts'

export interface OffboardedRows {
  readonly store: 'operational' | 'analytics'
  /** A table, or what of a shared table. */
  readonly what: string
  readonly before: number
  readonly after: number
}

export interface OffboardOptions {
  readonly signal: AbortSignal
  readonly onProgress?: (step: string, done?: number, of?: number) => void
}

const auditBatch = 1_000
/** A table of a large account may take long to be rewritten. */
const tableSeconds = 6 * 3600
const pollMs = 500
const endOfTime = new Date('9999-01-01')

/** Deletes everything of the account. Throws, with the account still there, when something of it cannot be deleted. @returns what there was, and that there is nothing now */
export async function offboard(stores: Stores, account: Account, { signal, onProgress = () => {} }: OffboardOptions): Promise<OffboardedRows[]> {
  const { db, clock } = stores
  const { id } = account
  await markLeaving(db, id, clock())
  await announceAccessChange(db, { account: id })
  // Imports where they run, reports and recounts: none of them has an account to work for any more.
  await cancelAll(stores, id)
  const before = { operational: await countRows(db, id), analytics: await analyticsCounts(stores, id) }

  onProgress('Ending access of people and apps')
  const ended = await deleteAccess(db, id)
  for (const grant of ended.grants) await announceAccessChange(db, { grant })
  for (const user of ended.people) await announceAccessChange(db, { user })

  // Nobody counts this account's figures meanwhile, here or in another process.
  const after = await withRefreshLock(db, id, async (assertHeld) => {
    // A load may have begun in the instant before the account was marked: what it brings after a deletion is deleted again.
    do {
      await loadsEnded(stores, id, signal, onProgress)
      await deleteAnalytics(stores, id, signal, onProgress)
    } while ((await livingLoads(db, id)).length > 0)
    const analyticsLeft = await analyticsCounts(stores, id)
    assertEmpty(analyticsLeft, 'analytics')
    await deleteAudit(stores, id, before.operational.audit ?? 0, signal, onProgress)
    signal.throwIfAborted()
    await assertHeld()
    onProgress('Deleting the account')
    return { operational: await deleteAccount(db, id), analytics: analyticsLeft }
  })
  await announceAccessChange(db, { account: id })
  return (['operational', 'analytics'] as const).flatMap((store) =>
    Object.entries(before[store]).map(([what, rows]) => ({ store, what, before: rows, after: after[store][what] ?? 0 })),
  )
}

async function loadsEnded({ db }: Stores, accountId: string, signal: AbortSignal, onProgress: NonNullable<OffboardOptions['onProgress']>): Promise<void> {
  const living = async () => (await livingLoads(db, accountId)).length
  if ((await living()) > 0) onProgress('Waiting for an import of the account to end: it is told to stop')
  while ((await living()) > 0) await delay(pollMs, undefined, { signal })
}

async function deleteAnalytics({ analytics }: Stores, accountId: string, signal: AbortSignal, onProgress: NonNullable<OffboardOptions['onProgress']>): Promise<void> {
  onProgress('Deleting events, orders and figures')
  const tables = await analytics.tablesWith('account_id')
  for (const [done, table] of tables.entries()) {
    onProgress('Deleting events, orders and figures', done, tables.length)
    await analytics.purgeWhere(table, 'account_id = {account:String}', { account: accountId }, { signal, seconds: tableSeconds })
  }
  onProgress('Deleting events, orders and figures', tables.length, tables.length)
}

/** In batches: one statement for millions of rows would hold up every call on a store of one connection. */
async function deleteAudit({ db }: Stores, accountId: string, of: number, signal: AbortSignal, onProgress: NonNullable<OffboardOptions['onProgress']>): Promise<void> {
  for (let done = 0, last = auditBatch; last === auditBatch; done += last) {
    signal.throwIfAborted()
    last = await deleteOutdated(db, accountId, { calls: endOfTime, events: endOfTime }, auditBatch)
    onProgress('Deleting the audit log', Math.min(done + last, of), of)
  }
}

async function analyticsCounts({ analytics }: Stores, accountId: string): Promise<Counts> {
  const tables = await analytics.tablesWith('account_id')
  if (tables.length === 0) return {}
  const counted = await analytics.query<{ name: string; rows: number }>(
    tables.map((table) => `SELECT '${table}' AS name, count() AS rows FROM ${table} WHERE account_id = {account:String}`).join(' UNION ALL '),
    { account: accountId },
    { seconds: 600 },
  )
  return Object.fromEntries(counted.map(({ name, rows }) => [name, rows]).sort())
}

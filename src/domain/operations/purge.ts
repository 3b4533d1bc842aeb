/** Deletes what accounts no longer keep. Reads nothing of what it deletes. */
import { setImmediate as breathe } from 'node:timers/promises'
import { listAccounts, readSettings } from '../accounts/index.ts'
import { deleteOutdated, keptFrom } from '../audit/index.ts'
import type { Stores } from '../stores.ts'

/** Rows of one statement: the embedded store has one connection, and every call waits while it is busy. */
const batch = 1_000

/** Deletes the calls and events of every account that are older than it keeps them. @returns how many */
export async function purgeAudit({ db, clock }: Pick<Stores, 'db' | 'clock'>, signal: AbortSignal): Promise<number> {
  let deleted = 0
  for (const account of await listAccounts(db)) {
    const { retentionDays } = await readSettings(db, account.id)
    const kept = keptFrom(retentionDays, clock())
    for (let last = batch; last === batch; ) {
      signal.throwIfAborted()
      last = await deleteOutdated(db, account.id, kept, batch)
      deleted += last
      // Lets whoever waits for the connection go first.
      await breathe()
    }
  }
  return deleted
}

/** Forgets the records of a source's loads: there may be one a second, and after some days nobody asks which second a row came in. The rows themselves stay. */
import { endedLoads, forgetLoads } from '../../domain/facts/index.ts'
import type { Stores } from '../../domain/index.ts'
import { everySource } from '../../domain/sources/index.ts'

/** A day more than what mission control shows. */
const keptDays = 8
/** Of a source in one run; what is left is the next one's. */
const mostLoads = 20_000
const chunk = 2_000

export async function forgetOldLoads({ db, analytics, clock }: Stores, signal: AbortSignal): Promise<void> {
  const before = new Date(clock().getTime() - keptDays * 86_400_000)
  for (const { account_id: account, id } of await everySource(db)) {
    const ids = await endedLoads(db, account, id, before, mostLoads)
    for (let from = 0; from < ids.length; from += chunk) {
      signal.throwIfAborted()
      const loads = ids.slice(from, from + chunk)
      // What a load brought is counted by its record: first the counts, so that a run that breaks off leaves nothing that is never looked at again.
      for (const table of ['load_counts', 'load_rejects'])
        await analytics.deleteWhere(table, 'account_id = {account:String} AND load_id IN {loads:Array(UInt64)}', { account, loads }, { signal, seconds: 600 })
      await forgetLoads(db, account, loads)
    }
  }
}

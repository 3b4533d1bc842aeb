/** Runs of this process by job, so that a cancellation made anywhere stops them at once. Keeps nothing; what was cancelled is the table's. */
import { sql } from 'kysely'
import type { OperationalStore } from '../../storage/operational/store.ts'
import type { Db } from '../../storage/operational/schema.ts'

/** The LISTEN/NOTIFY channel; the payload is a job's id. */
const channel = 'mercat_job_cancelled'

const running = new WeakMap<Db, Map<string, () => void>>()

/** Calls back when the job is cancelled while it runs here. Returns the function that ends it. */
export function onCancelled(db: Db, id: string, stop: () => void): () => void {
  const known = running.get(db) ?? new Map<string, () => void>()
  running.set(db, known.set(id, stop))
  return () => void known.delete(id)
}

/** Announces a cancellation that is committed: at once here, by NOTIFY in other processes. */
export async function announceCancellation(db: Db, id: string): Promise<void> {
  running.get(db)?.get(id)?.()
  await sql`SELECT pg_notify(${channel}, ${id})`.execute(db)
}

/** Hears what other processes cancel. A run of a process that does not hear finds out at its next heartbeat. */
export async function hearCancellations({ db, listen }: Pick<OperationalStore, 'db' | 'listen'>): Promise<() => Promise<void>> {
  return await listen(channel, (id) => running.get(db)?.get(id)?.())
}

/** Tells every process that who may do what has changed, so that none acts on an old answer. Keeps nothing. */
import { sql } from 'kysely'
import type { Db } from '../../storage/operational/schema.ts'

/** What changed: cached answers about any of these ids are void. */
export interface AccessChange {
  readonly account?: string
  readonly user?: string
  readonly client?: string
  readonly grant?: string
}

/** The LISTEN/NOTIFY channel. The payload is an AccessChange as JSON: ids only, nothing secret. */
export const accessChannel = 'mercat_access'

const listeners = new WeakMap<Db, Set<(change: AccessChange) => void>>()

/**
 * Announces a change that is already committed: at once in this process (before this resolves), by NOTIFY in the others.
 * @param db the store itself, never a transaction: a listener that asks again must see the new state
 */
export async function announceAccessChange(db: Db, change: AccessChange): Promise<void> {
  for (const heard of listeners.get(db) ?? []) heard(change)
  await sql`SELECT pg_notify(${accessChannel}, ${JSON.stringify(change)})`.execute(db)
}

/** Calls back for changes made through the same `db` in this process. Returns the function that ends it. */
export function onAccessChange(db: Db, heard: (change: AccessChange) => void): () => void {
  const set = listeners.get(db) ?? new Set()
  listeners.set(db, set.add(heard))
  return () => void set.delete(heard)
}

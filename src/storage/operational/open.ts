/** Opens the operational store: PGlite in a folder, or PostgreSQL by URL. The only file that knows which. */
import type { Db } from './schema.ts'
import { migrateOperational } from './migrate.ts'
import { openPglite } from './pglite.ts'
import { explained, openPostgres } from './postgres.ts'

/** Where the store is: a folder (`undefined` = in memory, for tests) or a server. */
export type OperationalLocation = { engine: 'pglite'; folder: string | undefined } | { engine: 'postgres'; url: string }

/**
 * Both engines give the same JavaScript: bigint and count(*) are numbers, numeric is text, timestamptz is a Date, date is text
 * (`yyyy-MM-dd`), bytea is a Uint8Array, jsonb is parsed. Both take the same parameters: text[] as an array of strings, bytea as
 * bytes, timestamptz as a Date or ISO text. One thing is the caller's: give jsonb as `JSON.stringify(value)`, or an array becomes
 * a PostgreSQL array in one engine and JSON in the other.
 */
export interface OperationalStore {
  readonly db: Db
  readonly engine: OperationalLocation['engine']
  /** Sends a notification to every process on this store (one process only when embedded). Channels are snake_case; a payload is at most 7,999 bytes. */
  readonly notify: (channel: string, payload: string) => Promise<void>
  /**
   * Calls back for each notification; resolves to the unsubscribing function. A lost connection is made anew by itself: `missed`
   * is called then, since notifications sent meanwhile are gone; the listener reads again what it cares about.
   */
  readonly listen: (channel: string, heard: (payload: string) => void, missed?: () => void) => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

/** Opens and migrates the store. Throws StoreTooNewError when the store is newer than the code, StoreUnreachableError when a server does not let us in. */
export async function openOperational(location: OperationalLocation): Promise<OperationalStore> {
  const store = location.engine === 'pglite' ? await openPglite(location.folder) : openPostgres(location.url)
  try {
    await migrateOperational(store.db)
  } catch (error) {
    await store.close()
    throw location.engine === 'postgres' ? explained(location.url, error) : error
  }
  return {
    ...store,
    notify: async (channel, payload) => await store.notify(checkedChannel(channel), payload),
    listen: async (channel, heard, missed) => await store.listen(checkedChannel(channel), heard, missed),
  }
}

/** LISTEN takes no parameters, and PGlite writes the name into the statement as it is. */
function checkedChannel(channel: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(channel)) throw new TypeError('A channel is named in lower case: letters, digits and _')
  return channel
}

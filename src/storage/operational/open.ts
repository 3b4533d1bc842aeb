/** Opens the operational store: PGlite in a folder, or PostgreSQL by URL. The only file that knows which. */
import { migrateOperational } from './migrate.ts'
import { openPglite } from './pglite.ts'
import { explained, openPostgres } from './postgres.ts'
import type { OperationalStore } from './store.ts'

export type { OperationalStore }

/** Where the store is: a folder (`undefined` = in memory, for tests) or a server. */
export type OperationalLocation = { engine: 'pglite'; folder: string | undefined } | { engine: 'postgres'; url: string }

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
    listen: async (channel, heard, connection) => await store.listen(checkedChannel(channel), heard, connection),
  }
}

/** LISTEN takes no parameters, and PGlite writes the name into the statement as it is. */
function checkedChannel(channel: string): string {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(channel)) throw new TypeError('A channel is named in lower case: letters, digits and _')
  return channel
}

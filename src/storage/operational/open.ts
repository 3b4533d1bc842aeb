/** Opens the operational store: PGlite in a folder, or PostgreSQL by URL. The only file that knows which. */
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Db, OperationalSchema } from './schema.ts'
import { migrateOperational } from './migrate.ts'

/** Where the store is: a folder (`undefined` = in memory, for tests) or a server. */
export type OperationalLocation = { engine: 'pglite'; folder: string | undefined } | { engine: 'postgres'; url: string }

export interface OperationalStore {
  readonly db: Db
  readonly engine: OperationalLocation['engine']
  /** Sends a notification to every process on this store (one process only when embedded). */
  readonly notify: (channel: string, payload: string) => Promise<void>
  /** Calls back for each notification; resolves to the unsubscribing function. */
  readonly listen: (channel: string, heard: (payload: string) => void) => Promise<() => Promise<void>>
  readonly close: () => Promise<void>
}

const int8 = 20

/** Opens and migrates the store. Throws when the store is newer than the code. */
export async function openOperational(location: OperationalLocation): Promise<OperationalStore> {
  const store = location.engine === 'pglite' ? await openPglite(location.folder) : await openPostgres(location.url)
  try {
    await migrateOperational(store.db)
  } catch (error) {
    await store.close()
    throw error
  }
  return store
}

async function openPglite(folder: string | undefined): Promise<OperationalStore> {
  const pglite = await PGlite.create({ ...(folder === undefined ? {} : { dataDir: folder }), parsers: { [int8]: Number } })
  const db = new Kysely<OperationalSchema>({ dialect: new PGliteDialect({ pglite }) })
  return {
    db,
    engine: 'pglite',
    notify: async (channel, payload) => void (await pglite.query('SELECT pg_notify($1, $2)', [channel, payload])),
    listen: async (channel, heard) => await pglite.listen(channel, heard),
    close: async () => {
      await db.destroy()
      if (!pglite.closed) await pglite.close()
    },
  }
}

async function openPostgres(url: string): Promise<OperationalStore> {
  const types = {
    getTypeParser: (oid: number, format?: 'text' | 'binary') =>
      oid === int8 ? Number : format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text'),
  }
  const pool = new pg.Pool({ connectionString: url, max: 10, types: types as pg.CustomTypesConfig, application_name: 'mercat' })
  // An idle connection that the server ends must not end the process; the next query opens another.
  pool.on('error', () => {})
  const db = new Kysely<OperationalSchema>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    engine: 'postgres',
    notify: async (channel, payload) => void (await pool.query('SELECT pg_notify($1, $2)', [channel, payload])),
    listen: (channel, heard) => listenPostgres(url, channel, heard),
    close: () => db.destroy(),
  }
}

async function listenPostgres(url: string, channel: string, heard: (payload: string) => void): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: url, application_name: 'mercat-listen' })
  client.on('error', () => {})
  await client.connect()
  client.on('notification', (message) => {
    if (message.channel === channel) heard(message.payload ?? '')
  })
  await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
  return () => client.end()
}

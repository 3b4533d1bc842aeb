/** PGlite: PostgreSQL inside this process, on a folder that no other process has open. */
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { PGlite, types } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import type { OperationalStore } from './store.ts'
import type { OperationalSchema } from './schema.ts'

const asText = (text: string) => text

/** Bytes as PostgreSQL writes them. PGlite's own way goes byte by byte, which takes longer than storing them does. */
const hex = {
  parse: (text: string): Uint8Array => Buffer.from(text.slice(2), 'hex'),
  serialize: (bytes: Uint8Array): string => `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`,
}

/** The default of 128 MB is for a server that has the machine to itself. */
const postgresqlconf = ['shared_buffers=16MB']

/** @param folder undefined: in memory. */
export async function openPglite(folder: string | undefined): Promise<OperationalStore> {
  if (folder !== undefined && !existsSync(join(folder, 'PG_VERSION'))) await initialise(folder)
  const pglite = await PGlite.create({
    ...(folder === undefined ? {} : { dataDir: folder }),
    parsers: { [types.INT8]: Number, [types.DATE]: asText, [types.BYTEA]: hex.parse },
    serializers: { [types.BYTEA]: hex.serialize },
    postgresqlconf,
  })
  const db = new Kysely<OperationalSchema>({ dialect: new PGliteDialect({ pglite }) })
  return {
    db,
    engine: 'pglite',
    notify: async (channel, payload) => void (await pglite.query('SELECT pg_notify($1, $2)', [channel, payload])),
    listen: async (channel, heard) => await pglite.listen(channel, heard),
    // Holding Kysely's connection: several statements may open a transaction, which nobody else must stand in, least of all when it fails.
    run: async (text, values = []) =>
      await db.connection().execute(async () => {
        try {
          if (values.length > 0) return await pglite.query<Record<string, unknown>>(text, values)
          return { rows: (await pglite.exec(text)).flatMap(({ rows }) => rows as Record<string, unknown>[]) }
        } catch (error) {
          await pglite.query('ROLLBACK')
          throw error
        }
      }),
    close: async () => {
      await db.destroy()
      if (!pglite.closed) await pglite.close()
    },
  }
}

/**
 * Makes an empty cluster. Beside the folder, and moved into place when whole: one that a kill left half-made would never open.
 * In a thread, because it takes 500 MB that the process keeps otherwise; the thread dies with the process, so nothing writes on.
 */
async function initialise(folder: string): Promise<void> {
  const making = `${folder}.new`
  await rm(making, { recursive: true, force: true })
  const script = `
    import { workerData } from 'node:worker_threads'
    const { PGlite } = await import(workerData.module)
    const pglite = await PGlite.create(workerData.options)
    await pglite.close()`
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(script)}`), {
    workerData: { module: import.meta.resolve('@electric-sql/pglite'), options: { dataDir: making, postgresqlconf } },
  })
  await new Promise<void>((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`Making the operational store failed with code ${code}`))))
  })
  await rename(making, folder)
}

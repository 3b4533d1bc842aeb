/** Which process loads an account's inbox, where there are several. It holds no data. */
import { sql } from 'kysely'
import type { Db } from '../../storage/operational/schema.ts'
import { isEmbedded } from '../../storage/operational/store.ts'

/** First half of the advisory lock's key, an arbitrary constant beside those of src/domain/facts. */
const loadClass = 4210_0004

/** Does the work unless another process is at it. A lock dies with its process. @returns undefined: another is */
export async function withLoadLock<Result>(db: Db, accountId: string, work: () => Promise<Result>): Promise<Result | undefined> {
  if (isEmbedded(db)) return await work()
  return await db.connection().execute(async (connection) => {
    const key = sql`${sql.lit(loadClass)}, hashtext(${accountId})`
    const { rows } = await sql<{ taken: boolean }>`SELECT pg_try_advisory_lock(${key}) AS taken`.execute(connection)
    if (rows[0]?.taken !== true) return undefined
    try {
      return await work()
    } finally {
      // A lost connection has given the lock back already.
      await sql`SELECT pg_advisory_unlock(${key})`.execute(connection).catch(() => {})
    }
  })
}

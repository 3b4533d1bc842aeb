/** Brings the operational store to the code's version, one transaction a file, one process at a time. */
import { sql } from 'kysely'
import { pendingMigrations, readMigrations, statementsOf } from '../migrations.ts'
import type { Db } from './schema.ts'

/** An arbitrary constant: processes that start together migrate one after the other. */
const lockKey = 4210_0001

export async function migrateOperational(db: Db): Promise<void> {
  const migrations = await readMigrations('operational')
  await db.connection().execute(async (connection) => {
    // Waiting for another process's migration, and a long one of our own, must not end at the pool's time limit.
    await sql`SET statement_timeout = 0`.execute(connection)
    try {
      await sql`SELECT pg_advisory_lock(${sql.lit(lockKey)})`.execute(connection)
      await sql`CREATE TABLE IF NOT EXISTS mercat_version (version integer NOT NULL, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`.execute(connection)
      const { rows } = await sql<{ version: number | null }>`SELECT max(version) AS version FROM mercat_version`.execute(connection)
      for (const migration of pendingMigrations('operational', migrations, rows[0]?.version ?? 0)) {
        await connection.transaction().execute(async (transaction) => {
          for (const statement of statementsOf(migration.sql)) await sql.raw(statement).execute(transaction)
          await sql`INSERT INTO mercat_version (version, name) VALUES (${migration.number}, ${migration.name})`.execute(transaction)
        })
      }
    } finally {
      await sql`SELECT pg_advisory_unlock(${sql.lit(lockKey)})`.execute(connection)
      await sql`RESET statement_timeout`.execute(connection)
    }
  })
}

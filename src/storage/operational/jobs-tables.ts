/** The tables of pg-boss, for what its own interface does not tell. Empty answers while they are not made: the first start of a server makes them. */
import { sql } from 'kysely'
import type { Db, DbOrTransaction } from './schema.ts'

async function areMade(db: DbOrTransaction): Promise<boolean> {
  return (await sql<{ made: boolean }>`SELECT to_regclass('pgboss.job') IS NOT NULL AS made`.execute(db)).rows[0]?.made === true
}

/** Ids of jobs that a process was asked to run and has not ended. */
export async function openRequests(db: Db, queue: string): Promise<ReadonlySet<string>> {
  if (!(await areMade(db))) return new Set()
  const { rows } = await sql<{ id: string }>`SELECT data->>'jobId' AS id FROM pgboss.job WHERE name = ${queue} AND state IN ('created', 'retry', 'active')`.execute(db)
  return new Set(rows.map(({ id }) => id))
}

/** When pg-boss last looked at its clock (it does so every 45 s, in one of the processes); null: not yet. */
export async function lastClock(db: Db): Promise<Date | null> {
  if (!(await areMade(db))) return null
  return (await sql<{ cron_on: Date | null }>`SELECT cron_on FROM pgboss.version`.execute(db)).rows[0]?.cron_on ?? null
}

const ofAccount = (accountId: string) => sql`FROM pgboss.job WHERE data->>'accountId' = ${accountId}`

/** Requests of the account, those that ended lately included. */
export async function countRequests(db: DbOrTransaction, accountId: string): Promise<number> {
  if (!(await areMade(db))) return 0
  return (await sql<{ n: number }>`SELECT count(*) AS n ${ofAccount(accountId)}`.execute(db)).rows[0]?.n ?? 0
}

export async function deleteRequests(db: DbOrTransaction, accountId: string): Promise<void> {
  if (await areMade(db)) await sql`DELETE ${ofAccount(accountId)}`.execute(db)
}

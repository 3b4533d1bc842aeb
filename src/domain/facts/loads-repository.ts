/** Loads: one row per import, stream batch or simulation, whose id every analytics row carries. It must not read facts. */
import { sql } from 'kysely'
import { MercatError } from '../../core/errors.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'
import { deadLoads, holdLoad, letLoadGo } from './locks-repository.ts'

const clip = (text: string) => text.slice(0, 500)

/**
 * Begins a load: rows inserted with its id count once it is refreshed. It lives until finishLoading or failLoad, or this process's end.
 * `source`: where it comes from, a name that never changes or the id of a source that delivers by itself.
 * Throws not_found for an account that is gone or leaving.
 */
export async function startLoad(db: Db, load: { accountId: string; source: string; label: string }): Promise<{ id: number }> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO loads (account_id, source, label)
    SELECT id, ${load.source}, ${clip(load.label)} FROM accounts WHERE id = ${load.accountId} AND leaving_at IS NULL
    RETURNING id`.execute(db)
  const [made] = rows
  if (!made) throw new MercatError('not_found', 'The account takes no data: it is gone, or being deleted')
  await holdLoad(db, made.id)
  return made
}

/** Loads of the account that a living process is at. */
export async function livingLoads(db: Db, accountId: string): Promise<number[]> {
  const rows = await db.selectFrom('loads').select('id').where('account_id', '=', accountId).where('state', '=', 'running').execute()
  const ids = rows.map(({ id }) => id)
  const dead = new Set(await deadLoads(db, ids))
  return ids.filter((id) => !dead.has(id))
}

/** All rows of the load are in; the next refresh counts them. */
export async function finishLoading(db: Db, id: number, counts: { accepted: number; rejected: number }): Promise<void> {
  await db.updateTable('loads').set({ state: 'loaded', accepted: counts.accepted, rejected: counts.rejected, error: null }).where('id', '=', id).execute()
  await letLoadGo(db, id)
}

/**
 * The load broke off. The rows it did insert stay and are counted by the next refresh, which then ends the load as failed.
 * @param error why, for people with `read:health`: words of a MercatError or a text; anything else may hold data of a row, and is the caller's to log
 */
export async function failLoad(db: Db, id: number, error: unknown): Promise<void> {
  const message = error instanceof MercatError ? error.message : typeof error === 'string' ? error : 'It failed inside Mercat; whoever ran it was told why'
  await db
    .updateTable('loads')
    .set({ state: 'loaded', error: clip(message) || 'failed', finished_at: sql<Date>`now()` })
    .where('id', '=', id)
    .execute()
  await letLoadGo(db, id)
}

export interface OpenLoad {
  readonly id: number
  readonly state: 'running' | 'loaded'
  /** It did not come to its end: what it stored counts all the same. */
  readonly broken: boolean
}

/** Loads that a refresh must count now: whole ones, and running ones whose process is gone. */
export async function openLoads(db: Db, accountId: string): Promise<OpenLoad[]> {
  const rows = await db.selectFrom('loads').select(['id', 'state', 'error']).where('account_id', '=', accountId).where('state', 'in', ['running', 'loaded']).orderBy('id').execute()
  const running = rows.filter(({ state }) => state === 'running').map(({ id }) => id)
  const dead = new Set(await deadLoads(db, running))
  return rows.flatMap(({ id, state, error }) => (state === 'loaded' || (state === 'running' && dead.has(id)) ? [{ id, state, broken: state === 'running' || error !== null }] : []))
}

/** Accounts that have loads no refresh has counted, or facts. */
export async function accountsWithFacts(db: Db): Promise<string[]> {
  const open = db.selectFrom('loads').select('account_id').where('state', 'in', ['running', 'loaded'])
  const rows = await open.union(db.selectFrom('fact_settings').select('account_id')).orderBy('account_id').execute()
  return rows.map(({ account_id }) => account_id)
}

/** Ends loads that a refresh has counted: whole ones as done, broken ones as failed. One whose state changed meanwhile has more rows: it stays open. */
export async function endLoads(db: DbOrTransaction, loads: readonly OpenLoad[], now: Date): Promise<void> {
  for (const state of ['running', 'loaded'] as const) {
    const ids = loads.filter((load) => load.state === state).map(({ id }) => id)
    if (ids.length === 0) continue
    const ended = {
      state: sql<'done' | 'failed'>`CASE WHEN error IS NULL THEN 'done' ELSE 'failed' END`,
      finished_at: sql<Date>`CASE WHEN error IS NULL THEN ${now}::timestamptz ELSE coalesce(finished_at, ${now}::timestamptz) END`,
    }
    const broken = { state: 'failed' as const, error: 'The process ended before the load did', finished_at: now }
    await db
      .updateTable('loads')
      .set(state === 'loaded' ? ended : broken)
      .where('id', 'in', ids)
      .where('state', '=', state)
      .execute()
  }
}

/** The number of a generation that no refresh has used. */
export async function takeGeneration(db: Db, committed: number): Promise<number> {
  const next = async () => (await sql<{ number: number }>`SELECT nextval('fact_generations') AS number`.execute(db)).rows[0]?.number ?? 0
  const generation = await next()
  if (generation > committed) return generation
  // The operational store was put back to an older state than the analytics store.
  await sql`SELECT setval('fact_generations', ${sql.lit(committed)})`.execute(db)
  return await next()
}

/** Loads of the source that ended before then, oldest first. */
export async function endedLoads(db: Db, accountId: string, source: string, before: Date, limit: number): Promise<number[]> {
  const rows = await db
    .selectFrom('loads')
    .select('id')
    .where('account_id', '=', accountId)
    .where('source', '=', source)
    .where('state', 'in', ['done', 'failed'])
    .where('finished_at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

/** Deletes the record of loads. Their rows stay, and are in every figure. */
export async function forgetLoads(db: Db, accountId: string, ids: readonly number[]): Promise<void> {
  if (ids.length > 0)
    await db
      .deleteFrom('loads')
      .where('account_id', '=', accountId)
      .where('id', 'in', [...ids])
      .execute()
}

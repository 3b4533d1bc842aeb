/** What the operational store knows of an account's health: its jobs, loads and calls, and the store itself. Reads only, counts rather than contents. */
import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../../storage/operational/schema.ts'
import { isEmbedded } from '../../../storage/operational/store.ts'

export interface StoreFacts {
  readonly engine: string
  readonly version: string | null
  readonly schemaVersion: number
  readonly bytes: number | null
}

export async function touch(db: Db): Promise<void> {
  await sql`SELECT 1`.execute(db)
}

export async function storeFacts(db: Db): Promise<StoreFacts> {
  const { rows } = await sql<{ version: string; schema: number; bytes: number }>`
    SELECT version() AS version, (SELECT max(version) FROM mercat_version) AS schema, pg_database_size(current_database()) AS bytes`.execute(db)
  return {
    engine: isEmbedded(db) ? 'PGlite' : 'PostgreSQL',
    version: /^PostgreSQL (\S+)/.exec(rows[0]?.version ?? '')?.[1] ?? null,
    schemaVersion: rows[0]?.schema ?? 0,
    bytes: rows[0]?.bytes ?? null,
  }
}

export interface JobCounts {
  readonly queued: number
  readonly running: number
  /** Ended so since `since`. */
  readonly failed: number
  readonly recounting: boolean
  readonly oldestQueuedAt: Date | null
}

/** Jobs of the account and of the installation. */
export async function countJobs(db: Db, accountId: string, since: Date): Promise<JobCounts> {
  const { rows } = await sql<{ queued: number; running: number; failed: number; recounting: boolean | null; oldest: Date | null }>`
    SELECT count(*) FILTER (WHERE state = 'queued') AS queued, count(*) FILTER (WHERE state = 'running') AS running,
      count(*) FILTER (WHERE state = 'failed' AND finished_at >= ${since}) AS failed,
      bool_or(type = 'recount' AND state IN ('queued', 'running')) AS recounting,
      min(created_at) FILTER (WHERE state = 'queued') AS oldest
    FROM jobs WHERE account_id = ${accountId} OR account_id IS NULL`.execute(db)
  const [row] = rows
  return { queued: row?.queued ?? 0, running: row?.running ?? 0, failed: row?.failed ?? 0, recounting: row?.recounting === true, oldestQueuedAt: row?.oldest ?? null }
}

/** Tool calls of the account since then; `faults` are those that were Mercat's fault, not the caller's. */
export async function countCalls(db: Db, accountId: string, since: Date): Promise<{ calls: number; errors: number; faults: number }> {
  const { rows } = await sql<{ calls: number; errors: number; faults: number }>`
    SELECT count(*) AS calls, count(*) FILTER (WHERE outcome <> 'ok') AS errors, count(*) FILTER (WHERE outcome IN ('internal', 'unavailable')) AS faults
    FROM audit WHERE account_id = ${accountId} AND at >= ${since} AND effect <> 'access'`.execute(db)
  return rows[0] ?? { calls: 0, errors: 0, faults: 0 }
}

export interface LoadRow {
  readonly id: number
  /** A name, or the id of a source that delivers by itself. */
  readonly source: string
  readonly label: string
  readonly state: 'running' | 'loaded' | 'done' | 'failed'
  readonly accepted: number
  readonly rejected: number
  readonly error: string | null
  readonly started_at: Date
  readonly finished_at: Date | null
}

export interface LastLoad extends LoadRow {
  /** As people call where it came from. */
  readonly name: string
}

/** What people call the source of a row of `loads`, which is joined with `sources` as `ofLoads` says. */
const nameOfLoads = sql`coalesce(sources.name, loads.source)`
const ofLoads = sql`sources.account_id = loads.account_id AND sources.id = loads.source`

/**
 * The newest load of each source, by the source's name. Goes from source to source by the index: streams have a load every few seconds.
 * Of several with one name it is the one that is there, or else the newest of those that were removed.
 */
export async function lastLoads(db: Db, accountId: string): Promise<LastLoad[]> {
  const next = (after: RawBuilder<unknown>) => sql`SELECT source FROM loads WHERE account_id = ${accountId} AND ${after} ORDER BY source LIMIT 1`
  const { rows } = await sql<LastLoad>`
    WITH RECURSIVE named (source) AS (
      (${next(sql`true`)}) UNION ALL SELECT (${next(sql`source > named.source`)}) FROM named WHERE source IS NOT NULL
    )
    SELECT DISTINCT ON (name) ${nameOfLoads} AS name, loads.id, loads.source, label, state, accepted, rejected, error, started_at, finished_at
    FROM named CROSS JOIN LATERAL (SELECT * FROM loads WHERE account_id = ${accountId} AND source = named.source ORDER BY id DESC LIMIT 1) AS loads
    LEFT JOIN sources ON ${ofLoads} ORDER BY name, sources.removed_at IS NOT NULL, loads.id DESC`.execute(db)
  return rows
}

export interface NewestLoads {
  readonly source: string
  /** Newest first. */
  readonly ids: readonly number[]
  /** How many of them failed. */
  readonly failed: number
}

/** Of each of these sources the newest loads, so many at most. */
export async function newestLoads(db: Db, accountId: string, sources: readonly string[], most: number): Promise<NewestLoads[]> {
  if (sources.length === 0) return []
  const { rows } = await sql<NewestLoads>`
    SELECT named.source, array_agg(newest.id ORDER BY newest.id DESC) AS ids, count(*) FILTER (WHERE newest.failed) AS failed
    FROM unnest(${[...sources]}::text[]) AS named (source)
    CROSS JOIN LATERAL (SELECT id, state = 'failed' OR (state = 'loaded' AND error IS NOT NULL) AS failed FROM loads WHERE account_id = ${accountId} AND source = named.source ORDER BY id DESC LIMIT ${most}) AS newest
    GROUP BY 1`.execute(db)
  return rows.map((row) => ({ ...row, ids: row.ids.map(Number) }))
}

/** Loads that no refresh has counted, oldest first. */
export async function uncountedLoads(db: Db, accountId: string): Promise<LoadRow[]> {
  const { rows } = await sql<LoadRow>`
    SELECT id, source, label, state, accepted, rejected, error, started_at, finished_at
    FROM loads WHERE account_id = ${accountId} AND state IN ('running', 'loaded') ORDER BY id`.execute(db)
  return rows
}

export interface SourceDay {
  readonly source: string
  /** A day of the account's zone. */
  readonly day: string
  readonly loads: number
  readonly failed: number
  readonly accepted: number
  readonly rejected: number
  readonly ids: readonly number[]
}

/** Loads begun since then, by source and day, but for the sources `without`; `ids` are the newest, 100 at most. */
export async function loadsByDay(db: Db, accountId: string, zone: string, since: Date, without: readonly string[]): Promise<SourceDay[]> {
  const { rows } = await sql<SourceDay>`
    SELECT source, to_char(started_at AT TIME ZONE ${zone}, 'YYYY-MM-DD') AS day, count(*) AS loads, count(*) FILTER (WHERE state = 'failed') AS failed,
      sum(accepted)::bigint AS accepted, sum(rejected)::bigint AS rejected, (array_agg(id ORDER BY id DESC))[1:100] AS ids
    FROM loads WHERE account_id = ${accountId} AND started_at >= ${since} AND source <> ALL(${[...without]}::text[]) GROUP BY 1, 2 ORDER BY 1, 2`.execute(db)
  return rows.map((row) => ({ ...row, ids: row.ids.map(Number) }))
}

export interface Failures {
  /** The name of a source of loads, or a type of jobs. */
  readonly of: string
  /** Of a load the reason it was given, of a job an error code. */
  readonly error: string
  readonly count: number
  readonly first: Date
  readonly last: Date
}

/** Failed loads that began in the time and broke off before `until`, by source and reason; the most frequent first. */
export async function failedLoads(db: Db, accountId: string, { from, to, until }: { from: Date; to: Date; until: Date }, limit: number): Promise<Failures[]> {
  const { rows } = await sql<Failures>`
    SELECT ${nameOfLoads} AS of, coalesce(error, 'failed') AS error, count(*) AS count, min(started_at) AS first, max(started_at) AS last
    FROM loads LEFT JOIN sources ON ${ofLoads} WHERE loads.account_id = ${accountId} AND (state = 'failed' OR (state = 'loaded' AND error IS NOT NULL))
      AND started_at >= ${from} AND started_at < ${to} AND coalesce(finished_at, started_at) < ${until}
    GROUP BY 1, 2 ORDER BY count DESC, 1, 2 LIMIT ${limit}`.execute(db)
  return rows
}

/** Failed jobs of the account that ended in the time, by type and error code. */
export async function failedJobs(db: Db, accountId: string, from: Date, to: Date, limit: number): Promise<Failures[]> {
  const { rows } = await sql<Failures>`
    SELECT type AS of, coalesce(error->>'code', 'internal') AS error, count(*) AS count, min(finished_at) AS first, max(finished_at) AS last
    FROM jobs WHERE account_id = ${accountId} AND state = 'failed' AND finished_at >= ${from} AND finished_at < ${to}
    GROUP BY 1, 2 ORDER BY count DESC, 1, 2 LIMIT ${limit}`.execute(db)
  return rows
}

/** The id of the account's newest load; 0: it has none. */
export async function newestLoad(db: Db, accountId: string): Promise<number> {
  return (await sql<{ id: number | null }>`SELECT max(id) AS id FROM loads WHERE account_id = ${accountId}`.execute(db)).rows[0]?.id ?? 0
}

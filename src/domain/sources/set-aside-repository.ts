/** Items that could not be loaded, and how much each source brought. Opens no seal. */
import { sql } from 'kysely'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'

/** How long an item is kept that nobody sends in again: it names people. */
export const keptDays = 14
/** Items of a source kept at most; of more, only the count is. */
export const mostKept = 10_000

/** The kind of a whole request that broke loading: `sealed` is its frame. */
export const wholeRequest = 'request'

export interface NewSetAside {
  readonly kind: string
  readonly reason: string
  readonly receivedAt: Date
  readonly sealed: Uint8Array
}

/** Sets items aside, unless the source was removed: nobody would see them any more. The source is held until the transaction ends, so that one that is removed meanwhile takes them with it. */
export async function insertSetAside(db: DbOrTransaction, accountId: string, sourceId: string, items: readonly NewSetAside[], now: Date): Promise<void> {
  if (items.length === 0) return
  const expires = new Date(now.getTime() + keptDays * 86_400_000)
  await sql`INSERT INTO set_aside (account_id, source_id, kind, reason, received_at, expires_at, sealed)
    SELECT ${accountId}, ${sourceId}, kind, reason, at, ${expires}, sealed
    FROM unnest(${items.map(({ kind }) => kind)}::text[], ${items.map(({ reason }) => reason.slice(0, 500))}::text[], ${items.map(({ receivedAt }) => receivedAt.toISOString())}::timestamptz[],
      ${items.map(({ sealed }) => sealed)}::bytea[]) AS given (kind, reason, at, sealed),
      (SELECT id FROM sources WHERE account_id = ${accountId} AND id = ${sourceId} AND removed_at IS NULL FOR NO KEY UPDATE) AS there
    LIMIT greatest(0, ${mostKept} - (SELECT count(*) FROM set_aside WHERE account_id = ${accountId} AND source_id = ${sourceId})::integer)`.execute(db)
}

export interface Aside {
  readonly id: number
  readonly kind: string
  readonly reason: string
  readonly received_at: Date
  readonly expires_at: Date
  readonly sealed: Uint8Array
}

interface Which {
  readonly accountId: string
  readonly sourceId: string
  /** Only those of this reason. */
  readonly reason?: string | undefined
}

const ofWhich = ({ accountId, sourceId, reason }: Which) =>
  sql`account_id = ${accountId} AND source_id = ${sourceId} AND (${reason ?? null}::text IS NULL OR reason = ${reason ?? null})`

/** Oldest first. */
export async function takeAside(db: DbOrTransaction, which: Which, limit: number): Promise<Aside[]> {
  return (await sql<Aside>`SELECT id, kind, reason, received_at, expires_at, sealed FROM set_aside WHERE ${ofWhich(which)} ORDER BY id LIMIT ${limit}`.execute(db)).rows
}

export async function countAside(db: DbOrTransaction, which: Which): Promise<number> {
  return (await sql<{ n: number }>`SELECT count(*) AS n FROM set_aside WHERE ${ofWhich(which)}`.execute(db)).rows[0]?.n ?? 0
}

export async function deleteAside(db: DbOrTransaction, which: Which, ids?: readonly number[]): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM set_aside WHERE ${ofWhich(which)} AND (${ids ?? null}::bigint[] IS NULL OR id = ANY(${ids ?? null}::bigint[]))`.execute(db)
  return Number(numAffectedRows ?? 0)
}

export interface AsideReason {
  readonly source_id: string
  readonly kind: string
  readonly reason: string
  readonly items: number
  readonly first: Date
  readonly last: Date
}

/** What is set aside, by source, kind and reason; most first. */
export async function asideReasons(db: Db, accountId: string, sourceId: string | undefined, limit: number): Promise<AsideReason[]> {
  const { rows } = await sql<AsideReason>`
    SELECT source_id, kind, reason, count(*) AS items, min(received_at) AS first, max(received_at) AS last
    FROM set_aside WHERE account_id = ${accountId} AND (${sourceId ?? null}::text IS NULL OR source_id = ${sourceId ?? null})
    GROUP BY 1, 2, 3 ORDER BY items DESC, 1, 2, 3 LIMIT ${limit}`.execute(db)
  return rows
}

export async function deleteExpiredAside(db: Db, now: Date): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM set_aside WHERE expires_at <= ${now}`.execute(db)
  return Number(numAffectedRows ?? 0)
}

export interface Came {
  readonly requests: number
  readonly accepted: number
  readonly ignored: number
  readonly rejected: number
}

/** Adds to the hour of `now`. */
export async function addVolume(db: DbOrTransaction, accountId: string, sourceId: string, came: Came, now: Date): Promise<void> {
  await sql`INSERT INTO source_hours (account_id, source_id, hour, requests, accepted, ignored, rejected)
    VALUES (${accountId}, ${sourceId}, date_trunc('hour', ${now}::timestamptz), ${came.requests}, ${came.accepted}, ${came.ignored}, ${came.rejected})
    ON CONFLICT (account_id, source_id, hour) DO UPDATE SET requests = source_hours.requests + excluded.requests, accepted = source_hours.accepted + excluded.accepted,
      ignored = source_hours.ignored + excluded.ignored, rejected = source_hours.rejected + excluded.rejected`.execute(db)
}

export interface DayVolume extends Came {
  readonly source_id: string
  /** A day of the zone. */
  readonly day: string
}

/** By source and day of the zone, oldest first. An hour that two days share belongs to the day it begins in. */
export async function volumesByDay(db: Db, accountId: string, zone: string, since: Date): Promise<DayVolume[]> {
  const { rows } = await sql<DayVolume>`
    SELECT source_id, to_char(hour AT TIME ZONE ${zone}, 'YYYY-MM-DD') AS day, sum(requests)::bigint AS requests, sum(accepted)::bigint AS accepted, sum(ignored)::bigint AS ignored,
      sum(rejected)::bigint AS rejected
    FROM source_hours WHERE account_id = ${accountId} AND hour >= ${since} GROUP BY 1, 2 ORDER BY 1, 2`.execute(db)
  return rows
}

/** Hours older than a year are of no use to anybody. */
export async function deleteOldVolumes(db: Db, now: Date): Promise<void> {
  await sql`DELETE FROM source_hours WHERE hour < ${new Date(now.getTime() - 366 * 86_400_000)}`.execute(db)
}

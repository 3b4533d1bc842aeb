/** The durable inbox: requests that were acknowledged and are not loaded yet. Rows are sealed before they come here and opened by whoever takes them. */
import { sql } from 'kysely'
import { MercatError } from '../../core/errors.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'

export interface Delivered {
  readonly accountId: string
  readonly sourceId: string
  readonly receivedAt: Date
  /** Items the request holds. */
  readonly items: number
  /** Bytes of it as it was read. */
  readonly bytes: number
  readonly sealed: Uint8Array
}

/** Keeps them in one statement: when it resolves they outlive this process. Throws not_found, and keeps none, when the account of one is gone by now. */
export async function insertDelivered(db: DbOrTransaction, all: readonly Delivered[]): Promise<void> {
  if (all.length === 0) return
  const column = <Value>(of: (one: Delivered) => Value) => all.map(of)
  await sql`INSERT INTO inbox (account_id, source_id, received_at, items, bytes, sealed)
    SELECT * FROM unnest(${column(({ accountId }) => accountId)}::text[], ${column(({ sourceId }) => sourceId)}::text[], ${column(({ receivedAt }) => receivedAt.toISOString())}::timestamptz[],
      ${column(({ items }) => items)}::integer[], ${column(({ bytes }) => bytes)}::integer[], ${column(({ sealed }) => sealed)}::bytea[])`
    .execute(db)
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === noSuchSource) throw new MercatError('not_found', 'The source is gone with its account', {}, { cause: error })
      throw error
    })
}

/** PostgreSQL: no row that a foreign key points to. */
const noSuchSource = '23503'

export interface Waiting {
  readonly id: number
  readonly source_id: string
  readonly received_at: Date
  readonly items: number
  readonly bytes: number
  readonly sealed: Uint8Array
}

/**
 * The oldest of the account, as many as the bounds allow and at least one. Only the account's loading job takes any: nothing is locked.
 * @param after the id of one: those behind it only
 */
export async function oldestOf(db: Db, accountId: string, most: { readonly requests: number; readonly bytes: number; readonly items: number }, after = 0): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    SELECT inbox.* FROM inbox JOIN (
      SELECT id, sum(bytes) OVER w AS bytes, sum(items) OVER w AS items, row_number() OVER w AS place
      FROM (SELECT id, bytes, items FROM inbox WHERE account_id = ${accountId} AND id > ${after} ORDER BY id LIMIT ${most.requests}) AS first
      WINDOW w AS (ORDER BY id)
    ) AS sized USING (id)
    WHERE place = 1 OR (sized.bytes <= ${most.bytes} AND sized.items <= ${most.items}) ORDER BY id`.execute(db)
  return rows
}

/** @returns how many were still there: of the others another process has written down already what became of them */
export async function deleteDelivered(db: DbOrTransaction, accountId: string, ids: readonly number[]): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM inbox WHERE account_id = ${accountId} AND id = ANY(${ids}::bigint[])`.execute(db)
  return Number(numAffectedRows ?? 0)
}

/** Accounts with anything in the inbox. */
export async function accountsWaiting(db: Db): Promise<string[]> {
  return (await db.selectFrom('inbox').select('account_id').distinct().execute()).map(({ account_id }) => account_id)
}

export interface Backlog {
  readonly source_id: string
  readonly requests: number
  readonly items: number
  /** As they were read. */
  readonly bytes: number
  readonly oldest: Date
}

/** What waits, by source. */
export async function backlogOf(db: Db, accountId: string): Promise<Backlog[]> {
  const { rows } = await sql<Backlog>`
    SELECT source_id, count(*) AS requests, sum(items)::bigint AS items, sum(bytes)::bigint AS bytes, min(received_at) AS oldest
    FROM inbox WHERE account_id = ${accountId} GROUP BY source_id`.execute(db)
  return rows
}

/** Bytes that wait, as they were read, by account: what back-pressure goes by. */
export async function bytesWaiting(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ account_id: string; bytes: number }>`SELECT account_id, sum(bytes)::bigint AS bytes FROM inbox GROUP BY account_id`.execute(db)
  return new Map(rows.map(({ account_id, bytes }) => [account_id, Number(bytes)]))
}

/** What a step reads: rows as they are now, locked, and what the clock finds (drafts past their time, approved campaigns whose time has come). It decides nothing. */
import { sql } from 'kysely'
import type { Db, OperationalTransaction } from '../../storage/operational/schema.ts'
import { ownOrigins } from './drafts-repository.ts'

/** Drafts that wait longer than they may, of all accounts. */
export async function expiredDrafts(db: Db, now: Date, limit: number) {
  return await db
    .selectFrom('drafts as d')
    .innerJoin('entities as e', (join) => join.onRef('e.account_id', '=', 'd.account_id').onRef('e.id', '=', 'd.entity_id'))
    .where('d.decision', 'is', null)
    .where('d.expires_at', '<=', now)
    .where('e.status', '=', 'draft')
    .where('e.origin', 'in', ownOrigins)
    .select(['d.account_id as accountId', 'e.id'])
    .orderBy('d.expires_at')
    .limit(limit)
    .execute()
}

/** Of a definition what tells its time: the rest may be a whole mail. */
const schedule = sql<Record<string, unknown>>`jsonb_strip_nulls(jsonb_build_object('schedule', definition->'schedule'))`.as('definition')

/** All that waits for its time, of all accounts. Times in definitions are text that people wrote: only code reads them. */
export async function scheduledRows(db: Db) {
  return await db
    .selectFrom('entities')
    .where('status', '=', 'scheduled')
    .where('origin', 'in', ownOrigins)
    .select(['account_id as accountId', 'id', 'type', 'starts_at', schedule])
    .execute()
}

/** The row as it is now, locked until the transaction ends. */
export async function lockEntity(transaction: OperationalTransaction, accountId: string, id: string) {
  return await transaction
    .selectFrom('entities')
    .select(['id', 'type', 'key', 'name', 'status', 'channel', 'starts_at', 'ends_at', 'definition', 'origin'])
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** The account as the platform knows it. */
export async function accountOf(transaction: OperationalTransaction, accountId: string): Promise<{ systemName: string; name: string }> {
  return await transaction.selectFrom('accounts').select(['system_name as systemName', 'name']).where('id', '=', accountId).executeTakeFirstOrThrow()
}

/** What a step reads: rows as they are now, locked, and what the clock finds (drafts past their time, approved campaigns whose time has come). It decides nothing. */
import { sql, type SqlBool } from 'kysely'
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
    .select(['d.account_id as accountId', 'e.id'])
    .orderBy('d.expires_at')
    .limit(limit)
    .execute()
}

/** Scheduled rows of ours whose start has come, of all accounts. */
export async function dueStarts(db: Db, now: Date, limit: number) {
  return await db
    .selectFrom('entities')
    .where('status', '=', 'scheduled')
    .where('origin', 'in', ownOrigins)
    .where(sql<SqlBool>`coalesce((definition#>>'{schedule,sendAt}')::timestamptz, starts_at) <= ${now}`)
    .select(['account_id as accountId', 'id'])
    .orderBy('starts_at')
    .limit(limit)
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

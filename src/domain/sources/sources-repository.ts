/** Rows of `sources`: an account's sources and the keys by which they are known. Opens no seal. */
import { type Selectable, sql } from 'kysely'
import type { Db, DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'
import type { SourcesTable } from '../../storage/operational/source-tables.ts'
import type { CampaignRule } from './type.ts'

export type SourceRow = Selectable<SourcesTable>

/** The source whose key has this hash, now or until its overlap ends; with the account, unless that is leaving. Sources that are off are found too. */
export async function findByKey(db: Db, keyHash: string, now: Date): Promise<SourceRow | undefined> {
  return await db
    .selectFrom('sources')
    .innerJoin('accounts', 'accounts.id', 'sources.account_id')
    .selectAll('sources')
    .where('sources.removed_at', 'is', null)
    .where('accounts.leaving_at', 'is', null)
    .where((where) => where.or([where('key_hash', '=', keyHash), where.and([where('previous_key_hash', '=', keyHash), where('previous_until', '>', now)])]))
    .executeTakeFirst()
}

/** By name; those that were removed are left out. */
export async function listSources(db: DbOrTransaction, accountId: string): Promise<SourceRow[]> {
  return await db.selectFrom('sources').selectAll().where('account_id', '=', accountId).where('removed_at', 'is', null).orderBy(sql`lower(name)`).execute()
}

/** All sources of the ids, removed ones included: what they delivered is still to be loaded. */
export async function sourcesOf(db: DbOrTransaction, accountId: string, ids: readonly string[]): Promise<SourceRow[]> {
  if (ids.length === 0) return []
  return await db
    .selectFrom('sources')
    .selectAll()
    .where('account_id', '=', accountId)
    .where('id', 'in', [...ids])
    .execute()
}

export async function findSource(db: DbOrTransaction, accountId: string, id: string): Promise<SourceRow | undefined> {
  return await db.selectFrom('sources').selectAll().where('account_id', '=', accountId).where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst()
}

/** The account's sources, held until the transaction ends: of two additions at once the second sees the first. Deliveries and loads, which only point to the account, do not wait. */
export async function lockSources(transaction: OperationalTransaction, accountId: string): Promise<SourceRow[]> {
  await transaction.selectFrom('accounts').select('id').where('id', '=', accountId).forNoKeyUpdate().execute()
  return await listSources(transaction, accountId)
}

export interface NewSource {
  readonly accountId: string
  readonly id: string
  readonly type: string
  readonly name: string
  readonly keyHash: string
  readonly settings: string
  readonly createdBy: string | null
  readonly now: Date
}

export async function insertSource(transaction: OperationalTransaction, source: NewSource): Promise<void> {
  const { accountId, id, type, name, keyHash, settings, createdBy, now } = source
  await transaction.insertInto('sources').values({ account_id: accountId, id, type, name, key_hash: keyHash, settings, created_by: createdBy, created_at: now }).execute()
}

type Changes = Partial<{
  name: string
  settings: string
  campaign_rules: string | null
  former_rules: string
  enabled: boolean
  removed_at: Date
  key_hash: string
  previous_key_hash: string | null
  previous_until: Date | null
  last_received_at: Date
  last_refused_at: Date
  last_refusal: string
  cursor: string
  pulled_at: Date
}>

export async function updateSource(db: DbOrTransaction, accountId: string, id: string, changes: Changes): Promise<void> {
  await db.updateTable('sources').set(changes).where('account_id', '=', accountId).where('id', '=', id).execute()
}

/** Writes down where a pull goes on. @returns false, with nothing changed, where the source is off, removed or set otherwise since the row was read: what is pulled is not its any more */
export async function movePull(transaction: OperationalTransaction, row: SourceRow, cursor: string): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('sources')
    .set({ cursor })
    .where('account_id', '=', row.account_id)
    .where('id', '=', row.id)
    .where('enabled', '=', true)
    .where('removed_at', 'is', null)
    .where('settings', '=', row.settings)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Rules of the row, or undefined: those of its type hold. */
export const rulesOf = (row: Pick<SourceRow, 'campaign_rules'>): readonly CampaignRule[] | undefined => (row.campaign_rules as readonly CampaignRule[] | null) ?? undefined

/** Sources of pulls that are on, of accounts that stay: what the clock goes through. */
export async function sourcesOfTypes(db: Db, types: readonly string[]): Promise<{ account_id: string; id: string }[]> {
  return await db
    .selectFrom('sources')
    .innerJoin('accounts', 'accounts.id', 'sources.account_id')
    .select(['sources.account_id', 'sources.id'])
    .where('type', 'in', [...types])
    .where('enabled', '=', true)
    .where('removed_at', 'is', null)
    .where('accounts.leaving_at', 'is', null)
    .execute()
}

/** Every source there is or was, of accounts that stay: whose records are cleaned up. */
export async function everySource(db: Db): Promise<{ account_id: string; id: string }[]> {
  const accounts = db.selectFrom('accounts').select('id').where('leaving_at', 'is', null)
  return await db.selectFrom('sources').select(['account_id', 'id']).where('account_id', 'in', accounts).execute()
}

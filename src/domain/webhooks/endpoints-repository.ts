/** The table of endpoints. Secrets pass through it sealed; who may change what is the service's business. */
import { sql } from 'kysely'
import type { DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'

export interface EndpointRow {
  readonly id: string
  readonly url: string
  readonly enabled: boolean
  readonly disabledReason: 'person' | 'gone' | null
  readonly disabledAt: string | null
  readonly createdAt: string
  /** null: a person who was deleted since. */
  readonly createdBy: string | null
  /** Until when the secret from before signs too. */
  readonly previousUntil: string | null
}

function rows(db: DbOrTransaction, accountId: string) {
  return db
    .selectFrom('webhook_endpoints as e')
    .leftJoin('users as u', 'u.id', 'e.created_by')
    .select(['e.id', 'e.url', 'e.enabled', 'e.disabled_reason', 'e.disabled_at', 'e.created_at', 'e.previous_until', 'u.name'])
    .where('e.account_id', '=', accountId)
}

function toEndpoint(row: Awaited<ReturnType<ReturnType<typeof rows>['executeTakeFirstOrThrow']>>): EndpointRow {
  return {
    id: row.id,
    url: row.url,
    enabled: row.enabled,
    disabledReason: row.disabled_reason,
    disabledAt: row.disabled_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.name,
    previousUntil: row.previous_until?.toISOString() ?? null,
  }
}

/** Oldest first. */
export async function listEndpoints(db: DbOrTransaction, accountId: string): Promise<EndpointRow[]> {
  return (await rows(db, accountId).orderBy('e.created_at').orderBy('e.id').execute()).map(toEndpoint)
}

export async function findEndpoint(db: DbOrTransaction, accountId: string, id: string): Promise<EndpointRow | undefined> {
  const row = await rows(db, accountId).where('e.id', '=', id).executeTakeFirst()
  return row && toEndpoint(row)
}

/** Two people who add at the same moment are one after the other. */
export async function lockEndpoints(transaction: OperationalTransaction, accountId: string): Promise<EndpointRow[]> {
  await transaction.selectFrom('accounts').select('id').where('id', '=', accountId).forNoKeyUpdate().execute()
  return await listEndpoints(transaction, accountId)
}

export interface NewEndpoint {
  readonly accountId: string
  readonly id: string
  readonly url: string
  /** Sealed. */
  readonly secret: string
  readonly createdBy: string | null
  readonly now: Date
}

export async function insertEndpoint(transaction: OperationalTransaction, { accountId, id, url, secret, createdBy, now }: NewEndpoint): Promise<void> {
  await transaction.insertInto('webhook_endpoints').values({ account_id: accountId, id, url, secret, created_by: createdBy, created_at: now }).execute()
}

/** Gives it another sealed secret; the one it had signs too until then. @returns false: there is none */
export async function changeSecret(transaction: OperationalTransaction, accountId: string, id: string, secret: string, previousUntil: Date): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('webhook_endpoints')
    .set(({ ref }) => ({ previous_secret: ref('secret'), previous_until: previousUntil, secret }))
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Turns it on. @returns false: it was on already, or is gone */
export async function turnOn(transaction: OperationalTransaction, accountId: string, id: string): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('webhook_endpoints')
    .set({ enabled: true, disabled_at: null, disabled_reason: null })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('enabled', '=', false)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Turns it off, and gives up what waits for it: nothing may go out by surprise weeks later. @returns false: it was off already, or is gone */
export async function turnOff(transaction: OperationalTransaction, accountId: string, id: string, reason: 'person' | 'gone', now: Date): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('webhook_endpoints')
    .set({ enabled: false, disabled_at: now, disabled_reason: reason })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('enabled', '=', true)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await sql`
    UPDATE webhook_deliveries SET state = 'failed', last_error = 'off', ended_at = ${now}
    WHERE account_id = ${accountId} AND endpoint_id = ${id} AND state = 'pending'`.execute(transaction)
  return true
}

/** Deletes it with its deliveries. @returns its address; undefined: there is none */
export async function deleteEndpoint(transaction: OperationalTransaction, accountId: string, id: string): Promise<string | undefined> {
  const row = await transaction.deleteFrom('webhook_endpoints').where('account_id', '=', accountId).where('id', '=', id).returning('url').executeTakeFirst()
  return row?.url
}

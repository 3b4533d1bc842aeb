/** The statements that change entities, and what forgets old idempotency keys. Callers have found the rows as the principal's own. */
import { sql, type SqlBool } from 'kysely'
import type { Principal } from '../../core/access.ts'
import type { Db, DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, type Transition, visibleEntities } from '../entities/index.ts'
import { lockDraft } from './proposals-repository.ts'

/** Nobody else makes something under a name of this account until the transaction ends: of two that make the same, the second sees the first. */
export async function lockAccount(transaction: OperationalTransaction, accountId: string): Promise<void> {
  await transaction.selectFrom('accounts').select('id').where('id', '=', accountId).forNoKeyUpdate().executeTakeFirstOrThrow()
}

/** The row's definition and status as they are now; nobody else changes them until the transaction ends. */
export async function lockDefinition(transaction: OperationalTransaction, accountId: string, id: string): Promise<{ status: string; definition: Record<string, unknown> }> {
  // The record of a draft first, as whoever edits or decides on one does: two that lock in another order would wait for each other.
  await lockDraft(transaction, accountId, id)
  return await transaction.selectFrom('entities').select(['status', 'definition']).where('account_id', '=', accountId).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
}

export async function writeDefinition(transaction: OperationalTransaction, accountId: string, id: string, definition: object, now: Date): Promise<void> {
  await transaction
    .updateTable('entities')
    .set({ definition: JSON.stringify(definition), updated_at: now })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
  // Another version: nobody approves what they did not see.
  await transaction
    .updateTable('drafts')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('account_id', '=', accountId)
    .where('entity_id', '=', id)
    .execute()
}

/** Takes a step of the table of transitions. @returns false: the row has another status by now */
export async function changeStatus(transaction: OperationalTransaction, accountId: string, id: string, { from, to }: Transition, now: Date): Promise<boolean> {
  const changed = await transaction
    .updateTable('entities')
    .set({ status: to, updated_at: now })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('status', '=', from)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}

/** Drafts of a type with these keys that came from one of these origins. */
export async function draftsByKey(db: DbOrTransaction, accountId: string, type: EntityType, keys: readonly string[], origins: readonly string[]) {
  if (keys.length === 0) return []
  return await db
    .selectFrom('entities')
    .select(['id', 'type', 'name', 'definition'])
    .where('account_id', '=', accountId)
    .where('type', '=', type)
    .where('key', 'in', [...keys])
    .where('status', '=', 'draft')
    .where('origin', 'in', [...origins])
    .execute()
}

/** Deletes keys that were used before the instant: a retry that late makes it anew. @returns how many */
export async function deleteWriteKeys(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('write_keys').where('created_at', '<', before).executeTakeFirst()
  return Number(numDeletedRows)
}

/** One of the type that the principal sees, has the name in whatever case, and is not archived. @param except the id of the one that is being named */
export async function nameTaken(db: DbOrTransaction, principal: Principal, type: EntityType, name: string, except = ''): Promise<{ id: string; name: string } | undefined> {
  return await visibleEntities(db, principal, type)
    .where('status', '!=', 'archived')
    .where(sql<SqlBool>`lower(name) = lower(${name})`)
    .where('id', '!=', except)
    .select(['id', 'name'])
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

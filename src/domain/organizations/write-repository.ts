/** The statements that add links to entities, and what forgets old idempotency keys. Callers have found the rows as the principal's own. */
import type { Db, OperationalTransaction } from '../../storage/operational/schema.ts'

/** The row's definition and status as they are now; nobody else changes them until the transaction ends. */
export async function lockDefinition(transaction: OperationalTransaction, accountId: string, id: string): Promise<{ status: string; definition: Record<string, unknown> }> {
  return await transaction.selectFrom('entities').select(['status', 'definition']).where('account_id', '=', accountId).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()
}

export async function writeDefinition(transaction: OperationalTransaction, accountId: string, id: string, definition: object, now: Date): Promise<void> {
  await transaction
    .updateTable('entities')
    .set({ definition: JSON.stringify(definition), updated_at: now })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
}

/** Deletes keys that were used before the instant: a retry that late makes it anew. @returns how many */
export async function deleteWriteKeys(db: Db, before: Date): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('write_keys').where('created_at', '<', before).executeTakeFirst()
  return Number(numDeletedRows)
}

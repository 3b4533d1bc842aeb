/** Which accounts the grants of apps are for: taken away when a member leaves, an app is disconnected or an account goes. What else is in a grant is identity's. */
import { sql, type Transaction } from 'kysely'
import type { DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'

/**
 * Takes an account out of grants: one that is left without any account ends with all its tokens, the others go on for their other accounts. Somebody who comes
 * back is asked for consent again. @param which of whom, or which one; none: every grant for the account
 * @returns the ids of the grants, for other processes to forget
 */
export async function leaveGrants(transaction: Transaction<OperationalSchema>, accountId: string, which: { userId?: string; grantId?: string } = {}): Promise<string[]> {
  const { userId = null, grantId = null } = which
  const { rows } = await sql<{ grant_id: string; alone: boolean }>`
    SELECT grant_id, jsonb_array_length((payload->'accounts') - ${accountId}::text) = 0 AS alone FROM oauth_records
    WHERE model = 'Grant' AND payload->'accounts' ? ${accountId}
      AND (${userId}::text IS NULL OR user_id = ${userId}::text) AND (${grantId}::text IS NULL OR grant_id = ${grantId}::text)
    FOR UPDATE`.execute(transaction)
  const ids = (alone: boolean) => rows.filter((row) => row.alone === alone).map(({ grant_id }) => grant_id)
  const [ended, kept] = [ids(true), ids(false)]
  if (ended.length > 0) await transaction.deleteFrom('oauth_records').where('grant_id', 'in', ended).execute()
  if (kept.length > 0) {
    await transaction
      .updateTable('oauth_records')
      .set({ payload: sql`jsonb_set(payload, '{accounts}', (payload->'accounts') - ${accountId}::text)` })
      .where('model', '=', 'Grant')
      .where('grant_id', 'in', kept)
      .execute()
  }
  return rows.map(({ grant_id }) => grant_id)
}

/** Whether the person's consent to the app still holds for the account. */
export async function hasGrant(db: DbOrTransaction, { userId, clientId, accountId }: { userId: string; clientId: string; accountId: string }, now: Date): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM oauth_records WHERE model = 'Grant' AND user_id = ${userId} AND client_id = ${clientId} AND payload->'accounts' ? ${accountId} AND expires_at > ${now} LIMIT 1`.execute(
    db,
  )
  return rows.length > 0
}

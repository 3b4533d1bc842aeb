/** Who is who at the external OpenID provider: the subject names a person, never the address. */
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import type { ExternalIdentity } from './words.ts'

export async function listExternalIdentities(db: DbOrTransaction, userId: string): Promise<ExternalIdentity[]> {
  return await db
    .selectFrom('external_identities')
    .select(['issuer', 'created_at as since', 'last_used_at as lastUsedAt'])
    .where('user_id', '=', userId)
    .orderBy('created_at')
    .execute()
}

/** The person's id. */
export async function findExternalIdentity(db: DbOrTransaction, issuer: string, subject: string): Promise<string | undefined> {
  return (await db.selectFrom('external_identities').select('user_id').where('issuer', '=', issuer).where('subject', '=', subject).executeTakeFirst())?.user_id
}

/** Links the subject to a person, or notes that they came again. A subject that is linked stays with its person. */
export async function noteExternalIdentity(db: DbOrTransaction, identity: { issuer: string; subject: string; userId: string; now: Date }): Promise<void> {
  const { issuer, subject, userId, now } = identity
  await db
    .insertInto('external_identities')
    .values({ issuer, subject, user_id: userId, created_at: now, last_used_at: now })
    .onConflict((conflict) => conflict.columns(['issuer', 'subject']).doUpdateSet({ last_used_at: now }))
    .execute()
}

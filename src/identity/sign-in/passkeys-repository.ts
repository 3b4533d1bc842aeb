/** The passkeys of people, as the operational store keeps them: public keys and counters, nothing that signs in by itself. */
import { MercatError } from '../../core/errors.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { PasskeyView } from './words.ts'

export interface Credential extends PasskeyView {
  readonly userId: string
  readonly publicKey: Uint8Array<ArrayBuffer>
  readonly counter: number
  readonly transports: readonly string[]
}

const columns = [
  'id',
  'user_id as userId',
  'name',
  'public_key as publicKey',
  'counter',
  'transports',
  'backed_up as backedUp',
  'created_at as createdAt',
  'last_used_at as lastUsedAt',
] as const

/** Oldest first. */
export async function listPasskeys(db: Db, userId: string): Promise<Credential[]> {
  const rows = await db.selectFrom('passkeys').select(columns).where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute()
  return rows.map((row) => ({ ...row, publicKey: new Uint8Array(row.publicKey) }))
}

export async function findPasskey(db: Db, id: string): Promise<Credential | undefined> {
  const row = await db.selectFrom('passkeys').select(columns).where('id', '=', id).executeTakeFirst()
  return row && { ...row, publicKey: new Uint8Array(row.publicKey) }
}

/** Throws conflict for a credential that somebody has already, and for one too many. */
export async function insertPasskey(db: Db, passkey: Omit<Credential, 'lastUsedAt'>, most: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // The person's row is held, so that two additions at once are counted one after the other.
    await transaction.selectFrom('users').select('id').where('id', '=', passkey.userId).forNoKeyUpdate().executeTakeFirstOrThrow()
    const { count } = await transaction
      .selectFrom('passkeys')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('user_id', '=', passkey.userId)
      .executeTakeFirstOrThrow()
    if (Number(count) >= most) throw tooMany(most)
    const row = await transaction
      .insertInto('passkeys')
      .values({
        id: passkey.id,
        user_id: passkey.userId,
        name: passkey.name,
        public_key: passkey.publicKey,
        counter: passkey.counter,
        transports: [...passkey.transports],
        backed_up: passkey.backedUp,
        created_at: passkey.createdAt,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!row) throw new MercatError('conflict', 'This passkey is registered already')
  })
}

export function tooMany(most: number): MercatError {
  return new MercatError('conflict', `You have ${most} passkeys, which is the most`, { hint: 'Remove one that you do not use.' })
}

/**
 * Notes a use, by one statement: of two answers with the same count, as a copied authenticator would give them, one is refused.
 * @returns whether it counts (WebAuthn 7.2 step 22; authenticators that do not count say 0 always)
 */
export async function notePasskeyUse(db: Db, id: string, counter: number, backedUp: boolean, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('passkeys')
    .set({ counter, backed_up: backedUp, last_used_at: now })
    .where('id', '=', id)
    .where('counter', counter === 0 ? '=' : '<', counter)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Throws not_found for a passkey of somebody else as for one that nobody has. */
export async function renamePasskey(db: Db, userId: string, id: string, name: string): Promise<void> {
  const row = await db.updateTable('passkeys').set({ name }).where('id', '=', id).where('user_id', '=', userId).returning('id').executeTakeFirst()
  if (!row) throw unknown()
}

/** Throws not_found for a passkey of somebody else as for one that nobody has. */
export async function deletePasskey(db: Db, userId: string, id: string): Promise<void> {
  const row = await db.deleteFrom('passkeys').where('id', '=', id).where('user_id', '=', userId).returning('id').executeTakeFirst()
  if (!row) throw unknown()
}

const unknown = () => new MercatError('not_found', 'You have no such passkey', { hint: 'Reload the page: it may have been removed already.' })

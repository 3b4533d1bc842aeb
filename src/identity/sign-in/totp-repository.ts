/** Authenticator apps and recovery codes as they are stored: seeds sealed by the caller, codes hashed by the caller, each good once by one statement. */
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'

export interface TotpRow {
  /** Sealed. */
  readonly secret: string
  /** null: begun, not proved; asks for nothing at sign-in. */
  readonly confirmedAt: Date | null
}

export async function findTotp(db: Db, userId: string): Promise<TotpRow | undefined> {
  return await db.selectFrom('totp').select(['secret', 'confirmed_at as confirmedAt']).where('user_id', '=', userId).executeTakeFirst()
}

/** Begins anew with another seed. A confirmed one is not replaced. @returns whether it was begun */
export async function beginTotp(db: Db, userId: string, secret: string): Promise<boolean> {
  const row = await db
    .insertInto('totp')
    .values({ user_id: userId, secret })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ secret, last_step: -1 }).where('totp.confirmed_at', 'is', null))
    .returning('user_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Confirms the seed that was begun, and keeps the first recovery codes. @returns whether this call did */
export async function confirmTotp(db: Db, userId: string, secret: string, step: number, codeHashes: readonly string[], now: Date): Promise<boolean> {
  return await db.transaction().execute(async (transaction) => {
    const row = await transaction
      .updateTable('totp')
      .set({ confirmed_at: now, last_step: step })
      .where('user_id', '=', userId)
      // The seed that the code was checked against: another tab may have begun anew.
      .where('secret', '=', secret)
      .where('confirmed_at', 'is', null)
      .returning('user_id')
      .executeTakeFirst()
    if (!row) return false
    await keepCodes(transaction, userId, codeHashes)
    return true
  })
}

/** Spends a time step: of several tries with one code at once, one wins (RFC 6238, 5.2). */
export async function spendStep(db: Db, userId: string, step: number): Promise<boolean> {
  const row = await db
    .updateTable('totp')
    .set({ last_step: step })
    .where('user_id', '=', userId)
    .where('confirmed_at', 'is not', null)
    .where('last_step', '<', step)
    .returning('user_id')
    .executeTakeFirst()
  return row !== undefined
}

/** Spends a recovery code: of several tries at once, one wins. */
export async function spendRecoveryCode(db: Db, userId: string, hash: string, now: Date): Promise<boolean> {
  const row = await db
    .updateTable('recovery_codes')
    .set({ used_at: now })
    .where('user_id', '=', userId)
    .where('code_hash', '=', hash)
    .where('used_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst()
  return row !== undefined
}

export async function countRecoveryCodes(db: Db, userId: string): Promise<number> {
  const { left } = await db
    .selectFrom('recovery_codes')
    .select(({ fn }) => fn.countAll<number>().as('left'))
    .where('user_id', '=', userId)
    .where('used_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(left)
}

/** New codes in place of the old ones, used or not. */
export async function replaceRecoveryCodes(db: Db, userId: string, codeHashes: readonly string[]): Promise<void> {
  await db.transaction().execute((transaction) => keepCodes(transaction, userId, codeHashes))
}

async function keepCodes(transaction: DbOrTransaction, userId: string, codeHashes: readonly string[]): Promise<void> {
  await transaction.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
  await transaction
    .insertInto('recovery_codes')
    .values(codeHashes.map((hash) => ({ user_id: userId, code_hash: hash })))
    .execute()
}

export async function deleteTotp(db: Db, userId: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('recovery_codes').where('user_id', '=', userId).execute()
    await transaction.deleteFrom('totp').where('user_id', '=', userId).execute()
  })
}

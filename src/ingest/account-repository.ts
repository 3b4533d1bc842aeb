/** What loading needs to know of an account: its key for hashing ids, read at the door only and never shown, and which loads are under way. */
import { MercatError } from '../core/errors.ts'
import type { Db } from '../storage/operational/schema.ts'

/** 16 bytes. Throws `not_found`. */
export async function accountKey(db: Db, accountId: string): Promise<Uint8Array> {
  const row = await db.selectFrom('accounts').select('customer_key').where('id', '=', accountId).executeTakeFirst()
  if (!row) throw new MercatError('not_found', 'No such account')
  return row.customer_key
}

/** Ids of loads that run, or were cut off and have not been counted yet. */
export async function runningLoads(db: Db, accountId: string): Promise<number[]> {
  const rows = await db.selectFrom('loads').select('id').where('account_id', '=', accountId).where('state', '=', 'running').execute()
  return rows.map(({ id }) => id)
}

/** The account's key for hashing ids: read at the door only, never shown. */
import { MercatError } from '../core/errors.ts'
import type { Db } from '../storage/operational/schema.ts'

/** 16 bytes. Throws `not_found`. */
export async function accountKey(db: Db, accountId: string): Promise<Uint8Array> {
  const row = await db.selectFrom('accounts').select('customer_key').where('id', '=', accountId).executeTakeFirst()
  if (!row) throw new MercatError('not_found', 'No such account')
  return row.customer_key
}

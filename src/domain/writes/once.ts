/** Writes that are made once: all in one transaction, and with an idempotency key the same answer for the same request, however often it comes. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { sha256 } from '../../core/hash.ts'
import { canonicalJson } from '../../core/json.ts'
import type { Db, DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'
import type { Clock } from '../../core/clock.ts'

/** What every write takes besides its own arguments. */
export const writeArguments = {
  validateOnly: z.boolean().default(false).describe('Only say what would be made'),
  idempotencyKey: z
    .string()
    .refine((value) => value.length >= 8 && value.length <= 200, 'Send 8 to 200 characters, the same for a retry')
    .optional()
    .describe('The same for a retry of the same call: it is made once'),
}

export interface WriteCall {
  readonly tool: string
  readonly idempotencyKey: string | undefined
  /** Everything that decides what is made. */
  readonly arguments: unknown
}

/**
 * Makes it, or finds what the same call made before. Whatever `make` throws, nothing is stored.
 * Throws `conflict` where the key was used for another request.
 */
export async function once<Result extends object>(
  { db, clock }: { db: Db; clock: Clock },
  principal: Principal,
  call: WriteCall,
  make: (transaction: OperationalTransaction) => Promise<Result>,
): Promise<{ result: Result; repeated: boolean }> {
  const { tool, idempotencyKey: key } = call
  return await db.transaction().execute(async (transaction) => {
    if (key === undefined) return { result: await make(transaction), repeated: false }
    const own = { account_id: principal.account.id, user_id: principal.userId, tool, key }
    const asked = sha256(canonicalJson(call.arguments))
    // Of two at once the second waits here for the first: it finds its answer, or makes it when the first has failed.
    const claimed = await transaction
      .insertInto('write_keys')
      .values({ ...own, arguments: asked, result: '{}', created_at: clock() })
      .onConflict((conflict) => conflict.columns(['account_id', 'user_id', 'tool', 'key']).doNothing())
      .returning('key')
      .executeTakeFirst()
    if (!claimed) {
      const before = await madeBefore<Result>(transaction, principal, call)
      if (before === undefined) throw new Error('A key that somebody claimed is gone')
      return { result: before, repeated: true }
    }
    const result = await make(transaction)
    await transaction
      .updateTable('write_keys')
      .set({ result: JSON.stringify(result) })
      .where('account_id', '=', own.account_id)
      .where('user_id', '=', own.user_id)
      .where('tool', '=', tool)
      .where('key', '=', key)
      .execute()
    return { result, repeated: false }
  })
}

/** What an earlier call with this key made; undefined when there was none, or no key. Throws `conflict` where the key was used for another request. */
export async function madeBefore<Result extends object>(
  db: DbOrTransaction,
  principal: Principal,
  { tool, idempotencyKey: key, arguments: given }: WriteCall,
): Promise<Result | undefined> {
  if (key === undefined) return undefined
  const stored = await db
    .selectFrom('write_keys')
    .select(['arguments', 'result'])
    .where('account_id', '=', principal.account.id)
    .where('user_id', '=', principal.userId)
    .where('tool', '=', tool)
    .where('key', '=', key)
    .executeTakeFirst()
  if (stored && stored.arguments !== sha256(canonicalJson(given))) {
    throw new MercatError('conflict', 'This idempotencyKey was used for another request', {
      argument: 'idempotencyKey',
      hint: 'Send a new key for a new request; a retry must repeat its arguments exactly.',
    })
  }
  return stored?.result as Result | undefined
}

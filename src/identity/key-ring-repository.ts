/** Where the ring of keys is kept, sealed under the installation secret, and what in the store still needs which key. Derives nothing and decides nothing. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Db, DbOrTransaction } from '../storage/operational/schema.ts'
import { decrypt, deriveRingKey, encrypt, firstKeyId } from './secrets.ts'

const place = 'key_ring'
/** The row of the signing key (oauth/installation-repository.ts). */
export const signingKeysPlace = 'oauth_signing_keys'
/** Notified when the ring has changed; the payload says nothing. */
export const ringChannel = 'mercat_keys'

const ringSchema = z.array(
  z.strictObject({
    /** A number as text; counts up. */
    id: z.string(),
    /** 256 random bits; null: the installation secret itself. */
    material: z.string().nullable(),
    createdAt: z.coerce.date(),
    activeFrom: z.coerce.date(),
  }),
)
/** A key of the ring, as it is kept. */
export type RingEntry = z.infer<typeof ringSchema>[number]

const otherSecret = 'This store was sealed under another MERCAT_SECRET. Start with the secret it was made with.'

/** A store that was in use before there was a ring: its signing key tells whether this is its secret. */
export async function assertSecretOfOldStore(db: Db, open: (sealed: string, place: string) => string): Promise<void> {
  const row = await db.selectFrom('installation').select(['key', 'value']).where('key', '=', signingKeysPlace).executeTakeFirst()
  if (row) withRightSecret(() => open(String(row.value.sealed), row.key))
}

/** Runs what only the right secret can do. Throws a sentence for the operator. */
function withRightSecret<Result>(work: () => Result): Result {
  try {
    return work()
  } catch (cause) {
    throw new Error(otherSecret, { cause })
  }
}

/** Newest first; undefined when there is none yet. Throws when it was sealed under another secret. */
export async function readRing(db: DbOrTransaction, secret: string, lock = false): Promise<RingEntry[] | undefined> {
  const row = await db
    .selectFrom('installation')
    .select('value')
    .where('key', '=', place)
    .$if(lock, (query) => query.forUpdate())
    .executeTakeFirst()
  return row && ringSchema.parse(JSON.parse(withRightSecret(() => decrypt(deriveRingKey(secret), String(row.value.sealed), place))))
}

const sealed = (secret: string, entries: readonly RingEntry[]) => JSON.stringify({ sealed: encrypt(deriveRingKey(secret), JSON.stringify(entries), place) })

/** Of processes that start together the first one's ring stays. */
export async function insertRing(db: Db, secret: string, entries: readonly RingEntry[]): Promise<void> {
  await db
    .insertInto('installation')
    .values({ key: place, value: sealed(secret, entries) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Changes the ring and tells every process; of two changes at once the second sees the first. @returns the ring after it */
export async function changeRing(db: Db, secret: string, now: Date, change: (entries: readonly RingEntry[]) => RingEntry[]): Promise<RingEntry[]> {
  return await db.transaction().execute(async (transaction) => {
    const entries = change((await readRing(transaction, secret, true)) ?? [])
    await transaction
      .updateTable('installation')
      .set({ value: sealed(secret, entries), updated_at: now })
      .where('key', '=', place)
      .execute()
    await sql`SELECT pg_notify(${ringChannel}, '')`.execute(transaction)
    return entries
  })
}

/** How many names and sealed texts in the store each key made. Whatever seals or names something that is kept stands in this list. */
export async function countByKey(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; n: number }>`
    SELECT CASE WHEN strpos(text, '~') > 0 THEN split_part(text, '~', 1) ELSE ${firstKeyId}::text END AS id, count(*)::int AS n
    FROM (
      SELECT id_hash AS text FROM oauth_records
      UNION ALL SELECT uid_hash FROM oauth_records WHERE uid_hash IS NOT NULL
      UNION ALL SELECT payload->>'sealed' FROM oauth_records WHERE payload ? 'sealed'
      UNION ALL SELECT successor FROM oauth_records WHERE successor IS NOT NULL
      UNION ALL SELECT secret FROM totp
      UNION ALL SELECT sealed FROM challenges
      UNION ALL SELECT secret FROM webhook_endpoints
      UNION ALL SELECT previous_secret FROM webhook_endpoints WHERE previous_secret IS NOT NULL
      UNION ALL SELECT settings FROM sources
      UNION ALL SELECT encode(substr(sealed, 1, 12), 'escape') FROM inbox
      UNION ALL SELECT encode(substr(sealed, 1, 12), 'escape') FROM set_aside
      UNION ALL SELECT value->>'sealed' FROM installation WHERE key <> ${place}::text AND value ? 'sealed'
    ) AS made
    GROUP BY 1`.execute(db)
  return new Map(rows.map(({ id, n }) => [id, n]))
}

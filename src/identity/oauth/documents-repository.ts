/** Keeps fetched client ID metadata documents, shared by all processes. They are public text: nothing is sealed. */
import { sql } from 'kysely'
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Secrets } from '../secrets.ts'

export interface DocumentStore {
  /** What is kept of a document; without text: it could not be had, and is not asked for again before `freshUntil`. */
  readonly read: (url: string) => Promise<{ text: string | undefined; freshUntil: Date } | undefined>
  readonly write: (url: string, text: string, freshSeconds: number) => Promise<void>
  /** Puts off the next try. A text that is kept stays, for as long as it would have. */
  readonly putOff: (url: string, seconds: number) => Promise<void>
}

const model = 'ClientDocument'
/** How long a document serves when its website does not answer. */
const staleSeconds = 7 * 86_400

export function createDocumentStore(db: Db, secrets: Secrets, clock: Clock): DocumentStore {
  const inSeconds = (seconds: number) => new Date(clock().getTime() + seconds * 1000)
  // client_id stays empty: deleting an app's grants must not forget its document.
  const row = (url: string, text: string | null, freshSeconds: number, expires: Date) => ({
    model,
    id_hash: secrets.nameOf(model, url),
    payload: JSON.stringify({ url, text, freshUntil: inSeconds(freshSeconds).toISOString() }),
    expires_at: expires,
  })
  return {
    read: async (url) => {
      const found = await db
        .selectFrom('oauth_records')
        .select('payload')
        .where('model', '=', model)
        .where('id_hash', 'in', secrets.namesOf(model, url))
        .where('expires_at', '>', clock())
        .orderBy('expires_at', 'desc')
        .executeTakeFirst()
      if (!found) return undefined
      const { text, freshUntil } = found.payload
      return { text: typeof text === 'string' ? text : undefined, freshUntil: new Date(String(freshUntil)) }
    },
    write: async (url, text, freshSeconds) => {
      await db
        .insertInto('oauth_records')
        .values(row(url, text, freshSeconds, inSeconds(staleSeconds)))
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(({ ref }) => ({ payload: ref('excluded.payload'), expires_at: ref('excluded.expires_at') })))
        .execute()
    },
    putOff: async (url, seconds) => {
      const changed = await db
        .updateTable('oauth_records')
        .set({ payload: sql`jsonb_set(payload, '{freshUntil}', to_jsonb(${inSeconds(seconds).toISOString()}::text))` })
        .where('model', '=', model)
        .where('id_hash', 'in', secrets.namesOf(model, url))
        .where('expires_at', '>', clock())
        .returning('id_hash')
        .execute()
      if (changed.length > 0) return
      await db
        .insertInto('oauth_records')
        .values(row(url, null, seconds, inSeconds(seconds)))
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(({ ref }) => ({ payload: ref('excluded.payload'), expires_at: ref('excluded.expires_at') })))
        .execute()
    },
  }
}

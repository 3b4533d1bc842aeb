/** Keeps fetched client ID metadata documents, shared by all processes. They are public text: nothing is sealed. */
import type { Clock } from '../../core/clock.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Secrets } from '../secrets.ts'

export interface DocumentStore {
  readonly read: (url: string) => Promise<{ text: string; freshUntil: Date } | undefined>
  readonly write: (url: string, text: string, freshSeconds: number) => Promise<void>
}

const model = 'ClientDocument'
/** How long a document serves when its website does not answer. */
const staleSeconds = 7 * 86_400

export function createDocumentStore(db: Db, secrets: Secrets, clock: Clock): DocumentStore {
  return {
    read: async (url) => {
      const row = await db
        .selectFrom('oauth_records')
        .select('payload')
        .where('model', '=', model)
        .where('id_hash', 'in', secrets.namesOf(model, url))
        .orderBy('expires_at', 'desc')
        .where('expires_at', '>', clock())
        .executeTakeFirst()
      return row && { text: String(row.payload.text), freshUntil: new Date(String(row.payload.freshUntil)) }
    },
    write: async (url, text, freshSeconds) => {
      const now = clock().getTime()
      // client_id stays empty: deleting an app's grants must not forget its document.
      const row = {
        payload: JSON.stringify({ url, text, freshUntil: new Date(now + freshSeconds * 1000).toISOString() }),
        expires_at: new Date(now + staleSeconds * 1000),
      }
      await db
        .insertInto('oauth_records')
        .values({ model, id_hash: secrets.nameOf(model, url), ...row })
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(row))
        .execute()
    },
  }
}

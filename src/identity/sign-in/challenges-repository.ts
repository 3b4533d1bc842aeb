/** What one browser must bring back within minutes, once: WebAuthn challenges, the state of a sign-in elsewhere. Keeps neither the id nor the content in the clear. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import { sha256 } from '../../core/hash.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Secrets } from '../secrets.ts'

export type ChallengePurpose = 'passkey.add' | 'passkey.sign_in' | 'external.sign_in'

export interface Challenges {
  /**
   * Makes a challenge and keeps `content` with it.
   * @param binding what only this browser can bring again: the value of its cookie, or its session. The content is sealed under it, so another browser opens nothing.
   * @returns its id: 256 random bits, base64url
   */
  readonly make: (purpose: ChallengePurpose, binding: string, content?: Record<string, string>) => Promise<string>
  /** The content, once; undefined for what is unknown, used, too old, of another purpose or another browser: all alike. */
  readonly take: (purpose: ChallengePurpose, binding: string, id: string) => Promise<Record<string, string> | undefined>
  /** Deletes what is too old. */
  readonly purge: () => Promise<void>
}

const lifetimeMs = 5 * 60_000

export function createChallenges(db: Db, secrets: Secrets, clock: Clock): Challenges {
  return {
    make: async (purpose, binding, content = {}) => {
      const id = randomBytes(32).toString('base64url')
      await db
        .insertInto('challenges')
        .values({
          id_hash: sha256(id),
          purpose,
          sealed: secrets.sealUnder(binding, JSON.stringify({ id, purpose, content })),
          expires_at: new Date(clock().getTime() + lifetimeMs),
        })
        .execute()
      return id
    },

    take: async (purpose, binding, id) => {
      // One statement: of several answers to one challenge at the same time, one finds it.
      const row = await db.deleteFrom('challenges').where('id_hash', '=', sha256(id)).where('purpose', '=', purpose).returning(['sealed', 'expires_at']).executeTakeFirst()
      if (!row || row.expires_at <= clock()) return undefined
      return opened(secrets, binding, row.sealed, id, purpose)
    },

    purge: async () => {
      await db.deleteFrom('challenges').where('expires_at', '<=', clock()).execute()
    },
  }
}

function opened(secrets: Secrets, binding: string, sealed: string, id: string, purpose: ChallengePurpose): Record<string, string> | undefined {
  let text: string
  try {
    text = secrets.openUnder(binding, sealed)
  } catch {
    return undefined
  }
  const kept = JSON.parse(text) as { id: string; purpose: string; content: Record<string, string> }
  // Rows that were swapped in the store open for nobody.
  return kept.id === id && kept.purpose === purpose ? kept.content : undefined
}

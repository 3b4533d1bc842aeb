/** How often one may try to sign in, to get tokens, to register an app. Keys are hashed: no count names a person or an address. */
import { createLimiter, type Limiter } from '../storage/operational/limiter.ts'
import type { OperationalStore } from '../storage/operational/open.ts'
import type { Secrets } from './secrets.ts'

/** Tries a window. The hosted assistants call from few addresses for many people: what is not a password guess is generous. */
const limits = {
  /** One person's account from one address. */
  signIn: { points: 8, seconds: 15 * 60 },
  /** One person's account from anywhere, against guessing from many addresses. */
  signInAnywhere: { points: 40, seconds: 60 * 60 },
  /** All people from one address, against trying one password on many. */
  signInAddress: { points: 60, seconds: 15 * 60 },
  /** Codes for one sign-in, for one person, of an authenticator app or recovery codes: a right one is found by a thousand guesses a day in years. */
  codeTicket: { points: 5, seconds: 15 * 60 },
  code: { points: 15, seconds: 60 * 60 },
  /** Guesses of the present password by somebody who is signed in. */
  passwordChange: { points: 8, seconds: 15 * 60 },
  /** One-time links from one address. */
  link: { points: 100, seconds: 15 * 60 },
  /** Sign-ins begun with a passkey or at the external provider from one address: each leaves a row for five minutes. */
  challenge: { points: 120, seconds: 5 * 60 },
  /** Requests of sign-in pages from one address. */
  pages: { points: 240, seconds: 60 },
  /** Requests of apps for and about their tokens and registrations, from one address. */
  token: { points: 600, seconds: 60 },
  /** Registrations from one address, and on the whole installation: whoever changes addresses fills the store with 2,000 apps a day at most, and each is forgotten after a week. */
  register: { points: 60, seconds: 60 * 60 },
  registerAnywhere: { points: 2000, seconds: 24 * 60 * 60 },
  /** Fetches of metadata documents: by website, so that nobody is hammered through this server, and in all. */
  documentHost: { points: 20, seconds: 60 },
  documents: { points: 120, seconds: 60 },
  /** Requests that may make this server fetch a metadata document. */
  authorize: { points: 120, seconds: 60 },
} as const
export type LimitName = keyof typeof limits

export interface Limits {
  /** Counts a try. @returns seconds to wait when it was one too many, otherwise undefined */
  readonly spend: (name: LimitName, key: string) => Promise<number | undefined>
  /**
   * Counts a try against several limits, one after the other, and stops at the first that refuses: who is refused by a narrow limit must not use up a wider one,
   * or one address could lock a person out everywhere.
   */
  readonly spendInTurn: (tries: readonly (readonly [name: LimitName, key: string])[]) => Promise<number | undefined>
  readonly reset: (name: LimitName, key: string) => Promise<void>
}

export function createLimits(store: OperationalStore, secrets: Secrets): Limits {
  const limiters = Object.fromEntries(Object.entries(limits).map(([name, limit]) => [name, createLimiter(store, { name: `identity.${name}`, ...limit })])) as Record<
    LimitName,
    Limiter
  >
  const spend: Limits['spend'] = (name, key) => limiters[name].spend(secrets.nameOf('limit', key))
  return {
    spend,
    spendInTurn: async (tries) => {
      for (const [name, key] of tries) {
        const wait = await spend(name, key)
        if (wait !== undefined) return wait
      }
      return undefined
    },
    reset: (name, key) => limiters[name].reset(secrets.nameOf('limit', key)),
  }
}

/** Passkeys (WebAuthn): added by people who are signed in, and a whole sign-in by themselves. Knows no page; starts no session. */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { isIP } from 'node:net'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { isLoopbackHost } from '../../core/loopback.ts'
import { findUser, type User } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { SignedIn } from '../types.ts'
import type { Challenges } from './challenges-repository.ts'
import { assertFresh } from './fresh.ts'
import { deletePasskey, findPasskey, insertPasskey, listPasskeys, renamePasskey, tooMany, notePasskeyUse } from './passkeys-repository.ts'
import { recordForPerson } from './security-events.ts'
import type { OwnPasskeys, PasskeysPossible, PasskeyView } from './words.ts'

export interface Passkeys {
  readonly possible: PasskeysPossible
  readonly list: (userId: string) => Promise<PasskeyView[]>
  readonly of: (person: SignedIn) => OwnPasskeys
  /** What the browser's `navigator.credentials.get` needs. @param browser the id of this browser (binding.ts) */
  readonly beginSignIn: (browser: string) => Promise<PublicKeyCredentialRequestOptionsJSON>
  /** Whose passkey answered; undefined for every answer that proves nothing, whatever is wrong with it. */
  readonly finishSignIn: (browser: string, response: unknown) => Promise<User | undefined>
}

const mostPasskeys = 20
/** EdDSA, ES256, RS256 (IANA COSE algorithms): what authenticators have. */
const supportedAlgorithmIDs = [-8, -7, -257]
/** As long as a challenge lives. */
const timeout = 5 * 60_000

const base64url = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[\w-]+$/)
/** Members that browsers add are dropped, not refused: the format grows. */
const credential = { id: base64url(1400), rawId: base64url(1400), type: z.literal('public-key') }
const registrationSchema = z.object({
  ...credential,
  response: z.object({ clientDataJSON: base64url(4000), attestationObject: base64url(16_000), transports: z.array(z.string().max(40)).max(10).optional() }),
})
const assertionSchema = z.object({
  ...credential,
  response: z.object({ clientDataJSON: base64url(4000), authenticatorData: base64url(4000), signature: base64url(8000), userHandle: base64url(100) }),
})

/** WebAuthn needs a host name to tie a passkey to, and a page that nobody on the way can change. */
export function passkeysPossible(origin: string): PasskeysPossible {
  const { protocol, hostname, port } = new URL(origin)
  const local = isLoopbackHost(hostname)
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) {
    const instead = local ? `http://localhost${port && `:${port}`}` : 'https://<host name>'
    return { ok: false, reason: `Browsers tie passkeys to a host name, and ${hostname} is an address: set MERCAT_PUBLIC_URL=${instead} and open Mercat there.` }
  }
  if (protocol !== 'https:' && !local) return { ok: false, reason: 'Browsers offer passkeys over https only: put a proxy in front and set MERCAT_PUBLIC_URL.' }
  return { ok: true }
}

export function createPasskeys(parts: { db: Db; challenges: Challenges; origin: string; clock: Clock; log: Logger }): Passkeys {
  const { db, challenges, origin, clock, log } = parts
  const possible = passkeysPossible(origin)
  const rpID = new URL(origin).hostname
  const handleOf = (userId: string) => Buffer.from(userId, 'utf8')

  const of = (person: SignedIn): OwnPasskeys => {
    const { user, session } = person
    const fresh = () => assertFresh(person, clock())
    return {
      begin: async () => {
        fresh()
        if (!possible.ok) throw new MercatError('conflict', possible.reason)
        const there = await listPasskeys(db, user.id)
        if (there.length >= mostPasskeys) throw tooMany(mostPasskeys)
        const options = await generateRegistrationOptions({
          rpName: 'Mercat',
          rpID,
          userName: user.email,
          userDisplayName: user.name,
          userID: new Uint8Array(handleOf(user.id)),
          challenge: bytesOf(await challenges.make('passkey.add', session, { user: user.id })),
          timeout,
          attestationType: 'none',
          supportedAlgorithmIDs,
          // The authenticator itself refuses to make a second passkey beside one of these.
          excludeCredentials: there.map(({ id, transports }) => ({ id, transports: [...transports] })),
          // A passkey is both factors at once and needs no name typed: it must be found by the authenticator, and unlocked.
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        })
        return { options }
      },

      finish: async (given, name) => {
        fresh()
        const response = registrationSchema.safeParse(given).data
        const refused = () => new MercatError('invalid_arguments', 'The browser’s answer could not be verified', { argument: 'response', hint: 'Begin again.' })
        if (!response) throw refused()
        const verified = await verifyRegistrationResponse({
          response: { ...response, clientExtensionResults: {} } as RegistrationResponseJSON,
          // Taken before anything else is looked at: an answer is judged once.
          expectedChallenge: async (challenge) => (await challenges.take('passkey.add', session, challenge))?.user === user.id,
          expectedOrigin: origin,
          expectedRPID: rpID,
          requireUserVerification: true,
          supportedAlgorithmIDs,
        }).catch(because(log, 'A passkey was not added'))
        if (!verified?.verified) throw refused()
        const { credential: made, credentialBackedUp: backedUp } = verified.registrationInfo
        const { id, publicKey, counter } = made
        await insertPasskey(db, { id, userId: user.id, name, publicKey, counter, transports: response.response.transports ?? [], backedUp, createdAt: clock() }, mostPasskeys)
        await recordForPerson(db, clock, user.id, 'passkey.added')
        return { id }
      },

      rename: async (id, name) => {
        fresh()
        await renamePasskey(db, user.id, id, name)
      },
      remove: async (id) => {
        fresh()
        await deletePasskey(db, user.id, id)
        await recordForPerson(db, clock, user.id, 'passkey.removed')
      },
    }
  }

  return {
    possible,
    list: (userId) => listPasskeys(db, userId),
    of,

    beginSignIn: async (browser) =>
      // No list of credentials: who asks is not known yet, and must not be told who has any.
      await generateAuthenticationOptions({ rpID, challenge: bytesOf(await challenges.make('passkey.sign_in', browser)), timeout, userVerification: 'required' }),

    finishSignIn: async (browser, given) => {
      const response = assertionSchema.safeParse(given).data
      const passkey = response && (await findPasskey(db, response.id))
      if (!passkey) return undefined
      // WebAuthn 7.2 step 6: the authenticator must name the person whose credential it is.
      if (response.response.userHandle !== handleOf(passkey.userId).toString('base64url')) return undefined
      const verified = await verifyAuthenticationResponse({
        response: { ...response, clientExtensionResults: {} },
        expectedChallenge: async (challenge) => (await challenges.take('passkey.sign_in', browser, challenge)) !== undefined,
        expectedOrigin: origin,
        expectedRPID: rpID,
        credential: { id: passkey.id, publicKey: passkey.publicKey, counter: passkey.counter },
        requireUserVerification: true,
      }).catch(because(log, 'A passkey was refused'))
      if (!verified?.verified) return undefined
      const user = await findUser(db, passkey.userId)
      if (!user || user.disabled) return undefined
      const { newCounter, credentialBackedUp } = verified.authenticationInfo
      return (await notePasskeyUse(db, passkey.id, newCounter, credentialBackedUp, clock())) ? user : undefined
    },
  }
}

/** The library takes text for UTF-8 and encodes it: a challenge that is base64url already is given as its bytes. */
const bytesOf = (challenge: string) => new Uint8Array(Buffer.from(challenge, 'base64url'))

/** The library throws for whatever does not fit, with what was expected: for the operator, not for who asked. */
const because = (log: Logger, what: string) => (error: unknown) => {
  log.info({ why: error instanceof Error ? error.message.slice(0, 300) : 'unknown' }, what)
  return undefined
}

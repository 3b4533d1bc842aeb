/** A person's own security: password, authenticator app, recovery codes, sessions. Everything is bound to who is signed in; nobody else's can be named. */
import type { Clock } from '../../core/clock.ts'
import { MercatError } from '../../core/errors.ts'
import { isPassword, passwordMark, setPassword, signOutEverywhere } from '../../domain/accounts/index.ts'
import type { AuditEvent } from '../../domain/audit/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Limits } from '../limits.ts'
import type { BrowserSessions } from '../oauth/browser.ts'
import type { SignedIn } from '../types.ts'
import { deviceOf } from './device.ts'
import { listExternalIdentities } from './external-repository.ts'
import { assertFresh, freshUntil } from './fresh.ts'
import type { Passkeys } from './passkeys.ts'
import type { SecondFactor } from './second-factor.ts'
import { recordForPerson } from './security-events.ts'
import type { Security } from './words.ts'

export function createSecurity(parts: {
  db: Db
  browsers: BrowserSessions
  limits: Limits
  secondFactor: SecondFactor
  passkeys: Passkeys
  clock: Clock
}): (person: SignedIn) => Security {
  const { db, browsers, limits, secondFactor, passkeys, clock } = parts
  return (person) => {
    const { user, session } = person
    const fresh = () => assertFresh(person, clock())
    const record = (event: AuditEvent) => recordForPerson(db, clock, user.id, event)
    return {
      passkeys: passkeys.of(person),
      status: async () => {
        const [mark, { since, recoveryCodesLeft }, keys, external, sessions] = await Promise.all([
          passwordMark(db, user.id),
          secondFactor.status(user.id),
          passkeys.list(user.id),
          listExternalIdentities(db, user.id),
          browsers.list(user.id),
        ])
        return {
          password: mark !== undefined,
          totp: since && { since },
          recoveryCodesLeft,
          passkeys: keys,
          passkeysPossible: passkeys.possible,
          external,
          sessions: sessions.map(({ uid, userAgent, methods, createdAt, lastSeenAt }) => ({
            id: uid,
            current: uid === session,
            device: deviceOf(userAgent),
            methods,
            signedInAt: createdAt,
            lastSeenAt,
          })),
          freshUntil: freshUntil(person),
        }
      },

      changePassword: async (current, next) => {
        fresh()
        // A session alone must not be a place to guess the password.
        const wait = await limits.spend('passwordChange', user.id)
        if (wait !== undefined) throw new MercatError('rate_limited', 'Too many tries', { retryAfter: wait })
        if ((await passwordMark(db, user.id)) === undefined) {
          throw new MercatError('conflict', 'You have no password', { hint: 'Whoever runs this Mercat can give you a link for one (mercat user reset).' })
        }
        if (!(await isPassword(db, user.id, current))) throw new MercatError('invalid_arguments', 'This is not your password', { argument: 'current' })
        if (current === next) throw new MercatError('invalid_arguments', 'The new password is the old one', { argument: 'next' })
        await setPassword(db, user.id, next, 'next')
        await limits.reset('passwordChange', user.id)
        await browsers.end(user.id, { except: session })
        await record('password.changed')
      },

      beginTotp: async () => {
        fresh()
        return await secondFactor.begin(user.id, user.email)
      },
      confirmTotp: async (code) => {
        fresh()
        const recoveryCodes = await secondFactor.confirm(user.id, code)
        await record('authenticator.added')
        return { recoveryCodes }
      },
      removeTotp: async () => {
        fresh()
        await secondFactor.remove(user.id)
        await record('authenticator.removed')
      },
      renewRecoveryCodes: async () => {
        fresh()
        const recoveryCodes = await secondFactor.renewRecoveryCodes(user.id)
        await record('recovery_codes.renewed')
        return { recoveryCodes }
      },

      endSession: async (id) => {
        if ((await browsers.end(user.id, { only: id })) === 0) throw new MercatError('not_found', 'You have no such session', { hint: 'It may have ended already.' })
      },
      signOutOthers: async () => ({ ended: await browsers.end(user.id, { except: session }) }),
      signOutEverywhere: async () => {
        fresh()
        await signOutEverywhere(db, user.id)
        await record('sessions.ended')
      },
    }
  }
}

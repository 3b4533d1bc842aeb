/** A browser's sign-in: begun once somebody has proved who they are, read by every page, ended here. The one session serves OAuth and the dashboard. */
import { createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Provider } from 'oidc-provider'
import type { Clock } from '../../core/clock.ts'
import { findUser, type User } from '../../domain/accounts/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { deleteSessions, findSession, insertSession, listSessions, type SessionRow, touchSession } from '../sign-in/sessions-repository.ts'
import type { SignedIn } from '../types.ts'
import { cookieOptions, lifetimes } from './provider.ts'
import type { Records } from './records-repository.ts'

/** How a person proved who they are (RFC 8176): password, time-based or recovery code, passkey, external provider. */
export type SignInMethod = 'pwd' | 'otp' | 'rec' | 'hwk' | 'fed'

export interface BrowserSessions {
  /**
   * Signs the browser in as the person: a new session with a new name and cookie (a session that an attacker planted is worth nothing), in place of the one it had.
   * @param provedAt when the person proved who they are; default: now @returns the new session's uid
   */
  readonly start: (req: IncomingMessage, res: ServerResponse, user: User, methods: readonly SignInMethod[], provedAt?: Date) => Promise<string>
  /** Who is signed in; undefined also for people who are disabled and sessions that were ended elsewhere. */
  readonly current: (req: IncomingMessage, res: ServerResponse) => Promise<SignedIn | undefined>
  /** Ends the browser's own session and takes its cookie. */
  readonly leave: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  readonly list: (userId: string) => Promise<readonly SessionRow[]>
  /** Ends sessions of a person: one, all but one, or all. @returns how many */
  readonly end: (userId: string, which?: { only?: string; except?: string }) => Promise<number>
}

/** Seen is written at most this often. */
const seenEveryMs = 60_000
const longestUserAgent = 300

/** Derived from the cookie's own value, which scripts cannot read: a page that is open keeps its token when the keys of the installation change. */
const csrfOf = (jti: string) => createHmac('sha256', jti).update('csrf').digest('base64url')

export function createBrowserSessions(parts: { provider: Provider; records: Records; db: Db; clock: Clock }): BrowserSessions {
  const { provider, records, db, clock } = parts

  const open = async (req: IncomingMessage, res: ServerResponse) => {
    const context = provider.createContext(req, res)
    return { context, session: await provider.Session.get(context) }
  }

  return {
    start: async (req, res, user, methods, provedAt) => {
      const before = await open(req, res)
      if (before.session.accountId !== undefined) {
        await before.session.destroy()
        await deleteSessions(db, before.session.accountId, { only: before.session.uid })
      }
      const now = clock()
      const session = new provider.Session()
      session.loginAccount({ accountId: user.id, loginTs: Math.floor(now.getTime() / 1000), amr: [...methods] })
      await session.save(lifetimes.Session)
      await insertSession(db, {
        uid: session.uid,
        userId: user.id,
        methods,
        userAgent: (req.headers['user-agent'] ?? '').slice(0, longestUserAgent),
        createdAt: now,
        provedAt: provedAt ?? now,
        lastSeenAt: now,
      })
      before.context.cookies.set(provider.cookieName('session'), session.jti, cookieOptions(provider.issuer))
      return session.uid
    },

    current: async (req, res) => {
      const { session } = await open(req, res)
      if (session.accountId === undefined) return undefined
      const [user, row] = await Promise.all([findUser(db, session.accountId), findSession(db, session.uid, clock())])
      if (!user || user.disabled || row?.userId !== user.id) return undefined
      const now = clock()
      if (now.getTime() - row.lastSeenAt.getTime() > seenEveryMs) await touchSession(db, row.uid, now)
      return { user, session: row.uid, csrf: csrfOf(session.jti), methods: row.methods, signedInAt: row.createdAt, provedAt: row.provedAt }
    },

    leave: async (req, res) => {
      const { context, session } = await open(req, res)
      if (session.accountId !== undefined) await deleteSessions(db, session.accountId, { only: session.uid })
      await session.destroy()
      context.cookies.set(provider.cookieName('session'), null)
    },

    list: (userId) => listSessions(db, userId, clock()),

    end: async (userId, which) => {
      const uids = await deleteSessions(db, userId, which)
      await records.endSessions(uids)
      return uids.length
    },
  }
}

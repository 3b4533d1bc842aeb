/** A person's own security at the dashboard: password, second factor, passkeys, sessions. */
import { z } from 'zod'
import { mutation, query } from '../define.ts'

const nothing = z.strictObject({})
const secret = z.string().min(1).max(512)
const iso = (at: Date) => at.toISOString()

export default {
  status: query({
    input: nothing,
    run: async ({ identity, person }) => {
      const { password, totp, recoveryCodesLeft, passkeys, passkeysPossible, external, sessions, freshUntil } = await identity.security(person).status()
      return {
        password,
        totp: totp && { since: iso(totp.since) },
        recoveryCodesLeft,
        passkeys: passkeys.map(({ id, name, createdAt, lastUsedAt, backedUp }) => ({ id, name, createdAt: iso(createdAt), lastUsedAt: lastUsedAt && iso(lastUsedAt), backedUp })),
        passkeysPossible,
        external: external.map(({ issuer, since, lastUsedAt }) => ({ issuer, since: iso(since), lastUsedAt: lastUsedAt && iso(lastUsedAt) })),
        sessions: sessions.map((session) => ({ ...session, signedInAt: iso(session.signedInAt), lastSeenAt: iso(session.lastSeenAt) })),
        freshUntil: iso(freshUntil),
      }
    },
  }),
  changePassword: mutation({
    input: z.strictObject({ current: secret, next: secret }),
    run: ({ identity, person, input }) => identity.security(person).changePassword(input.current, input.next),
  }),
  /** The seed is shown here once, and counts after confirmTotp. */
  beginTotp: mutation({ input: nothing, run: ({ identity, person }) => identity.security(person).beginTotp() }),
  confirmTotp: mutation({
    input: z.strictObject({ code: z.string().min(1).max(20) }),
    run: ({ identity, person, input }) => identity.security(person).confirmTotp(input.code),
  }),
  removeTotp: mutation({ input: nothing, run: ({ identity, person }) => identity.security(person).removeTotp() }),
  renewRecoveryCodes: mutation({ input: nothing, run: ({ identity, person }) => identity.security(person).renewRecoveryCodes() }),
  endSession: mutation({
    input: z.strictObject({ id: z.string().min(1).max(100) }),
    run: ({ identity, person, input }) => identity.security(person).endSession(input.id),
  }),
  signOutOthers: mutation({ input: nothing, run: ({ identity, person }) => identity.security(person).signOutOthers() }),
  signOutEverywhere: mutation({ input: nothing, run: ({ identity, person }) => identity.security(person).signOutEverywhere() }),
}

/** Token endpoint rules that oidc-provider lacks: one canonical resource, and one successor for parallel refreshes (traps 2 and 3). */
import { setTimeout as pause } from 'node:timers/promises'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Clock } from '../../core/clock.ts'
import type { Resources } from '../resources.ts'
import type { Secrets } from '../secrets.ts'
import { LostRaceError } from './adapter.ts'
import type { Records, RefreshRecord } from './records-repository.ts'
import { withoutOidcScopes } from './scopes.ts'

/** Real clients refresh in parallel with one token: for this long all of them get the same pair. After it, reuse ends the family. */
const graceSeconds = 90
/** How long a loser waits for the winner of the same instant to store its answer. */
const waitMs = 5000

type Handler = (ctx: KoaContextWithOIDC) => Promise<void> | void
interface TokenResponse {
  readonly access_token: string
  readonly expires_in: number
  readonly scope?: string
}

/** Replaces the `resource` of a token request by its canonical spelling. Throws invalid_target for several, or for one that is not ours. */
export function canonicalise(ctx: KoaContextWithOIDC, resources: Resources): void {
  const { params } = ctx.oidc
  if (!params) return
  if (typeof params.scope === 'string') params.scope = withoutOidcScopes(params.scope)
  if (params.resource === undefined) return
  const resource = typeof params.resource === 'string' ? resources.parse(params.resource) : undefined
  if (!resource) throw new errors.InvalidTarget('resource must be exactly one MCP endpoint of this server')
  params.resource = resources.url(resource)
}

export interface Grace {
  readonly records: Records
  readonly secrets: Secrets
  readonly clock: Clock
  readonly resources: Resources
  /** Whether the person may still get tokens. */
  readonly personStands: (userId: string) => Promise<boolean>
}

/** The refresh grant with a grace window around oidc-provider's own handler. */
export function withGrace(original: Handler, grace: Grace): Handler {
  const { records, secrets, clock, resources } = grace
  const inWindow = (record: RefreshRecord) => record.consumedAt !== null && clock().getTime() - record.consumedAt.getTime() < graceSeconds * 1000

  /** Throws what a refresh by oidc-provider itself would: the window forgives the repetition and nothing else. */
  async function assertReplayable({ oidc: { params, client } }: KoaContextWithOIDC, record: RefreshRecord | undefined): Promise<RefreshRecord> {
    // Refused, but the family lives: a thief who knows an old token must not be able to sign the person out.
    if (!record || record.clientId !== client?.clientId) throw new errors.InvalidGrant('client mismatch')
    if (params?.resource !== undefined && params.resource !== record.resource) throw new errors.InvalidTarget()
    if (!record.grantId || !(await records.grantStands(record.grantId))) throw new errors.InvalidGrant('grant not found')
    if (!record.userId || !(await grace.personStands(record.userId))) throw new errors.InvalidGrant('account not found')
    return record
  }

  function answer(token: string, successor: string, consumedAt: Date, scope: unknown): TokenResponse {
    const response = JSON.parse(secrets.openUnder(token, successor)) as TokenResponse
    const held = new Set(response.scope?.split(' '))
    if (typeof scope === 'string' && !scope.split(' ').every((name) => held.has(name))) throw new errors.InvalidScope('scope was not granted', scope)
    const age = Math.floor((clock().getTime() - consumedAt.getTime()) / 1000)
    return { ...response, expires_in: Math.max(0, response.expires_in - age) }
  }

  /** Answers like the refresh that won, once it has stored its answer. */
  async function replay(ctx: KoaContextWithOIDC, token: string): Promise<void> {
    const until = clock().getTime() + waitMs
    for (;;) {
      const { successor, consumedAt } = await assertReplayable(ctx, await records.peekRefresh(token))
      if (successor && consumedAt) {
        ctx.body = answer(token, successor, consumedAt, ctx.oidc.params?.scope)
        return
      }
      if (clock().getTime() > until) {
        // The winner died before it stored its pair, so nobody has been given one: the token is used anew, by one of those who wait.
        if (consumedAt && (await records.unconsume(token, consumedAt))) return await rotate(ctx, token)
        throw new errors.InvalidGrant('refresh token already used')
      }
      await pause(25)
    }
  }

  async function rotate(ctx: KoaContextWithOIDC, token: string): Promise<void> {
    try {
      await original(ctx)
    } catch (error) {
      if (!(error instanceof LostRaceError)) throw error
      return await replay(ctx, token)
    }
    await records.keepSuccessor(token, ctx.body as object)
  }

  return async (ctx) => {
    canonicalise(ctx, resources)
    const token = ctx.oidc.params?.refresh_token
    const record = typeof token === 'string' ? await records.peekRefresh(token) : undefined
    // Missing or unknown: oidc-provider has the words for it.
    if (typeof token !== 'string' || !record) return await original(ctx)
    if (!record.consumedAt) return await rotate(ctx, token)
    // Used and never answered is not used: whoever holds it is who was to get the answer.
    if (inWindow(record) || record.successor === null) return await replay(ctx, token)
    // Reuse: the client or a thief has an old copy, and nobody can tell which. Of another client it proves nothing.
    if (record.grantId && record.clientId === ctx.oidc.client?.clientId) await records.endGrant(record.grantId, 'token.reused')
    throw new errors.InvalidGrant('refresh token already used')
  }
}

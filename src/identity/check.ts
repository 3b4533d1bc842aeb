/** Which principals a bearer token stands for, now. The cache is small, short and emptied by every change; the truth is the join. */
import { isScope, type Principal, type Scope, tokenScopes } from '../core/access.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { type AccessChange, accessChannel, accessOf, onAccessChange } from '../domain/accounts/index.ts'
import type { OperationalStore } from '../storage/operational/open.ts'
import { readToken, type TokenRow } from './check-repository.ts'
import { type Resources, systemNameOf } from './resources.ts'
import type { Secrets } from './secrets.ts'
import type { CheckResult, Resource } from './types.ts'

const cacheMs = 30_000
const cacheSize = 10_000
/** What oidc-provider makes of 256 random bits. Anything else is not ours and costs no query. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/
const invalid: CheckResult = { ok: false, status: 401, error: 'invalid_token' }

interface Entry {
  readonly result: CheckResult
  readonly until: number
  readonly userId: string
  readonly clientId: string
  readonly grantId: string
  /** Accounts of the grant. */
  readonly accounts: readonly string[]
}

export interface TokenCheck {
  readonly check: (token: string | undefined, resource: Resource) => Promise<CheckResult>
  readonly close: () => Promise<void>
}

export async function createTokenCheck(store: OperationalStore, secrets: Secrets, resources: Resources, clock: Clock, log: Logger): Promise<TokenCheck> {
  const cache = new Map<string, Entry>()
  /** Counts evictions: an answer read before one must not be kept after it. */
  let epoch = 0

  function evict(change: AccessChange): void {
    epoch++
    for (const [key, entry] of cache) {
      if (entry.grantId === change.grant || entry.clientId === change.client) cache.delete(key)
      // A change of a membership names both: an answer that holds either one is read again. Platform operators are in every account.
      else if (change.user !== undefined ? entry.userId === change.user : change.account !== undefined && entry.accounts.includes(change.account)) cache.delete(key)
    }
  }

  const stopHere = onAccessChange(store.db, evict)
  const stopOthers = await store.listen(accessChannel, (payload) => {
    try {
      evict(JSON.parse(payload) as AccessChange)
    } catch (error) {
      log.error({ err: error }, 'Unreadable access change: forgetting every cached check')
      epoch++
      cache.clear()
    }
  })

  async function read(token: string, resource: Resource, key: string): Promise<CheckResult> {
    const began = epoch
    const now = clock()
    const rows = await readToken(store.db, secrets.nameOf('AccessToken', token), resources.url(resource), systemNameOf(resource), now)
    const [first] = rows
    if (!first) return invalid
    const result = judge(rows)
    if (began === epoch) {
      if (cache.size >= cacheSize) cache.delete(cache.keys().next().value as string)
      cache.set(key, {
        result,
        until: Math.min(now.getTime() + cacheMs, first.token_expires_at.getTime()),
        userId: first.user_id,
        clientId: first.client_id,
        grantId: first.grant_id,
        accounts: rows.map((row) => row.id),
      })
    }
    return result
  }

  return {
    check: async (token, resource) => {
      if (token === undefined || !tokenPattern.test(token)) return invalid
      const key = `${secrets.nameOf('cache', token)} ${resource}`
      const kept = cache.get(key)
      if (kept && kept.until > clock().getTime()) return kept.result
      cache.delete(key)
      return await read(token, resource, key)
    },
    close: async () => {
      stopHere()
      await stopOthers()
      cache.clear()
    },
  }
}

/** The answer for the accounts of a good token. Pure. */
function judge(rows: readonly TokenRow[]): CheckResult {
  const carried = new Set<Scope>(rows[0]?.token_scope.split(' ').filter(isScope))
  const member = rows.flatMap((row) => accessOf(row) ?? [])
  const [row] = rows
  if (!row || member.length === 0) return invalid
  const enabled = member.filter(({ account }) => account.mcpEnabled)
  if (enabled.length === 0) return { ok: false, status: 403, error: 'mcp_disabled' }
  const principals = enabled.map((access): Principal => {
    const grantable = new Set(tokenScopes.filter((scope) => access.scopes.has(scope)))
    return {
      userId: row.user_id,
      account: access.account,
      clientId: row.client_id,
      scopes: new Set([...grantable].filter((scope) => carried.has(scope))),
      grantable,
      operator: access.role === 'super_admin',
      organizations: access.organizations,
      brands: access.brands,
    }
  })
  // The gateway scope is asked for again only where consent can give it; people without it learn so from the pipeline.
  if (!carried.has('read:mcp') && principals.some(({ grantable }) => grantable.has('read:mcp'))) {
    return { ok: false, status: 403, error: 'insufficient_scope', scopes: ['read:mcp', ...carried] }
  }
  return { ok: true, principals, subject: { userId: row.user_id, clientId: row.client_id, grantId: row.grant_id } }
}

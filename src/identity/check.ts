/** Which principals a bearer token stands for, now, and for how long what was begun with it may go on. The truth is one join; where one process is all there is, its answer is remembered until anything changes. */
import { isScope, type Principal, type Scope, tokenScopes } from '../core/access.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { type AccessChange, accessChannel, accessOf, onAccessChange } from '../domain/accounts/index.ts'
import type { OperationalStore } from '../storage/operational/open.ts'
import { type Grants, usedEveryMs } from './apps-repository.ts'
import { readToken, type TokenRow } from './check-repository.ts'
import { type Resources, systemNameOf } from './resources.ts'
import type { Secrets } from './secrets.ts'
import type { Admitted, CheckResult, Identity, Resource } from './types.ts'

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

/** Work that goes on after its check. */
interface Hold {
  readonly token: string
  readonly resource: Resource
  readonly held: Admitted
  readonly ended: () => void
}

/** How often tokens of held work are looked at for having expired: nothing announces that. */
const expiryMs = 5000

export interface TokenCheck extends Pick<Identity, 'check' | 'hold'> {
  readonly close: () => Promise<void>
}

export async function createTokenCheck(
  store: OperationalStore,
  secrets: Secrets,
  resources: Resources,
  clock: Clock,
  log: Logger,
  grants: Pick<Grants, 'touch'>,
): Promise<TokenCheck> {
  const cache = new Map<string, Entry>()
  const holds = new Set<Hold>()
  /** Notes of use on their way to the store. */
  const notes = new Set<Promise<void>>()
  /** Counts evictions: an answer read before one must not be kept after it. */
  let epoch = 0
  /** A change made by another process is heard a moment after it: until then an old answer would let calls through. So only a process that is alone remembers. */
  const alone = store.engine === 'pglite'

  function evict(change: AccessChange): void {
    epoch++
    for (const [key, entry] of cache) if (concerns(change, entry)) cache.delete(key)
    for (const hold of holds) if (concerns(change, { ...hold.held.subject, accounts: hold.held.principals.map(({ account }) => account.id) })) void reconsider(hold)
  }

  function forgetAll(): void {
    epoch++
    cache.clear()
    for (const hold of holds) void reconsider(hold)
  }

  /** Ends work whose token is no longer good for every account it was begun with. */
  async function reconsider(hold: Hold): Promise<void> {
    let good = false
    try {
      const now = await check(hold.token, hold.resource)
      good = now.ok && hold.held.principals.every(({ account }) => now.principals.some((principal) => principal.account.id === account.id))
    } catch (error) {
      // Access that cannot be looked up is not access.
      log.error({ err: error }, 'Looking again at a token whose access changed')
    }
    if (!good && holds.delete(hold)) hold.ended()
  }

  const stopHere = onAccessChange(store.db, evict)
  const stopOthers = await store.listen(
    accessChannel,
    (payload) => {
      try {
        evict(JSON.parse(payload) as AccessChange)
      } catch (error) {
        log.error({ err: error }, 'Unreadable access change: forgetting every cached check')
        forgetAll()
      }
    },
    (state) => {
      if (state === 'back') forgetAll()
    },
  )
  const expiry = setInterval(() => {
    for (const hold of holds) void reconsider(hold)
  }, expiryMs)
  expiry.unref()

  /** When an app was last used is for people to read: no call waits for it, and none fails by it. */
  function noteUse({ grant_id, grant_used_at }: TokenRow, now: Date): void {
    if (grant_used_at !== null && now.getTime() - grant_used_at.getTime() < usedEveryMs) return
    const noting: Promise<void> = grants
      .touch(grant_id, now)
      .catch((error: unknown) => log.error({ err: error }, 'Noting that an app was used'))
      .finally(() => notes.delete(noting))
    notes.add(noting)
  }

  /** @param key under which the answer is remembered; undefined: not at all */
  async function read(token: string, resource: Resource, key?: string): Promise<CheckResult> {
    const began = epoch
    const now = clock()
    const rows = await readToken(store.db, secrets.namesOf('AccessToken', token), resources.url(resource), systemNameOf(resource), now)
    const [first] = rows
    if (!first) return invalid
    noteUse(first, now)
    const result = judge(rows)
    if (key !== undefined && began === epoch) {
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

  async function check(token: string | undefined, resource: Resource): Promise<CheckResult> {
    if (token === undefined || !tokenPattern.test(token)) return invalid
    if (!alone) return await read(token, resource)
    const key = `${secrets.nameOf('cache', token)} ${resource}`
    const kept = cache.get(key)
    if (kept && kept.until > clock().getTime()) return kept.result
    cache.delete(key)
    return await read(token, resource, key)
  }

  return {
    check,
    hold: (token, resource, held, ended) => {
      const hold = { token, resource, held, ended }
      holds.add(hold)
      return () => void holds.delete(hold)
    },
    close: async () => {
      clearInterval(expiry)
      stopHere()
      await stopOthers()
      cache.clear()
      holds.clear()
      await Promise.all(notes)
    },
  }
}

/** Whether an answer that rests on these ids may be different now. A change of a membership names both account and person: an answer that holds either one is read again. Platform operators are in every account. */
function concerns(change: AccessChange, known: Pick<Entry, 'userId' | 'clientId' | 'grantId' | 'accounts'>): boolean {
  if (known.grantId === change.grant || known.clientId === change.client) return true
  return change.user !== undefined ? known.userId === change.user : change.account !== undefined && known.accounts.includes(change.account)
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

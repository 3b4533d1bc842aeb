/** Connected apps as people see and end them: one's own, and for those who manage members everybody's in the account. Bound to a principal; acts on the next call. */
import { isScope, missingScopes, type Principal, requireScopes, type Scope } from '../core/access.ts'
import type { Clock } from '../core/clock.ts'
import { MercatError } from '../core/errors.ts'
import { dashboardClient } from '../domain/accounts/index.ts'
import { recordEvent } from '../domain/audit/index.ts'
import type { Db } from '../storage/operational/schema.ts'
import type { GrantRow, Grants } from './apps-repository.ts'
import { type AppFacts, appView, type AppView, knownAppView } from './pages/app-view.ts'

export interface ConnectedApp extends Pick<AppView, 'name' | 'vouchedBy' | 'localOnly'> {
  readonly id: string
  /** Where its answers go, in words; undefined when the app has deleted its registration. */
  readonly host: string | undefined
  readonly person: { readonly id: string; readonly name: string; readonly email: string }
  readonly mine: boolean
  /** System names. Of somebody else's app only the account of the principal: their other accounts are nobody's business here. */
  readonly accounts: readonly string[]
  readonly scopes: readonly Scope[]
  readonly connectedAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date
}

export interface AppsService {
  /** Throws missing_scopes for everybody's apps without manage:members. */
  readonly list: (options: { everyone: boolean }) => Promise<readonly ConnectedApp[]>
  /** One's own app loses everything it was given; somebody else's loses this account. Throws not_found alike for what does not exist and what is not theirs. */
  readonly disconnect: (id: string) => Promise<void>
}

export interface AppsOptions {
  readonly db: Db
  readonly clock: Clock
  readonly grants: Grants
  readonly endGrant: (grantId: string) => Promise<void>
  /** What is known of an app; undefined: nothing any more. */
  readonly factsOf: (clientId: string) => Promise<AppFacts | undefined>
}

export function createApps({ db, clock, grants, endGrant, factsOf }: AppsOptions): (principal: Principal) => AppsService {
  return (principal) => {
    const { account, userId } = principal
    const manages = missingScopes(principal, ['manage:members']).length === 0

    function shown(grant: GrantRow, facts: AppFacts | undefined): ConnectedApp {
      const mine = grant.user.id === userId
      const view = knownAppView(grant.clientId, facts)
      return {
        id: grant.id,
        name: view.name,
        vouchedBy: view.vouchedBy,
        localOnly: view.localOnly,
        host: facts && destinations(grant.clientId, facts),
        person: grant.user,
        mine,
        accounts: mine ? grant.accounts.map(({ systemName }) => systemName) : [account.systemName],
        scopes: grant.scopes.filter(isScope),
        connectedAt: grant.connectedAt,
        lastUsedAt: grant.lastUsedAt,
        expiresAt: grant.expiresAt,
      }
    }

    return {
      list: async ({ everyone }) => {
        if (everyone) requireScopes(principal, 'manage:members')
        const rows = await grants.list(account.id, everyone ? {} : { userId })
        const facts = new Map(await Promise.all([...new Set(rows.map(({ clientId }) => clientId))].map(async (id) => [id, await factsOf(id)] as const)))
        return rows.map((row) => shown(row, facts.get(row.clientId)))
      },

      disconnect: async (id) => {
        const [grant] = await grants.list(account.id, { id, userId: manages ? undefined : userId })
        if (!grant) throw new MercatError('not_found', 'There is no such connection', { hint: 'It may have ended already: reload the list.' })
        const mine = grant.user.id === userId
        if (mine) await endGrant(id)
        else await grants.removeAccount(id, account.id)
        const detail = { app: knownAppView(grant.clientId, await factsOf(grant.clientId)).name, appId: grant.clientId, person: grant.user.id }
        for (const one of mine ? grant.accounts : [account])
          await recordEvent(db, clock, { accountId: one.id, event: 'app.disconnected', userId, clientId: dashboardClient, detail })
      },
    }
  }
}

/** Every place that its answers may go to. A local app's port changes with each start: it is left out. */
function destinations(clientId: string, { redirectUris }: AppFacts): string {
  const places = redirectUris.map((uri) => appView({ clientId }, uri).destination.replace(/^this computer.*/, 'this computer'))
  return [...new Set(places)].join(', ')
}

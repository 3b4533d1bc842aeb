/** When an authorization request needs a page: sign-in, "you cannot use this", consent. Draws nothing. */
import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import { type AccessAt, grantableScopes, usable } from './access.ts'
import { accountsOfGrant } from './records-repository.ts'

/** Why a signed-in person cannot go on; the `access` page says it. */
export type AccessReason = 'no_access' | 'mcp_disabled' | 'no_scopes'

const { Check, Prompt, base } = interactionPolicy

/** @param stands whether a browser's session is still one of the person's */
export function createPolicy(accessAt: AccessAt, stands: (uid: string, userId: string) => Promise<boolean>): interactionPolicy.DefaultPolicy {
  /** The accounts at stake; undefined while nobody is signed in (the login prompt comes first). */
  const accessOf = async (ctx: KoaContextWithOIDC) => {
    const { params, account } = ctx.oidc
    const resource = params?.resource
    return account && typeof resource === 'string' ? await accessAt(ctx, account.accountId, resource) : undefined
  }
  const requested = (ctx: KoaContextWithOIDC) => [...ctx.oidc.requestParamScopes]

  const policy = base()
  // oidc-provider's session outlives the person, and its end elsewhere: disabled people must sign in again (and cannot), and so must who was signed out.
  policy.get('login')?.checks.add(
    new Check('session_over', 'End-User authentication is required', async (ctx) => {
      const { session, account } = ctx.oidc
      return session?.accountId !== undefined && (!account || !(await stands(session.uid, session.accountId)))
    }),
  )

  policy.add(
    new Prompt(
      { name: 'access' },
      // Unknown accounts and accounts of others: one answer, also for a client that asks with prompt=none.
      new Check('no_access' satisfies AccessReason, 'the resource is unknown or not for this person', 'invalid_target', async (ctx) => (await accessOf(ctx))?.length === 0),
      new Check('mcp_disabled' satisfies AccessReason, 'MCP is not enabled for this account', 'access_denied', async (ctx) => {
        const access = await accessOf(ctx)
        return access !== undefined && access.length > 0 && usable(access).length === 0
      }),
      new Check('no_scopes' satisfies AccessReason, 'the person holds none of the requested scopes', 'access_denied', async (ctx) => {
        const access = usable((await accessOf(ctx)) ?? [])
        const held = new Set<string>(grantableScopes(access))
        return access.length > 0 && !requested(ctx).some((scope) => held.has(scope))
      }),
    ),
    1,
  )

  // A grant remembers accounts by id: an account that was left, or another one under an old name, needs a new consent.
  policy.get('consent')?.checks.add(
    new Check('accounts_missing', 'no account of the grant can be used', 'consent_required', async (ctx) => {
      const access = await accessOf(ctx)
      const granted = accountsOfGrant({ rar: ctx.oidc.grant?.rar })
      return access !== undefined && !usable(access).some(({ account }) => granted.includes(account.id))
    }),
  )
  return policy
}

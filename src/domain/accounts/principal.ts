/** A person at the dashboard, as the principal that every service is bound to. Reads nothing: what they may do was read by the caller. */
import type { Principal, Scope } from '../../core/access.ts'
import type { Access } from './members-repository.ts'

/** The client id of calls that a person makes in the dashboard. */
export const dashboardClient = 'dashboard'

/** Someone signed in at the dashboard holds all scopes of their role there, whether MCP is on for the account or not. */
export function dashboardPrincipal(userId: string, access: Access): Principal {
  const { account, scopes, organizations, brands } = access
  return { userId, account, clientId: dashboardClient, scopes, grantable: scopes, operator: access.role === 'super_admin', organizations, brands }
}

/** What a service that apps use too asks for besides its own scope: apps are let in by `read:mcp`, people at the dashboard by signing in. */
export const gatewayScopes = ({ clientId }: Pick<Principal, 'clientId'>): Scope[] => (clientId === dashboardClient ? [] : ['read:mcp'])

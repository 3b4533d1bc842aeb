/** Who may do what: scopes, roles and the principal of a call. Pure; the only place that knows a role's scopes. */
import { MercatError } from './errors.ts'

/** Every scope, with the words of the consent page. `dashboardOnly` scopes can never be in a token for an MCP client. */
export const scopeTable = {
  'read:mcp': { words: 'Use Mercat through an assistant', dashboardOnly: false },
  'write:mcp': { words: 'Prepare drafts and create records through an assistant', dashboardOnly: false },
  'read:reports': { words: 'See reports and metrics', dashboardOnly: false },
  'read:campaigns': { words: 'See campaigns', dashboardOnly: false },
  'create:campaigns': { words: 'Create campaigns', dashboardOnly: false },
  'read:flows': { words: 'See flows, triggers and streams', dashboardOnly: false },
  'create:flows': { words: 'Prepare flows, triggers and streams', dashboardOnly: false },
  'read:segments': { words: 'See segments and audience sizes', dashboardOnly: false },
  'create:segments': { words: 'Prepare segments and target groups', dashboardOnly: false },
  'read:webapps': { words: 'See webapps and their funnels', dashboardOnly: false },
  'read:billing': { words: 'See invoices and contracts', dashboardOnly: false },
  'read:artwork': { words: 'See artwork and theme sets', dashboardOnly: false },
  'manage:organization': { words: 'See and create organizations', dashboardOnly: false },
  'read:health': { words: 'See platform health, jobs and errors', dashboardOnly: false },
  'approve:drafts': { words: 'Approve and activate drafts', dashboardOnly: true },
  'manage:members': { words: 'Manage members and roles', dashboardOnly: true },
  'manage:account': { words: 'Change account settings', dashboardOnly: true },
  'read:audit': { words: 'Read the audit log', dashboardOnly: true },
} as const satisfies Record<string, { words: string; dashboardOnly: boolean }>

export type Scope = keyof typeof scopeTable
export const scopes = Object.keys(scopeTable) as Scope[]
/** Scopes a token for an MCP client may carry. */
export const tokenScopes: readonly Scope[] = scopes.filter((scope) => !scopeTable[scope].dashboardOnly)
/** Given when a client asks for no scope: everything that only reads (identity.md, trap 5). */
export const defaultTokenScopes: readonly Scope[] = tokenScopes.filter((scope) => scope.startsWith('read:'))

export function isScope(value: string): value is Scope {
  return Object.hasOwn(scopeTable, value)
}

const gateway: Scope[] = ['read:mcp', 'write:mcp']
const domainReads: Scope[] = ['read:reports', 'read:campaigns', 'read:flows', 'read:segments', 'read:webapps', 'read:artwork', 'read:health']

/** A role's title and scopes (product.md, "Access"). */
export const roleTable = {
  owner: { title: 'Owner', scopes: [...scopes] },
  account_manager: { title: 'Account Manager', scopes: [...scopes] },
  marketer: {
    title: 'Marketer',
    scopes: [...gateway, 'read:reports', 'read:campaigns', 'create:campaigns', 'read:flows', 'create:flows', 'read:segments', 'create:segments', 'read:artwork', 'approve:drafts'],
  },
  analyst: { title: 'Analyst', scopes: ['read:mcp', ...domainReads] },
  customer_support: { title: 'Customer Support', scopes: [...domainReads, 'read:billing'] },
  read_only: { title: 'Read-Only', scopes: [...domainReads, 'read:billing'] },
} as const satisfies Record<string, { title: string; scopes: readonly Scope[] }>

export type Role = keyof typeof roleTable
export const roles = Object.keys(roleTable) as Role[]

/** Groups of tools that an account offers or not (product.md, "Tools"); a tool's folder is its toolset. */
export const toolsetNames = ['reports', 'explorer', 'knowledge', 'mission_control', 'builders', 'organizations'] as const
export type Toolset = (typeof toolsetNames)[number]
export const toolsetTitles: Record<Toolset, string> = {
  reports: 'Reports',
  explorer: 'Explorer',
  knowledge: 'Knowledge',
  mission_control: 'Mission control',
  builders: 'Builders',
  organizations: 'Organizations',
}

/** The account a call works in: identity, calendar, money and what is switched on. */
export interface Account {
  readonly id: string
  /** The slug people type and URLs carry. */
  readonly systemName: string
  readonly name: string
  /** IANA time zone: the account's days. */
  readonly timeZone: string
  /** ISO 4217. */
  readonly currency: string
  readonly mcpEnabled: boolean
  /** The toolsets it offers to MCP clients. */
  readonly toolsets: readonly Toolset[]
}

/** What of an account a member is restricted to. */
export interface Restrictions {
  /** Organization ids; null: all. */
  readonly organizations: readonly string[] | null
  /** Brand ids; null: all. */
  readonly brands: readonly string[] | null
}

/** Of whoever sees the whole account. */
export const unrestricted: Restrictions = { organizations: null, brands: null }

/** Who is calling: a person, in an account, through a client app, with the scopes that hold now. */
export interface Principal extends Restrictions {
  readonly userId: string
  readonly account: Account
  /** The OAuth client, `dashboard` or `cli`. */
  readonly clientId: string
  /** Token scopes ∩ the member's scopes now ∩ what the account allows. */
  readonly scopes: ReadonlySet<Scope>
  /** What the member could be granted: tells "ask for consent again" from "ask an owner". */
  readonly grantable: ReadonlySet<Scope>
  /** Super Admin: of the platform, in every account. */
  readonly operator: boolean
}

/** Whether a member sees only some organizations or brands. */
export function isRestricted({ organizations, brands }: Restrictions): boolean {
  return organizations !== null || brands !== null
}

/** Someone at the dashboard, or an operator at the command line: nobody in particular, whom the rules between members do not bind. */
export type Actor = Omit<Principal, 'userId' | 'grantable'> & { readonly userId: string | null }

export type Effect = 'read' | 'draft' | 'write'

/** The scopes an operation needs: gateway layer and domain layer, always both. */
export function requiredScopes(effect: Effect, domain: Scope | undefined): Scope[] {
  const needed: Scope[] = ['read:mcp']
  if (effect !== 'read') needed.push('write:mcp')
  if (domain) needed.push(domain)
  return needed
}

/** Which of the needed scopes the principal does not hold; empty means it may. */
export function missingScopes(principal: Pick<Principal, 'scopes'>, needed: readonly Scope[]): Scope[] {
  return needed.filter((scope) => !principal.scopes.has(scope))
}

/** For services: throws `missing_scopes` unless the principal holds all of them. */
export function requireScopes(principal: Pick<Principal, 'scopes'>, ...needed: Scope[]): void {
  const missing = missingScopes(principal, needed)
  if (missing.length)
    throw new MercatError('missing_scopes', `Missing required scopes: ${missing.join(', ')}`, { scopes: missing, hint: 'An owner of the account can grant them.' })
}

/** A member's scopes: the role's, plus those added, minus those removed. Unknown names are ignored. */
export function memberScopes(role: Role, added: readonly string[], removed: readonly string[]): Set<Scope> {
  const held = new Set<Scope>(roleTable[role].scopes)
  for (const scope of added) if (isScope(scope)) held.add(scope)
  for (const scope of removed) if (isScope(scope)) held.delete(scope)
  return held
}

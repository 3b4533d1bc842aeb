/** What the form of a member's access holds, and how single scopes relate to a role's. Pure; draws nothing. */
import type { Role, Scope } from '../../server.ts'
import type { Members } from './types.ts'

export interface AccessValues {
  readonly role: Role
  readonly scopesAdded: readonly Scope[]
  readonly scopesRemoved: readonly Scope[]
  readonly organizations: readonly string[]
  readonly brands: readonly string[]
}

/** The access within a member or a form, in the plain arrays that the API takes. */
export function accessOf({ role, scopesAdded, scopesRemoved, organizations, brands }: AccessValues) {
  return { role, scopesAdded: [...scopesAdded], scopesRemoved: [...scopesRemoved], organizations: [...organizations], brands: [...brands] }
}

/** What each role is for, in one line. Its scopes come from the server. */
export const roleWords: Readonly<Record<Role, string>> = {
  owner: 'Everything in this account. Only owners make and unmake owners.',
  account_manager: 'Everything an owner may do, except making and unmaking owners.',
  marketer: 'Works on campaigns, flows and segments, also through assistants, and approves drafts.',
  analyst: 'Reads reports, campaigns and all else but invoices, also through assistants. Changes nothing.',
  customer_support: 'Reads in the dashboard, invoices too. Assistants only when that is added.',
  read_only: 'Reads in the dashboard, invoices too. Changes nothing.',
}

export type ScopeState = 'role' | 'added' | 'removed' | 'none'

export function scopesOfRole(members: Pick<Members, 'roles'>, role: Role): ReadonlySet<Scope> {
  return new Set(members.roles.find((one) => one.role === role)?.scopes ?? [])
}

export function stateOf(scope: Scope, ofRole: ReadonlySet<Scope>, { scopesAdded, scopesRemoved }: Pick<AccessValues, 'scopesAdded' | 'scopesRemoved'>): ScopeState {
  if (ofRole.has(scope)) return scopesRemoved.includes(scope) ? 'removed' : 'role'
  return scopesAdded.includes(scope) ? 'added' : 'none'
}

/** Ticks or unticks a scope: what the role gives is removed, what it does not give is added, never both. */
export function toggled(scope: Scope, ofRole: ReadonlySet<Scope>, values: AccessValues): AccessValues {
  const without = (list: readonly Scope[]) => list.filter((one) => one !== scope)
  switch (stateOf(scope, ofRole, values)) {
    case 'role':
      return { ...values, scopesRemoved: [...values.scopesRemoved, scope] }
    case 'removed':
      return { ...values, scopesRemoved: without(values.scopesRemoved) }
    case 'added':
      return { ...values, scopesAdded: without(values.scopesAdded) }
    case 'none':
      return { ...values, scopesAdded: [...values.scopesAdded, scope] }
  }
}

/** Another role keeps the single scopes that still differ from it. */
export function withRole(role: Role, ofRole: ReadonlySet<Scope>, values: AccessValues): AccessValues {
  return {
    ...values,
    role,
    scopesAdded: values.scopesAdded.filter((scope) => !ofRole.has(scope)),
    scopesRemoved: values.scopesRemoved.filter((scope) => ofRole.has(scope)),
  }
}

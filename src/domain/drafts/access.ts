/** Who may see, change and decide on drafts. Pure; the only place that knows. */
import { type Principal, requireScopes, type Scope } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { dashboardClient } from '../accounts/index.ts'
import { entityType } from '../entities/index.ts'
import { type DraftRow, type DraftType, draftTypes, findDraft } from './drafts-repository.ts'

/** What preparing a draft of the type needs, and so changing one. */
export const createScopes: Readonly<Record<DraftType, Scope>> = {
  campaign: 'create:campaigns',
  target_group: 'create:segments',
  segment: 'create:segments',
  trigger: 'create:flows',
  stream: 'create:flows',
}

const mayRead = (principal: Principal, type: DraftType) => {
  const { scope } = entityType(type)
  return scope === null || principal.scopes.has(scope)
}

/** The types whose drafts the principal sees. Throws `missing_scopes` where there is none. */
export function readableDrafts(principal: Principal): readonly DraftType[] {
  const types = draftTypes.filter((type) => mayRead(principal, type))
  if (types.length === 0) requireScopes(principal, 'read:campaigns')
  return types
}

/** The draft of this id. Unknown and hidden ones get the same answer: `not_found`. */
export async function draftOf(db: DbOrTransaction, principal: Principal, id: string): Promise<DraftRow> {
  const row = await findDraft(db, principal, readableDrafts(principal), id)
  if (!row) throw new MercatError('not_found', 'There is no such draft', { argument: 'id', hint: 'The inbox lists those that wait for a decision.' })
  return row
}

/** A draft is changed and decided on by a person in the dashboard: whatever scopes a client app holds. Throws `not_allowed`. */
export function assertPerson({ clientId }: Principal): void {
  if (clientId !== dashboardClient) throw new MercatError('not_allowed', 'A draft is changed and decided on by a person, in the dashboard')
}

/** Throws `missing_scopes` or `not_allowed`. */
export function assertMayEdit(principal: Principal, type: DraftType): void {
  assertPerson(principal)
  requireScopes(principal, createScopes[type])
}

/** Throws `missing_scopes` or `not_allowed`. */
export function assertMayDecide(principal: Principal): void {
  assertPerson(principal)
  requireScopes(principal, 'approve:drafts')
}

export const mayEdit = (principal: Principal, type: DraftType) => principal.clientId === dashboardClient && principal.scopes.has(createScopes[type])
export const mayDecide = (principal: Principal) => principal.clientId === dashboardClient && principal.scopes.has('approve:drafts')

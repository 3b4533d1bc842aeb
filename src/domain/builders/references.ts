/** What the arguments name: an entity, an organization, as far as the principal may read and sees them. Unknown and hidden ones get the same answer. */
import { requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import { type EntityType, entityType, findOrganization, listOrganizations, meantOf, type Organization } from '../entities/index.ts'
import type { Context } from './context.ts'
import { findRefs, namesOf, type Ref } from './rows-repository.ts'

/** The one entity of this id, key or name. Throws `missing_scopes`, `not_found` or `campaign_not_found` with near misses, and `unknown_value` where several have the name. */
export async function refOf({ stores: { db }, principal }: Pick<Context, 'stores' | 'principal'>, type: EntityType, given: string, argument: string): Promise<Ref> {
  const { scope } = entityType(type)
  if (scope) requireScopes(principal, scope)
  const rows = await findRefs(db, principal, type, given.trim())
  return await meantOf(rows, { type, given, argument, names: async () => await namesOf(db, principal, type) })
}

/** The same, where something is given. */
export async function maybeRef(context: Context, type: EntityType, given: string | undefined, argument: string): Promise<Ref | undefined> {
  return given?.trim() ? await refOf(context, type, given, argument) : undefined
}

export interface Placed {
  /** null: of the account as a whole. */
  readonly organization: Organization | null
  /** There were several, and none was named. */
  readonly unplaced: boolean
}

/** Whose the draft is: the organization named, or the only one there is to see. Who sees only some organizations must make it in one of them. */
export async function placeOf({ stores: { db }, principal }: Pick<Context, 'stores' | 'principal'>, given: string | undefined): Promise<Placed> {
  if (given?.trim()) return { organization: await findOrganization(db, principal, given), unplaced: false }
  const visible = await listOrganizations(db, principal)
  const [only, ...others] = visible
  if (only && others.length === 0) return { organization: only, unplaced: false }
  if (principal.organizations === null) return { organization: null, unplaced: others.length > 0 }
  throw new MercatError('invalid_arguments', `organizationId is missing: you see ${visible.length} organizations`, {
    argument: 'organizationId',
    ...(visible.length <= 20 ? { allowed: visible.map(({ name }) => label(name)) } : {}),
    hint: 'Send the id, key or exact name of one.',
  })
}

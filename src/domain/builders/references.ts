/** What the arguments name: an entity, an organization, as far as the principal may read and sees them. Unknown and hidden ones get the same answer. */
import { requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { label, matching, nearNames } from '../../core/match.ts'
import { clip } from '../../core/text.ts'
import { type EntityType, entityType, findOrganization, listOrganizations, type Organization } from '../entities/index.ts'
import type { Context } from './context.ts'
import { findRefs, namesOf, type Ref } from './rows-repository.ts'

/** The one entity of this id, key or name. Throws `missing_scopes`, `not_found` or `campaign_not_found` with near misses, and `unknown_value` where several have the name. */
export async function refOf({ stores: { db }, principal }: Pick<Context, 'stores' | 'principal'>, type: EntityType, given: string, argument: string): Promise<Ref> {
  const { scope, title } = entityType(type)
  if (scope) requireScopes(principal, scope)
  const value = clip(given.trim(), 60)
  const [row, ...others] = matching(given.trim(), await findRefs(db, principal, type, given.trim()))
  if (row && others.length === 0) return row
  if (row) {
    throw new MercatError('unknown_value', `${others.length + 1} entities of the type ${type} are called ${JSON.stringify(label(value))}`, {
      argument,
      value,
      allowed: [row, ...others].slice(0, 20).map(({ id }) => id),
      hint: 'Send the id of one.',
    })
  }
  const names = (await namesOf(db, principal, type)).map(({ name }) => label(name))
  throw new MercatError(type === 'campaign' ? 'campaign_not_found' : 'not_found', `${title} not found`, {
    argument,
    value,
    nearest: nearNames(given, names),
    hint: 'Send an id, a key or an exact name; list_entities lists all.',
  })
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

/** What the arguments of the tools name: an organization, a campaign, a webapp, as far as the principal sees them. Unknown and hidden ones get the same answer. */
import type { Principal } from '../../core/access.ts'
import { textUpTo } from '../../core/arguments.ts'
import { MercatError } from '../../core/errors.ts'
import { label, matching, unknownValue } from '../../core/match.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, findOrganization, listOrganizations, meantOf, type Organization } from '../entities/index.ts'
import { findRows, headsOf, type Row } from './rows-repository.ts'

export const organizationArgument = textUpTo(200).optional().describe('Id, key or exact name; may be left out where you see only one')
export const nameArgument = textUpTo(200)

/** The organization meant: named, or the only one there is to see. Throws `organization_not_found`, and `invalid_arguments` where one of several must be named. */
export async function organizationOf(db: DbOrTransaction, principal: Principal, given: string | undefined): Promise<Organization> {
  if (given?.trim()) return await findOrganization(db, principal, given)
  const visible = await listOrganizations(db, principal)
  const [only, ...others] = visible
  if (only && others.length === 0) return only
  if (only) {
    throw new MercatError('invalid_arguments', `organizationId is missing: you see ${visible.length} organizations`, {
      argument: 'organizationId',
      ...(visible.length <= 20 ? { allowed: visible.map(({ name }) => label(name)) } : {}),
      hint: 'Send the id, key or exact name of one.',
    })
  }
  throw new MercatError('organization_not_found', 'Organization not found', {
    argument: 'organizationId',
    hint: 'There are none that you can see; create_organization makes one, and mercat import takes them from files.',
  })
}

const hints: Partial<Record<EntityType, string>> = {
  campaign: 'list_organization_campaigns lists those of an organization.',
  webapp: 'list_organization_webapps lists those of an organization.',
  product_configuration: 'list_product_catalog lists all.',
  theme_set: 'list_organization_theme_sets lists those of an organization.',
}

/** The one entity of this id, key or exact name. @param within only of this organization */
export async function entityOf(db: DbOrTransaction, principal: Principal, type: EntityType, given: string, argument: string, within?: string): Promise<Row> {
  const rows = await findRows(db, principal, type, given.trim(), within)
  return await meantOf(rows, { type, given, argument, names: async () => await headsOf(db, principal, type, within), listed: hints[type] })
}

/** The value of a list of allowed ones, whatever its case. Throws `unknown_value`. */
export function oneOf<Value extends string>(given: string, allowed: readonly Value[], argument: string, kind: { one: string; many: string }): Value {
  const choices = allowed.map((name) => ({ id: name, name }))
  const [found] = matching(given.trim(), choices)
  if (!found) throw unknownValue(given.trim(), choices, argument, kind)
  return found.id
}

/** Whom people speak to at a client: for the dashboard alone. No app may be told, whatever its scopes. */
import { type Principal, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { dashboardClient } from '../accounts/index.ts'
import type { OrganizationDetails } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { organizationOf } from './find.ts'
import { detailsOf } from './organizations-repository.ts'

export type Contact = Pick<OrganizationDetails, 'contact' | 'website' | 'country'>

/** Throws `not_allowed` for anybody who is not at the dashboard. */
export async function contactOf({ db }: Pick<Stores, 'db'>, principal: Principal, organizationId: string | undefined): Promise<Contact> {
  requireScopes(principal, 'manage:organization')
  if (principal.clientId !== dashboardClient) throw new MercatError('not_allowed', 'Contacts are for people at the dashboard', { hint: 'Open the page of the organization there.' })
  const { id } = await organizationOf(db, principal, organizationId)
  const { contact, website, country } = (await detailsOf(db, principal.account.id, id)).details
  return { ...(contact ? { contact } : {}), ...(website ? { website } : {}), ...(country ? { country } : {}) }
}

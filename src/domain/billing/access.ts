/** Who may see bills: invoices and contracts are of a whole organization, and carry no brand. */
import { type Principal, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'

/** Throws `missing_scopes`, and `not_allowed` for members who see only some brands. */
export function requireBilling(principal: Principal): void {
  requireScopes(principal, 'read:billing')
  if (principal.brands === null) return
  throw new MercatError('not_allowed', 'Bills are of whole organizations, and you see only some brands', { hint: 'An owner can lift the restriction to brands.' })
}

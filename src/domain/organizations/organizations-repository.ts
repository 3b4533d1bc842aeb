/** The statements of this domain over organizations. Callers have found the organization as the principal's own. */
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import type { OrganizationDetails } from '../entities/index.ts'

export interface OrganizationRow {
  readonly id: string
  readonly details: OrganizationDetails
  readonly createdAt: Date
  readonly origin: string
}

export async function detailsOfAll(db: DbOrTransaction, accountId: string, ids: readonly string[]): Promise<Map<string, OrganizationRow>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('organizations')
    .select(['id', 'details', 'created_at', 'origin'])
    .where('account_id', '=', accountId)
    .where('id', 'in', [...ids])
    .execute()
  return new Map(rows.map(({ id, details, created_at, origin }) => [id, { id, details: details as OrganizationDetails, createdAt: created_at, origin }]))
}

export async function detailsOf(db: DbOrTransaction, accountId: string, id: string): Promise<OrganizationRow> {
  const found = (await detailsOfAll(db, accountId, [id])).get(id)
  if (!found) throw new Error('An organization that was found is gone')
  return found
}

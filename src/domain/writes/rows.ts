/** Rows that the write tools make: each checked against its type's published schema, and always a draft, so that only a person can switch it on. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, entityType } from '../entities/index.ts'
import { dashboardClient } from '../accounts/index.ts'
import { slugOf } from './keys.ts'

export interface NewRow {
  readonly type: EntityType
  readonly id: string
  readonly key: string
  readonly name: string
  readonly channel?: string | undefined
  readonly startsAt?: Date | undefined
  readonly endsAt?: Date | undefined
  /** Ids, not keys. */
  readonly brandId?: string | undefined
  readonly folderId?: string | undefined
  readonly tags?: readonly string[] | undefined
  readonly definition: Record<string, unknown>
}

/** A row that does not exist yet. Throws when the definition is not what the type's schema asks: a mistake here, not of the caller. */
export async function newRow(
  db: DbOrTransaction,
  principal: Principal,
  type: EntityType,
  name: string,
  definition: Record<string, unknown>,
  columns: Pick<NewRow, 'channel' | 'startsAt' | 'endsAt' | 'brandId' | 'folderId' | 'tags'> = {},
): Promise<NewRow> {
  const taken = await db.selectFrom('entities').select('key').where('account_id', '=', principal.account.id).where('type', '=', type).execute()
  const key = slugOf(
    type,
    name,
    taken.map((row) => row.key),
  )
  return { type, id: newId(type), key, name, definition: entityType(type).definition.parse(definition), ...columns }
}

/** @param organizationId null: of the account as a whole */
export async function insertRows(transaction: OperationalTransaction, principal: Principal, organizationId: string | null, rows: readonly NewRow[]): Promise<void> {
  const values = rows.map(({ type, id, key, name, channel, startsAt, endsAt, brandId, folderId, tags, definition }) => ({
    account_id: principal.account.id,
    organization_id: organizationId,
    type,
    id,
    key,
    name,
    status: 'draft',
    channel: channel ?? null,
    brand_id: brandId ?? null,
    folder_id: folderId ?? null,
    flow_id: null,
    tags: [...(tags ?? [])],
    starts_at: startsAt ?? null,
    ends_at: endsAt ?? null,
    created_by: principal.userId,
    origin: principal.clientId === dashboardClient ? 'dashboard' : 'mcp',
    definition: JSON.stringify(definition),
  }))
  await transaction.insertInto('entities').values(values).execute()
}

/** Somebody who sees only some brands would lose sight of what they make: it carries none. Throws `not_allowed`. */
export function assertSeesMade(principal: Principal, what: string): void {
  if (principal.brands === null) return
  throw new MercatError('not_allowed', `You see only some brands, and ${what} would be outside of them`, { hint: 'Ask somebody who sees the whole organization to make it.' })
}

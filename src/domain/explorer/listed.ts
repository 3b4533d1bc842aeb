/** Rows as lists show them: names for ids, one line of summary, nothing that is not there. */
import type { Principal } from '../../core/access.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, entityType, listOrganizations } from '../entities/index.ts'
import { mayRead } from './access.ts'
import type { ListedEntity } from './answer.ts'
import { findNames, type Row } from './rows-repository.ts'

/** Names of what the rows refer to; what the principal may not read keeps its id. */
export async function toListed(db: DbOrTransaction, principal: Principal, type: EntityType, rows: readonly Row[]): Promise<ListedEntity[]> {
  const names = new Map<string, string>()
  const columns = [
    ['brand', 'brand_id'],
    ['folder', 'folder_id'],
    ['flow', 'flow_id'],
  ] as const
  for (const [kind, column] of columns) {
    const ids = [...new Set(rows.flatMap((row) => row[column] ?? []))]
    if (mayRead(principal, kind)) for (const { id, name } of await findNames(db, principal, kind, 'id', ids)) names.set(id, name)
  }
  if (rows.some(({ organization_id }) => organization_id !== null)) for (const { id, name } of await listOrganizations(db, principal)) names.set(id, name)
  return rows.map((row) => toRow(type, row, names))
}

function toRow(type: EntityType, row: Row, names: ReadonlyMap<string, string>): ListedEntity {
  const { summary, definition } = entityType(type)
  // Checked when it was written; a later version of the type may ask for more than is stored.
  const parsed = definition.safeParse(row.definition)
  const named = (field: string, id: string | null) => (id === null ? {} : { [field]: names.get(id) ?? id })
  const there = (field: string, value: string | null) => (value === null ? {} : { [field]: value })
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    status: row.status,
    ...there('channel', row.channel),
    ...named('brand', row.brand_id),
    ...named('folder', row.folder_id),
    ...named('flow', row.flow_id),
    ...named('organization', row.organization_id),
    ...(row.tags.length ? { tags: row.tags } : {}),
    ...there('createdAt', row.created_at),
    ...there('updatedAt', row.updated_at),
    ...there('startsAt', row.starts_at),
    ...there('endsAt', row.ends_at),
    origin: row.origin,
    summary: parsed.success ? summary(parsed.data) : '',
  }
}

/** Writes entities: imported ones whole, unknown campaigns seen in events as placeholders. Knows no principal; callers have checked theirs. */
import { derivedId } from '../../core/ids.ts'
import { canonicalJson } from '../../core/json.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'
import type { EntityOrigin } from './define.ts'
import type { Owner } from './records/define.ts'
import { upsertRecords } from './records/write.ts'
import { entityType, entityRowSchema, type EntityRow, type EntityType, isRecord, type ParsedRow, wordsOf } from './rows.ts'

export interface UpsertResult {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** `index` is the row's place in the given array. */
  readonly rejected: readonly { index: number; reason: string }[]
}

interface Known {
  readonly id: string
  readonly row: Record<string, unknown>
}

const chunk = 500
const reference = (type: string, key: string) => `${type}\0${key}`

/**
 * Creates or updates entities by type and key, in one transaction. References (brand, folder, flow, organization) may point to rows of the same call, in any order.
 * A field that is left out keeps what is stored; the same rows twice change nothing. A row that cannot be stored is rejected with its reason, the others are stored.
 */
export async function upsertEntities(db: Db, accountId: string, rows: readonly EntityRow[], options: { origin?: EntityOrigin; createdBy?: string } = {}): Promise<UpsertResult> {
  return await db.transaction().execute(async (transaction) => {
    const rejected: { index: number; reason: string }[] = []
    const parsed = rows.flatMap((row, index): { index: number; row: ParsedRow }[] => {
      const result = entityRowSchema.safeParse(row)
      if (result.success) return [{ index, row: result.data }]
      rejected.push({ index, reason: wordsOf(result.error) })
      return []
    })
    const records = await upsertRecords(
      transaction,
      accountId,
      parsed.filter(({ row }) => isRecord(row.type)),
      options,
    )
    rejected.push(...records.rejected)
    const entities = parsed.filter((entry): entry is { index: number; row: ParsedRow & { type: EntityType } } => !isRecord(entry.row.type))
    const known = await readKnown(transaction, accountId)
    // Ids are derived from keys, so rows of this very call can be referred to before they are stored.
    const ids = new Map([...known].map(([name, { id }]) => [name, id]))
    for (const { row } of entities) ids.set(reference(row.type, row.key), ids.get(reference(row.type, row.key)) ?? derivedId(row.type, accountId, row.key))
    let { created, updated, unchanged } = records
    const changes = new Map<string, Record<string, unknown>>()
    for (const { index, row } of entities) {
      const name = reference(row.type, row.key)
      const stored = changes.get(name) ?? known.get(name)?.row
      const made = merge(row, stored, ids, records.owners)
      if ('reason' in made) {
        rejected.push({ index, reason: made.reason })
      } else if (stored && same(stored, made.row)) {
        unchanged++
      } else {
        if (stored) updated++
        else created++
        changes.set(name, made.row)
      }
    }
    const stamped = [...changes].map(([name, row]) => ({
      ...row,
      account_id: accountId,
      id: ids.get(name),
      origin: options.origin ?? 'import',
      created_by: options.createdBy ?? null,
      updated_at: new Date(),
    }))
    for (let at = 0; at < stamped.length; at += chunk) await store(transaction, stamped.slice(at, at + chunk))
    return { created, updated, unchanged, rejected: rejected.sort((a, b) => a.index - b.index) }
  })
}

const mergedColumns = ['organization_id', 'name', 'status', 'channel', 'brand_id', 'folder_id', 'flow_id', 'tags', 'created_at', 'starts_at', 'ends_at', 'definition'] as const

async function readKnown(db: DbOrTransaction, accountId: string): Promise<Map<string, Known>> {
  const rows = await db
    .selectFrom('entities')
    .select(['id', 'type', 'key', 'origin', ...mergedColumns])
    .where('account_id', '=', accountId)
    .execute()
  return new Map(
    rows.map(({ id, ...row }) => [
      reference(row.type, row.key),
      {
        id,
        row: {
          ...row,
          created_at: row.created_at.toISOString(),
          starts_at: row.starts_at?.toISOString() ?? null,
          ends_at: row.ends_at?.toISOString() ?? null,
          definition: JSON.stringify(row.definition),
        },
      },
    ]),
  )
}

/** The row as it will be stored: what came over what is there. */
function merge(
  row: ParsedRow & { type: EntityType },
  stored: Record<string, unknown> | undefined,
  ids: Map<string, string>,
  organizations: ReadonlyMap<string, Owner>,
): { row: Record<string, unknown> } | { reason: string } {
  const type = entityType(row.type)
  const status = row.status ?? stored?.status ?? type.statuses[0]
  if (row.status && !type.statuses.includes(row.status)) return { reason: `status: a ${row.type} is ${type.statuses.join(', ')}` }
  if (type.needsChannel && !(row.channel ?? stored?.channel)) return { reason: `channel: a ${row.type} must name one` }
  if (row.flow !== undefined && row.type !== 'campaign') return { reason: 'flow: only a campaign belongs to a flow' }
  const definition = type.definition.safeParse({ ...(stored ? (JSON.parse(String(stored.definition)) as object) : {}), ...row.definition })
  if (!definition.success) return { reason: `definition: ${wordsOf(definition.error)}` }
  const missing: string[] = []
  const refer = (column: 'brand' | 'folder' | 'flow') => {
    const key = row[column]
    if (key === undefined) return stored?.[`${column}_id`] ?? null
    const id = ids.get(reference(column, key))
    if (id === undefined) missing.push(`${column}: no ${column} has the key ${JSON.stringify(key)}; import it first or in the same file`)
    return id ?? null
  }
  const made = { organization_id: stored?.organization_id ?? null, brand_id: refer('brand'), folder_id: refer('folder'), flow_id: refer('flow') }
  if (row.organization !== undefined) {
    made.organization_id = organizations.get(row.organization)?.id ?? null
    if (made.organization_id === null) missing.push(`organization: no organization has the key ${JSON.stringify(row.organization)}; import it first or in the same file`)
  }
  if (missing.length) return { reason: missing.join('; ') }
  return {
    row: {
      type: row.type,
      key: row.key,
      name: row.name ?? stored?.name ?? row.key,
      status,
      channel: row.channel ?? stored?.channel ?? null,
      ...made,
      tags: row.tags ?? stored?.tags ?? [],
      created_at: row.createdAt === undefined ? (stored?.created_at ?? new Date().toISOString()) : new Date(row.createdAt).toISOString(),
      starts_at: row.startsAt === undefined ? (stored?.starts_at ?? null) : new Date(row.startsAt).toISOString(),
      ends_at: row.endsAt === undefined ? (stored?.ends_at ?? null) : new Date(row.endsAt).toISOString(),
      definition: JSON.stringify(definition.data),
    },
  }
}

/** A placeholder that is imported becomes a real record, even with the same values. */
function same(stored: Record<string, unknown>, made: Record<string, unknown>): boolean {
  if (stored.origin === 'observed') return false
  return mergedColumns.every((column) =>
    column === 'definition' ? canonical(stored[column]) === canonical(made[column]) : JSON.stringify(stored[column]) === JSON.stringify(made[column]),
  )
}

/** Definitions come as JSON text here. */
const canonical = (json: unknown): string => canonicalJson(JSON.parse(String(json)))

async function store(db: DbOrTransaction, rows: Record<string, unknown>[]): Promise<void> {
  await db
    .insertInto('entities')
    .values(rows as never)
    .onConflict((conflict) =>
      conflict.columns(['account_id', 'type', 'key']).doUpdateSet((eb) => ({
        ...Object.fromEntries(mergedColumns.map((column) => [column, eb.ref(`excluded.${column}`)])),
        origin: eb.ref('excluded.origin'),
        updated_at: eb.ref('excluded.updated_at'),
      })),
    )
    .execute()
}

/** Makes a placeholder for every key that names no campaign yet. @returns the keys that were new */
export async function ensureCampaigns(db: DbOrTransaction, accountId: string, keys: Iterable<string>): Promise<string[]> {
  const wanted = [...new Set(keys)].filter((key) => key !== '')
  const made: string[] = []
  for (let at = 0; at < wanted.length; at += chunk) {
    const rows = await db
      .insertInto('entities')
      .values(
        wanted.slice(at, at + chunk).map((key) => ({
          account_id: accountId,
          organization_id: null,
          type: 'campaign',
          id: derivedId('campaign', accountId, key),
          key,
          name: key,
          status: 'active',
          channel: null,
          brand_id: null,
          folder_id: null,
          flow_id: null,
          created_by: null,
          origin: 'observed',
          definition: JSON.stringify({ kind: 'bulk', variants: [], countries: [] }),
        })),
      )
      .onConflict((conflict) => conflict.columns(['account_id', 'type', 'key']).doNothing())
      .returning('key')
      .execute()
    made.push(...rows.map(({ key }) => key))
  }
  return made
}

/** The statements of this domain over entities, each restricted to what the principal sees (entities, visibleEntities). */
import { type Expression, sql, type SqlBool } from 'kysely'
import type { Principal } from '../../core/access.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityStatus, type EntityType, visibleEntities } from '../entities/index.ts'

/** An entity as the tools of organizations show it. Times are ISO 8601, UTC. */
export interface Row {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: EntityStatus
  readonly channel: string | null
  readonly organizationId: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly origin: string
  readonly definition: Record<string, unknown>
}

export interface RowFilter {
  /** Of this organization; undefined: of the whole account. */
  readonly organizationId?: string | undefined
  readonly statuses?: readonly EntityStatus[] | undefined
  readonly nameContains?: string | undefined
  /** ISO 3166-1 alpha-2: those of this country and those of all. */
  readonly country?: string | undefined
  /** Of products: its kind. */
  readonly kind?: string | undefined
}

const columns = ['id', 'key', 'name', 'status', 'channel', 'organization_id', 'created_at', 'updated_at', 'starts_at', 'ends_at', 'origin'] as const
/** A campaign's content may be a whole mail. */
const definition = sql<Record<string, unknown>>`definition #- '{template,content}'`.as('definition')

function conditions({ organizationId, statuses, nameContains, country, kind }: RowFilter): Expression<SqlBool>[] {
  return [
    ...(organizationId === undefined ? [] : [sql<SqlBool>`organization_id = ${organizationId}`]),
    ...(statuses === undefined ? [] : [sql<SqlBool>`status = ANY(${[...statuses]}::text[])`]),
    ...(nameContains === undefined ? [] : [sql<SqlBool>`position(lower(${nameContains}) in lower(name)) > 0`]),
    ...(country === undefined ? [] : [sql<SqlBool>`(definition->'countries' ? ${country} OR coalesce(jsonb_array_length(definition->'countries'), 0) = 0)`]),
    ...(kind === undefined ? [] : [sql<SqlBool>`lower(definition->>'kind') = lower(${kind})`]),
  ]
}

function matching(db: DbOrTransaction, principal: Principal, type: EntityType, filter: RowFilter) {
  return visibleEntities(db, principal, type).where((eb) => eb.and(conditions(filter)))
}

type Raw = Awaited<ReturnType<typeof readRaw>>[number]

async function readRaw(db: DbOrTransaction, principal: Principal, type: EntityType, filter: RowFilter, ids: readonly string[]) {
  return await matching(db, principal, type, filter)
    .where('id', 'in', [...ids])
    .select([...columns, definition])
    .execute()
}

const toRow = (raw: Raw): Row => ({
  id: raw.id,
  key: raw.key,
  name: raw.name,
  status: raw.status as EntityStatus,
  channel: raw.channel,
  organizationId: raw.organization_id,
  createdAt: raw.created_at.toISOString(),
  updatedAt: raw.updated_at.toISOString(),
  startsAt: raw.starts_at?.toISOString() ?? null,
  endsAt: raw.ends_at?.toISOString() ?? null,
  origin: raw.origin,
  definition: raw.definition,
})

/** Rows by name, from the `from`-th (0: the first) on, and how many there are. */
export async function rowsPage(db: DbOrTransaction, principal: Principal, type: EntityType, filter: RowFilter, from: number, limit: number): Promise<{ rows: Row[]; of: number }> {
  const { count } = await matching(db, principal, type, filter)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  if (from >= count) return { rows: [], of: count }
  const ids = await matching(db, principal, type, filter).select('id').orderBy(sql`lower(name) COLLATE "C"`).orderBy('id').offset(from).limit(limit).execute()
  return {
    rows: await rowsOfIds(
      db,
      principal,
      type,
      ids.map(({ id }) => id),
      filter,
    ),
    of: count,
  }
}

/** Rows in the order of their ids here; those that are not visible are left out. */
export async function rowsOfIds(db: DbOrTransaction, principal: Principal, type: EntityType, ids: readonly string[], filter: RowFilter = {}): Promise<Row[]> {
  if (ids.length === 0) return []
  const found = new Map((await readRaw(db, principal, type, filter, ids)).map((raw) => [raw.id, toRow(raw)]))
  return ids.flatMap((id) => found.get(id) ?? [])
}

/** All of an organization (undefined: of the account), by name, without definitions. */
export async function headsOf(db: DbOrTransaction, principal: Principal, type: EntityType, organizationId?: string, most = 5_000) {
  return await matching(db, principal, type, { organizationId }).select(['id', 'key', 'name', 'status']).orderBy(sql`lower(name) COLLATE "C"`).orderBy('id').limit(most).execute()
}

/** Rows whose id, key or name is the text, in whatever case. */
export async function findRows(db: DbOrTransaction, principal: Principal, type: EntityType, given: string, organizationId?: string): Promise<Row[]> {
  const rows = await matching(db, principal, type, { organizationId })
    .where((eb) => eb.or(['id', 'key', 'name'].map((column) => sql<SqlBool>`lower(${sql.ref(column)}) = lower(${given})`)))
    .select([...columns, definition])
    .limit(100)
    .execute()
  return rows.map(toRow)
}

/** Names of rows by their keys. */
export async function namesByKey(db: DbOrTransaction, principal: Principal, type: EntityType, keys: readonly string[]): Promise<Map<string, { id: string; name: string }>> {
  if (keys.length === 0) return new Map()
  const rows = await visibleEntities(db, principal, type)
    .where('key', 'in', [...new Set(keys)])
    .select(['id', 'key', 'name'])
    .execute()
  return new Map(rows.map(({ key, ...row }) => [key, row]))
}

/** How far an organization's campaigns are: each count is of those that the principal sees, and `since` the first one's day of birth. */
export interface CampaignStages {
  readonly campaigns: number
  readonly active: number
  readonly first: Date | null
  readonly withWebapp: number
  readonly firstWithWebapp: Date | null
  readonly withProducts: number
  /** When the first of them was last changed: products were linked by then. */
  readonly productsBy: Date | null
  readonly switchedOn: number
  readonly switchedOnBy: Date | null
}

/** By organization. */
export async function campaignStages(db: DbOrTransaction, principal: Principal): Promise<Map<string, CampaignStages>> {
  const webapp = sql<SqlBool>`definition ? 'webapp'`
  const products = sql<SqlBool>`coalesce(jsonb_array_length(definition->'products'), 0) > 0`
  const on = sql<SqlBool>`status IN ('active', 'paused', 'completed', 'stopped')`
  const count = (condition: Expression<SqlBool>) => sql<number>`count(*) FILTER (WHERE ${condition})`
  const first = (column: 'created_at' | 'updated_at', condition: Expression<SqlBool>) => sql<Date | null>`min(${sql.ref(column)}) FILTER (WHERE ${condition})`
  const rows = await visibleEntities(db, principal, 'campaign')
    .where('organization_id', 'is not', null)
    .where('status', '!=', 'archived')
    .select([
      'organization_id',
      sql<number>`count(*)`.as('campaigns'),
      count(sql<SqlBool>`status = 'active'`).as('active'),
      sql<Date | null>`min(created_at)`.as('first'),
      count(webapp).as('withWebapp'),
      first('created_at', webapp).as('firstWithWebapp'),
      count(products).as('withProducts'),
      first('updated_at', products).as('productsBy'),
      count(on).as('switchedOn'),
      first('updated_at', on).as('switchedOnBy'),
    ])
    .groupBy('organization_id')
    .execute()
  return new Map(rows.map(({ organization_id, ...stages }) => [organization_id as string, stages]))
}

/** Entities of a type by organization. */
export async function countByOrganization(db: DbOrTransaction, principal: Principal, type: EntityType): Promise<Map<string, number>> {
  const rows = await visibleEntities(db, principal, type)
    .where('organization_id', 'is not', null)
    .where('status', '!=', 'archived')
    .select(['organization_id', sql<number>`count(*)`.as('count')])
    .groupBy('organization_id')
    .execute()
  return new Map(rows.map(({ organization_id, count }) => [organization_id as string, count]))
}

/** Campaigns that use each webapp, by its key. */
export async function campaignsByWebapp(db: DbOrTransaction, principal: Principal, organizationId: string): Promise<Map<string, number>> {
  const rows = await visibleEntities(db, principal, 'campaign')
    .where('organization_id', '=', organizationId)
    .select([sql<string>`definition->>'webapp'`.as('webapp'), sql<number>`count(*)`.as('count')])
    .where(sql<SqlBool>`definition ? 'webapp'`)
    .groupBy('webapp')
    .execute()
  return new Map(rows.map(({ webapp, count }) => [webapp, count]))
}

/** Configurations of base products, by the product's key; by name. */
export async function configurationsOf(db: DbOrTransaction, principal: Principal, products: readonly string[]): Promise<Map<string, Row[]>> {
  const made = new Map<string, Row[]>()
  if (products.length === 0) return made
  const rows = await visibleEntities(db, principal, 'product_configuration')
    .where(sql<string>`definition->>'product'`, 'in', [...products])
    .select([...columns, definition])
    .orderBy(sql`lower(name) COLLATE "C"`)
    .orderBy('id')
    .execute()
  for (const row of rows.map(toRow)) {
    const product = String(row.definition.product)
    made.set(product, [...(made.get(product) ?? []), row])
  }
  return made
}

/** The statements of the explorer over entities, each restricted to what the principal sees (entities, visibleEntities). Goals, which are settings, join as rows made for the statement. */
import { type Expression, type QueryCreator, sql, type SqlBool } from 'kysely'
import type { Principal } from '../../core/access.ts'
import { derivedId } from '../../core/ids.ts'
import type { DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'
import { readSettings } from '../accounts/index.ts'
import { type EntityStatus, type EntityType, entityType, visibleEntities } from '../entities/index.ts'
import type { ListEntitiesInput } from './arguments.ts'

/** Instants are ISO 8601 text with all the store has: a cursor made of less would lose rows. */
export interface Row {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: EntityStatus
  readonly channel: string | null
  readonly organization_id: string | null
  readonly brand_id: string | null
  readonly folder_id: string | null
  readonly flow_id: string | null
  readonly tags: string[]
  readonly created_at: string | null
  readonly updated_at: string | null
  readonly starts_at: string | null
  readonly ends_at: string | null
  readonly created_by: string | null
  readonly origin: string
  readonly definition: Record<string, unknown>
}

export interface RowFilter {
  readonly statuses?: readonly string[] | undefined
  readonly channels?: readonly string[] | undefined
  readonly brands?: readonly string[] | undefined
  readonly folders?: readonly string[] | undefined
  readonly tags?: readonly string[] | undefined
  readonly organizations?: readonly string[] | undefined
  readonly nameContains?: string | undefined
  /** From: included; To: not. */
  readonly createdFrom?: Date | undefined
  readonly createdTo?: Date | undefined
  readonly updatedFrom?: Date | undefined
  readonly updatedTo?: Date | undefined
  readonly activeFrom?: Date | undefined
  readonly activeTo?: Date | undefined
}

export type Sort = Pick<ListEntitiesInput, 'sort' | 'direction'>

/** The place after a row: the value it is sorted by, and its id. */
export interface Place {
  readonly value: string
  readonly id: string
}

/** Rows of a type that the principal sees, goals included. */
export async function rowsOf(db: DbOrTransaction, principal: Principal, type: EntityType) {
  if (!entityType(type).inSettings) return visibleEntities(db, principal, type)
  const { goals } = await readSettings(db, principal.account.id)
  const rows = goals.map(({ name, ...goal }, index) => ({
    account_id: principal.account.id,
    type,
    id: derivedId('goal', principal.account.id, name),
    key: name,
    name,
    status: 'active',
    tags: [],
    // Nobody keeps when a goal was set: before everything that is known.
    created_at: '-infinity',
    updated_at: '-infinity',
    origin: 'dashboard',
    definition: { ...goal, isDefault: index === 0 },
  }))
  // In this statement, `entities` are these rows alone: types in settings are seen by all (`shared`), so the rule of sight looks into no others.
  const creator = db.with('entities', () => sql`(SELECT * FROM jsonb_populate_recordset(NULL::entities, ${JSON.stringify(rows)}::jsonb))`)
  return visibleEntities(creator as QueryCreator<OperationalSchema> as DbOrTransaction, principal, type)
}

const text = (column: 'created_at' | 'updated_at' | 'starts_at' | 'ends_at') =>
  sql<string | null>`CASE WHEN isfinite(${sql.ref(column)}) THEN to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') END`.as(column)
const heads = ['id', 'key', 'name', 'status', 'channel', 'organization_id', 'brand_id', 'folder_id', 'flow_id', 'tags', 'created_by', 'origin'] as const
const times = [text('created_at'), text('updated_at'), text('starts_at'), text('ends_at')] as const
/** Whole mails would be read for every row of a list, for one line about it. */
const shortDefinition = sql<Record<string, unknown>>`definition #- '{template,content}'`.as('definition')

type Raw = Omit<Row, 'status'> & { readonly status: string }
const exact = (time: string | null) => time?.replace(/\.?0*Z$/, 'Z') ?? null
function rowOf(raw: Raw): Row {
  return {
    ...raw,
    status: raw.status as EntityStatus,
    created_at: exact(raw.created_at),
    updated_at: exact(raw.updated_at),
    starts_at: exact(raw.starts_at),
    ends_at: exact(raw.ends_at),
  }
}

/** `%`, `_` and `\` as themselves. */
export const like = (part: string) => `%${part.replace(/[\\%_]/g, '\\$&')}%`
/** The same order in every database, whatever its locale. */
const folded = sql`lower(name) COLLATE "C"`

function conditions(filter: RowFilter): Expression<SqlBool>[] {
  const { statuses, channels, brands, folders, tags, organizations, nameContains } = filter
  const oneOf = (column: string, values: readonly string[] | undefined) => (values ? [sql<SqlBool>`${sql.ref(column)} = ANY(${[...values]}::text[])`] : [])
  const between = (column: string, from: Date | undefined, to: Date | undefined) => [
    ...(from ? [sql<SqlBool>`${sql.ref(column)} >= ${from}`] : []),
    ...(to ? [sql<SqlBool>`${sql.ref(column)} < ${to}`] : []),
  ]
  const active = filter.activeFrom !== undefined || filter.activeTo !== undefined
  return [
    ...oneOf('status', statuses),
    ...oneOf('channel', channels),
    ...oneOf('brand_id', brands),
    ...oneOf('folder_id', folders),
    ...oneOf('organization_id', organizations),
    ...(tags ? [sql<SqlBool>`tags && ${[...tags]}::text[]`] : []),
    ...(nameContains === undefined ? [] : [sql<SqlBool>`lower(name) LIKE lower(${like(nameContains)})`]),
    ...between('created_at', filter.createdFrom, filter.createdTo),
    ...between('updated_at', filter.updatedFrom, filter.updatedTo),
    ...(active ? [sql<SqlBool>`starts_at IS NOT NULL`] : []),
    ...(filter.activeTo ? [sql<SqlBool>`starts_at < ${filter.activeTo}`] : []),
    ...(filter.activeFrom ? [sql<SqlBool>`coalesce(ends_at, 'infinity') >= ${filter.activeFrom}`] : []),
  ]
}

/** What stands for a start that is not known: such rows come last, in both directions. */
export const unknownStart = (direction: Sort['direction']) => (direction === 'asc' ? 'infinity' : '-infinity')

function sortKey({ sort, direction }: Sort) {
  if (sort === 'name') return folded
  if (sort === 'starts') return sql`coalesce(starts_at, ${sql.lit(unknownStart(direction))}::timestamptz)`
  return sql`${sql.ref(sort === 'created' ? 'created_at' : 'updated_at')}`
}

/** One page of rows after a place (keyset: rows that come meanwhile move nothing), and how many there are in all. */
export async function findPage(
  db: DbOrTransaction,
  principal: Principal,
  type: EntityType,
  filter: RowFilter,
  order: Sort,
  after: Place | undefined,
  limit: number,
): Promise<{ rows: Row[]; of: number }> {
  const found = (await rowsOf(db, principal, type)).where((eb) => eb.and(conditions(filter)))
  const { of } = await found.select(sql<number>`count(*)`.as('of')).executeTakeFirstOrThrow()
  const key = sortKey(order)
  let page = found.select([...heads, ...times, shortDefinition])
  if (after) {
    const value = order.sort === 'name' ? sql`lower(${after.value})` : sql`${after.value}::timestamptz`
    page = page.where(sql<SqlBool>`(${key}, id) ${order.direction === 'asc' ? sql`>` : sql`<`} (${value}, ${after.id})`)
  }
  const rows = await page.orderBy(key, order.direction).orderBy('id', order.direction).limit(limit).execute()
  return { rows: (rows as Raw[]).map(rowOf), of }
}

/** Rows of the type with this id, else this key, else this name, whatever its case. Whole definitions. */
export async function findNamed(db: DbOrTransaction, principal: Principal, type: EntityType, given: string, most: number): Promise<Row[]> {
  const rows = await rowsOf(db, principal, type)
  for (const same of [sql<SqlBool>`id = ${given}`, sql<SqlBool>`key = ${given}`, sql<SqlBool>`${folded} = lower(${given})`]) {
    const found = await rows
      .where(same)
      .select([...heads, ...times, 'definition'])
      .orderBy('id')
      .limit(most)
      .execute()
    if (found.length) return (found as Raw[]).map(rowOf)
  }
  return []
}

/** Distinct names of the type, in order, at most so many: what a wrong name may have meant. */
export async function namesOf(db: DbOrTransaction, principal: Principal, type: EntityType, most: number): Promise<string[]> {
  const rows = await (await rowsOf(db, principal, type)).select('name').distinct().orderBy('name').limit(most).execute()
  return rows.map(({ name }) => name)
}

/** The values of a filter that rows of the type have, in order. */
export async function usedValues(db: DbOrTransaction, principal: Principal, type: EntityType, filter: 'tag' | 'channel' | 'status' | 'brand_id' | 'folder_id'): Promise<string[]> {
  const value = filter === 'tag' ? sql<string | null>`unnest(tags)` : sql<string | null>`${sql.ref(filter)}`
  const rows = await (await rowsOf(db, principal, type)).select(value.as('value')).distinct().execute()
  return rows.flatMap((row) => row.value ?? []).sort()
}

/** Ids, keys and names of the rows of a type that have one of these ids or keys. */
export async function findNames(db: DbOrTransaction, principal: Principal, type: EntityType, by: 'id' | 'key' | 'either', values: readonly string[]) {
  if (values.length === 0) return []
  const any = sql`ANY(${[...values]}::text[])`
  const same = by === 'either' ? sql<SqlBool>`(id = ${any} OR key = ${any})` : sql<SqlBool>`${sql.ref(by)} = ${any}`
  return await (await rowsOf(db, principal, type)).where(same).select(['id', 'key', 'name']).execute()
}

/** Who made an entity, where that is a person of Mercat. */
export async function nameOfUser(db: DbOrTransaction, id: string): Promise<string | undefined> {
  return (await db.selectFrom('users').select('name').where('id', '=', id).executeTakeFirst())?.name
}

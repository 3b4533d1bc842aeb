/** The statements of this domain over entities, each restricted to what the principal sees (entities, visibleEntities). It writes nothing. */
import { sql, type SqlBool } from 'kysely'
import type { Principal } from '../../core/access.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { type EntityType, visibleEntities } from '../entities/index.ts'

/** An entity that a draft names. */
export interface Ref {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: string
  readonly definition: Record<string, unknown>
}

const heads = ['id', 'key', 'name', 'status'] as const
/** A campaign's content may be a whole mail. */
const definition = sql<Record<string, unknown>>`definition #- '{template,content}'`.as('definition')

/** Rows whose id, key or name is the text, in whatever case. */
export async function findRefs(db: DbOrTransaction, principal: Principal, type: EntityType, given: string): Promise<Ref[]> {
  return await visibleEntities(db, principal, type)
    .where((eb) => eb.or(['id', 'key', 'name'].map((column) => sql<SqlBool>`lower(${sql.ref(column)}) = lower(${given})`)))
    .select([...heads, definition])
    .orderBy('id')
    .limit(100)
    .execute()
}

/** Rows by id or key; those that are not visible are left out. */
export async function refsBy(db: DbOrTransaction, principal: Principal, type: EntityType, column: 'id' | 'key', values: readonly string[]): Promise<Ref[]> {
  if (values.length === 0) return []
  return await visibleEntities(db, principal, type)
    .where(column, 'in', [...new Set(values)])
    .select([...heads, definition])
    .execute()
}

/** Names, keys and ids of all of a type. */
export async function namesOf(db: DbOrTransaction, principal: Principal, type: EntityType): Promise<{ id: string; key: string; name: string; tags: string[] }[]> {
  return await visibleEntities(db, principal, type).select(['id', 'key', 'name', 'tags']).orderBy('name').orderBy('id').limit(5_000).execute()
}

export interface RunningCampaign {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly targetGroup: string
  readonly sendAt: string | null
}

/** Campaigns of a channel that run or will, and go to one of these target groups. */
export async function runningCampaigns(db: DbOrTransaction, principal: Principal, channel: string, targetGroups: readonly string[]): Promise<RunningCampaign[]> {
  if (targetGroups.length === 0) return []
  const targetGroup = sql<string>`definition->>'targetGroup'`
  const rows = await visibleEntities(db, principal, 'campaign')
    .where('channel', '=', channel)
    .where('status', 'in', ['active', 'scheduled'])
    .where(targetGroup, 'in', [...targetGroups])
    .select(['id', 'name', 'status', 'starts_at', 'ends_at', targetGroup.as('target_group'), sql<string | null>`definition->'schedule'->>'sendAt'`.as('send_at')])
    .orderBy('starts_at')
    .orderBy('id')
    .limit(1_000)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    status: row.status,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    targetGroup: row.target_group,
    sendAt: row.send_at,
  }))
}

/** Target groups of exactly this rule, whatever else they hold. @param rule as JSON */
export async function groupsOfRule(db: DbOrTransaction, principal: Principal, rule: string): Promise<string[]> {
  const rows = await visibleEntities(db, principal, 'target_group').where(sql<SqlBool>`definition->'predicate' = ${rule}::jsonb`).select('key').limit(1_000).execute()
  return rows.map(({ key }) => key)
}

/** Drafts that wait for a decision and would do the same. */
export async function draftsLike(
  db: DbOrTransaction,
  principal: Principal,
  type: EntityType,
  fingerprint: string,
  except: string | undefined,
): Promise<{ id: string; name: string }[]> {
  const same = await db
    .selectFrom('drafts')
    .select('entity_id')
    .where('account_id', '=', principal.account.id)
    .where('fingerprint', '=', fingerprint)
    .where('decision', 'is', null)
    .orderBy('proposed_at')
    .limit(20)
    .execute()
  const ids = same.map((row) => row.entity_id).filter((id) => id !== except)
  if (ids.length === 0) return []
  return await visibleEntities(db, principal, type).where('id', 'in', ids).where('status', '=', 'draft').select(['id', 'name']).orderBy('id').execute()
}

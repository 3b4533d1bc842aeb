/** Reads entities for a principal: its account, and only the organizations and brands it may see. Never changes anything. */
import { isRestricted, type Principal, type Restrictions } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { label, matching, nearNames } from '../../core/match.ts'
import { clip } from '../../core/text.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import { channelNamed, type ChannelName } from '../channels.ts'
import type { EntityStatus } from './define.ts'
import type { CampaignDefinition } from './types/campaign.ts'
import type { FlowDefinition } from './types/flow.ts'
import { type EntityType, entityType } from './rows.ts'

/** An entity of any type. `key` is the platform's own id, as analytics rows and imports name it. Times are ISO 8601, UTC. */
export interface Entity<Definition = Record<string, unknown>> {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: EntityStatus
  readonly channel: ChannelName | null
  readonly organizationId: string | null
  readonly brandId: string | null
  readonly folderId: string | null
  /** Campaigns only: set = automatic, null = manual. */
  readonly flowId: string | null
  readonly tags: readonly string[]
  readonly startsAt: string | null
  readonly endsAt: string | null
  readonly origin: string
  readonly definition: Definition
}
export type Campaign = Entity<CampaignDefinition>
export type Flow = Entity<FlowDefinition>

/** An entity without its definition, which may hold a whole mail: what lists and reports read. */
export type EntityHead = Omit<Entity, 'definition'>

/** Whose eyes: an account, and what of it they are restricted to. */
export type Sight = Restrictions & Pick<Principal, 'account'>

export interface Organization {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly currency: string
}

const headColumns = ['id', 'key', 'name', 'status', 'channel', 'organization_id', 'brand_id', 'folder_id', 'flow_id', 'tags', 'starts_at', 'ends_at', 'origin'] as const
const columns = [...headColumns, 'definition'] as const

/**
 * Rows of a type that the principal may see, by the type's rule (define.ts, SightRule). A member restricted to organizations or brands sees exactly the
 * rows that carry one of them: a row without an organization or brand could be anyone's, so it is not shown. All reading of entities for a person begins here.
 */
export function visibleEntities(db: DbOrTransaction, principal: Sight, type: EntityType) {
  const rule = entityType(type).sight
  let query = db.selectFrom('entities').where('account_id', '=', principal.account.id).where('type', '=', type)
  if (rule === 'shared' || !isRestricted(principal)) return query
  if (type === 'brand') {
    // A brand may serve several organizations; a member restricted to organizations sees brands of their own campaigns only.
    if (principal.organizations)
      query = query.where((eb) => eb.or([eb('organization_id', 'in', restrict(principal.organizations ?? [])), eb('id', 'in', inUse(db, principal, 'brand_id'))]))
    return principal.brands ? query.where('id', 'in', restrict(principal.brands)) : query
  }
  if (rule === 'used') return query.where('id', 'in', inUse(db, principal, 'folder_id'))
  if (principal.organizations) query = query.where('organization_id', 'in', restrict(principal.organizations))
  if (principal.brands) query = query.where('brand_id', 'in', restrict(principal.brands))
  return query
}

/** `IN ()` is no SQL: an empty restriction, which means nothing is visible, becomes a value no row has. */
const restrict = (ids: readonly string[]): string[] => (ids.length ? [...ids] : [''])

function visible(db: DbOrTransaction, principal: Sight, type: EntityType) {
  return visibleEntities(db, principal, type).select(columns).orderBy('name').orderBy('id')
}

type Row = Awaited<ReturnType<ReturnType<typeof visible>['execute']>>[number]

function toHead(row: Omit<Row, 'definition'>): EntityHead {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    status: row.status as EntityStatus,
    channel: row.channel === null ? null : (channelNamed(row.channel) ?? null),
    organizationId: row.organization_id,
    brandId: row.brand_id,
    folderId: row.folder_id,
    flowId: row.flow_id,
    tags: row.tags,
    startsAt: row.starts_at?.toISOString() ?? null,
    endsAt: row.ends_at?.toISOString() ?? null,
    origin: row.origin,
  }
}

/** Definitions were checked when they were written (write.ts), by the only code that writes them. */
function toEntity<Definition>(row: Row): Entity<Definition> {
  return { ...toHead(row), definition: row.definition as Definition }
}

/** Campaigns the principal may see, by name. The account's campaigns number thousands at most: filters belong to the caller. */
export async function listCampaigns(db: DbOrTransaction, principal: Sight): Promise<Campaign[]> {
  return (await visible(db, principal, 'campaign').execute()).map((row) => toEntity<CampaignDefinition>(row))
}

/** All campaigns or flows the principal may see, by name, without their definitions. */
export async function listHeads(db: DbOrTransaction, principal: Sight, type: 'campaign' | 'flow'): Promise<EntityHead[]> {
  return (await visible(db, principal, type).clearSelect().select(headColumns).execute()).map(toHead)
}

/** Flows the principal may see, by name. */
export async function listFlows(db: DbOrTransaction, principal: Sight): Promise<Flow[]> {
  return (await visible(db, principal, 'flow').execute()).map((row) => toEntity<FlowDefinition>(row))
}

/** Brands the principal may see, by name. */
export async function listBrands(db: DbOrTransaction, principal: Sight): Promise<Entity[]> {
  return (await visible(db, principal, 'brand').execute()).map((row) => toEntity(row))
}

/** Folders the principal may see, by name: for a restricted member, those that hold something visible. */
export async function listFolders(db: DbOrTransaction, principal: Sight): Promise<Entity[]> {
  return (await visible(db, principal, 'folder').execute()).map((row) => toEntity(row))
}

function inUse(db: DbOrTransaction, principal: Sight, column: 'folder_id' | 'brand_id') {
  let query = db
    .selectFrom('entities')
    .select(column)
    .distinct()
    .where('account_id', '=', principal.account.id)
    .where('type', 'in', ['campaign', 'flow'])
    .where(column, 'is not', null)
  if (principal.organizations) query = query.where('organization_id', 'in', restrict(principal.organizations))
  if (principal.brands) query = query.where('brand_id', 'in', restrict(principal.brands))
  return query
}

/** Organizations the principal may see, by name. */
export async function listOrganizations(db: DbOrTransaction, principal: Sight): Promise<Organization[]> {
  let query = db.selectFrom('organizations').select(['id', 'key', 'name', 'currency']).where('account_id', '=', principal.account.id)
  if (principal.organizations) query = query.where('id', 'in', restrict(principal.organizations))
  return await query.orderBy('name').orderBy('id').execute()
}

/** The organization of this id, key or exact name. Throws the same `organization_not_found` for an unknown and for a hidden one, and `unknown_value` for a name that several have. */
export async function findOrganization(db: DbOrTransaction, principal: Principal, given: string): Promise<Organization> {
  const visible = await listOrganizations(db, principal)
  const found = matching(given.trim(), visible)
  const value = clip(given, 60)
  const [organization, ...others] = found
  const argument = 'organizationId'
  if (!organization) {
    const names = visible.map(({ name }) => label(name))
    throw new MercatError('organization_not_found', 'Organization not found', {
      argument,
      value,
      nearest: nearNames(given, names),
      hint: 'Send an id, a key or an exact name; the tool user names those you may see.',
    })
  }
  if (others.length)
    throw new MercatError('unknown_value', `${found.length} organizations are called ${JSON.stringify(value)}`, {
      argument,
      value,
      allowed: found.map(({ id }) => id),
      hint: 'Send the id of one.',
    })
  return organization
}

/** What the facts need of every campaign of an account, by key. No principal: only recomputation reads it, and its answer never leaves. */
export async function campaignsOfAccount(db: DbOrTransaction, accountId: string): Promise<Map<string, { kind: CampaignDefinition['kind']; measurementDays: number | undefined }>> {
  const rows = await db.selectFrom('entities').select(['key', 'definition']).where('account_id', '=', accountId).where('type', '=', 'campaign').execute()
  return new Map(
    rows.map(({ key, definition }) => {
      const { kind, measurementDays } = definition as CampaignDefinition
      return [key, { kind: kind ?? 'bulk', measurementDays }]
    }),
  )
}

/** Which campaigns a condition on campaign, flow, brand, folder or tag means. Reads the operational store only. */
import type { Scope } from '../../core/access.ts'
import { asChoices, type Choice, matching, unknownValue } from '../../core/match.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { type EntityHead, entityType, listBrands, listFlows, listFolders, listHeads, type Sight } from '../entities/index.ts'
import { type Condition, groupOf, pathText, type Predicate } from '../predicates/index.ts'

const fields = ['campaign', 'flow', 'brand', 'folder', 'tag'] as const
type Field = (typeof fields)[number]
const isField = (name: string): name is Field => fields.some((field) => field === name)

export interface NamedCampaigns {
  readonly keys: (field: string, value: string) => readonly string[]
  /** Names by id and key, for explanations. */
  readonly names: ReadonlyMap<string, string>
}

/** Whether its names may be told; tags are those of campaigns. */
function readable(field: string, scopes: ReadonlySet<Scope>): boolean {
  const { scope } = entityType(isField(field) && field !== 'tag' ? field : 'campaign')
  return scope === null || scopes.has(scope)
}

/**
 * Reads what the tree's conditions name, and nothing when they name none.
 * @param scopes of the caller: names of what they may not read are in no answer @param at where the tree stands, for errors @throws `unknown_value` with the nearest names
 */
export async function namedCampaigns(db: Db, sight: Sight, scopes: ReadonlySet<Scope>, tree: Predicate, at: string): Promise<NamedCampaigns> {
  const wanted = conditionsOf(tree, [at])
  if (wanted.length === 0) return { keys: () => [], names: new Map() }
  const campaigns = await listHeads(db, sight, 'campaign')
  const used = new Set(wanted.map(({ field }) => field))
  const choices: Record<Field, readonly Choice[]> = {
    campaign: campaigns,
    flow: used.has('flow') ? await listFlows(db, sight) : [],
    brand: used.has('brand') ? await listBrands(db, sight) : [],
    folder: used.has('folder') ? await listFolders(db, sight) : [],
    tag: asChoices(new Set(campaigns.flatMap(({ tags }) => tags))),
  }
  const found = new Map<string, readonly string[]>()
  for (const { field, value, path } of wanted) {
    const meant = matching(value.trim(), choices[field])
    if (meant.length === 0) throw unknownValue(value, readable(field, scopes) ? choices[field] : [], path, { one: field, many: `${field}s` })
    const ids = new Set(meant.map(({ id }) => id))
    found.set(
      `${field} ${value}`,
      campaigns.filter((campaign) => belongs(campaign, field, ids)).map(({ key }) => key),
    )
  }
  const told = Object.entries(choices).flatMap(([field, list]) => (readable(field, scopes) ? list : []))
  const names = new Map(told.flatMap(({ id, key, name }) => [[id, name] as const, ...(key === undefined ? [] : [[key, name] as const])]))
  return { keys: (field, value) => found.get(`${field} ${value}`) ?? [], names }
}

function belongs(campaign: EntityHead, field: Field, ids: ReadonlySet<string>): boolean {
  switch (field) {
    case 'campaign':
      return ids.has(campaign.id)
    case 'flow':
      return campaign.flowId !== null && ids.has(campaign.flowId)
    case 'brand':
      return campaign.brandId !== null && ids.has(campaign.brandId)
    case 'folder':
      return campaign.folderId !== null && ids.has(campaign.folderId)
    case 'tag':
      return campaign.tags.some((tag) => ids.has(tag))
  }
}

function conditionsOf(tree: Predicate, path: (string | number)[]): { field: Field; value: string; path: string }[] {
  const inner = groupOf(tree)
  if (inner) return inner.members.flatMap((member, index) => conditionsOf(member, [...path, inner.group, index]))
  const where: readonly Condition[] = ('where' in tree ? tree.where : undefined) ?? []
  return where.flatMap(({ field, value }, index) =>
    isField(field) ? (Array.isArray(value) ? value : [value]).map((one) => ({ field, value: String(one), path: pathText([...path, 'where', index, 'value']) })) : [],
  )
}

/** What the account has that a report can be about, as far as the member may see it. Reads the operational store only. */
import { isDeepStrictEqual } from 'node:util'
import { isRestricted, type Principal } from '../../core/access.ts'
import { type AccountSettings, readSettings } from '../accounts/index.ts'
import { type EntityHead, findOrganization, listBrands, listFolders, listHeads } from '../entities/index.ts'
import { countedBy } from '../facts/index.ts'
import type { Stores } from '../stores.ts'
import type { Choice } from '../../core/match.ts'

export interface Directory {
  /** As the facts follow them: after a change, those of before until the facts are counted anew. */
  readonly settings: AccountSettings
  /** The settings of now are not yet those of the facts. */
  readonly recounting: boolean
  readonly campaigns: readonly EntityHead[]
  readonly flows: readonly EntityHead[]
  readonly brands: readonly Choice[]
  readonly folders: readonly Choice[]
  /** The one that the lists are narrowed to. */
  readonly organization: Choice | undefined
  /** The lists hold everything of the account: no restriction of the member and no organization narrows them. */
  readonly whole: boolean
}

/** @param organizationId id, key or name of one organization of the member; throws `organization_not_found` for any other. */
export async function readDirectory({ db }: Stores, principal: Principal, organizationId: string | undefined): Promise<Directory> {
  // The member's restrictions hold in every one of these; the organization only narrows further.
  const organization = organizationId === undefined ? undefined : await findOrganization(db, principal, organizationId)
  const inside = (entity: EntityHead) => organization === undefined || entity.organizationId === organization.id
  const { settings, recounting } = await settingsOfFacts(db, principal.account)
  const campaigns = (await listHeads(db, principal, 'campaign')).filter(inside)
  const listed = (await listHeads(db, principal, 'flow')).filter(inside)
  const [brands, folders] = [await listBrands(db, principal), await listFolders(db, principal)]
  const whole = organization === undefined && !isRestricted(principal)
  return { settings, recounting, campaigns, flows: whole ? [...listed, ...missingFlows(campaigns, listed)] : listed, brands, folders, organization, whole }
}

/** What reports go by now. */
export async function settingsOfFacts(db: Stores['db'], account: Principal['account']): Promise<Pick<Directory, 'settings' | 'recounting'>> {
  const now = await readSettings(db, account.id)
  const counted = await countedBy(db, account.id)
  if (!counted) return { settings: now, recounting: false }
  const settings = { ...now, goals: counted.goals, attribution: { ...now.attribution, ...counted.attribution } }
  return { settings, recounting: counted.zone !== account.timeZone || !isDeepStrictEqual(settings, now) }
}

/** Flows that campaigns name and nobody imported yet: without them their messages would be in no row. */
function missingFlows(campaigns: readonly EntityHead[], flows: readonly EntityHead[]): EntityHead[] {
  const known = new Set(flows.map(({ id }) => id))
  const found = new Map<string, EntityHead>()
  for (const campaign of campaigns) {
    const id = campaign.flowId
    if (id !== null && !known.has(id)) found.set(id, { ...campaign, id, key: id, name: id, status: 'active', flowId: null, tags: [], startsAt: null, endsAt: null })
  }
  return [...found.values()]
}

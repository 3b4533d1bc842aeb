/** What an account's facts are built with, and what a change of it makes stale. */
import { isDeepStrictEqual } from 'node:util'
import { MercatError } from '../../core/errors.ts'
import type { Db, DbOrTransaction } from '../../storage/operational/schema.ts'
import { type AccountSettings, accountSettingsSchema } from '../accounts/index.ts'
import { campaignsOfAccount } from '../entities/index.ts'

/** Version of the definitions in docs/figures.md as this code computes them: raise it when figures change, and every account is rebuilt once. 2: e-mail by inbox provider, and what audiences are counted from. */
const definition = 2

export interface FactSettings {
  readonly definition: number
  readonly zone: string
  readonly currency: string
  readonly attribution: Omit<AccountSettings['attribution'], 'excludedCampaigns'>
  readonly goals: AccountSettings['goals']
  /** Keys of campaigns that make no touches, sorted. */
  readonly excluded: readonly string[]
  /** Campaigns with a measurement window of their own, in days. */
  readonly measurementDays: Readonly<Record<string, number>>
}

/** The account's settings as they are now. Throws `not_found`. */
export async function factSettings(db: Db, accountId: string): Promise<FactSettings> {
  const account = await db.selectFrom('accounts').select(['time_zone', 'currency', 'settings']).where('id', '=', accountId).executeTakeFirst()
  if (!account) throw new MercatError('not_found', 'No such account')
  const { attribution, goals } = accountSettingsSchema.parse(account.settings)
  const { excludedCampaigns, ...rules } = attribution
  const campaigns = await campaignsOfAccount(db, accountId)
  const excluded = new Set(excludedCampaigns)
  const measurementDays: Record<string, number> = {}
  for (const [key, campaign] of campaigns) {
    if (campaign.kind === 'transactional' || campaign.kind === 'double_opt_in') excluded.add(key)
    if (campaign.measurementDays !== undefined) measurementDays[key] = campaign.measurementDays
  }
  return { definition, zone: account.time_zone, currency: account.currency, attribution: rules, goals, excluded: [...excluded].sort(), measurementDays }
}

/** What the facts were last built with; undefined before the first refresh. */
export async function builtSettings(db: Db, accountId: string): Promise<FactSettings | undefined> {
  const row = await db.selectFrom('fact_settings').select('built_with').where('account_id', '=', accountId).executeTakeFirst()
  // Written by this module only.
  return row?.built_with as FactSettings | undefined
}

/** The account's rules as its facts follow them; undefined before the first refresh. After a change they stay the old ones until the facts are counted anew. */
export async function countedBy(db: Db, accountId: string): Promise<Pick<FactSettings, 'attribution' | 'goals' | 'zone'> | undefined> {
  return await builtSettings(db, accountId)
}

/** Whether facts that are there were built with other settings than those of now. */
export async function isStale(db: Db, accountId: string): Promise<boolean> {
  const built = await builtSettings(db, accountId)
  if (!built) return false
  const { everything, campaigns } = staleBy(built, await factSettings(db, accountId))
  return everything || campaigns.length > 0
}

export async function saveBuiltSettings(db: DbOrTransaction, accountId: string, settings: FactSettings, now: Date): Promise<void> {
  const values = { built_with: JSON.stringify(settings), updated_at: now }
  await db
    .insertInto('fact_settings')
    .values({ account_id: accountId, ...values })
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
    .execute()
}

/** What must be rebuilt because settings differ: everything, or single campaigns whose exclusion or window changed. */
export function staleBy(built: FactSettings | undefined, now: FactSettings): { everything: boolean; campaigns: string[] } {
  if (!built) return { everything: true, campaigns: [] }
  const { excluded: wereExcluded, measurementDays: had, ...before } = built
  const { excluded, measurementDays, ...after } = now
  // JSON has dropped what is undefined.
  if (!isDeepStrictEqual(before, JSON.parse(JSON.stringify(after)))) return { everything: true, campaigns: [] }
  const old = new Set(wereExcluded)
  const current = new Set(excluded)
  const flipped = [...excluded.filter((key) => !old.has(key)), ...wereExcluded.filter((key) => !current.has(key))]
  const rewindowed = [...new Set([...Object.keys(had), ...Object.keys(measurementDays)])].filter((key) => had[key] !== measurementDays[key])
  return { everything: false, campaigns: [...new Set([...flipped, ...rewindowed])] }
}

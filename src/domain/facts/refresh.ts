/** Brings an account's facts up to its loads: rebuilds what changed as a new generation and switches to it at once. Every step may break off and be repeated. */
import type { Analytics } from '../../storage/analytics/run.ts'
import { ensureCampaigns } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { insertBuyers, insertEngagements, insertRecipients, insertVisitors } from './audience.ts'
import { insertAffectedOrders, insertAttributions, type Named } from './attribution.ts'
import { committedGeneration, type FactScope, instantsOf, type RebuiltFamily, switchGeneration } from './generations.ts'
import { accountsWithFacts, endLoads, finishLoading, openLoads, startLoad, takeGeneration } from './loads-repository.ts'
import { withRefreshLock } from './locks-repository.ts'
import { chunkParams, insertCountedMessages, insertInboxFacts, insertMessageFacts, insertMessages } from './messages.ts'
import { allOrderedCampaigns, changedCampaigns, changedOrderDays, insertOrderFacts } from './orders.ts'
import { chunksOf, planScope, rangesOf, wholeChunksOf } from './plan.ts'
import { builtSettings, type FactSettings, factSettings, isStale, saveBuiltSettings, staleBy } from './settings.ts'
import { removeSuperseded } from './superseded.ts'
import { insertTouches } from './touches.ts'
import { controlledCampaigns, insertAssignments, insertUplift } from './uplift.ts'

export interface RefreshOptions {
  /** Rebuild everything, whatever changed. */
  readonly all?: boolean | undefined
  /** Steps done, of steps known so far, and campaigns whose messages are counted. */
  readonly onProgress?: ((done: number, of: number, campaigns: number) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface RefreshResult {
  /** Campaigns whose messages were rebuilt. */
  readonly campaigns: number
  /** The generation that counts now; 0 when the account has no facts. */
  readonly generation: number
}

const day = 86_400_000

/** Compiling these long statements takes longer than it saves. No statement writes a key twice, so there are no copies to look for within a block. */
const runSettings = { compile_expressions: 0, optimize_on_insert: 0 }

/** Counts what open loads brought and what changed settings moved, and ends those loads. One refresh of an account at a time. */
export async function refreshFacts(stores: Stores, accountId: string, options: RefreshOptions = {}): Promise<RefreshResult> {
  return await withRefreshLock(stores.db, accountId, (assertHeld) => refresh(stores, accountId, options, assertHeld))
}

/**
 * After settings were changed: counts anew what follows them, seen as a load of the source `settings`.
 * @param label what was changed, for people @returns undefined when no figure depends on the change
 */
export async function recount(stores: Stores, accountId: string, label: string, options: RefreshOptions = {}): Promise<RefreshResult | undefined> {
  if (!(await isStale(stores.db, accountId))) return undefined
  const load = await startLoad(stores.db, { accountId, source: 'settings', label })
  await finishLoading(stores.db, load.id, { accepted: 0, rejected: 0 })
  return await refreshFacts(stores, accountId, options)
}

/** At start-up: refreshes every account with loads an earlier process left behind, or with facts that follow settings or definitions of before. */
export async function recoverLoads(stores: Stores, options: Pick<RefreshOptions, 'onProgress' | 'signal'> = {}): Promise<void> {
  for (const accountId of await accountsWithFacts(stores.db)) {
    if ((await openLoads(stores.db, accountId)).length > 0 || (await isStale(stores.db, accountId))) await refreshFacts(stores, accountId, options)
  }
}

/** Accounts whose facts follow settings or definitions of before. */
export async function staleAccounts({ db }: Pick<Stores, 'db'>): Promise<string[]> {
  const stale: string[] = []
  for (const accountId of await accountsWithFacts(db)) if (await isStale(db, accountId)) stale.push(accountId)
  return stale
}

/** One refresh under way. */
interface Refresh {
  readonly analytics: Analytics
  readonly settings: FactSettings
  readonly scope: FactScope
  readonly sizes: ReadonlyMap<string, number>
  readonly loads: readonly number[]
  readonly generation: number
  readonly params: Record<string, unknown>
  readonly run: (statement: string, params?: Record<string, unknown>) => Promise<void>
  readonly rows: <Row>(statement: string, params?: Record<string, unknown>) => Promise<Row[]>
  readonly expect: (steps: number) => void
  readonly counted: (campaigns: number) => void
}

async function refresh(stores: Stores, accountId: string, options: RefreshOptions, assertHeld: () => Promise<void>): Promise<RefreshResult> {
  const { db, analytics, clock } = stores
  options.signal?.throwIfAborted()
  const settings = await factSettings(db, accountId)
  const loads = await openLoads(db, accountId)
  const built = await builtSettings(db, accountId)
  const stale = staleBy(built, settings)
  const committed = await committedGeneration(analytics, accountId)
  const everything = stale.everything || options.all === true
  if (!everything && loads.length === 0 && stale.campaigns.length === 0) return { campaigns: 0, generation: committed }

  const ids = loads.map(({ id }) => id)
  const { scope, sizes } = await planScope(analytics, accountId, ids, { ...stale, everything })
  const generation = await takeGeneration(db, committed)
  const params = { account: accountId, zone: settings.zone, committed, generation, dirty: scope.everything ? [] : scope.dirty, loads: ids }
  let done = 0
  let expected = 0
  let campaigns = 0
  const stepDone = () => options.onProgress?.(++done, Math.max(done, expected), campaigns)
  const work: Refresh = {
    analytics,
    settings,
    scope,
    sizes,
    loads: ids,
    generation,
    params,
    run: async (statement, more = {}) => {
      await analytics.command(statement, { ...params, ...more }, { signal: options.signal, seconds: 3600, settings: runSettings })
      stepDone()
    },
    rows: (statement, more = {}) => analytics.query(statement, { ...params, ...more }, { signal: options.signal, seconds: 600 }),
    expect: (steps) => {
      expected += steps
    },
    counted: (count) => {
      campaigns += count
    },
  }

  await rebuildMessages(work)
  const ordered = await rebuildOrders(work)
  const measured = await rebuildUplift(work)
  if (everything || ids.length > 0) for (const insert of [insertBuyers, insertVisitors]) await work.run(insert(scope.everything))
  // The others have made theirs known.
  const broken = loads.flatMap((load) => (load.broken ? [load.id] : []))
  if (broken.length > 0) await ensureCampaigns(db, accountId, await campaignsOf(work, broken))
  const rebuilt = await families(work, accountId, ordered, measured)
  // Another may be at work: what it has written and does not count by yet would be removed as garbage below, and the other way round.
  await assertHeld()
  if (rebuilt.length > 0) await switchGeneration(analytics, accountId, generation, rebuilt)
  stepDone()
  await db.transaction().execute(async (transaction) => {
    await saveBuiltSettings(transaction, accountId, settings, clock())
    await endLoads(transaction, loads, clock())
  })
  stepDone()
  await removeSuperseded(analytics, accountId, { signal: options.signal })
  return { campaigns: scope.dirty.length, generation: rebuilt.length > 0 ? generation : committed }
}

async function campaignsOf({ rows }: Refresh, broken: readonly number[]): Promise<string[]> {
  const named = await rows<{ campaign: string }>(
    "SELECT DISTINCT toString(campaign) AS campaign FROM load_counts WHERE account_id = {account:String} AND load_id IN {broken:Array(UInt64)} AND campaign != '' LIMIT 100000",
    { broken },
  )
  return named.map(({ campaign }) => campaign)
}

async function rebuildMessages({ scope, sizes, settings, run, expect, counted }: Refresh): Promise<void> {
  const chunks = chunksOf(scope.dirty, sizes)
  if (chunks.length === 0) return
  const excluded = new Set(settings.excluded)
  const touching = chunksOf(
    scope.dirty.filter((campaign) => !excluded.has(campaign)),
    sizes,
  )
  expect(4 * chunks.length + 2 + touching.length)
  for (const chunk of chunks) {
    // The last slice of a large campaign has no end.
    if (chunk.to === undefined) counted(chunk.campaigns.length)
    await run(insertMessages(chunk), chunkParams(chunk))
    await run(insertCountedMessages(chunk), chunkParams(chunk))
    await run(insertEngagements(chunk), chunkParams(chunk))
    await run(insertRecipients(chunk), chunkParams(chunk))
  }
  await run(insertMessageFacts)
  await run(insertInboxFacts)
  for (const chunk of touching) await run(insertTouches(chunk, settings.attribution), chunkParams(chunk))
}

/** @returns campaigns whose order facts were rebuilt; `''` among them: unattributed orders. */
async function rebuildOrders({ scope, settings, params, run, rows, expect }: Refresh): Promise<string[]> {
  const [all] = await rows<{ orders: number; messages: number; campaigns: number }>(
    "SELECT count() AS orders, countIf(message IS NOT NULL) AS messages, countIf(campaign != '') AS campaigns FROM orders WHERE account_id = {account:String}",
  )
  if (!all?.orders) return []
  const named: Named = { messages: all.messages > 0, campaigns: all.campaigns > 0 }
  await run(insertAffectedOrders(scope, named))
  const [affected] = await rows<{ orders: number }>('SELECT count() AS orders FROM affected_orders WHERE account_id = {account:String} AND generation = {generation:UInt64}')
  if (affected?.orders) {
    const ranges = rangesOf(affected.orders)
    expect(ranges.length + 2)
    for (const range of ranges) await run(insertAttributions(scope, named, range), { window: settings.attribution.windowDays * day, from: range.from ?? '', to: range.to ?? '' })
  }
  const changed = (await rows<{ campaign: string }>(scope.everything ? allOrderedCampaigns : changedCampaigns)).map(({ campaign }) => campaign)
  if (changed.length > 0) await run(insertOrderFacts(scope.everything), { ...params, campaigns: changed })
  return changed
}

/** @returns campaigns whose uplift was rebuilt, those without a control group (any more) included. */
async function rebuildUplift({ scope, sizes, settings, loads, run, rows, expect }: Refresh): Promise<string[]> {
  const orderDays = scope.everything ? [] : await rows<{ day: string }>(changedOrderDays)
  const visitDays =
    scope.everything || loads.length === 0
      ? []
      : await rows<{ day: string }>(
          "SELECT DISTINCT toString(toDate(occurred_at)) AS day FROM web_events WHERE account_id = {account:String} AND load_id IN {loads:Array(UInt64)} AND kind = 'visit'",
        )
  const changedAt = [...orderDays, ...visitDays].map(({ day: changed }) => Date.parse(changed))
  if (!scope.everything && scope.dirty.length === 0 && changedAt.length === 0) return []

  const dirty = new Set(scope.dirty)
  const length = (campaign: string) => (settings.measurementDays[campaign] ?? settings.attribution.windowDays) * day
  const controlled = await rows<{ campaign: string; first: string; last: string }>(controlledCampaigns(scope))
  // An account's day and a UTC day differ by at most one at either end.
  const concerned = controlled.filter(({ campaign, first, last }) => {
    const [from, to] = [Date.parse(first) - day, Date.parse(last) + 2 * day + length(campaign)]
    return dirty.has(campaign) || changedAt.some((at) => at >= from && at <= to)
  })
  const before = await rows<{ campaign: string }>("SELECT DISTINCT toString(campaign) AS campaign FROM fact_generations WHERE account_id = {account:String} AND family = 'uplift'")
  const campaigns = concerned.map(({ campaign }) => campaign)
  const unknown = campaigns.filter((campaign) => !sizes.has(campaign))
  const allSizes = new Map(sizes)
  if (unknown.length > 0) {
    const counted = await rows<{ campaign: string; events: number }>(
      'SELECT toString(campaign) AS campaign, count() AS events FROM events WHERE account_id = {account:String} AND campaign IN {unknown:Array(String)} GROUP BY campaign',
      { unknown },
    )
    for (const { campaign, events } of counted) allSizes.set(campaign, events)
  }
  const chunks = wholeChunksOf(campaigns, allSizes)
  expect(2 * chunks.length)
  const goals = { goal_names: settings.goals.map(({ name }) => name), goal_statuses: settings.goals.map(({ statuses }) => statuses), currency: settings.currency }
  for (const chunk of chunks) {
    await run(insertAssignments(chunk), { ...chunkParams(chunk), windows: chunk.campaigns.map(length) })
    await run(insertUplift, { campaigns: chunk.campaigns, ...goals })
  }
  return [...new Set([...campaigns, ...before.map(({ campaign }) => campaign).filter((campaign) => scope.everything || dirty.has(campaign))])]
}

async function families({ analytics, scope, generation }: Refresh, accountId: string, ordered: readonly string[], measured: readonly string[]): Promise<RebuiltFamily[]> {
  const messages = scope.dirty.length > 0 ? await instantsOf(analytics, 'message_facts', accountId, generation) : new Map<string, { earliest: number; latest: number }>()
  const orders = ordered.length > 0 ? await instantsOf(analytics, 'order_facts', accountId, generation) : new Map<string, { earliest: number; latest: number }>()
  const nothing = { earliest: null, latest: null }
  return [
    ...scope.dirty.map((campaign) => ({ family: 'messages' as const, campaign, ...(messages.get(campaign) ?? nothing) })),
    ...ordered.map((campaign) => ({ family: 'orders' as const, campaign, ...(orders.get(campaign) ?? nothing) })),
    ...measured.map((campaign) => ({ family: 'uplift' as const, campaign, ...nothing })),
  ]
}

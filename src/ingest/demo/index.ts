/** The demo: makes an account's invented data in the analytics engine itself and tops it up. The rows are those the normalising door would make of the same input. */
import { toolsetNames } from '../../core/access.ts'
import { addDays, type Day, dayOf, type Period, startOfDay, startOfUnit } from '../../core/period.ts'
import { Temporal } from 'temporal-polyfill'
import { MercatError } from '../../core/errors.ts'
import { updateSettings } from '../../domain/accounts/index.ts'
import { upsertEntities } from '../../domain/entities/index.ts'
import { failLoad, finishLoading, refreshFacts, startLoad } from '../../domain/facts/index.ts'
import type { Stores } from '../../domain/index.ts'
import { insertSettings, normalisingParams } from '../sql/normalise.ts'
import { campaignsBetween, type DemoCampaign } from './campaigns.ts'
import { addDemoDocuments } from './documents.ts'
import { demoEntities } from './entities.ts'
import { campaignParams } from './messages.ts'
import { dayMs } from './people.ts'
import { latestArrivalDays } from './rows.ts'
import { demoSource, type Extent, type Gap, gapsOf, labelOf, readDemo } from './state.ts'
import { demoKinds, insertDemoSql } from './tables.ts'
import { brandKeys, customerAttributes } from './world.ts'

export interface DemoOptions {
  /** About how many message events the demo has until today; default 2 million. A larger number extends an existing demo, a smaller one changes nothing. */
  readonly events?: number
  /** The demo ends with the day before this instant's day in the account's zone. */
  readonly now: Date
  readonly onProgress?: (label: string, done: number, of?: number, unit?: string) => void
  readonly signal?: AbortSignal
}

export interface DemoResult {
  /** Message events that this call added. */
  readonly events: number
  readonly people: number
  /** The days the demo holds, inclusive. */
  readonly period: Period
}

const defaultEvents = 2_000_000
/** Message events per person over the first 18 months, measured. */
const eventsPerPerson = 88
const months = 18
/** Planned campaigns are shown this many days ahead. */
const plannedDays = 10

/**
 * Makes the demo, extends it to more events, or brings it up to date: whatever is missing, and nothing twice. The same first day and size
 * give the same rows; after a kill the next call makes what the killed one had not finished. Refreshes the facts.
 */
export async function seedDemo(stores: Stores, accountId: string, options: DemoOptions): Promise<DemoResult> {
  const account = await stores.db.selectFrom('accounts').select(['time_zone', 'currency', 'customer_key', 'settings']).where('id', '=', accountId).executeTakeFirst()
  if (!account) throw new MercatError('not_found', 'No such account')
  const zone = account.time_zone
  const until = dayOf(options.now, zone)
  const known = await readDemo(stores.db, accountId)
  if (known.mixed && !known.extent) throw new MercatError('conflict', 'The account holds data that is not a demo', { hint: 'Choose another account for the demo.' })
  const wanted = options.events ?? (known.extent ? 0 : defaultEvents)
  const extent: Extent = {
    first: known.extent?.first ?? Temporal.PlainDate.from(startOfUnit(until, 'month')).subtract({ months }).toString(),
    people: Math.max(known.extent?.people ?? 0, Math.ceil(wanted / eventsPerPerson)),
  }
  const first = startOfDay(extent.first, zone)
  const planned = campaignsBetween(extent.first, addDays(until, plannedDays), zone)
  const day = { first, firstDay: extent.first, now: startOfDay(until, zone), today: until, currency: account.currency }
  const { rejected } = await upsertEntities(stores.db, accountId, demoEntities(planned, day), { origin: 'demo' })
  if (rejected[0]) throw new Error(`The demo invented an entity that cannot be: ${rejected[0].reason}`)
  // Once: whoever removes them has removed them. An account of several organizations would offer three toolsets; this one has something to say in each.
  const given = { customerAttributes: [...customerAttributes], toolsets: [...toolsetNames] }
  const absent = Object.fromEntries(Object.entries(given).filter(([name]) => !Object.hasOwn(account.settings, name)))
  if (Object.keys(absent).length) await updateSettings(stores.db, accountId, absent)
  await addDemoDocuments(stores, accountId)
  const campaigns = planned.filter(({ mailing }) => !mailing || mailing.at < startOfDay(until, zone))
  const params = {
    brandKeys: [...brandKeys],
    home: account.currency,
    second: account.currency === 'CHF' ? 'EUR' : 'CHF',
  }
  const gaps = gapsOf(known.slices, extent.people, until, Math.min(100_000, Math.max(4_000, Math.ceil(extent.people / 5))))
  const work = gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0)
  let events = 0
  let done = 0
  for (const gap of gaps) {
    options.signal?.throwIfAborted()
    options.onProgress?.('Inventing people and their messages', done, work, 'people')
    events += await fill(stores, { id: accountId, key: account.customer_key, zone }, extent, gap, until, campaigns, params, options)
    done += gap.to - gap.from
  }
  if (gaps.length) options.onProgress?.('Inventing people and their messages', done, work, 'people')
  await refreshFacts(stores, accountId, {
    onProgress: (refreshed, of) => options.onProgress?.('Refreshing facts', refreshed, of, 'steps'),
    ...(options.signal ? { signal: options.signal } : {}),
  })
  return { events, people: extent.people, period: { start: extent.first, end: addDays(until, -1) } }
}

/** Brings an existing demo up to today, or makes one of the default size. */
export async function topUpDemo(stores: Stores, accountId: string, now: Date, onProgress?: DemoOptions['onProgress']): Promise<DemoResult> {
  return await seedDemo(stores, accountId, { now, ...(onProgress ? { onProgress } : {}) })
}

/** Writes what reached Mercat of some people's rows between two days, as one load. @returns how many message events */
async function fill(
  stores: Stores,
  account: { id: string; key: Uint8Array; zone: string },
  extent: Extent,
  gap: Gap,
  until: Day,
  campaigns: readonly DemoCampaign[],
  given: Record<string, unknown>,
  options: DemoOptions,
): Promise<number> {
  const firstMs = startOfDay(extent.first, account.zone).getTime()
  const untilMs = startOfDay(until, account.zone).getTime()
  const sinceMs = gap.since === null ? undefined : startOfDay(gap.since, account.zone).getTime()
  const earliestMs = Math.max(firstMs, (sinceMs ?? firstMs) - latestArrivalDays * dayMs)
  const load = await startLoad(stores.db, { accountId: account.id, source: demoSource, label: labelOf(extent, { from: gap.from, to: gap.to, until }) })
  const params = {
    ...given,
    ...campaignParams(campaigns.filter(({ mailing }) => !mailing || mailing.at.getTime() >= earliestMs - dayMs)),
    ...normalisingParams(account, load.id, options.now),
    from: gap.from,
    to: gap.to,
    firstDay: extent.first,
    firstMs,
    untilMs,
    earliestMs,
    fromDay: Math.floor((earliestMs - firstMs) / dayMs),
    toDay: Math.ceil((untilMs - firstMs) / dayMs),
    // People who signed up before the first day arrive with the first slice.
    sinceMs: sinceMs ?? 0,
  }
  try {
    for (const kind of demoKinds) await stores.analytics.command(insertDemoSql(kind), params, { ...insertSettings, signal: options.signal })
    const counted = await stores.analytics.query<{ kind: string; rows: number }>(
      "SELECT kind, sum(rows) AS rows FROM load_counts WHERE account_id = {account:String} AND load_id = {load:UInt64} AND reason = '' GROUP BY kind",
      { account: account.id, load: load.id },
    )
    await finishLoading(stores.db, load.id, { accepted: counted.reduce((sum, { rows }) => sum + rows, 0), rejected: 0 })
    return counted.find(({ kind }) => kind === 'events')?.rows ?? 0
  } catch (error) {
    await failLoad(stores.db, load.id, error)
    throw error
  }
}

export { hasDemo } from './state.ts'

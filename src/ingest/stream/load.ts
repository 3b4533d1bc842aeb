/** Loads what waits in an account's inbox, batch by batch: rows to the stores, what is wrong set aside, and only then out of the inbox. A kill at any moment repeats a batch, which changes no figure. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { upsertEntities } from '../../domain/entities/index.ts'
import { failLoad, finishLoading, startLoad } from '../../domain/facts/index.ts'
import type { Stores } from '../../domain/index.ts'
import { EngineError } from '../../storage/analytics/engine.ts'
import {
  addVolume,
  deleteDelivered,
  insertSetAside,
  oldestOf,
  type Seals,
  type SourceRow,
  sourcesOf,
  updateSource,
  type Waiting,
  wholeRequest,
} from '../../domain/sources/index.ts'
import { writeBatch } from '../batch.ts'
import { canonicalBatch } from '../canonical.ts'
import { openLoad } from '../load.ts'
import type { Source } from '../sources/define.ts'
import { asideOf, gather, type Item, type SourceBatch } from './batch.ts'
import { decidePlaces } from './places.ts'

/** Bounds of a batch, in memory all at once. */
const most = { requests: 2_000, bytes: 24 * 1024 * 1024, items: 100_000 }
/** Requests passed over in a search for one that the engine takes: if it takes none of so many, it is the engine that is at fault. */
const mostPassed = 10
const reasons = {
  'too much': 'was too much for the time or memory of the analytics store, which took what came after it; give the store more and send it in again, or send it in parts',
  refused: 'was refused by the analytics store, which took what came after it; the log of this Mercat says why',
} as const
/** An account's turn, so that others get theirs. */
const ownTurnMs = 10_000

export interface LoadHouse {
  readonly stores: Stores
  readonly seals: Seals
  readonly sources: readonly Source[]
  readonly log: Logger
  /** Requests that an account's next batch may hold, where that is fewer than usual: kept from turn to turn. */
  readonly sizes: Map<string, number>
}

/**
 * Empty: all is loaded. More: the turn is over. Away: the analytics store does not answer, or the machine has no room. Stuck: the store answers and takes nothing of what was tried.
 * Nothing is lost by either.
 */
export type LoadOutcome = 'empty' | 'more' | 'away' | 'stuck'

/** Only one at a time for an account, in all processes. `loaded` is called after each batch that brought rows. */
export async function loadInbox(house: LoadHouse, accountId: string, signal: AbortSignal, loaded: () => void): Promise<LoadOutcome> {
  const until = performance.now() + ownTurnMs
  // Halved when a batch breaks, until the request that breaks it stands alone; doubled when one is loaded. One by one, those behind it would wait for minutes.
  const size = () => house.sizes.get(accountId) ?? most.requests
  const resize = (requests: number) => (requests < most.requests ? house.sizes.set(accountId, requests) : house.sizes.delete(accountId))
  // Not taken by the engine even alone. That may be the engine's fault or theirs: one behind them that is loaded tells.
  const passed: { readonly one: Waiting; readonly reason: string }[] = []
  // A turn does not end while that one is looked for: the next turn would begin with all of them again.
  while (performance.now() < until || passed.length > 0) {
    signal.throwIfAborted()
    const requests = await oldestOf(house.stores.db, accountId, { ...most, requests: size() }, passed.at(-1)?.one.id)
    if (requests.length === 0) return passed.length > 0 ? 'stuck' : 'empty'
    const became = await tryBatch(house, accountId, requests, signal)
    if (became === 'away') return 'away'
    if (became === 'leaving') return 'empty'
    if (became === 'loaded') {
      for (const { one, reason } of passed.splice(0)) await setAsideWhole(house, accountId, one, reason)
      resize(size() * 2)
      loaded()
    } else if (requests.length > 1) resize(Math.ceil(requests.length / 2))
    else if (became !== 'broken' && passed.push(...requests.map((one) => ({ one, reason: reasons[became] }))) > mostPassed) return 'stuck'
  }
  return 'more'
}

/** Why a batch was not loaded: by the store, the account, the engine, or the deliveries themselves. */
type Fault = 'away' | 'leaving' | 'too much' | 'refused' | 'broken'

/** Loads them, or says why not; one that breaks loading by itself is set aside. */
async function tryBatch(house: LoadHouse, accountId: string, requests: readonly Waiting[], signal: AbortSignal): Promise<'loaded' | Fault> {
  let answers = false
  try {
    // Asked first: a load that is begun and fails at once would stand in the lists each time.
    await house.stores.analytics.query('SELECT 1', {}, { seconds: 5, signal })
    answers = true
    await loadBatch(house, accountId, requests, signal)
    return 'loaded'
  } catch (error) {
    if (signal.aborted) throw error
    const one = requests.length === 1 ? requests[0] : undefined
    const fault = answers ? faultOf(error) : 'away'
    if (fault === 'too much') house.log.warn({ err: error, accountId, requests: requests.length }, 'deliveries are too much at once for the analytics store; fewer are tried')
    if (fault === 'refused') house.log.error({ err: error, accountId, requests: requests.length, request: one?.id }, 'the analytics store refuses deliveries; fewer are tried')
    if (fault === 'away' && !isAway(error)) house.log.error({ err: error, accountId }, 'deliveries cannot be loaded now; what waits is kept, and tried again')
    if (fault === 'broken' && one) {
      house.log.error({ err: error, accountId, request: one.id }, 'a delivery could not be loaded; it is set aside')
      await setAsideWhole(house, accountId, one, 'could not be loaded; the log of this Mercat says why')
    }
    return fault
  }
}

/** Whose fault it is that a batch broke. Only what is broken is a delivery's own for certain. */
function faultOf(error: unknown): Fault {
  if (isTooMuch(error)) return 'too much'
  if (isAway(error) || isOfMachine(error)) return 'away'
  // What waits is deleted with the account.
  if (error instanceof MercatError && error.code === 'not_found') return 'leaving'
  return isOfEngine(error) ? 'refused' : 'broken'
}

/** For the engine's time or memory: fewer may go through. */
const isTooMuch = (error: unknown): boolean => error instanceof MercatError && error.code === 'deadline_exceeded' && (error.cause === undefined || isOfEngine(error))

const isAway = (error: unknown): boolean => error instanceof MercatError && ['unavailable', 'deadline_exceeded', 'cancelled'].includes(error.code)

/** The engine gave an error: of its own state (read-only, too many parts, another password, a table that is gone) or of what it was given, it does not say. */
const isOfEngine = (error: unknown): boolean => error instanceof EngineError || (error instanceof MercatError && error.cause instanceof EngineError)

/** A disk that is full, no file that may be opened: no delivery's fault, and all of them would be set aside one by one, most of them for good. */
const isOfMachine = (error: unknown): boolean => error instanceof Error && 'syscall' in error

async function loadBatch(house: LoadHouse, accountId: string, requests: readonly Waiting[], signal: AbortSignal): Promise<void> {
  const rows = await sourcesOf(house.stores.db, accountId, [...new Set(requests.map(({ source_id }) => source_id))])
  for (const row of rows) {
    const own = requests.filter(({ source_id }) => source_id === row.id)
    const source = house.sources.find(({ type }) => type === row.type)
    if (!source) throw newerType(house, row)
    const batch = await gather(house.seals, source, row, own, house.stores.clock(), signal)
    await decidePlaces(house.stores, batch, signal)
    await loadSource(house, batch, signal)
  }
}

/** While versions change over, an older process may find what a newer one let in: that is the newer one's to load. */
function newerType({ log }: LoadHouse, { id, type }: SourceRow): MercatError {
  log.error({ source: id, type }, 'this Mercat knows no source of this type, and another version does; what waits is kept')
  return new MercatError('unavailable', 'This Mercat knows no source of this type')
}

async function loadSource(house: LoadHouse, batch: SourceBatch, signal: AbortSignal): Promise<void> {
  const { stores, seals } = house
  const { row, requests } = batch
  const accepted = (await loadRows(house, batch, signal)) + (await loadEntities(stores, batch))
  const now = stores.clock()
  const aside = [...batch.aside].map(([item, reason]) => asideOf(seals, row, item, reason))
  await stores.db.transaction().execute(async (transaction) => {
    const ids = requests.map(({ id }) => id)
    // A process that lost its lock may have loaded the same: what became of each is written down once, and what is left here is taken up again.
    if ((await deleteDelivered(transaction, row.account_id, ids)) < ids.length) throw new MercatError('unavailable', 'Another process loads the same deliveries')
    await insertSetAside(transaction, row.account_id, row.id, aside, now)
    await addVolume(transaction, row.account_id, row.id, { requests: requests.length, accepted, ignored: batch.ignored, rejected: aside.length }, now)
    await updateSource(transaction, row.account_id, row.id, { last_received_at: latest(row, requests) })
  })
}

const latest = (row: SourceRow, requests: readonly Waiting[]): Date =>
  new Date(Math.max(row.last_received_at?.getTime() ?? 0, ...requests.map(({ received_at }) => received_at.getTime())))

/** @returns rows stored */
async function loadRows({ stores }: LoadHouse, batch: SourceBatch, signal: AbortSignal): Promise<number> {
  const { row, requests, rows } = batch
  if (rows.size === 0) return 0
  // Made first: a load that is begun and never ended would keep the account from leaving.
  const folder = await mkdtemp(join(tmpdir(), `mercat-import-${process.pid}-`))
  try {
    const label = requests.length === 1 ? '1 request' : `${requests.length} requests`
    const { id: loadId } = await startLoad(stores.db, { accountId: row.account_id, source: row.id, label })
    try {
      return await storeRows(stores, batch, loadId, folder, signal)
    } catch (error) {
      await failLoad(stores.db, loadId, signal.aborted ? 'stopped' : error).catch(() => {})
      throw error
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function storeRows(stores: Stores, batch: SourceBatch, loadId: number, folder: string, signal: AbortSignal): Promise<number> {
  const load = await openLoad(stores, batch.row.account_id, loadId, signal)
  let number = 0
  for (const [kind, { collector, items, columns }] of batch.rows) {
    await load.store(await writeBatch(collector.take(), columns.length, folder, number++), [canonicalBatch(kind).record])
    for (const { line, kind: of, reason } of await load.rejects(1, items.length)) {
      const item = items[line - 1]
      if (of === kind && item) tell(batch, item, reason)
    }
  }
  const { accepted } = await load.finish()
  const stored = Object.values(accepted).reduce((sum, count) => sum + count, 0)
  await finishLoading(stores.db, loadId, { accepted: stored, rejected: batch.aside.size })
  return stored
}

/** An item may become several rows: it is set aside once. */
function tell(batch: SourceBatch, item: Item, reason: string): void {
  if (!batch.aside.has(item)) batch.aside.set(item, reason)
}

/** @returns entities stored */
async function loadEntities({ db }: Stores, batch: SourceBatch): Promise<number> {
  const { entities } = batch
  if (entities.length === 0) return 0
  const { rejected } = await upsertEntities(
    db,
    batch.row.account_id,
    entities.map(({ row }) => row),
  )
  for (const { index, reason } of rejected) {
    const refused = entities[index]
    if (refused) tell(batch, refused.item, reason)
  }
  return entities.length - rejected.length
}

/** A request that cannot be loaded: set aside whole, so that those behind it go on. */
async function setAsideWhole({ stores }: LoadHouse, accountId: string, { id, source_id: sourceId, sealed, received_at: receivedAt }: Waiting, reason: string): Promise<void> {
  const now = stores.clock()
  await stores.db.transaction().execute(async (transaction) => {
    if ((await deleteDelivered(transaction, accountId, [id])) === 0) return
    await insertSetAside(transaction, accountId, sourceId, [{ kind: wholeRequest, reason, receivedAt, sealed }], now)
    await addVolume(transaction, accountId, sourceId, { requests: 1, accepted: 0, ignored: 0, rejected: 1 }, now)
  })
}

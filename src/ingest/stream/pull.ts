/** Asks a platform that is pulled: each page goes to the inbox together with where to go on, so that a pull that breaks off loses and repeats nothing. */
import { describeError, MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { Stores } from '../../domain/index.ts'
import { findSource, insertDelivered, movePull, openSettings, packFrame, placeOf, type Seals, type SourceRow, updateSource } from '../../domain/sources/index.ts'
import type { PullContext, PullPage, PullSource, Source } from '../sources/define.ts'
import type { Pressure } from './pressure.ts'

/** A pull's turn: then others get theirs, since only a few platforms are asked at once. */
const turnMs = 5 * 60_000
/** A page that takes longer than this is taken for endless. */
const longestPageMs = 10 * 60_000
/** What is pulled may fill half of what may wait: a platform keeps what is not fetched yet, while deliveries that find no room are sent again and again. */
const partOfInbox = 0.5

export interface PullHouse {
  readonly stores: Stores
  readonly seals: Seals
  readonly sources: readonly Source[]
  readonly log: Logger
  readonly wake: (accountId: string) => void
  readonly pressure: Pressure
  /** What a source GETs by: src/ingest/pull-client.ts. Throws invalid_arguments for an address that may not be asked. */
  readonly client: (settings: Readonly<Record<string, string>>, signal: AbortSignal) => PullContext<unknown>['get']
}

/** More: the turn is over before the platform has told all. */
export type PullOutcome = 'done' | 'more'

/** Pulls until the platform has no more, or the turn is over. What went wrong stands at the source; it is tried again by the clock. */
export async function pullSource(house: PullHouse, accountId: string, sourceId: string, signal: AbortSignal): Promise<PullOutcome> {
  const { stores, log } = house
  const row = await findSource(stores.db, accountId, sourceId)
  const source = house.sources.find((one): one is PullSource => one.type === row?.type && one.connection === 'pull')
  if (!row?.enabled || !source) return 'done'
  try {
    return await takeTurn(house, row, source, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof MercatError)) log.error({ err: error, accountId, sourceId }, 'a pull failed')
    await updateSource(stores.db, accountId, sourceId, { last_refused_at: stores.clock(), last_refusal: whyOf(error).slice(0, 500) })
    return 'done'
  }
}

/** With what to do about it, since nobody was there to be told; what is away comes back without anybody. */
function whyOf(error: unknown): string {
  if (!(error instanceof MercatError)) return 'The pull failed inside Mercat; its log says why'
  return error.code === 'unavailable' ? error.message : describeError(error)
}

async function takeTurn(house: PullHouse, row: SourceRow, source: PullSource, signal: AbortSignal): Promise<PullOutcome> {
  const { stores, seals } = house
  const settings = openSettings(seals, placeOf(row.account_id, row.id), row.settings)
  const parsed = source.settings.safeParse(settings)
  if (!parsed.success) throw new MercatError('invalid_arguments', 'This source is not set up yet: settings are missing')
  const now = stores.clock()
  let since = now.getTime()
  const client = house.client(settings, signal)
  // Between requests: each of them ends in its own time.
  const get: typeof client = async (...asked) => {
    if (stores.clock().getTime() - since > longestPageMs) throw endless(`did not come to the end of a page within ${longestPageMs / 60_000} minutes`)
    return await client(...asked)
  }
  const passed = new Set<string>()
  for await (const page of source.pull({ settings: parsed.data, cursor: row.cursor, get, now })) {
    signal.throwIfAborted()
    const place = JSON.stringify(page.cursor)
    if (passed.has(place)) throw endless('leads back to a page that was read before, again and again')
    passed.add(place)
    if (!(await keepPage(house, row, page))) return 'done'
    since = stores.clock().getTime()
    if (since - now.getTime() > turnMs) return 'more'
  }
  await updateSource(stores.db, row.account_id, row.id, { pulled_at: stores.clock() })
  return 'done'
}

const endless = (what: string): MercatError => new MercatError('unavailable', `The platform ${what}`)

/**
 * @returns false: the source was turned off, removed or set otherwise meanwhile, and the page is not kept
 * Throws `unavailable` while there is no room for the page: it is asked for again by the next pull.
 */
async function keepPage(house: PullHouse, row: SourceRow, { records, cursor }: PullPage): Promise<boolean> {
  const { stores, seals, wake, pressure } = house
  const { account_id: accountId, id: sourceId } = row
  const move = JSON.stringify(cursor)
  if (records.length === 0) return await stores.db.transaction().execute(async (transaction) => await movePull(transaction, row, move))
  const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'))
  const giveBack = await pressure.admit(accountId, body.length, partOfInbox)
  if (!giveBack) throw new MercatError('unavailable', 'The pull stopped because too much of this account waits to be loaded; the next one goes on where it ended')
  let kept = false
  try {
    const sealed = packFrame(seals, placeOf(accountId, sourceId), { form: 'items', kind: 'records', body })
    kept = await stores.db.transaction().execute(async (transaction) => {
      if (!(await movePull(transaction, row, move))) return false
      await insertDelivered(transaction, [{ accountId, sourceId, receivedAt: stores.clock(), items: records.length, bytes: body.length, sealed }])
      return true
    })
  } finally {
    if (!kept) giveBack()
  }
  if (kept) wake(accountId)
  return kept
}

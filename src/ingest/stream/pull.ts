/** Asks a platform that is pulled: each page goes to the inbox together with where to go on, so that a pull that breaks off loses and repeats nothing. */
import { describeError, MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { Stores } from '../../domain/index.ts'
import { findSource, insertDelivered, movePull, openSettings, packFrame, placeOf, type Seals, type SourceRow, updateSource } from '../../domain/sources/index.ts'
import type { PullContext, PullPage, PullSource, Source } from '../sources/define.ts'

export interface PullHouse {
  readonly stores: Stores
  readonly seals: Seals
  readonly sources: readonly Source[]
  readonly log: Logger
  readonly wake: (accountId: string) => void
  /** What a source GETs by: src/ingest/pull-client.ts. Throws invalid_arguments for an address that may not be asked. */
  readonly client: (settings: Readonly<Record<string, string>>, signal: AbortSignal) => PullContext<unknown>['get']
}

/** Pulls until the platform has no more. What went wrong stands at the source; it is tried again by the clock. */
export async function pullSource(house: PullHouse, accountId: string, sourceId: string, signal: AbortSignal): Promise<void> {
  const { stores, seals, log } = house
  const row = await findSource(stores.db, accountId, sourceId)
  const source = house.sources.find((one): one is PullSource => one.type === row?.type && one.connection === 'pull')
  if (!row?.enabled || !source) return
  try {
    const settings = openSettings(seals, placeOf(accountId, sourceId), row.settings)
    const parsed = source.settings.safeParse(settings)
    if (!parsed.success) throw new MercatError('invalid_arguments', 'This source is not set up yet: settings are missing')
    const get = house.client(settings, signal)
    for await (const page of source.pull({ settings: parsed.data, cursor: row.cursor, get, now: stores.clock() })) {
      signal.throwIfAborted()
      if (!(await keepPage(house, row, page))) return
    }
    await updateSource(stores.db, accountId, sourceId, { pulled_at: stores.clock() })
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof MercatError)) log.error({ err: error, accountId, sourceId }, 'a pull failed')
    await updateSource(stores.db, accountId, sourceId, { last_refused_at: stores.clock(), last_refusal: whyOf(error).slice(0, 500) })
  }
}

/** With what to do about it, since nobody was there to be told; what is away comes back without anybody. */
function whyOf(error: unknown): string {
  if (!(error instanceof MercatError)) return 'The pull failed inside Mercat; its log says why'
  return error.code === 'unavailable' ? error.message : describeError(error)
}

/** @returns false: the source was turned off, removed or set otherwise meanwhile, and the page is not kept */
async function keepPage({ stores, seals, wake }: PullHouse, row: SourceRow, { records, cursor }: PullPage): Promise<boolean> {
  const { account_id: accountId, id: sourceId } = row
  const body = Buffer.from(records.map((record) => JSON.stringify(record)).join('\n'))
  const place = placeOf(accountId, sourceId)
  const kept = await stores.db.transaction().execute(async (transaction) => {
    if (!(await movePull(transaction, row, JSON.stringify(cursor)))) return false
    if (records.length > 0) {
      const sealed = packFrame(seals, place, { form: 'items', kind: 'records', body })
      await insertDelivered(transaction, [{ accountId, sourceId, receivedAt: stores.clock(), items: records.length, bytes: body.length, sealed }])
    }
    return true
  })
  if (kept && records.length > 0) wake(accountId)
  return kept
}

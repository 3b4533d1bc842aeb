/** An account's source of rows and its inbox in real stores, for tests of how it is loaded: requests of bounces, a loader, and what became of them. Starts no server. */
import type { Account } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import type { Stores } from '../../src/domain/index.ts'
import { createSources, type Delivered, insertDelivered, packFrame, placeOf, type SourcesService } from '../../src/domain/sources/index.ts'
import type { Source } from '../../src/ingest/sources/define.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { type LoadOutcome, loadInbox } from '../../src/ingest/stream/load.ts'
import type { Analytics, RunOptions } from '../../src/storage/analytics/run.ts'
import { sourceHouse } from '../source-house.ts'
import { principalOf } from '../stores.ts'
import { factsQuery } from './deliveries.ts'

export interface RequestOptions {
  /** One more line, which is set aside. */
  readonly wrong?: boolean
  /** Words of the error of each bounce: how much room a row takes. */
  readonly words?: number
}

/** What of a loader is otherwise than usual. */
export interface Loader {
  readonly db?: Stores['db']
  readonly analytics?: Analytics
  readonly sizes?: Map<string, number>
  readonly signal?: AbortSignal
  readonly loaded?: () => void
  /** Types of sources that it knows. */
  readonly known?: readonly Source[]
}

export interface Inbox {
  readonly account: Account
  /** Of the source. */
  readonly id: string
  readonly service: SourcesService
  /** A request with as many bounces, each of a message of its own. */
  readonly request: (name: string, rows: number, options?: RequestOptions) => Delivered
  readonly deliver: (...requests: readonly Delivered[]) => Promise<void>
  readonly load: (loader?: Loader) => Promise<LoadOutcome>
  /** Counts anew. @returns the bounces of the campaign */
  readonly counted: () => Promise<unknown>
  /** Requests. */
  readonly waiting: () => Promise<number>
  /** Items. */
  readonly setAside: () => Promise<number>
}

export async function openInbox(stores: Stores, account: Account): Promise<Inbox> {
  const house = sourceHouse()
  const service = createSources(stores, house)(principalOf(account, { scopes: new Set(['read:health', 'manage:account']) }))
  const { id } = await service.add({ type: 'api', name: 'Shop' })
  return {
    account,
    id,
    service,
    request: (name, rows, { wrong = false, words = 100 } = {}) => {
      const given = { campaign_id: 'spring', event: 'bounced', bounce_type: 'hard', channel: 'Email', error: 'no '.repeat(words) }
      const row = (message: string, at: string) => JSON.stringify({ ...given, message_id: message, customer_id: message, occurred_at: at })
      const lines = Array.from({ length: rows }, (_, number) => row(`${name}-${number}`, '2026-03-31T09:00:00Z'))
      if (wrong) lines.push(row(`${name}-wrong`, 'never'))
      const body = Buffer.from(lines.join('\n'))
      const sealed = packFrame(house.seals, placeOf(account.id, id), { form: 'items', kind: 'events', body })
      return { accountId: account.id, sourceId: id, receivedAt: stores.clock(), items: lines.length, bytes: body.length, sealed }
    },
    deliver: async (...requests) => await insertDelivered(stores.db, requests),
    load: async ({ db = stores.db, analytics = stores.analytics, sizes = new Map(), signal = new AbortController().signal, loaded = () => {}, known = sources } = {}) =>
      await loadInbox({ stores: { ...stores, db, analytics }, seals: house.seals, sources: known, log: createLog('silent', 'silent'), sizes }, account.id, signal, loaded),
    counted: async () => {
      await refreshFacts(stores, account.id)
      return (await stores.analytics.query<{ bounces: number }>(factsQuery, { account: account.id, campaign: 'spring' }))[0]?.bounces
    },
    waiting: async () => (await stores.db.selectFrom('inbox').select('id').where('account_id', '=', account.id).execute()).length,
    setAside: async () => (await service.get(id)).setAside,
  }
}

/** The real engine, whose inserts have these settings. */
export const inserting = (analytics: Analytics, settings: NonNullable<RunOptions['settings']>): Analytics => ({
  ...analytics,
  insertFile: async (sql, file, params, options) => await analytics.insertFile(sql, file, params, { ...options, settings: { ...options?.settings, ...settings } }),
})

/** What a lock kept apart, once its connection is gone, and what PostgreSQL lets become visible late: on a real server, whose figures must come out right all the same. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { finishLoading, livingLoads, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { createSources, insertDelivered, packFrame, placeOf, withLoadLock } from '../../src/domain/sources/index.ts'
import { insertCanonical } from '../../src/ingest/index.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { loadInbox } from '../../src/ingest/stream/load.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { sourceHouse } from '../source-house.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { factsQuery } from './deliveries.ts'

const now = new Date('2026-04-01T12:00:00Z')
const clock = () => now
const house = sourceHouse()
let embedded: TestStores
let analytics: Analytics
let postgres: TestPostgres
/** As two processes have them. */
let one: OperationalStore
let other: OperationalStore
let acme: Account
beforeAll(async () => {
  ;[postgres, embedded] = await Promise.all([startPostgres(), openTestStores(now)])
  analytics = embedded.analytics
  const url = await postgres.database()
  one = await openOperational({ engine: 'postgres', url })
  other = await openOperational({ engine: 'postgres', url })
})
beforeEach(async () => {
  acme = await makeAccount(one.db)
})
afterAll(async () => {
  await Promise.all([one?.close(), other?.close(), embedded?.close()])
  await postgres?.stop()
})

/** Ends the connections that hold locks, as a server that restarts does. */
const loseLocks = async () =>
  await sql`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(
    other.db,
  )

async function stored({ db }: OperationalStore, kind: 'events' | 'orders', rows: object[]): Promise<void> {
  const { id } = await startLoad(db, { accountId: acme.id, source: 'test', label: kind })
  await insertCanonical({ db, analytics, clock }, acme, kind, rows as never, id)
  await finishLoading(db, id, { accepted: rows.length, rejected: 0 })
}

test('a refresh that lost its lock changes no figure: another went by what was there before', async () => {
  const message = { campaign_id: 'spring', message_id: 'm1', customer_id: 'ada', channel: 'Email' }
  await stored(one, 'events', [
    { ...message, event: 'sent', occurred_at: '2026-03-30T09:00:00Z' },
    { ...message, event: 'clicked', occurred_at: '2026-03-30T10:00:00Z' },
  ])
  let meanwhile: Promise<unknown> | undefined
  const slow: Analytics = {
    ...analytics,
    command: async (statement, ...more) => {
      await analytics.command(statement, ...more)
      // Orders have had their turn.
      if (!statement.includes('FROM web_events')) return
      meanwhile ??= loseLocks().then(async () => {
        await stored(other, 'orders', [{ order_id: 'o1', customer_id: 'ada', placed_at: '2026-03-30T11:00:00Z', status: 'paid', amount: '10.00', currency: 'EUR' }])
        await refreshFacts({ db: other.db, analytics, clock }, acme.id)
      })
      await meanwhile
    },
  }
  const refreshed = refreshFacts({ db: one.db, analytics: slow, clock }, acme.id)
  await expect(refreshed).rejects.toMatchObject({ code: 'unavailable' })
  await refreshFacts({ db: one.db, analytics, clock }, acme.id)
  const [orders] = await analytics.query<{ orders: number }>(
    `SELECT sum(orders) AS orders FROM order_facts WHERE account_id = {account:String} AND campaign = 'spring' AND basis = 'event' AND generation = (
      SELECT max(generation) FROM fact_generations WHERE account_id = {account:String} AND campaign = 'spring' AND family = 'orders')`,
    { account: acme.id },
  )
  expect(orders).toEqual({ orders: 1 })
})

test('a delivery that becomes visible behind later ones is loaded, and one that two loaded after a lost lock is written down once', async () => {
  const { id } = await createSources({ db: one.db, clock }, house)(principalOf(acme, { scopes: new Set(['read:health', 'manage:account']) })).add({ type: 'api', name: 'Shop' })
  const place = placeOf(acme.id, id)
  const request = (name: string, rows: number) => {
    const given = { campaign_id: 'spring', event: 'bounced', bounce_type: 'hard', channel: 'Email', error: 'no '.repeat(100), occurred_at: '2026-03-31T09:00:00Z' }
    const body = Buffer.from(Array.from({ length: rows }, (_, row) => JSON.stringify({ ...given, message_id: `${name}-${row}`, customer_id: `${name}-${row}` })).join('\n'))
    return { accountId: acme.id, sourceId: id, receivedAt: now, items: rows, bytes: body.length, sealed: packFrame(house.seals, place, { form: 'items', kind: 'events', body }) }
  }
  const load = async ({ db }: OperationalStore, given: Analytics = analytics) =>
    await withLoadLock(
      db,
      acme.id,
      async () =>
        await loadInbox(
          { stores: { db, analytics: given, clock }, seals: house.seals, sources, log: createLog('silent', 'silent'), sizes: new Map() },
          acme.id,
          new AbortController().signal,
          () => {},
        ),
    )
  const waiting = async () => (await one.db.selectFrom('inbox').select('id').execute()).length

  const tries: number[] = []
  const loaded = await other.db.transaction().execute(async (transaction) => {
    await insertDelivered(transaction, [request('first', 3)])
    await insertDelivered(one.db, [request('large', 1_000), request('light', 3)])
    const { promise: passed, resolve: pass } = Promise.withResolvers<void>()
    const { promise: kept, resolve: keep } = Promise.withResolvers<void>()
    const insertFile: Analytics['insertFile'] = async (sql, file, params, options) => {
      // The large one is passed over by now: what is looked for is behind it.
      if (tries.push(1) === 3) {
        pass()
        await kept
      }
      await analytics.insertFile(sql, file, params, { ...options, settings: { ...options?.settings, max_bytes_to_read: 100_000 } })
    }
    const loading = load(one, { ...analytics, insertFile })
    await passed
    return { loading, keep }
  })
  loaded.keep()
  expect(await loaded.loading).toBe('empty')
  expect(await waiting()).toBe(0)
  expect((await one.db.selectFrom('set_aside').select('kind').execute()).map(({ kind }) => kind)).toEqual(['request'])

  await insertDelivered(one.db, [request('a', 3), request('b', 3)])
  let second: Promise<unknown> | undefined
  const insertFile: Analytics['insertFile'] = async (...given) => {
    await analytics.insertFile(...given)
    expect(await load(other)).toBeUndefined()
    second ??= loseLocks().then(async () => await load(other))
    expect(await second).toBe('empty')
  }
  expect(await load(one, { ...analytics, insertFile })).toBe('away')
  expect(await waiting()).toBe(0)
  expect(await one.db.selectFrom('source_hours').select(['requests', 'accepted', 'rejected']).execute()).toEqual([{ requests: 5, accepted: 12, rejected: 1 }])
  await refreshFacts({ db: one.db, analytics, clock }, acme.id)
  expect((await analytics.query<{ bounces: number }>(factsQuery, { account: acme.id, campaign: 'spring' }))[0]?.bounces).toBe(12)
})

test('loads that a process begins after it lost its connection are known to live, and those from before too', async () => {
  const begin = async () => (await startLoad(one.db, { accountId: acme.id, source: 'test', label: 'long' })).id
  const ids = [await begin(), await begin()]
  expect(await livingLoads(other.db, acme.id)).toEqual(ids)
  await loseLocks()
  ids.push(...(await Promise.all([begin(), begin()])))
  expect((await livingLoads(other.db, acme.id)).sort()).toEqual(ids.sort())
  for (const id of ids) await finishLoading(one.db, id, { accepted: 0, rejected: 0 })
  expect(await livingLoads(other.db, acme.id)).toEqual([])
  expect(
    (await sql`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(other.db)).rows,
  ).toEqual([])
})

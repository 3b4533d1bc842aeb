/** What a lock kept apart, once its connection is gone, and what PostgreSQL lets become visible late: on a real server, whose figures must come out right all the same. */
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { finishLoading, livingLoads, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { insertDelivered, withLoadLock } from '../../src/domain/sources/index.ts'
import { insertCanonical } from '../../src/ingest/index.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { factsQuery } from './deliveries.ts'
import { inserting, openInbox } from './inbox.ts'

const now = new Date('2026-04-01T12:00:00Z')
const clock = () => now
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

/** Ends the connections that hold locks, as a server that restarts does. Resolves when they are gone. */
const loseLocks = async () =>
  await sql`SELECT pg_terminate_backend(pid, 10000) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(
    other.db,
  )

/** Messages that were sent, as one load. */
async function sent({ db }: OperationalStore, campaign: string, messages: number): Promise<void> {
  const { id } = await startLoad(db, { accountId: acme.id, source: 'test', label: campaign })
  const given = { campaign_id: campaign, event: 'sent', channel: 'Email', occurred_at: '2026-03-30T09:00:00Z' }
  const rows = Array.from({ length: messages }, (_, number) => ({ ...given, message_id: `${campaign}-${number}`, customer_id: `${number}` }))
  await insertCanonical({ db, analytics, clock }, acme, 'events', rows, id)
  await finishLoading(db, id, { accepted: messages, rejected: 0 })
}

test('a refresh that lost its lock takes nothing from the one that has it now', async () => {
  const { promise: lost, resolve: lose } = Promise.withResolvers<void>()
  const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>()
  /** The real engine, and what is done after a statement with these words. */
  const after = (words: string, then: () => Promise<unknown>): Analytics => ({
    ...analytics,
    command: async (statement, ...more) => {
      await analytics.command(statement, ...more)
      if (statement.includes(words)) await then()
    },
  })
  await sent(one, 'spring', 1)
  const late = after('FROM web_events', async () => {
    await loseLocks()
    lose()
    await goesOn
  })
  const first = refreshFacts({ db: one.db, analytics: late, clock }, acme.id).catch((error: unknown) => error)
  await lost
  // More than one of few rows: what nobody counts by yet looks like what nobody counts by any more.
  await sent(other, 'summer', 1_500)
  const amid = after('INSERT INTO messages', async () => {
    goOn()
    await first
  })
  await refreshFacts({ db: other.db, analytics: amid, clock }, acme.id)
  const sends = async (campaign: string) => (await analytics.query<{ sends: number }>(factsQuery, { account: acme.id, campaign }))[0]?.sends
  expect([await sends('spring'), await sends('summer')]).toEqual([1, 1_500])
  expect(await first).toMatchObject({ code: 'unavailable' })
})

test('a delivery that becomes visible behind later ones is loaded, and one that two loaded after a lost lock is written down once', async () => {
  const { request, load: loadBy, waiting, counted } = await openInbox({ db: one.db, analytics, clock }, acme)
  const load = async ({ db }: OperationalStore, given: Analytics = analytics) => await withLoadLock(db, acme.id, async () => await loadBy({ db, analytics: given }))

  const tries: number[] = []
  const loaded = await other.db.transaction().execute(async (transaction) => {
    await insertDelivered(transaction, [request('first', 3)])
    await insertDelivered(one.db, [request('large', 1_000), request('light', 3)])
    const { promise: passed, resolve: pass } = Promise.withResolvers<void>()
    const { promise: kept, resolve: keep } = Promise.withResolvers<void>()
    const narrow = inserting(analytics, { max_bytes_to_read: 100_000 })
    const insertFile: Analytics['insertFile'] = async (...given) => {
      // The large one is passed over by now: what is looked for is behind it.
      if (tries.push(1) === 3) {
        pass()
        await kept
      }
      await narrow.insertFile(...given)
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
  const outcomes: unknown[] = []
  const insertFile: Analytics['insertFile'] = async (...given) => {
    await analytics.insertFile(...given)
    outcomes.push(await load(other))
    await loseLocks()
    outcomes.push(await load(other))
  }
  expect(await load(one, { ...analytics, insertFile })).toBe('away')
  expect(outcomes).toEqual([undefined, 'empty'])
  expect(await waiting()).toBe(0)
  expect(await one.db.selectFrom('source_hours').select(['requests', 'accepted', 'rejected']).execute()).toEqual([{ requests: 5, accepted: 12, rejected: 1 }])
  expect(await counted()).toBe(12)
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

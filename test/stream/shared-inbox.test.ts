/** An inbox when things go wrong around it: an engine that refuses what it is given, two loaders of one account, turns that are over. Nothing is lost, counted twice or kept waiting by others. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { MercatError } from '../../src/core/errors.ts'
import { createLog } from '../../src/core/log.ts'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import { createServices } from '../../src/domain/index.ts'
import { insertDelivered, packFrame, placeOf, type SourcesService } from '../../src/domain/sources/index.ts'
import type { Source } from '../../src/ingest/sources/define.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { createWaker } from '../../src/ingest/stream/jobs.ts'
import { type LoadOutcome, loadInbox } from '../../src/ingest/stream/load.ts'
import { createInboxWriter } from '../../src/ingest/stream/writer.ts'
import type { Analytics, RunOptions } from '../../src/storage/analytics/run.ts'
import { sourceHouse } from '../source-house.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { factsQuery } from './deliveries.ts'

const now = new Date('2026-04-01T12:00:00Z')
const house = sourceHouse()
let stores: TestStores
let acme: Account
let service: SourcesService
let id: string
beforeAll(async () => {
  stores = await openTestStores(now)
})
beforeEach(async () => {
  acme = await makeAccount(stores.db)
  service = createServices(stores, { sourceHouse: house })(principalOf(acme, { scopes: new Set(['read:health', 'manage:account']) })).sources
  ;({ id } = await service.add({ type: 'api', name: 'Shop' }))
})
afterAll(async () => await stores?.close())

/** A request with as many bounces. @param wrong one more line that is set aside */
function request(name: string, rows: number, wrong = false) {
  const given = { campaign_id: 'spring', event: 'bounced', bounce_type: 'hard', channel: 'Email', error: 'no '.repeat(100) }
  const row = (message: string, at: string) => JSON.stringify({ ...given, message_id: message, customer_id: message, occurred_at: at })
  const lines = Array.from({ length: rows }, (_, number) => row(`${name}-${number}`, '2026-03-31T09:00:00Z'))
  if (wrong) lines.push(row(`${name}-wrong`, 'never'))
  const body = Buffer.from(lines.join('\n'))
  const sealed = packFrame(house.seals, placeOf(acme.id, id), { form: 'items', kind: 'events', body })
  return { accountId: acme.id, sourceId: id, receivedAt: now, items: lines.length, bytes: body.length, sealed }
}
const deliver = async (...requests: ReturnType<typeof request>[]) => await insertDelivered(stores.db, requests)

interface Given {
  readonly analytics?: Analytics
  readonly sizes?: Map<string, number>
  readonly signal?: AbortSignal
  readonly loaded?: () => void
  /** Types of sources that the loader knows. */
  readonly known?: readonly Source[]
}
const load = async ({
  analytics = stores.analytics,
  sizes = new Map(),
  signal = new AbortController().signal,
  loaded = () => {},
  known = sources,
}: Given = {}): Promise<LoadOutcome> =>
  await loadInbox({ stores: { ...stores, analytics }, seals: house.seals, sources: known, log: createLog('silent', 'silent'), sizes }, acme.id, signal, loaded)

type Settings = NonNullable<RunOptions['settings']>
/** The real engine, whose inserts have these settings. */
const inserting = (settings: Settings): Analytics => ({
  ...stores.analytics,
  insertFile: async (sql, file, params, options) => await stores.analytics.insertFile(sql, file, params, { ...options, settings: { ...options?.settings, ...settings } }),
})
/** No engine knows it. */
const refused = { no_such_setting: 1 }

async function counted(): Promise<unknown> {
  await refreshFacts(stores, acme.id)
  return (await stores.analytics.query<{ bounces: number }>(factsQuery, { account: acme.id, campaign: 'spring' }))[0]?.bounces
}
const waiting = async () => (await stores.db.selectFrom('inbox').select('id').where('account_id', '=', acme.id).execute()).length
const volume = async () => await stores.db.selectFrom('source_hours').select(['requests', 'accepted', 'rejected']).where('account_id', '=', acme.id).execute()
const setAside = async () => (await service.get(id)).setAside
const failures = async () => (await stores.db.selectFrom('loads').select('id').where('account_id', '=', acme.id).where('error', 'is not', null).execute()).length

test('an engine that refuses everything, whatever its reason, has nothing set aside; one that refuses a single delivery has that one, once others went through', async () => {
  await deliver(...Array.from({ length: 14 }, (_, number) => request(`late-${number}`, 1)))
  // Not even a question: another password, a user that is gone.
  const query: Analytics['query'] = async (sql, params, options) => await stores.analytics.query(sql, params, { ...options, settings: refused })
  expect(await load({ analytics: { ...stores.analytics, query } })).toBe('away')
  expect([await waiting(), await setAside(), await failures()]).toEqual([14, 0, 0])
  // Nor a loader of an older version, which does not know who sent it.
  expect(await load({ known: sources.filter(({ type }) => type !== 'api') })).toBe('away')
  expect([await waiting(), await setAside(), await failures()]).toEqual([14, 0, 0])
  // Only what is written: read-only, too many parts, a table that is gone.
  expect(await load({ analytics: inserting(refused) })).toBe('stuck')
  expect([await waiting(), await setAside()]).toEqual([14, 0])
  expect(await load()).toBe('empty')
  expect([await counted(), await waiting(), await setAside()]).toEqual([14, 0, 0])

  await deliver(request('small', 10), request('large', 1_000), request('small too', 10))
  expect(await load({ analytics: inserting({ max_bytes_to_read: 100_000 }) })).toBe('empty')
  expect(await service.get(id)).toMatchObject({ setAside: 1, reasons: [{ kind: 'request', reason: expect.stringMatching(/refused by the analytics store/), items: 1 }] })
  expect(await counted()).toBe(34)
  await service.replay(id)
  expect(await load()).toBe('empty')
  expect([await counted(), await setAside()]).toEqual([1_034, 0])
})

test('of two loaders of one account that took partly the same, each delivery is written down once', async () => {
  await deliver(request('a', 5, true), request('b', 5, true), request('c', 5, true))
  // The other one, whose lock this one could take: it has taken two of the three and is quicker.
  const quicker = async () => {
    const ends = new AbortController()
    await expect(load({ sizes: new Map([[acme.id, 2]]), signal: ends.signal, loaded: () => ends.abort(new Error('ended')) })).rejects.toThrow('ended')
  }
  let other: Promise<void> | undefined
  const insertFile: Analytics['insertFile'] = async (...given) => {
    await stores.analytics.insertFile(...given)
    other ??= quicker()
    await other
  }
  // It gives way to whoever is at work.
  expect(await load({ analytics: { ...stores.analytics, insertFile } })).toBe('away')
  expect(await waiting()).toBe(1)
  expect(await load()).toBe('empty')
  expect(await volume()).toEqual([{ requests: 3, accepted: 15, rejected: 3 }])
  expect([await counted(), await setAside()]).toEqual([15, 3])
})

test('a turn ends in time where the engine takes small batches only, and the next one goes on with these', async () => {
  await deliver(...Array.from({ length: 8 }, (_, number) => request(`part-${number}`, 200)))
  const real = performance.now.bind(performance)
  let passed = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + passed)
  try {
    const small = inserting({ max_bytes_to_read: 200_000 })
    const insertFile: Analytics['insertFile'] = async (...given) => {
      await small.insertFile(...given)
      passed += 6_000
    }
    const analytics = { ...small, insertFile }
    const sizes = new Map<string, number>()
    expect(await load({ analytics, sizes })).toBe('more')
    expect(await waiting()).toBeGreaterThan(0)
    const before = await failures()
    expect(before).toBeGreaterThan(0)
    expect(await load({ analytics, sizes })).toBe('more')
    // It does not begin with all of them again.
    expect((await failures()) - before).toBeLessThan(before)
    while ((await load({ analytics, sizes })) === 'more');
  } finally {
    clock.mockRestore()
  }
  expect([await counted(), await waiting(), await setAside()]).toEqual([1_600, 0, 0])
})

test('rows that the engine took without saying so, or in part, are taken again and counted once', async () => {
  const gone = new MercatError('unavailable', 'The analytics store is not reachable at the moment')
  const silent: Analytics['insertFile'] = async (...given) => {
    await stores.analytics.insertFile(...given)
    throw gone
  }
  await deliver(request('a', 5), request('b', 5))
  expect(await load({ analytics: { ...stores.analytics, insertFile: silent } })).toBe('away')
  expect([await counted(), await waiting()]).toEqual([10, 2])
  expect(await load()).toBe('empty')
  // An answer that comes after all.
  await deliver(request('a', 5))
  expect(await load({ analytics: { ...stores.analytics, insertFile: silent } })).toBe('away')
  await deliver(request('c', 5))
  expect(await load({ sizes: new Map([[acme.id, 1]]) })).toBe('empty')
  expect([await counted(), await waiting(), await setAside()]).toEqual([15, 0, 0])
})

test('while the engine takes nothing, it is not tried again for everybody who asks', async () => {
  const waker = createWaker(stores, async () => {}, createLog('silent', 'silent'))
  const tried: string[] = []
  const ask = async (accountId: string, outcome: LoadOutcome) =>
    await waker.loading(accountId, async () => {
      tried.push(`${accountId} ${outcome}`)
      return outcome
    })
  for (const outcome of ['stuck', 'empty'] as const) await ask('one', outcome)
  for (const outcome of ['away', 'empty'] as const) await ask('other', outcome)
  waker.stop()
  expect(tried).toEqual(['one stuck', 'other away', 'other empty'])
})

test('what waits of an account that leaves is left to its deletion', async () => {
  await deliver(...Array.from({ length: 5 }, (_, number) => request(`late-${number}`, 1)))
  await stores.db.updateTable('accounts').set({ leaving_at: now }).where('id', '=', acme.id).execute()
  expect(await load()).toBe('empty')
  expect([await waiting(), await setAside(), await volume()]).toEqual([5, 0, []])
})

test('what is put into the inbox the moment another is kept is kept too', async () => {
  const writer = createInboxWriter(stores.db)
  await writer.put(request('first', 1))
  await writer.put(request('second', 1))
  // At once with one whose account left while its body came.
  const late = writer.put({ ...request('late', 1), accountId: 'acc_gone' })
  const third = writer.put(request('third', 1))
  await expect(late).rejects.toMatchObject({ code: 'not_found' })
  await third
  await writer.close()
  expect(await waiting()).toBe(3)
})

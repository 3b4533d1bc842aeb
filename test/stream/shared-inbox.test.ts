/** An inbox when things go wrong around it: an engine that refuses what it is given, two loaders of one account, turns that are over. Nothing is lost, counted twice or kept waiting by others. */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { MercatError } from '../../src/core/errors.ts'
import { createLog } from '../../src/core/log.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { createWaker } from '../../src/ingest/stream/jobs.ts'
import type { LoadOutcome } from '../../src/ingest/stream/load.ts'
import { createInboxWriter } from '../../src/ingest/stream/writer.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { type Inbox, inserting, openInbox } from './inbox.ts'

const now = new Date('2026-04-01T12:00:00Z')
let stores: TestStores
let inbox: Inbox
beforeAll(async () => {
  stores = await openTestStores(now)
})
beforeEach(async () => {
  inbox = await openInbox(stores, await makeAccount(stores.db))
})
afterAll(async () => await stores?.close())

/** No engine knows it. */
const refused = { no_such_setting: 1 }

const volume = async () => await stores.db.selectFrom('source_hours').select(['requests', 'accepted', 'rejected']).where('account_id', '=', inbox.account.id).execute()
const failures = async () => (await stores.db.selectFrom('loads').select('id').where('account_id', '=', inbox.account.id).where('error', 'is not', null).execute()).length

test('an engine that refuses everything, whatever its reason, has nothing set aside; one that refuses a single delivery has that one, once others went through', async () => {
  await inbox.deliver(...Array.from({ length: 14 }, (_, number) => inbox.request(`late-${number}`, 1)))
  // Not even a question: another password, a user that is gone.
  const query: Analytics['query'] = async (sql, params, options) => await stores.analytics.query(sql, params, { ...options, settings: refused })
  expect(await inbox.load({ analytics: { ...stores.analytics, query } })).toBe('away')
  expect([await inbox.waiting(), await inbox.setAside(), await failures()]).toEqual([14, 0, 0])
  // Nor a loader of an older version, which does not know who sent it.
  expect(await inbox.load({ known: sources.filter(({ type }) => type !== 'api') })).toBe('away')
  expect([await inbox.waiting(), await inbox.setAside(), await failures()]).toEqual([14, 0, 0])
  // Only what is written: read-only, too many parts, a table that is gone.
  expect(await inbox.load({ analytics: inserting(stores.analytics, refused) })).toBe('stuck')
  expect([await inbox.waiting(), await inbox.setAside()]).toEqual([14, 0])
  expect(await inbox.load()).toBe('empty')
  expect([await inbox.counted(), await inbox.waiting(), await inbox.setAside()]).toEqual([14, 0, 0])

  await inbox.deliver(inbox.request('small', 10), inbox.request('large', 1_000), inbox.request('small too', 10))
  expect(await inbox.load({ analytics: inserting(stores.analytics, { max_bytes_to_read: 100_000 }) })).toBe('empty')
  expect(await inbox.service.get(inbox.id)).toMatchObject({
    setAside: 1,
    reasons: [{ kind: 'request', reason: expect.stringMatching(/refused by the analytics store/), items: 1 }],
  })
  expect(await inbox.counted()).toBe(34)
  await inbox.service.replay(inbox.id)
  expect(await inbox.load()).toBe('empty')
  expect([await inbox.counted(), await inbox.setAside()]).toEqual([1_034, 0])
})

test('of two loaders of one account that took partly the same, each delivery is written down once', async () => {
  await inbox.deliver(inbox.request('a', 5, { wrong: true }), inbox.request('b', 5, { wrong: true }), inbox.request('c', 5, { wrong: true }))
  // The other one, whose lock this one could take: it has taken two of the three and is quicker.
  const quicker = async () => {
    const ends = new AbortController()
    await expect(inbox.load({ sizes: new Map([[inbox.account.id, 2]]), signal: ends.signal, loaded: () => ends.abort(new Error('ended')) })).rejects.toThrow('ended')
  }
  let other: Promise<void> | undefined
  const insertFile: Analytics['insertFile'] = async (...given) => {
    await stores.analytics.insertFile(...given)
    other ??= quicker()
    await other
  }
  // It gives way to whoever is at work.
  expect(await inbox.load({ analytics: { ...stores.analytics, insertFile } })).toBe('away')
  expect(await inbox.waiting()).toBe(1)
  expect(await inbox.load()).toBe('empty')
  expect(await volume()).toEqual([{ requests: 3, accepted: 15, rejected: 3 }])
  expect([await inbox.counted(), await inbox.setAside()]).toEqual([15, 3])
})

test('a turn ends in time where the engine takes small batches only, and the next one goes on with these', async () => {
  await inbox.deliver(...Array.from({ length: 8 }, (_, number) => inbox.request(`part-${number}`, 200)))
  const real = performance.now.bind(performance)
  let passed = 0
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => real() + passed)
  try {
    const small = inserting(stores.analytics, { max_bytes_to_read: 200_000 })
    const insertFile: Analytics['insertFile'] = async (...given) => {
      await small.insertFile(...given)
      passed += 6_000
    }
    const analytics = { ...small, insertFile }
    const sizes = new Map<string, number>()
    expect(await inbox.load({ analytics, sizes })).toBe('more')
    expect(await inbox.waiting()).toBeGreaterThan(0)
    const before = await failures()
    expect(before).toBeGreaterThan(0)
    expect(await inbox.load({ analytics, sizes })).toBe('more')
    // It does not begin with all of them again.
    expect((await failures()) - before).toBeLessThan(before)
    while ((await inbox.load({ analytics, sizes })) === 'more');
  } finally {
    clock.mockRestore()
  }
  expect([await inbox.counted(), await inbox.waiting(), await inbox.setAside()]).toEqual([1_600, 0, 0])
})

test('rows that the engine took without saying so, or in part, are taken again and counted once', async () => {
  const gone = new MercatError('unavailable', 'The analytics store is not reachable at the moment')
  const silent: Analytics['insertFile'] = async (...given) => {
    await stores.analytics.insertFile(...given)
    throw gone
  }
  await inbox.deliver(inbox.request('a', 5), inbox.request('b', 5))
  expect(await inbox.load({ analytics: { ...stores.analytics, insertFile: silent } })).toBe('away')
  expect([await inbox.counted(), await inbox.waiting()]).toEqual([10, 2])
  expect(await inbox.load()).toBe('empty')
  // An answer that comes after all.
  await inbox.deliver(inbox.request('a', 5))
  expect(await inbox.load({ analytics: { ...stores.analytics, insertFile: silent } })).toBe('away')
  await inbox.deliver(inbox.request('c', 5))
  expect(await inbox.load({ sizes: new Map([[inbox.account.id, 1]]) })).toBe('empty')
  expect([await inbox.counted(), await inbox.waiting(), await inbox.setAside()]).toEqual([15, 0, 0])
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
  await inbox.deliver(...Array.from({ length: 5 }, (_, number) => inbox.request(`late-${number}`, 1)))
  await stores.db.updateTable('accounts').set({ leaving_at: now }).where('id', '=', inbox.account.id).execute()
  expect(await inbox.load()).toBe('empty')
  expect([await inbox.waiting(), await inbox.setAside(), await volume()]).toEqual([5, 0, []])
})

test('what is put into the inbox the moment another is kept is kept too', async () => {
  const writer = createInboxWriter(stores.db)
  await writer.put(inbox.request('first', 1))
  await writer.put(inbox.request('second', 1))
  // At once with one whose account left while its body came.
  const late = writer.put({ ...inbox.request('late', 1), accountId: 'acc_gone' })
  const third = writer.put(inbox.request('third', 1))
  await expect(late).rejects.toMatchObject({ code: 'not_found' })
  await third
  await writer.close()
  expect(await inbox.waiting()).toBe(3)
})

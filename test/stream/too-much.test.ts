/** Deliveries that are too much at once for the memory the analytics engine has: loaded in smaller batches, each once; one that is too much by itself stands in nobody's way and is not lost. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { type Inbox, inserting, openInbox } from './inbox.ts'

/** Of one statement. A request of 1,000 rows as below takes under 16 MB, one of 7,500 over 64. */
const memory = 48 * 1024 * 1024
let stores: TestStores
let inbox: Inbox
beforeAll(async () => {
  stores = await openTestStores(new Date('2026-04-01T12:00:00Z'))
  inbox = await openInbox(stores, await makeAccount(stores.db))
})
afterAll(async () => await stores?.close())

const request = (name: string, rows: number) => inbox.request(name, rows, { words: 700 })
/** The real engine, with so much memory for what is loaded. */
const withMemory = (bytes: number) => ({ analytics: inserting(stores.analytics, { max_memory_usage: bytes }) })

test('too much at once is halved until it fits; what is too much alone is set aside once others went through, and loaded when it is sent in again', async () => {
  const light = (...names: string[]) => names.map((name) => request(name, 1_000))
  await inbox.deliver(...light('a', 'b'), request('heavy', 7_500), ...light('c', 'd'))
  expect(await inbox.load(withMemory(memory))).toBe('empty')
  const loads = await stores.db.selectFrom('loads').select(['label', 'accepted', 'error']).orderBy('id').execute()
  const failed = loads.filter(({ error }) => error === 'The query needs too much memory').map(({ label }) => label)
  expect(failed[0]).not.toBe('1 request')
  expect(failed.filter((label) => label === '1 request')).toHaveLength(1)
  expect(loads.length - failed.length).toBeGreaterThan(1)
  expect(loads.reduce((sum, { accepted }) => sum + Number(accepted), 0)).toBe(4_000)
  expect(await inbox.counted()).toBe(4_000)
  expect(await inbox.service.get(inbox.id)).toMatchObject({
    setAside: 1,
    reasons: [{ kind: 'request', reason: expect.stringMatching(/too much for the time or memory.*send it in again/), items: 1 }],
  })

  // With nothing behind it there is no telling whose fault it is: it waits.
  expect(await inbox.service.replay(inbox.id)).toEqual({ replayed: 1, left: 0 })
  expect(await inbox.load(withMemory(memory))).toBe('stuck')
  expect([await inbox.waiting(), await inbox.setAside()]).toEqual([1, 0])
  expect(await inbox.load()).toBe('empty')
  expect(await inbox.counted()).toBe(11_500)
  expect([await inbox.waiting(), await inbox.setAside()]).toEqual([0, 0])
})

test('an engine that has no memory for anything has nothing set aside', async () => {
  await inbox.deliver(...Array.from({ length: 14 }, (_, number) => request(`late-${number}`, 1)))
  expect(await inbox.load(withMemory(1024 * 1024))).toBe('stuck')
  expect([await inbox.waiting(), await inbox.setAside()]).toEqual([14, 0])
  expect(await inbox.load()).toBe('empty')
  expect(await inbox.counted()).toBe(11_514)
})

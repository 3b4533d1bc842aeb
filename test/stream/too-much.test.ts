/** Deliveries that are too much at once for the memory the analytics engine has: loaded in smaller batches, each once; one that is too much by itself stands in nobody's way and is not lost. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import { createServices } from '../../src/domain/index.ts'
import { insertDelivered, packFrame, placeOf, type SourcesService } from '../../src/domain/sources/index.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { loadInbox } from '../../src/ingest/stream/load.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { sourceHouse } from '../source-house.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { factsQuery } from './deliveries.ts'

/** Of one statement. A request of 1,000 rows as below takes under 16 MB, one of 7,500 over 64. */
const memory = 48 * 1024 * 1024
const now = new Date('2026-04-01T12:00:00Z')
const house = sourceHouse()
let stores: TestStores
let acme: Account
let service: SourcesService
let id: string
beforeAll(async () => {
  stores = await openTestStores(now)
  acme = await makeAccount(stores.db)
  service = createServices(stores, { sourceHouse: house })(principalOf(acme, { scopes: new Set(['read:health', 'manage:account']) })).sources
  ;({ id } = await service.add({ type: 'api', name: 'Shop' }))
})
afterAll(async () => await stores?.close())

/** Requests with as many bounces each. */
async function deliver(...requests: { name: string; rows: number }[]): Promise<void> {
  const place = placeOf(acme.id, id)
  const given = { event: 'bounced', bounce_type: 'hard', channel: 'Email', occurred_at: '2026-03-31T09:00:00Z', error: 'no '.repeat(700) }
  const delivered = requests.map(({ name, rows }) => {
    const lines = Array.from({ length: rows }, (_, row) => JSON.stringify({ campaign_id: 'spring', message_id: `${name}-${row}`, customer_id: `${name}-${row}`, ...given }))
    const body = Buffer.from(lines.join('\n'))
    return { accountId: acme.id, sourceId: id, receivedAt: now, items: rows, bytes: body.length, sealed: packFrame(house.seals, place, { form: 'items', kind: 'events', body }) }
  })
  await insertDelivered(stores.db, delivered)
}

/** The real engine, with so much memory for what is loaded. */
const withMemory = (bytes: number): Analytics => ({
  ...stores.analytics,
  insertFile: async (sql, file, params, options) =>
    await stores.analytics.insertFile(sql, file, params, { ...options, settings: { ...options?.settings, max_memory_usage: bytes } }),
})
const load = async (analytics: Analytics) =>
  await loadInbox(
    { stores: { ...stores, analytics }, seals: house.seals, sources, log: createLog('silent', 'silent'), sizes: new Map() },
    acme.id,
    new AbortController().signal,
    () => {},
  )

async function counted(): Promise<unknown> {
  await refreshFacts(stores, acme.id)
  return (await stores.analytics.query<{ bounces: number }>(factsQuery, { account: acme.id, campaign: 'spring' }))[0]?.bounces
}
const waiting = async () => (await stores.db.selectFrom('inbox').select('id').execute()).length

test('too much at once is halved until it fits; what is too much alone is set aside once others went through, and loaded when it is sent in again', async () => {
  const light = (...names: string[]) => names.map((name) => ({ name, rows: 1_000 }))
  await deliver(...light('a', 'b'), { name: 'heavy', rows: 7_500 }, ...light('c', 'd'))
  expect(await load(withMemory(memory))).toBe('empty')
  const loads = await stores.db.selectFrom('loads').select(['label', 'accepted', 'error']).orderBy('id').execute()
  const failed = loads.filter(({ error }) => error === 'The query needs too much memory').map(({ label }) => label)
  expect(failed[0]).not.toBe('1 request')
  expect(failed.filter((label) => label === '1 request')).toHaveLength(1)
  expect(loads.length - failed.length).toBeGreaterThan(1)
  expect(loads.reduce((sum, { accepted }) => sum + Number(accepted), 0)).toBe(4_000)
  expect(await counted()).toBe(4_000)
  expect(await service.get(id)).toMatchObject({
    setAside: 1,
    reasons: [{ kind: 'request', reason: expect.stringMatching(/too much for the time or memory.*send it in again/), items: 1 }],
  })

  // With nothing behind it there is no telling whose fault it is: it waits.
  expect(await service.replay(id)).toEqual({ replayed: 1, left: 0 })
  expect(await load(withMemory(memory))).toBe('stuck')
  expect([await waiting(), (await service.get(id)).setAside]).toEqual([1, 0])
  expect(await load(stores.analytics)).toBe('empty')
  expect(await counted()).toBe(11_500)
  expect([await waiting(), (await service.get(id)).setAside]).toEqual([0, 0])
})

test('an engine that has no memory for anything has nothing set aside', async () => {
  await deliver(...Array.from({ length: 14 }, (_, number) => ({ name: `late-${number}`, rows: 1 })))
  expect(await load(withMemory(1024 * 1024))).toBe('stuck')
  expect([await waiting(), (await service.get(id)).setAside]).toEqual([14, 0])
  expect(await load(stores.analytics)).toBe('empty')
  expect(await counted()).toBe(11_514)
})

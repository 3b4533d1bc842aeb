/** Sources that deliver by themselves, in pipeline_status and platform_status: their figures are those of requests and of what waits and is set aside, never of single loads. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Principal } from '../../src/core/access.ts'
import { dayOf } from '../../src/core/period.ts'
import { createServices } from '../../src/domain/index.ts'
import { failLoad, finishLoading, startLoad } from '../../src/domain/facts/index.ts'
import { pipelinesOutput, pipelinesText, statusOutput, statusText } from '../../src/domain/operations/index.ts'
import { addVolume, deleteDelivered, insertDelivered, insertSetAside, oldestOf, packFrame, placeOf, updateSource } from '../../src/domain/sources/index.ts'
import { createLog } from '../../src/core/log.ts'
import { insertCanonical } from '../../src/ingest/index.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { loadInbox } from '../../src/ingest/stream/load.ts'
import { refusalOf } from '../caught.ts'
import { sourceHouse } from '../source-house.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'

const now = new Date('2026-04-01T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)
const house = sourceHouse()
let stores: TestStores
let acme: Account
let other: Account
const ids: Record<string, string> = {}

const servicesOf = (account: Account, given: Partial<Principal> = {}) =>
  createServices(stores, { sourceHouse: house })(principalOf(account, { scopes: new Set(['read:health', 'manage:account']), ...given }))
const pipelines = async (input: { source?: string; limit?: number; cursor?: string } = {}) => pipelinesOutput.parse(await servicesOf(acme).health.pipelines(input))
const status = async (account = acme) => statusOutput.parse(await servicesOf(account).health.status())
const one = async (source: string) => (await pipelines({ source })).pipelines[0]

beforeAll(async () => {
  stores = await openTestStores(now)
  acme = await makeAccount(stores.db)
  other = await makeAccount(stores.db)
  const { db } = stores
  for (const [name, type] of [
    ['Shop', 'api'],
    ['Clicks', 'api'],
    ['Mails', 'sendgrid'],
    ['Old mails', 'api'],
  ] as const)
    ids[name] = (await servicesOf(acme).sources.add({ type, name })).id
  const foreign = (await servicesOf(other).sources.add({ type: 'api', name: 'Foreign' })).id
  await insertDelivered(db, [{ accountId: other.id, sourceId: foreign, receivedAt: ago(10), items: 1, bytes: 1, sealed: Buffer.from('x') }])

  // More batches than are looked into, of which the figures of requests know nothing.
  for (let batch = 0; batch < 60; batch++) {
    const { id } = await startLoad(db, { accountId: acme.id, source: ids.Shop!, label: `batch ${batch}` })
    if (batch === 58) await failLoad(db, id, 'broke off')
    if (batch === 59)
      await insertCanonical(stores, acme, 'events', [{ campaign_id: 'c', message_id: 'm', event: 'sent', channel: 'Email', occurred_at: ago(600).toISOString() }], id)
    if (batch !== 58) await finishLoading(db, id, { accepted: 1, rejected: 0 })
  }
  await addVolume(db, acme.id, ids.Shop!, { requests: 7, accepted: 1200, ignored: 4, rejected: 5 }, now)
  await addVolume(db, acme.id, ids.Shop!, { requests: 2, accepted: 30, ignored: 0, rejected: 0 }, ago(3 * 86_400))
  await addVolume(db, acme.id, ids.Shop!, { requests: 9, accepted: 9, ignored: 0, rejected: 9 }, ago(30 * 86_400))
  const aside = (kind: string, reason: string) => ({ kind, reason, receivedAt: ago(60), sealed: Buffer.from('x') })
  await insertSetAside(db, acme.id, ids.Shop!, [aside('events', 'event is unknown'), aside('orders', 'event is unknown'), aside('events', 'channel is missing')], now)
  await updateSource(db, acme.id, ids.Shop!, { last_received_at: ago(5) })
  await updateSource(db, acme.id, ids.Clicks!, { last_received_at: ago(500), last_refused_at: ago(20), last_refusal: 'The signature is not right' })
  await updateSource(db, acme.id, ids['Old mails']!, { enabled: false })
  await finishLoading(db, (await startLoad(db, { accountId: acme.id, source: 'import', label: 'rows.csv' })).id, { accepted: 3, rejected: 0 })
})
afterAll(async () => await stores?.close())

test('a stream is a pipeline from the moment it is added, counted by its requests; imports stay as they are', async () => {
  const answer = await pipelines()
  expect(answer.pipelines.map(({ source, stream }) => [source, stream?.state ?? null])).toEqual([
    ['Clicks', 'refusing'],
    ['Mails', 'unfinished'],
    ['Old mails', 'off'],
    ['Shop', 'ok'],
    ['import', null],
  ])
  const shop = answer.pipelines[3]
  expect(shop).toMatchObject({
    stream: {
      type: 'api',
      title: 'Ingest API',
      lastReceivedAt: ago(5).toISOString(),
      setAside: 3,
      lastRefusal: null,
      waiting: { requests: 0, items: 0, oldestAt: null, lagSeconds: 0 },
    },
    lastLoad: { label: 'batch 59', state: 'loaded' },
    loads: 9,
    failed: 1,
    accepted: 1230,
    rejected: 5,
    rejects: [
      { reason: 'event is unknown', rows: 2 },
      { reason: 'channel is missing', rows: 1 },
    ],
    lastEventAt: ago(600).toISOString(),
    lagSeconds: 600,
  })
  expect(shop?.days).toHaveLength(7)
  expect(shop?.days.at(-1)).toEqual({ day: dayOf(now, acme.timeZone), loads: 7, accepted: 1200, rejected: 5 })
  expect(answer.pipelines[1]).toMatchObject({ lastLoad: null, loads: 0, accepted: 0, rejects: [], lastEventAt: null, stream: { title: 'SendGrid', lastReceivedAt: null } })
  expect(answer.pipelines[4]).toMatchObject({ loads: 1, accepted: 3, lastLoad: { label: 'rows.csv' } })
  const text = pipelinesText(answer)
  for (const said of [
    '**Shop** 9 requests (1 loads failed), 1,230 rows accepted',
    'nothing waits; 3 set aside',
    'set aside 2: event is unknown',
    'stream Ingest API (api) refusing',
  ])
    expect(text).toContain(said)
  expect(text).toContain(`last refused ${ago(20).toISOString()}: The signature is not right`)
  expect(text).not.toContain('Foreign')
})

test('pages and names go over streams and imports alike', async () => {
  const first = await pipelines({ limit: 4 })
  expect(first.coverage).toEqual({ from: 1, shown: 4, of: 5 })
  expect((await pipelines({ limit: 4, cursor: first.nextCursor ?? '' })).pipelines.map(({ source }) => source)).toEqual(['import'])
  expect(await one('mails')).toMatchObject({ source: 'Mails' })
  expect((await refusalOf(pipelines({ source: 'Foreign' }))).details.allowed).toEqual(['Clicks', 'Mails', 'Old mails', 'Shop', 'import'])
})

test('what waits for more than 15 seconds is behind, also of a source that is off, until it is loaded', async () => {
  const { db } = stores
  const delivered = (sourceId: string, seconds: number, items: number) => ({ accountId: acme.id, sourceId, receivedAt: ago(seconds), items, bytes: 10, sealed: Buffer.from('x') })
  await insertDelivered(db, [delivered(ids.Shop!, 10, 40)])
  expect((await one('Shop'))?.stream).toMatchObject({ state: 'ok', waiting: { requests: 1, items: 40, oldestAt: ago(10).toISOString(), lagSeconds: 10 } })
  expect(await status()).toMatchObject({ streams: { on: 3, behind: 0, refusing: 1, waiting: 40, oldestWaitingAt: ago(10).toISOString(), setAside: 3 } })

  await insertDelivered(db, [delivered(ids.Shop!, 95, 60), delivered(ids['Old mails']!, 200, 1)])
  expect((await one('Shop'))?.stream).toMatchObject({ state: 'behind', waiting: { requests: 2, items: 100, lagSeconds: 95 } })
  expect((await one('old mails'))?.stream).toMatchObject({ state: 'off', waiting: { requests: 1, lagSeconds: 200 } })
  expect(pipelinesText(await pipelines({ source: 'Shop' }))).toContain(`2 requests with 100 items wait, lag 1 min (oldest since ${ago(95).toISOString()})`)
  const behind = await status()
  expect(behind).toMatchObject({ state: 'degraded', streams: { behind: 2, waiting: 101, oldestWaitingAt: ago(200).toISOString() } })
  expect(behind.reasons.filter(({ what }) => what === 'sources').map(({ message }) => message)).toEqual([
    `2 sources are behind: 101 items wait to be loaded, the oldest since ${ago(200).toISOString()}.`,
    '1 source refuses what is delivered.',
    '3 items of sources could not be loaded and are set aside.',
  ])
  expect(statusText(behind)).toContain(`- streams: 3 on, 2 behind, 1 refusing; 101 items wait (oldest since ${ago(200).toISOString()}), 3 set aside`)

  const waiting = await oldestOf(db, acme.id, { requests: 100, bytes: 1e6, items: 1e6 })
  await deleteDelivered(
    db,
    acme.id,
    waiting.map(({ id }) => id),
  )
  expect((await one('Shop'))?.stream).toMatchObject({ state: 'ok', waiting: { requests: 0, lagSeconds: 0 } })
  expect(await status()).toMatchObject({ streams: { behind: 0, waiting: 0, oldestWaitingAt: null } })
})

test('a source that is renamed stays one pipeline, also for what is being loaded meanwhile', async () => {
  const { sources: mine } = servicesOf(acme)
  const before = await one('Shop')
  await mine.change(ids.Shop!, { name: 'Till' })
  expect(await one('Till')).toEqual({ ...before, source: 'Till' })
  expect((await pipelines()).pipelines.map(({ source }) => source)).toEqual(['Clicks', 'Mails', 'Old mails', 'Till', 'import'])
  const audited = await stores.db.selectFrom('audit').select('input').where('account_id', '=', acme.id).where('tool', '=', 'source.renamed').execute()
  expect(audited).toEqual([{ input: { source: ids.Shop, name: 'Till', type: 'api', from: 'Shop', to: 'Till' } }])

  for (const [name, words] of [
    ['cLICKS', 'There is a source of this name'],
    ['Import', 'Mercat itself'],
  ] as const) {
    expect((await refusalOf(mine.change(ids.Shop!, { name }))).message).toContain(words)
    expect((await refusalOf(mine.add({ type: 'api', name }))).message).toContain(words)
  }
  expect(await refusalOf(servicesOf(acme, { scopes: new Set(['read:health']) }).sources.change(ids.Shop!, { name: 'Mine' }))).toMatchObject({ code: 'missing_scopes' })
  expect(await refusalOf(servicesOf(other).sources.change(ids.Shop!, { name: 'Mine' }))).toMatchObject({ code: 'not_found' })
  await mine.change(ids.Shop!, { name: 'till' })
  await mine.change(ids.Shop!, { name: 'Till' })

  // Renamed at the moment the loader has read its row, and has begun no load.
  const place = placeOf(acme.id, ids.Shop!)
  const row = { campaign_id: 'c', message_id: 'm9', event: 'sent', channel: 'Email', occurred_at: ago(60).toISOString() }
  const sealed = packFrame(house.seals, place, { form: 'items', kind: 'events', body: Buffer.from(JSON.stringify(row)) })
  await insertDelivered(stores.db, [{ accountId: acme.id, sourceId: ids.Shop!, receivedAt: ago(1), items: 1, bytes: 10, sealed }])
  let renamed: Promise<void> | undefined
  const seals = {
    ...house.seals,
    openBytes: (bytes: Uint8Array, of: string) => {
      renamed ??= mine.change(ids.Shop!, { name: 'Shop' })
      return house.seals.openBytes(bytes, of)
    },
  }
  expect(await loadInbox({ stores, seals, sources, log: createLog('silent', 'silent'), sizes: new Map() }, acme.id, new AbortController().signal, () => {})).toBe('empty')
  await renamed
  expect((await one('Shop'))?.lastLoad).toMatchObject({ label: '1 request', accepted: 1 })
  expect((await pipelines()).pipelines.map(({ source }) => source)).not.toContain('Till')
})

test('an account whose sources are well is well; a source that is removed is one no more', async () => {
  expect(await status(other)).toMatchObject({ state: 'ok', reasons: [], streams: { on: 1, behind: 0, refusing: 0, waiting: 1, setAside: 0 } })
  await servicesOf(acme).sources.remove(ids.Clicks!)
  expect((await pipelines()).pipelines.map(({ source }) => source)).not.toContain('Clicks')
  // Without a server around it, kinds of sources go by their types.
  const { pipelines: bare } = await createServices(stores)(principalOf(acme, { scopes: new Set(['read:health']) })).health.pipelines({ source: 'Shop' })
  expect(bare[0]?.stream).toMatchObject({ type: 'api', title: 'api' })
})

test('of a source that is removed what waits is loaded, and what cannot be is kept nowhere', async () => {
  const { db } = stores
  const { sources: mine } = servicesOf(acme)
  const { id } = await mine.add({ type: 'api', name: 'Short-lived' })
  const place = placeOf(acme.id, id)
  const rows = [
    { campaign_id: 'c', message_id: 'm10', event: 'sent', channel: 'Email', occurred_at: ago(60).toISOString() },
    { campaign_id: 'c', message_id: 'of a person', event: 'sent', channel: 'Email', occurred_at: 'never' },
  ]
  const good = packFrame(house.seals, place, { form: 'items', kind: 'events', body: Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')) })
  const delivered = async (sealed: Uint8Array) => await insertDelivered(db, [{ accountId: acme.id, sourceId: id, receivedAt: ago(1), items: 2, bytes: 10, sealed }])
  const load = async (seals = house.seals) =>
    await loadInbox({ stores, seals, sources, log: createLog('silent', 'silent'), sizes: new Map() }, acme.id, new AbortController().signal, () => {})
  const aside = async () => await db.selectFrom('set_aside').select('reason').where('source_id', '=', id).execute()
  await delivered(good)
  expect(await load()).toBe('empty')
  expect(await aside()).toHaveLength(1)

  // Removed when the loader has read its row.
  await delivered(good)
  let removed: Promise<void> | undefined
  const openBytes = (bytes: Uint8Array, of: string) => {
    removed ??= mine.remove(id)
    return house.seals.openBytes(bytes, of)
  }
  expect(await load({ ...house.seals, openBytes })).toBe('empty')
  await removed
  expect(await aside()).toEqual([])
  // A request that breaks loading as a whole.
  await delivered(Buffer.from('sealed by nobody'))
  expect(await load()).toBe('empty')
  expect(await aside()).toEqual([])
  const [came] = await db.selectFrom('source_hours').select(['requests', 'accepted', 'rejected']).where('source_id', '=', id).execute()
  expect(came).toEqual({ requests: 3, accepted: 2, rejected: 3 })
  expect(await db.selectFrom('inbox').select('id').where('source_id', '=', id).execute()).toEqual([])
})

test('a source that was removed leaves its pipeline, until another source has its name', async () => {
  const { sources: mine, health } = servicesOf(acme)
  const failures = async () => (await health.errors({ kind: 'load' })).errors.map(({ source, count }) => [source, count])
  // The store's own clock, which is another than this test's, dates loads.
  await stores.db
    .updateTable('loads')
    .set({ started_at: ago(60), finished_at: ago(50) })
    .where('label', '=', 'batch 58')
    .execute()
  const before = await one('Shop')
  expect(await failures()).toEqual([['Shop', 1]])
  await mine.remove(ids.Shop!)
  expect(await one('Shop')).toMatchObject({ stream: null, lastLoad: before?.lastLoad })
  expect((await status()).sources?.map(({ source }) => source)).toContain('Shop')
  const { id } = await mine.add({ type: 'api', name: 'Shop' })
  expect((await pipelines()).pipelines.filter(({ source }) => source === 'Shop')).toMatchObject([{ stream: { type: 'api', state: 'silent' }, lastLoad: null, loads: 0 }])
  await finishLoading(stores.db, (await startLoad(stores.db, { accountId: acme.id, source: id, label: 'first' })).id, { accepted: 1, rejected: 0 })
  expect(await one('Shop')).toMatchObject({ stream: { type: 'api' }, lastLoad: { label: 'first' } })
  expect((await status()).sources?.filter(({ source }) => source === 'Shop')).toHaveLength(1)
  expect(await failures()).toEqual([['Shop', 1]])
})

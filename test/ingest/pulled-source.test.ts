/** A source that is pulled, from the store to the inbox and back: where a pull goes on, what ends it, and how it leaves room and time to others. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { createSources, openFrame, openSettings, placeOf } from '../../src/domain/sources/index.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { createWaker, streamJobs } from '../../src/ingest/stream/jobs.ts'
import { createPressure } from '../../src/ingest/stream/pressure.ts'
import { type PullHouse, type PullOutcome, pullSource } from '../../src/ingest/stream/pull.ts'
import { openJobs } from '../../src/storage/operational/jobs.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { workspace } from './platforms/dittofeed.ts'
import { Listmonk, listmonkCampaign, listmonkUuid } from './platforms/listmonk.ts'
import { mauticStat } from './platforms/mautic.ts'
import { Platform } from './platforms/platform.ts'
import { clientOf } from './pulling.ts'

const seals = deriveSecrets('a secret of an installation, long enough')
const log = createLog('silent', 'silent')
const minute = 60_000
const platforms: Platform[] = []
let stores: TestStores
let acme: Account

beforeAll(async () => {
  stores = await openTestStores(new Date('2026-01-01T00:00:00Z'))
  acme = await makeAccount(stores.db)
})
afterAll(async () => {
  for (const platform of platforms) await platform.close()
  await stores?.close()
})

async function listmonk(...ids: number[]): Promise<Listmonk> {
  return await opened(new Listmonk(ids.map((id) => listmonkCampaign(id))))
}

async function opened<One extends Platform>(platform: One): Promise<One> {
  platforms.push(platform)
  return (await platform.open()) as One
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const credentials = { user: 'mercat', token: 'tok:en' }

const service = () =>
  createSources(stores, { seals, types: sources, origin: 'https://mercat.example', wake: () => {}, pull: async () => {} })({
    ...principalOf(acme, { scopes: new Set(['read:health', 'manage:account']) }),
  })

/** @param answered is called after each answer of a platform */
function houseOf(answered: () => unknown = () => {}, given: Partial<PullHouse> = {}): PullHouse {
  const client: PullHouse['client'] = ({ baseUrl = '' }) => {
    const { get } = clientOf(baseUrl)
    return async (...asked: Parameters<typeof get>) => {
      const answer = await get(...asked)
      await answered()
      return answer
    }
  }
  return { stores, seals, sources, log, wake: () => {}, pressure: createPressure(stores.db, Number.MAX_SAFE_INTEGER), client, ...given }
}

const pull = async (id: string, house = houseOf()): Promise<PullOutcome> => await pullSource(house, acme.id, id, new AbortController().signal)

const rowOf = async (id: string) => await stores.db.selectFrom('sources').select(['cursor', 'pulled_at', 'last_refusal', 'settings']).where('id', '=', id).executeTakeFirstOrThrow()

/** Stores whose clock goes on only by `pass`. */
function passing() {
  let at = Date.parse('2026-01-01T00:00:00Z')
  const pass = (ms: number) => {
    at += ms
  }
  return { stores: { ...stores, clock: () => new Date(at) }, pass }
}

/** Names of the campaigns that wait in the inbox, which is empty then. */
async function campaigns(id: string): Promise<string[]> {
  const rows = await stores.db.deleteFrom('inbox').where('source_id', '=', id).returning('sealed').execute()
  const lines = rows.flatMap(({ sealed }) => openFrame(seals, placeOf(acme.id, id), sealed).body.toString().split('\n'))
  return lines.map((line) => (JSON.parse(line) as { row: { type: string; name: string } }).row).flatMap(({ type, name }) => (type === 'campaign' ? [name] : []))
}

test('a source that is given another address is read from the beginning there, with another key it goes on', async () => {
  const [first, second] = [await listmonk(300), await listmonk(1, 2)]
  const { id } = await service().add({ type: 'listmonk', name: 'Lists', settings: { ...credentials, baseUrl: first.url } })
  await pull(id)
  expect(await campaigns(id)).toEqual(['Campaign 300'])
  await service().change(id, { settings: { token: 'tok:en' } })
  first.campaigns.push(listmonkCampaign(1, { name: 'Of long ago' }))
  await pull(id)
  expect(await campaigns(id)).not.toContain('Of long ago')
  await service().change(id, { settings: { baseUrl: second.url } })
  await pull(id)
  expect((await campaigns(id)).sort()).toEqual(['Campaign 1', 'Campaign 2'])
})

test('what a pull is refused for stands at the source, with what to do about it', async () => {
  const platform = await listmonk(1)
  const { id } = await service().add({ type: 'listmonk', name: 'Forbidden', settings: { user: 'mercat', token: 'wrong', baseUrl: platform.url } })
  await pull(id)
  expect(await service().get(id)).toMatchObject({ state: 'refusing', lastRefusal: expect.stringMatching(/^The platform refuses these credentials\. Compare .* set them anew\.$/) })
})

test('a pull ends where its source is turned off, removed or set otherwise meanwhile, and keeps nothing more', async () => {
  const platform = await listmonk(...range(150))
  const settings = { ...credentials, baseUrl: platform.url }
  for (const [name, act] of [
    ['off', async (id: string) => await service().setEnabled(id, false)],
    ['gone', async (id: string) => await service().remove(id)],
    ['moved', async (id: string) => await service().change(id, { settings: { baseUrl: `${platform.url}/elsewhere` } })],
  ] as const) {
    const { id } = await service().add({ type: 'listmonk', name, settings })
    const before = platform.asked.length
    let answers = 0
    await pull(
      id,
      houseOf(async () => {
        // The lists are kept by then, and no campaign.
        if (++answers === 2) await act(id)
      }),
    )
    expect({ name, campaigns: await campaigns(id), asked: platform.asked.length - before }).toEqual({ name, campaigns: [], asked: 2 })
    const { settings: left, ...row } = await rowOf(id)
    expect(openSettings(seals, placeOf(acme.id, id), left)).toEqual(name === 'gone' ? {} : expect.objectContaining(credentials))
    expect(row).toMatchObject({ pulled_at: null, last_refusal: null, ...(name === 'moved' ? { cursor: {} } : {}) })
  }
})

test('a pull that is not at its end after five minutes leaves its turn, and goes on exactly there', async () => {
  const platform = await listmonk(...range(450))
  const { id } = await service().add({ type: 'listmonk', name: 'Long', settings: { ...credentials, baseUrl: platform.url } })
  const clock = passing()
  const house = houseOf(() => clock.pass(2 * minute), { stores: clock.stores })
  const turns: { outcome: PullOutcome; campaigns: number; whole: boolean }[] = []
  const names: string[] = []
  do {
    const outcome = await pull(id, house)
    const brought = await campaigns(id)
    names.push(...brought)
    turns.push({ outcome, campaigns: brought.length, whole: (await rowOf(id)).pulled_at !== null })
  } while (turns.at(-1)?.outcome === 'more' && turns.length < 10)
  // Each turn begins with the lists.
  expect(turns).toEqual([
    { outcome: 'more', campaigns: 200, whole: false },
    { outcome: 'more', campaigns: 200, whole: false },
    { outcome: 'done', campaigns: 50, whole: true },
  ])
  expect(names.sort()).toEqual(
    range(450)
      .map((n) => `Campaign ${n}`)
      .sort(),
  )
})

test('a platform that has no end is seen, and said at its source', async () => {
  const page = range(100).map((n) => listmonkCampaign(n))
  const same = await opened(
    new Platform(
      ({ pathname }) => ({ data: { results: pathname === '/api/lists' ? [] : page } }),
      () => undefined,
    ),
  )
  let lists = 0
  const endless = await opened(
    new Platform(
      () => ({ data: { results: range(100).map((id) => ({ id, uuid: listmonkUuid(++lists), name: 'List' })) } }),
      () => undefined,
    ),
  )
  const stats = range(200).map((n) => mauticStat(n))
  const mautic = await opened(
    new Platform(
      ({ pathname }) => (pathname === '/api/segments' ? { lists: [] } : pathname === '/api/emails' ? { emails: [] } : { stats }),
      () => undefined,
    ),
  )
  const emails = await opened(
    new Platform(
      ({ pathname }) => (pathname === '/api/segments' ? { lists: [] } : { emails: range(20).map((id) => ({ id, name: `Mail ${id}` })) }),
      () => undefined,
    ),
  )
  let sent = 0
  const circle = await opened(
    new Platform(
      ({ pathname }) =>
        pathname === '/api/admin/deliveries/'
          ? { items: [{ originMessageId: `m${++sent}`, sentAt: '2025-01-01T00:00:00Z', updatedAt: '2025-01-01T00:00:00Z', status: 'x' }], cursor: sent % 2 ? 'one' : 'other' }
          : { broadcasts: [], journeys: [], segments: [] },
      () => undefined,
    ),
  )
  const add = async (type: string, name: string, settings: Record<string, string>) => (await service().add({ type, name, settings })).id
  const ofMautic = { user: 'mercat', password: 'secret' }
  const clock = passing()
  for (const { id, says, waiting, each = 0 } of [
    { id: await add('listmonk', 'Same', { ...credentials, baseUrl: same.url }), says: 'GET /api/campaigns answers one page after the other with the same', waiting: 1 },
    { id: await add('mautic', 'Same stats', { ...ofMautic, baseUrl: mautic.url }), says: 'GET /api/stats/email_stats answers one page after the other with the same', waiting: 1 },
    { id: await add('mautic', 'Same mails', { ...ofMautic, baseUrl: emails.url }), says: 'GET /api/emails answers one page after the other with the same', waiting: 1 },
    {
      id: await add('dittofeed', 'Circle', { baseUrl: circle.url, workspaceId: workspace, apiKey: 'admin-key' }),
      says: 'The platform leads back to a page that was read before',
      waiting: 2,
    },
    { id: await add('listmonk', 'Many lists', { ...credentials, baseUrl: endless.url }), says: 'listmonk has more than 10,000 lists', waiting: 0 },
    {
      id: await add('listmonk', 'Slow lists', { ...credentials, baseUrl: endless.url }),
      says: 'The platform did not come to the end of a page within 10 minutes',
      waiting: 0,
      each: minute,
    },
  ]) {
    expect(
      await pull(
        id,
        houseOf(() => clock.pass(each), { stores: clock.stores }),
      ),
    ).toBe('done')
    const requests = await stores.db.deleteFrom('inbox').where('source_id', '=', id).returning('id').execute()
    const { state, lastRefusal } = await service().get(id)
    expect({ state, lastRefusal, waiting: requests.length }).toEqual({ state: 'refusing', lastRefusal: expect.stringContaining(says), waiting })
  }
})

test('pages count towards what may wait, leave half of it to deliveries, and what has no room is asked for by the next pull', async () => {
  const platform = await listmonk(...range(350))
  const { id } = await service().add({ type: 'listmonk', name: 'Full', settings: { ...credentials, baseUrl: platform.url } })
  const other = await makeAccount(stores.db)
  const pressure = () => createPressure(stores.db, 150_000)
  const house = houseOf(() => {}, { pressure: pressure() })
  expect(await pull(id, house)).toBe('done')
  const waiting = Number(
    (
      await stores.db
        .selectFrom('inbox')
        .select((of) => of.fn.sum('bytes').as('bytes'))
        .where('source_id', '=', id)
        .executeTakeFirstOrThrow()
    ).bytes,
  )
  expect(waiting).toBeGreaterThan(30_000)
  expect(waiting).toBeLessThanOrEqual(75_000)
  expect(await service().get(id)).toMatchObject({ state: 'refusing', pulledAt: null, lastRefusal: expect.stringContaining('too much of this account waits to be loaded') })
  // What a page was refused takes no room from a delivery, and another account has all of its own.
  expect(await house.pressure.admit(acme.id, 75_000)).toBeTypeOf('function')
  expect(await house.pressure.admit(acme.id, 75_000)).toBeUndefined()
  expect(await house.pressure.admit(other.id, 75_000, 0.5)).toBeTypeOf('function')

  const names = await campaigns(id)
  for (let pulls = 0; (await rowOf(id)).pulled_at === null && pulls < 10; pulls++) {
    await pull(
      id,
      houseOf(() => {}, { pressure: pressure() }),
    )
    names.push(...(await campaigns(id)))
  }
  expect(names.sort()).toEqual(
    range(350)
      .map((n) => `Campaign ${n}`)
      .sort(),
  )
  expect(await service().get(id)).toMatchObject({ state: 'ok' })
})

test('two platforms without an end do not keep a third waiting', async () => {
  let lists = 0
  const endless = async () =>
    await opened(
      new Platform(
        ({ pathname }) => ({ data: { results: pathname === '/api/lists' ? [] : range(100).map(() => listmonkCampaign(++lists)) } }),
        () => undefined,
      ),
    )
  const add = async (name: string, { url }: Platform) => (await service().add({ type: 'listmonk', name, settings: { ...credentials, baseUrl: url } })).id
  const first = await endless()
  const [one, other, third] = [await add('Endless', first), await add('Endless too', await endless()), await add('Small', await listmonk(1))]
  const clock = passing()
  const jobs = openJobs(stores.operational, log)
  const house = { ...houseOf(() => clock.pass(minute), { stores: clock.stores }), waker: createWaker(stores, jobs.send, log), send: jobs.send }
  jobs.start(streamJobs({ ...house, sizes: new Map() }).filter(({ name }) => name === 'pull_source'))
  try {
    for (const id of [one, other, third]) await jobs.send('pull_source', { accountId: acme.id, jobId: id })
    await expect.poll(async () => (await rowOf(third)).pulled_at, { timeout: 15_000, interval: 50 }).not.toBeNull()
    expect(await campaigns(third)).toEqual(['Campaign 1'])
    // They have their next turn all the same.
    const { rows } = await sql<{ id: string }>`SELECT data->>'jobId' AS id FROM pgboss.job WHERE name = 'pull_source' AND state IN ('created', 'active')`.execute(stores.db)
    expect(new Set(rows.map(({ id }) => id))).toEqual(new Set([one, other]))
  } finally {
    await jobs.close()
  }
})

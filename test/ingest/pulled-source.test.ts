/** A source that is pulled, from the store to the inbox and back: where a pull goes on, and what ends it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { createLog } from '../../src/core/log.ts'
import { createSources, openFrame, placeOf } from '../../src/domain/sources/index.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { pullSource } from '../../src/ingest/stream/pull.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { Listmonk, listmonkCampaign } from './platforms/listmonk.ts'
import { clientOf } from './pulling.ts'

const seals = deriveSecrets('a secret of an installation, long enough')
const platforms: Listmonk[] = []
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
  const platform = await new Listmonk(ids.map((id) => listmonkCampaign(id))).open()
  platforms.push(platform)
  return platform
}

const service = () =>
  createSources(stores, { seals, types: sources, origin: 'https://mercat.example', wake: () => {}, pull: async () => {} })({
    ...principalOf(acme, { scopes: new Set(['read:health', 'manage:account']) }),
  })

/** Pulls once. @param answered is called after each answer of the platform */
async function pull(id: string, answered: () => Promise<void> = async () => {}): Promise<void> {
  const client = ({ baseUrl = '' }: Readonly<Record<string, string>>) => {
    const { get } = clientOf(baseUrl)
    return async (...asked: Parameters<typeof get>) => {
      const answer = await get(...asked)
      await answered()
      return answer
    }
  }
  await pullSource({ stores, seals, sources, log: createLog('silent', 'silent'), wake: () => {}, client }, acme.id, id, new AbortController().signal)
}

/** Names of the campaigns that wait in the inbox, which is empty then. */
async function campaigns(id: string): Promise<string[]> {
  const rows = await stores.db.deleteFrom('inbox').where('source_id', '=', id).returning('sealed').execute()
  const lines = rows.flatMap(({ sealed }) => openFrame(seals, placeOf(acme.id, id), sealed).body.toString().split('\n'))
  return lines.map((line) => (JSON.parse(line) as { row: { type: string; name: string } }).row).flatMap(({ type, name }) => (type === 'campaign' ? [name] : []))
}

test('a source that is given another address is read from the beginning there, with another key it goes on', async () => {
  const [first, second] = [await listmonk(300), await listmonk(1, 2)]
  const settings = { user: 'mercat', token: 'tok:en' }
  const { id } = await service().add({ type: 'listmonk', name: 'Lists', settings: { ...settings, baseUrl: first.url } })
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
  const platform = await listmonk(...Array.from({ length: 150 }, (_, index) => index + 1))
  const settings = { user: 'mercat', token: 'tok:en', baseUrl: platform.url }
  for (const [name, act] of [
    ['off', async (id: string) => await service().setEnabled(id, false)],
    ['gone', async (id: string) => await service().remove(id)],
    ['moved', async (id: string) => await service().change(id, { settings: { baseUrl: `${platform.url}/elsewhere` } })],
  ] as const) {
    const { id } = await service().add({ type: 'listmonk', name, settings })
    const before = platform.asked.length
    let answers = 0
    await pull(id, async () => {
      // The lists are kept by then, and no campaign.
      if (++answers === 2) await act(id)
    })
    expect({ name, campaigns: await campaigns(id), asked: platform.asked.length - before }).toEqual({ name, campaigns: [], asked: 2 })
    const row = await stores.db.selectFrom('sources').select(['cursor', 'pulled_at', 'last_refusal']).where('id', '=', id).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ pulled_at: null, last_refusal: null, ...(name === 'moved' ? { cursor: {} } : {}) })
  }
})

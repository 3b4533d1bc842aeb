/** The facts equal the naive computation over the raw rows, exactly, for random streams in random loads. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { type Circumstances, circumstances, parts, type Stream, stream } from '../fixtures/arbitraries.ts'
import { type NaiveAccount, naiveFacts } from '../fixtures/naive.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { loadRows, readFacts } from './load.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(async () => await stores.close())

/** Sets the account and its campaigns as the circumstances say; returns them as the naive computation takes them. */
async function arrange(account: { id: string; customerKey: Buffer }, timeZone: string, given: Omit<Circumstances, 'timeZone'>): Promise<NaiveAccount> {
  const { excludedCampaigns, ...attribution } = given.attribution
  const settings = JSON.stringify({ attribution: given.attribution, goals: given.goals })
  await stores.db.updateTable('accounts').set({ time_zone: timeZone, settings }).where('id', '=', account.id).execute()
  const definition = (key: string) => ({
    kind: given.transactional.includes(key) ? 'transactional' : 'bulk',
    ...(given.measurementDays[key] ? { measurementDays: given.measurementDays[key] } : {}),
  })
  // An import adds to definitions; circumstances replace them.
  await stores.db.deleteFrom('entities').where('account_id', '=', account.id).execute()
  await upsertEntities(
    stores.db,
    account.id,
    ['c1', 'c2', 'c3'].map((key) => ({ type: 'campaign', key, name: key, definition: definition(key) })),
  )
  return {
    timeZone,
    currency: 'EUR',
    customerKey: account.customerKey,
    attribution,
    goals: given.goals,
    excludedCampaigns: [...excludedCampaigns, ...given.transactional],
    measurementDays: given.measurementDays,
  }
}

/** FACTS_RUNS for a longer search, FACTS_SEED to repeat one. */
const search = (runs: number) => ({ numRuns: Number(process.env.FACTS_RUNS ?? runs), ...(process.env.FACTS_SEED ? { seed: Number(process.env.FACTS_SEED) } : {}) })
const minutes = (count: number) => count * 60_000

test('facts of random streams equal the naive computation, whatever the loads and refreshes', { timeout: minutes(20) }, async () => {
  const streams = stream.chain((given) => fc.tuple(fc.constant(given), parts(given), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })))
  await fc.assert(
    fc.asyncProperty(streams, async ([given, loads, refreshAfter]) => {
      const account = await makeAccount(stores.db)
      const naive = await arrange(account, given.timeZone, given)
      for (const [index, rows] of loads.entries()) {
        await loadRows(stores, account, rows)
        if (refreshAfter[index]) await refreshFacts(stores, account.id)
      }
      await refreshFacts(stores, account.id)
      expect(await readFacts(stores, account.id)).toEqual(naiveFacts(naive, given))
    }),
    search(40),
  )
})

test('changed settings are applied by the next refresh, and all of it gives the same again', { timeout: minutes(10) }, async () => {
  await fc.assert(
    fc.asyncProperty(stream, circumstances, fc.boolean(), async (given, then, moves) => {
      const account = await makeAccount(stores.db)
      await arrange(account, given.timeZone, given)
      await loadRows(stores, account, given)
      await refreshFacts(stores, account.id)
      const naive = await arrange(account, moves ? 'America/New_York' : given.timeZone, then)
      await refreshFacts(stores, account.id)
      const facts = await readFacts(stores, account.id)
      expect(facts).toEqual(naiveFacts(naive, given))
      await refreshFacts(stores, account.id, { all: true })
      expect(await readFacts(stores, account.id)).toEqual(facts)
    }),
    search(15),
  )
})

test('rows that a broken refresh left are never read, and removed', async () => {
  const account = await makeAccount(stores.db)
  const [given] = fc.sample(stream, { numRuns: 1, seed: 3 }) as [Stream]
  const naive = await arrange(account, given.timeZone, given)
  await loadRows(stores, account, given)
  await refreshFacts(stores, account.id)
  const facts = await readFacts(stores, account.id)
  const left = {
    account_id: account.id,
    campaign: 'c1',
    generation: 2 ** 40,
    basis: 'send',
    day: '2025-01-01',
    channel: 'Email',
    country: '',
    variant: '',
    sends: 1,
    earliest: '2025-01-01 00:00:00.000',
    latest: '2025-01-01 00:00:00.000',
  }
  await stores.analytics.insert(
    'message_facts',
    Array.from({ length: 2000 }, () => left),
  )
  expect(await readFacts(stores, account.id)).toEqual(facts)
  await refreshFacts(stores, account.id, { all: true })
  expect(await readFacts(stores, account.id)).toEqual(naiveFacts(naive, given))
  const rows = await stores.analytics.query<{ rows: number }>('SELECT count() AS rows FROM message_facts WHERE account_id = {account:String} AND generation = {left:UInt64}', {
    account: account.id,
    left: left.generation,
  })
  expect(rows).toEqual([{ rows: 0 }])
})

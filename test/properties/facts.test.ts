/** The facts equal the naive computation over the raw rows, exactly, for random streams in random loads. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { parts, type Stream, stream } from '../fixtures/arbitraries.ts'
import { type NaiveAccount, naiveFacts } from '../fixtures/naive.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { loadRows, readFacts } from './load.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(async () => await stores.close())

async function accountFor(given: Stream): Promise<NaiveAccount & { id: string; customerKey: Buffer }> {
  const { excludedCampaigns, ...attribution } = given.attribution
  const account = await makeAccount(stores.db, { timeZone: given.timeZone, currency: 'EUR', settings: { attribution: given.attribution, goals: given.goals } })
  const keys = new Set([...given.transactional, ...Object.keys(given.measurementDays)])
  await upsertEntities(
    stores.db,
    account.id,
    [...keys].map((key) => ({
      type: 'campaign',
      key,
      name: key,
      definition: {
        ...(given.transactional.includes(key) ? { kind: 'transactional' } : {}),
        ...(given.measurementDays[key] ? { measurementDays: given.measurementDays[key] } : {}),
      },
    })),
  )
  return {
    id: account.id,
    timeZone: given.timeZone,
    currency: 'EUR',
    customerKey: account.customerKey,
    attribution,
    goals: given.goals,
    excludedCampaigns: [...excludedCampaigns, ...given.transactional],
    measurementDays: given.measurementDays,
  }
}

test('facts of random streams equal the naive computation', async () => {
  const streams = stream.chain((given) => fc.tuple(fc.constant(given), parts(given), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })))
  await fc.assert(
    fc.asyncProperty(streams, async ([given, loads, refreshAfter]) => {
      const account = await accountFor(given)
      for (const [index, rows] of loads.entries()) {
        await loadRows(stores, account, rows)
        if (refreshAfter[index]) await refreshFacts(stores, account.id)
      }
      await refreshFacts(stores, account.id)
      expect(await readFacts(stores, account.id)).toEqual(naiveFacts(account, given))
    }),
    { numRuns: Number(process.env['FACTS_RUNS'] ?? 100), ...(process.env['FACTS_SEED'] ? { seed: Number(process.env['FACTS_SEED']) } : {}) },
  )
})

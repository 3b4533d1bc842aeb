/** The size of an audience equals a naive evaluation over customers and events, exactly, for random trees over random streams in random loads. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { upsertEntities } from '../../src/domain/entities/index.ts'
import { factsSnapshot, refreshFacts } from '../../src/domain/facts/index.ts'
import { explain, predicateSchema, understand, vocabularyOf } from '../../src/domain/predicates/index.ts'
import { countAudience } from '../../src/domain/segments/index.ts'
import { dayOf } from '../../src/core/period.ts'
import { parts, stream } from '../fixtures/arbitraries.ts'
import { customers, declared, tree } from '../fixtures/arbitrary-trees.ts'
import { type AudienceRows, naiveAudience, peopleOf } from '../fixtures/naive-audience.ts'
import type { NaiveAccount } from '../fixtures/naive.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { loadRows } from './load.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(async () => await stores.close())

const vocabulary = vocabularyOf(declared, ['visit', 'upload'])
const keys = ['c1', 'c2', 'c3']

/** AUDIENCE_RUNS for a longer search, AUDIENCE_SEED to repeat one. */
const search = { numRuns: Number(process.env.AUDIENCE_RUNS ?? 25), ...(process.env.AUDIENCE_SEED ? { seed: Number(process.env.AUDIENCE_SEED) } : {}) }

test('audiences of random trees equal the naive evaluation, whatever the loads; the explanation names the predicates that were counted', { timeout: 20 * 60_000 }, async () => {
  const given = stream.chain((rows) =>
    fc.tuple(
      fc.constant(rows),
      parts(rows),
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      customers,
      fc.array(tree, { minLength: 3, maxLength: 6, size: 'max' }),
      fc.nat({ max: 1000 }),
    ),
  )
  await fc.assert(
    fc.asyncProperty(given, async ([rows, loads, refreshAfter, records, trees, moment]) => {
      const account = await makeAccount(stores.db, { timeZone: rows.timeZone, settings: { attribution: rows.attribution, goals: rows.goals } })
      await upsertEntities(
        stores.db,
        account.id,
        keys.map((key) => ({ type: 'campaign', key, name: key })),
      )
      const naive: NaiveAccount = {
        timeZone: rows.timeZone,
        currency: 'EUR',
        customerKey: account.customerKey,
        attribution: rows.attribution,
        goals: rows.goals,
        excludedCampaigns: [],
        measurementDays: {},
      }
      const loaded = { events: [], orders: [], webEvents: [], customers: [] } as { -readonly [Name in keyof AudienceRows]: AudienceRows[Name][number][] }
      // Whoever a refresh has seen stays a customer, also when a later copy of the row names somebody else.
      const people = new Set<string>()
      const refresh = async () => {
        await refreshFacts(stores, account.id)
        for (const person of peopleOf(naive, loaded)) people.add(person)
      }
      for (const [index, part] of [...loads, { events: [], orders: [], webEvents: [] }].entries()) {
        const some = records.filter((_, place) => place % (loads.length + 1) === index)
        const lines = some.map((row) => ({
          ...row,
          ...(row.consent ? { consent: JSON.stringify(row.consent) } : {}),
          ...(row.attributes ? { attributes: JSON.stringify(row.attributes) } : {}),
        }))
        await loadRows(stores, account, { ...part, customers: lines })
        loaded.events.push(...part.events)
        loaded.orders.push(...part.orders)
        loaded.webEvents.push(...part.webEvents)
        loaded.customers.push(...some)
        if (refreshAfter[index]) await refresh()
      }
      await refresh()
      const times = [...rows.events, ...rows.webEvents].map(({ occurred_at }) => occurred_at)
      const now = new Date(times[moment % Math.max(times.length, 1)] ?? Date.UTC(2025, 2, 30))
      const count = naiveAudience(naive, loaded, people, now.getTime())
      const { snapshot } = await factsSnapshot(stores.analytics, account.id)
      for (const wild of trees) {
        const understood = understand(predicateSchema.parse(JSON.parse(JSON.stringify(wild))), vocabulary)
        // Understanding what was understood changes nothing.
        expect(understand(understood, vocabulary)).toEqual(understood)
        const counts = await countAudience(stores.analytics, understood, {
          vocabulary,
          timeZone: rows.timeZone,
          now,
          campaigns: (_, value) => [value],
          accountId: account.id,
          currency: 'EUR',
          goals: rows.goals,
          snapshot,
        })
        const said = explain(understood)
        const told = { day: dayOf(now, rows.timeZone), said: said.text }
        expect({ ...told, customers: counts.customers, audience: counts.audience }).toEqual({ ...told, customers: people.size, audience: count(understood) })
        // Reading all parts anew by their paths gives what is counted under them, and the phrases are those of the parts themselves.
        expect(counts.parts.slice('all' in understood || 'any' in understood || 'none' in understood ? 1 : 0).map(({ path }) => path)).toEqual(said.parts.map(({ path }) => path))
        for (const { path, text } of said.parts) {
          const part = at(understood, path)
          expect({ path, text: `Customers ${text}`, count: counts.parts.find((one) => one.path === path)?.count }).toEqual({ path, text: explain(part).text, count: count(part) })
        }
      }
    }),
    { ...search, endOnFailure: process.env.CI !== undefined },
  )
})

/** The predicate at a path such as `all[0].none[1]`. */
function at(whole: Parameters<typeof explain>[0], path: string): Parameters<typeof explain>[0] {
  let found: unknown = whole
  for (const step of path.split(/[.[\]]+/).filter(Boolean)) found = (found as Record<string, unknown>)[step]
  return found as Parameters<typeof explain>[0]
}

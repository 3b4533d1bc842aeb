/** The funnel from own web events: by hand, at the bounds of days that clocks change, and equal to a naive count for random streams with copies, shuffles and ties. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dayOf, type Period } from '../../src/core/period.ts'
import { ownFunnel, ownFunnelCost } from '../../src/domain/organizations/funnel/own-events.ts'
import { type FunnelCounts, funnelSteps, type FunnelStep, type FunnelType, funnelTypes } from '../../src/domain/organizations/funnel/steps.ts'
import { loadRows } from '../properties/load.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'

interface WebEvent {
  readonly customer_id: string
  readonly kind: string
  readonly occurred_at: number
  readonly webapp: string
  readonly event_id?: string | undefined
}

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores()
})
afterAll(async () => await stores.close())

const load = async (account: { id: string; customerKey: Buffer }, webEvents: readonly WebEvent[]) => await loadRows(stores, account, { events: [], orders: [], webEvents })
const event = (customer_id: string, kind: string, at: string, more: Partial<WebEvent> = {}): WebEvent => ({
  customer_id,
  kind,
  occurred_at: Date.parse(at),
  webapp: 'shop',
  ...more,
})
const visitors = ({ steps }: FunnelCounts) => steps.map((step) => step.visitors)
const events = ({ steps }: FunnelCounts) => steps.map((step) => step.events)

/** Asks for a period of an account. */
function asking(accountId: string, period: Period, timeZone = 'Europe/Berlin', webapp = 'shop') {
  return async (type: FunnelType) => await ownFunnel(stores.analytics, { accountId, webapp, period, timeZone, type }, {})
}

test('closed counts who did all steps before in order, open whoever did the step, and events are counted once', async () => {
  const account = await makeAccount(stores.db)
  const whole = funnelSteps.map((kind, at) => event('anna', kind, `2025-05-10T10:0${at}:00Z`))
  await load(account, [
    ...whole,
    // Started before the visit, and never after it.
    event('ben', 'start', '2025-05-10T09:00:00Z'),
    event('ben', 'visit', '2025-05-10T10:00:00Z'),
    event('ben', 'upload', '2025-05-10T11:00:00Z'),
    // A later visit does not undo what came before it.
    event('cleo', 'visit', '2025-05-10T10:00:00Z'),
    event('cleo', 'start', '2025-05-10T10:01:00Z'),
    event('cleo', 'visit', '2025-05-11T10:00:00Z'),
    event('cleo', 'upload', '2025-05-11T10:01:00Z'),
    // No step of the funnel, another webapp, before the period.
    event('dan', 'browse', '2025-05-10T10:00:00Z'),
    event('dan', 'visit', '2025-05-10T10:00:00Z', { webapp: 'other' }),
    event('dan', 'visit', '2025-05-09T10:00:00Z'),
    // Two of one instant, told apart by their ids.
    event('eve', 'order', '2025-05-10T10:00:00Z', { event_id: 'o1' }),
    event('eve', 'order', '2025-05-10T10:00:00Z', { event_id: 'o2' }),
  ])
  await load(account, whole)
  const ask = asking(account.id, { start: '2025-05-10', end: '2025-05-11' })
  const [closed, open] = [await ask('closed'), await ask('open')]
  expect(closed.steps.map(({ step }) => step)).toEqual(funnelSteps)
  expect(visitors(closed)).toEqual([3, 2, 2, 1, 1])
  expect(visitors(open)).toEqual([3, 3, 3, 1, 2])
  expect(events(closed)).toEqual([4, 3, 3, 1, 3])
  expect(events(open)).toEqual(events(closed))
  expect(closed.lastEventAt).toEqual(new Date('2025-05-11T10:01:00Z'))
})

test('steps of one millisecond count in their order, and a millisecond too early does not', async () => {
  const account = await makeAccount(stores.db)
  await load(account, [
    ...['order', 'checkout', 'upload', 'start', 'visit'].map((kind) => event('tie', kind, '2025-05-10T10:00:00.123Z')),
    event('early', 'visit', '2025-05-10T10:00:00.123Z'),
    event('early', 'start', '2025-05-10T10:00:00.122Z'),
  ])
  expect(visitors(await asking(account.id, { start: '2025-05-10', end: '2025-05-10' })('closed'))).toEqual([2, 1, 1, 1, 1])
})

test.each([
  // 23 hours: from 23:00Z to 22:00Z.
  ['Europe/Berlin', '2025-03-30', ['2025-03-29T22:59:59.999Z', '2025-03-30T22:00:00Z'], ['2025-03-29T23:00:00Z', '2025-03-30T21:59:59.999Z']],
  // 25 hours: from 22:00Z to 23:00Z.
  ['Europe/Berlin', '2025-10-26', ['2025-10-25T21:59:59.999Z', '2025-10-26T23:00:00Z'], ['2025-10-25T22:00:00Z', '2025-10-26T22:59:59.999Z']],
  // Begins at one o'clock: there was no midnight.
  ['America/Sao_Paulo', '2018-11-04', ['2018-11-04T02:59:59.999Z', '2018-11-05T02:00:00Z'], ['2018-11-04T03:00:00Z', '2018-11-05T01:59:59.999Z']],
])('the day of %s on %s is bounded as its clocks go', async (timeZone, day, outside, inside) => {
  const account = await makeAccount(stores.db, { timeZone })
  await load(account, [...outside.map((at, index) => event(`out${index}`, 'visit', at)), ...inside.map((at, index) => event(`in${index}`, 'visit', at))])
  const { steps } = await asking(account.id, { start: day, end: day }, timeZone)('closed')
  expect(steps[0]).toEqual({ step: 'visit', visitors: inside.length, events: inside.length })
})

test('a step before the period does not count for one within it', async () => {
  const account = await makeAccount(stores.db)
  await load(account, [event('anna', 'visit', '2025-05-09T10:00:00Z'), event('anna', 'start', '2025-05-10T10:00:00Z')])
  const ask = asking(account.id, { start: '2025-05-10', end: '2025-05-10' })
  expect([visitors(await ask('closed')), visitors(await ask('open'))]).toEqual([
    [0, 0, 0, 0, 0],
    [0, 1, 0, 0, 0],
  ])
})

test('an event that comes again for another webapp leaves the first', async () => {
  const account = await makeAccount(stores.db)
  const visit = event('anna', 'visit', '2025-05-10T10:00:00Z', { event_id: 'e1' })
  await load(account, [visit])
  await load(account, [{ ...visit, webapp: 'other' }])
  const period = { start: '2025-05-10', end: '2025-05-10' }
  expect(await asking(account.id, period)('open')).toMatchObject({ steps: [{ visitors: 0, events: 0 }, {}, {}, {}, {}], lastEventAt: null })
  expect(visitors(await asking(account.id, period, 'UTC', 'other')('open'))).toEqual([1, 0, 0, 0, 0])
})

test('nothing of another account is counted; without events the counts are zeros and there is no last event', async () => {
  const [account, other] = [await makeAccount(stores.db), await makeAccount(stores.db)]
  await load(other, [event('anna', 'visit', '2025-05-10T10:00:00Z')])
  const none = await asking(account.id, { start: '2025-05-10', end: '2025-05-10' })('closed')
  expect([visitors(none), events(none), none.lastEventAt]).toEqual([[0, 0, 0, 0, 0], [0, 0, 0, 0, 0], null])
  // Outside the period there is one.
  expect((await asking(other.id, { start: '2025-06-01', end: '2025-06-30' })('closed')).lastEventAt).toEqual(new Date('2025-05-10T10:00:00Z'))
})

test('while the store is small its size is the cost, and the plan of what would be read is understood by the engine', async () => {
  const account = await makeAccount(stores.db)
  await load(account, [event('anna', 'visit', '2025-05-10T10:00:00Z')])
  const question = { accountId: account.id, webapp: 'shop', period: { start: '2025-05-10', end: '2025-05-10' }, timeZone: 'UTC', type: 'closed' as const }
  // Copies of one event are merged in the background at any moment: the size falls between the two counts.
  const stored = async () => (await stores.analytics.query<{ rows: number }>('SELECT count() AS rows FROM web_events'))[0]?.rows ?? 0
  const before = await stored()
  const cost = await ownFunnelCost(stores.analytics, question)
  expect(cost).toBeLessThanOrEqual(before)
  expect(cost).toBeGreaterThanOrEqual(await stored())
  expect(cost).toBeGreaterThan(0)
  // As if there were much to read: the plan of both statements. A key of its own, or the size from above would be remembered.
  const asked: string[] = []
  const large = {
    ...stores.analytics,
    query: async <Row>(sql: string, ...rest: [Record<string, unknown>?, object?]) => {
      asked.push(sql)
      return sql === 'SELECT count() AS rows FROM web_events' ? ([{ rows: 1e9 }] as Row[]) : await stores.analytics.query<Row>(sql, ...rest)
    },
  }
  const rows = await ownFunnelCost(large, question)
  expect(asked.filter((sql) => sql.startsWith('EXPLAIN ESTIMATE'))).toHaveLength(2)
  expect(rows).toBeGreaterThan(0)
  expect(rows).toBeLessThan(1e6)
})

const places = [
  { timeZone: 'Europe/Berlin', period: { start: '2025-03-30', end: '2025-03-30' }, around: ['2025-03-29T23:00:00Z', '2025-03-30T01:00:00Z', '2025-03-30T22:00:00Z'] },
  { timeZone: 'Europe/Berlin', period: { start: '2025-10-25', end: '2025-10-26' }, around: ['2025-10-24T22:00:00Z', '2025-10-26T01:00:00Z', '2025-10-26T23:00:00Z'] },
  { timeZone: 'America/Sao_Paulo', period: { start: '2018-11-04', end: '2018-11-06' }, around: ['2018-11-04T03:00:00Z', '2018-11-05T12:00:00Z', '2018-11-07T02:00:00Z'] },
  { timeZone: 'UTC', period: { start: '2024-02-29', end: '2024-02-29' }, around: ['2024-02-29T00:00:00Z', '2024-02-29T12:00:00Z', '2024-03-01T00:00:00Z'] },
] as const

const stream = fc.constantFrom(...places).chain((place) => {
  const at = fc
    .tuple(fc.constantFrom(...place.around), fc.constantFrom(0, 0, 0, -1, 1, 2, 999, 1000, 3_600_000, -3_600_000), fc.constantFrom(0, 0, 1, 5))
    .map(([base, far, near]) => Date.parse(base) + far + near)
  const row = fc
    .record({
      customer_id: fc.constantFrom('anna', 'ben', 'zoë'),
      kind: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...funnelSteps) }, { weight: 1, arbitrary: fc.constant('browse') }),
      occurred_at: at,
      webapp: fc.oneof({ weight: 6, arbitrary: fc.constant('shop') }, { weight: 1, arbitrary: fc.constant('other') }),
      event_id: fc.option(fc.constantFrom('e1', 'e2'), { nil: undefined, freq: 2 }),
    })
    // An id names one event: of one webapp.
    .map((given) => (given.event_id === undefined ? given : { ...given, webapp: given.event_id === 'e1' ? 'shop' : 'other' }))
  // Whole stories, forwards: random rows alone seldom reach the order.
  const story = fc
    .tuple(fc.constantFrom('anna', 'ben', 'zoë'), at, fc.array(fc.constantFrom(0, 0, 1, 60_000, -1), { minLength: 5, maxLength: 5 }), fc.integer({ min: 1, max: 5 }))
    .map(([customer_id, start, gaps, length]) => {
      let occurred_at = start
      return funnelSteps.slice(0, length).map((kind, index) => {
        occurred_at += gaps[index] ?? 0
        return { customer_id, kind, occurred_at, webapp: 'shop' } satisfies WebEvent
      })
    })
  const rows = fc
    .tuple(fc.array(row, { maxLength: 20 }), fc.array(story, { maxLength: 3 }))
    .map(([single, told]): WebEvent[] => [...single, ...told.flat()])
    .chain((list) => fc.tuple(fc.shuffledSubarray(list, { minLength: list.length }), fc.shuffledSubarray(list), fc.shuffledSubarray(list)))
  return fc.record({ place: fc.constant(place), loads: rows })
})

/** Straight from the words: every event once, days by the calendar of the zone, the earliest chain of steps. */
function naive(rows: readonly WebEvent[], { timeZone, period }: { timeZone: string; period: Period }, type: FunnelType): FunnelCounts {
  const distinct = [...new Map(rows.map((row) => [JSON.stringify([row.customer_id, row.kind, row.occurred_at, row.event_id ?? ['none', row.webapp]]), row])).values()]
  const counted = distinct.filter(({ webapp, occurred_at }) => {
    const day = dayOf(new Date(occurred_at), timeZone)
    return webapp === 'shop' && day >= period.start && day <= period.end
  })
  const reached = (customer: string, upTo: number): boolean => {
    let at = Number.NEGATIVE_INFINITY
    for (const step of funnelSteps.slice(0, upTo + 1)) {
      at = Math.min(...counted.filter((row) => row.customer_id === customer && row.kind === step && row.occurred_at >= at).map((row) => row.occurred_at))
      if (at === Number.POSITIVE_INFINITY) return false
    }
    return true
  }
  const did = (customer: string, step: FunnelStep) => counted.some((row) => row.customer_id === customer && row.kind === step)
  const people = [...new Set(counted.map(({ customer_id }) => customer_id))]
  return {
    steps: funnelSteps.map((step, index) => ({
      step,
      visitors: people.filter((customer) => (type === 'closed' ? reached(customer, index) : did(customer, step))).length,
      events: counted.filter(({ kind }) => kind === step).length,
    })),
  }
}

/** FUNNEL_RUNS for a longer search, FUNNEL_SEED to repeat one. */
const search = { numRuns: Number(process.env.FUNNEL_RUNS ?? 80), ...(process.env.FUNNEL_SEED ? { seed: Number(process.env.FUNNEL_SEED) } : {}) }

test('both types equal a naive count of random streams, whatever the loads', { timeout: 20 * 60_000 }, async () => {
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(stream, async ({ place, loads }) => {
      const account = await makeAccount(stores.db, { timeZone: place.timeZone })
      for (const rows of loads) await load(account, rows)
      for (const type of funnelTypes) {
        const { steps, lastEventAt } = await asking(account.id, place.period, place.timeZone)(type)
        expect({ steps }).toEqual(naive(loads.flat(), place, type))
        const times = loads.flat().flatMap((row) => (row.webapp === 'shop' && row.kind !== 'browse' ? [row.occurred_at] : []))
        expect(lastEventAt?.getTime()).toBe(times.length > 0 ? Math.max(...times) : undefined)
        if (type === 'closed') seen.add(steps.filter((step) => step.visitors !== 0).length)
      }
    }),
    search,
  )
  // The search saw funnels of every depth, or it proves little.
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5])
})

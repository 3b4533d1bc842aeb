/** The demo is the same whenever and however often it is made, tops up to what one seeding would make, and is plausible in every feature that reports show. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { computed, reported } from '../../bench/lib/compare.ts'
import { toolsetNames } from '../../src/core/access.ts'
import { addDays } from '../../src/core/period.ts'
import { readSettings, updateSettings } from '../../src/domain/accounts/index.ts'
import { type EntityType, entityType, entityTypes } from '../../src/domain/entities/index.ts'
import { listSources, removeDocuments } from '../../src/domain/knowledge/index.ts'
import { seedDemo, topUpDemo } from '../../src/ingest/demo/index.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { digestOf } from './digest.ts'

const now = new Date('2026-11-20T09:00:00Z')
const today = '2026-11-20'
let stores: TestStores
/** The demo that most tests look at. */
let account: string

/** All accounts here hash with the same key, so that their rows can be compared. */
async function newAccount(given: { currency?: string; settings?: object } = {}): Promise<string> {
  const { id } = await makeAccount(stores.db, given)
  await stores.db
    .updateTable('accounts')
    .set({ customer_key: Buffer.alloc(16, 7) })
    .where('id', '=', id)
    .execute()
  return id
}

const rows = async <Row>(sql: string, params: object = {}): Promise<Row[]> => await stores.analytics.query<Row>(sql, { account, ...params })
async function one<Row extends object>(sql: string, params: object = {}): Promise<Row> {
  return (await rows<Row>(sql, params))[0] as Row
}
const mine = 'FINAL WHERE account_id = {account:String}'

beforeAll(async () => {
  stores = await openTestStores(now)
  account = await newAccount({ settings: { privacyFloor: 0 } })
  await seedDemo(stores, account, { events: 120_000, now })
})
afterAll(async () => await stores.close())

describe('the same every time', () => {
  test('two seedings of one day give the same rows, facts and entities', async () => {
    const [first, second] = [await newAccount(), await newAccount()]
    for (const id of [first, second]) await seedDemo(stores, id, { events: 30_000, now })
    const digest = await digestOf(stores, first)
    expect(await digestOf(stores, second)).toEqual(digest)
    expect(Number.parseInt(digest.events ?? '0', 10)).toBeGreaterThan(20_000)
  })

  test('topping up, day after day or after weeks, gives what one seeding on the last day gives', async () => {
    const [grown, whole] = [await newAccount(), await newAccount()]
    const first = await seedDemo(stores, grown, { events: 30_000, now: new Date('2026-11-02T09:00:00Z') })
    for (const day of ['2026-11-03', '2026-11-04', '2026-11-17', today]) {
      const added = await topUpDemo(stores, grown, new Date(`${day}T09:00:00Z`))
      expect(added.people).toBe(first.people)
      expect(added.period).toEqual({ start: '2025-05-01', end: addDays(day, -1) })
    }
    await seedDemo(stores, whole, { events: 30_000, now })
    expect(await digestOf(stores, grown)).toEqual(await digestOf(stores, whole))
  })

  test('a day that is complete is left alone, and a larger size extends what is there', async () => {
    const [grown, whole] = [await newAccount(), await newAccount()]
    await seedDemo(stores, grown, { events: 20_000, now })
    const before = await digestOf(stores, grown)
    expect((await seedDemo(stores, grown, { events: 20_000, now })).events).toBe(0)
    expect((await topUpDemo(stores, grown, now)).events).toBe(0)
    expect(await digestOf(stores, grown)).toEqual(before)
    await seedDemo(stores, grown, { events: 40_000, now })
    await seedDemo(stores, whole, { events: 40_000, now })
    expect(await digestOf(stores, grown)).toEqual(await digestOf(stores, whole))
  })

  test('an account with other data is refused', async () => {
    const id = await newAccount()
    await stores.db.insertInto('loads').values({ account_id: id, source: 'import', label: 'events.csv' }).execute()
    await expect(seedDemo(stores, id, { events: 20_000, now })).rejects.toThrow('holds data that is not a demo')
  })
})

describe('plausible', () => {
  test('entities: 2 brands, 3 folders, 5 channels, 12 flows, about 290 campaigns, some planned, and some of every other type', async () => {
    const entities = await stores.db.selectFrom('entities').select(['type', 'key', 'status', 'flow_id', 'name', 'definition']).where('account_id', '=', account).execute()
    const count = (type: string) => entities.filter((entity) => entity.type === type).length
    expect({ brand: count('brand'), folder: count('folder'), channel: count('channel'), flow: count('flow') }).toEqual({ brand: 2, folder: 3, channel: 5, flow: 12 })
    expect(count('campaign')).toBeGreaterThan(265)
    expect(count('campaign')).toBeLessThan(315)
    expect(count('webapp')).toBe(4)
    const campaigns = entities.filter(({ type }) => type === 'campaign')
    expect(campaigns.filter(({ flow_id }) => flow_id !== null).length).toBeGreaterThanOrEqual(18)
    expect(new Set(campaigns.map(({ status }) => status))).toEqual(new Set(['completed', 'scheduled', 'active', 'stopped', 'draft', 'paused', 'archived']))
    expect(new Set(campaigns.map(({ definition }) => (definition as { kind: string }).kind))).toEqual(new Set(['bulk', 'automated', 'transactional', 'double_opt_in']))
    expect(new Set(campaigns.map(({ name }) => name)).size).toBe(campaigns.length)
    for (const { type, inSettings } of entityTypes) if (!inSettings) expect(count(type), type).toBeGreaterThan(1)
    // Every reference leads somewhere.
    const keys = new Set(entities.map(({ type, key }) => `${type} ${key}`))
    const broken = entities.flatMap(({ type, key, definition }) =>
      entityType(type as EntityType)
        .links(definition as never)
        .filter((link) => !keys.has(`${link.type} ${link.key}`))
        .map((link) => `${type} ${key}: ${link.type} ${link.key}`),
    )
    expect(broken).toEqual([])
  })

  test('customers carry the declared attributes and one more, of their types', async () => {
    const { customerAttributes } = await readSettings(stores.db, account)
    const seen = await rows<{ name: string; values: string[] }>(
      'SELECT name, groupUniqArray(value) AS values FROM customers FINAL ARRAY JOIN mapKeys(attributes) AS name, mapValues(attributes) AS value WHERE account_id = {account:String} GROUP BY name',
    )
    expect(seen.map(({ name }) => name).sort()).toEqual([...customerAttributes.map(({ name }) => name), 'shoe_size'].sort())
    const forms = { text: /^\S/, number: /^\d+$/, date: /^\d{4}-\d{2}-\d{2}$/, boolean: /^(true|false)$/ }
    for (const { name, type } of customerAttributes) {
      const values = seen.find((one) => one.name === name)?.values ?? []
      expect(values.length, name).toBeGreaterThan(1)
      expect(values.filter((value) => !forms[type].test(value)).slice(0, 3), name).toEqual([])
    }
  })

  test('a handbook can be searched; documents, attributes and toolsets that a person has removed stay removed', async () => {
    const id = await newAccount()
    await seedDemo(stores, id, { events: 1_000, now })
    const [handbook] = await listSources(stores, id)
    expect(handbook?.documents).toBeGreaterThan(3)
    await removeDocuments(stores, id, handbook?.source ?? '')
    expect((await readSettings(stores.db, id)).toolsets).toEqual(toolsetNames)
    await updateSettings(stores.db, id, { customerAttributes: [], toolsets: ['reports'] })
    await seedDemo(stores, id, { events: 2_000, now })
    expect(await listSources(stores, id)).toEqual([])
    expect(await readSettings(stores.db, id)).toMatchObject({ customerAttributes: [], toolsets: ['reports'] })
  })

  test('inboxes: e-mail alone has them, and in recent weeks GMX defers the mail of one shop, as the errors say', async () => {
    const channels = await rows<{ channel: string; known: number; n: number }>(
      `SELECT channel, countIf(inbox != '') AS known, count() AS n FROM events ${mine} AND event != 'held_out' GROUP BY channel`,
    )
    for (const { channel, known, n } of channels) expect(known, channel).toBe(channel === 'Email' ? n : 0)
    const rates = await rows<{ inbox: string; bounced: number; opened: number }>(
      `SELECT inbox, countIf(event = 'bounced') / countIf(event = 'sent') AS bounced, countIf(event = 'opened' AND NOT machine) / countIf(event = 'delivered') AS opened FROM events ${mine}
       AND channel = 'Email' AND campaign LIKE 'fjell-%' AND occurred_at >= toDate({today:String}) - 14 AND event != 'held_out' GROUP BY inbox`,
      { today },
    )
    const [gmx, gmail] = ['GMX/Web.de', 'Gmail'].map((name) => rates.find(({ inbox }) => inbox === name))
    expect(gmx?.bounced).toBeGreaterThan(0.1)
    expect(gmail?.bounced).toBeLessThan(0.04)
    expect(gmx?.opened).toBeLessThan((gmail?.opened ?? 0) * 0.85)
    const errors = await rows<{ event: string; named: number; n: number }>(`SELECT event, countIf(error != '') AS named, count() AS n FROM events ${mine} GROUP BY event`)
    for (const { event, named, n } of errors) expect(named, event).toBe(['bounced', 'failed'].includes(event) ? n : 0)
    expect((await one<{ n: number }>(`SELECT uniqExact(error) AS n FROM message_errors ${mine}`)).n).toBeGreaterThan(12)
  })

  test('events: about as many as asked for, of every kind, none after yesterday, some twice, some late', async () => {
    const kinds = await rows<{ event: string; n: number }>(`SELECT event, count() AS n FROM events ${mine} GROUP BY event`)
    const total = kinds.reduce((sum, { n }) => sum + n, 0)
    expect(total).toBeGreaterThan(120_000 * 0.85)
    expect(total).toBeLessThan(120_000 * 1.15)
    expect(new Set(kinds.map(({ event }) => event))).toEqual(new Set(['sent', 'delivered', 'opened', 'clicked', 'unsubscribed', 'complained', 'bounced', 'failed', 'held_out']))
    const { latest } = await one<{ latest: string }>(`SELECT toString(toDate(max(occurred_at), 'Europe/Berlin')) AS latest FROM events ${mine}`)
    expect(latest).toBe(addDays(today, -1))
    // The load's count is of rows that arrived, copies included.
    const { arrived } = await one<{ arrived: number }>("SELECT sum(rows) AS arrived FROM load_counts WHERE account_id = {account:String} AND kind = 'events'")
    expect(arrived / total).toBeGreaterThan(1.004)
    expect(arrived / total).toBeLessThan(1.03)
    const { rejects } = await one<{ rejects: number }>('SELECT count() AS rejects FROM load_rejects WHERE account_id = {account:String}')
    expect(rejects).toBe(0)
  })

  test('late events arrive with a later top-up', async () => {
    const id = await newAccount()
    await seedDemo(stores, id, { events: 60_000, now: new Date('2026-11-16T09:00:00Z') })
    await topUpDemo(stores, id, now)
    const { late } = await one<{ late: number }>(
      "SELECT count() AS late FROM events FINAL WHERE account_id = {id:String} AND load_id = (SELECT max(load_id) FROM events WHERE account_id = {id:String}) AND occurred_at < toDateTime64('2026-11-15 23:00:00', 3, 'UTC')",
      { id },
    )
    expect(late).toBeGreaterThan(0)
  })

  test('rates by channel', async () => {
    const channels = await rows<Record<'channel' | 'open' | 'click' | 'hard' | 'machine' | 'bots' | 'held', number>>(
      `SELECT channel, sum(opens) / sum(deliveries) AS open, sum(clicks) / sum(deliveries) AS click, sum(hard_bounces) / sum(sends) AS hard, sum(machine_opens) AS machine,
        sum(bot_clicks) AS bots, sum(held_out) AS held FROM message_facts WHERE account_id = {account:String} AND basis = 'send' GROUP BY channel`,
    )
    const of = Object.fromEntries(channels.map((row) => [row.channel, row]))
    expect(Object.keys(of).sort()).toEqual(['Email', 'MobilePush', 'SMS', 'WebPush', 'WhatsApp'])
    const between = (value: number | undefined, low: number, high: number) => {
      expect(value).toBeGreaterThan(low)
      expect(value).toBeLessThan(high)
    }
    between(of.Email?.open, 0.2, 0.4)
    between(of.Email?.click, 0.02, 0.07)
    between(of.SMS?.click, 0.03, 0.12)
    between(of.WhatsApp?.open, 0.55, 0.9)
    between(of.MobilePush?.open, 0.04, 0.15)
    between(of.WebPush?.click, 0.008, 0.05)
    for (const channel of channels) expect(channel.hard).toBeLessThan(0.05)
    between(of.Email?.hard, 0.001, 0.02)
    expect(of.SMS?.open).toBe(0)
    expect(of.Email?.machine).toBeGreaterThan(1000)
    expect(of.Email?.bots).toBeGreaterThan(500)
    expect(of.Email?.held).toBeGreaterThan(500)
  })

  test('orders: two currencies, every end, some without a customer, more before Christmas', async () => {
    const orders = await one<Record<'n' | 'paid' | 'delivered' | 'cancelled' | 'refunded' | 'guests' | 'foreign' | 'currencies' | 'december' | 'february' | 'explicit', number>>(
      `SELECT count() AS n, countIf(status = 'paid') AS paid, countIf(status = 'delivered') AS delivered, countIf(status = 'cancelled') AS cancelled, countIf(status = 'refunded') AS refunded, countIf(customer IS NULL) AS guests,
        countIf(currency = 'CHF') AS foreign, uniqExact(currency) AS currencies, countIf(toYYYYMM(placed_at) = 202512) AS december, countIf(toYYYYMM(placed_at) = 202602) AS february,
        countIf(message IS NOT NULL OR campaign != '') AS explicit FROM orders ${mine}`,
    )
    expect(orders.currencies).toBe(2)
    for (const some of [orders.paid, orders.delivered, orders.cancelled, orders.refunded, orders.guests, orders.foreign, orders.explicit]) expect(some).toBeGreaterThan(0)
    expect((orders.cancelled + orders.refunded) / orders.n).toBeLessThan(0.12)
    expect(orders.december).toBeGreaterThan(orders.february * 1.3)
  })

  test('people: a base that grows, several languages', async () => {
    const people = await one<{ n: number; early: number; languages: number; countries: number }>(
      `SELECT count() AS n, countIf(signed_up < '2025-05-01') AS early, uniqExact(language) AS languages, uniqExact(country) AS countries FROM customers ${mine}`,
    )
    expect(people.n / people.early).toBeGreaterThan(1.2)
    expect(people.languages).toBe(4)
    expect(people.countries).toBe(6)
  })

  test('stories: tested variants, a week on a block list, an offer that stands out, uplift that is significant', async () => {
    const { variants } = await one<{ variants: number }>(`SELECT uniqExact(variant) AS variants FROM events ${mine}`)
    expect(variants).toBe(4)
    const facts = "FROM message_facts WHERE account_id = {account:String} AND basis = 'send' AND campaign LIKE 'casa-lume-%-email'"
    const { listed, usual } = await one<{ listed: number; usual: number }>(
      `SELECT sumIf(hard_bounces + soft_bounces, bad) / sumIf(sends, bad) AS listed, sumIf(hard_bounces + soft_bounces, NOT bad) / sumIf(sends, NOT bad) AS usual
       FROM (SELECT *, dateDiff('day', toDate('2025-05-01'), day) BETWEEN 500 AND 511 AS bad ${facts})`,
    )
    expect(listed).toBeGreaterThan(usual * 5)
    const secret = await stores.db.selectFrom('entities').select('key').where('account_id', '=', account).where('name', 'like', '%Secret sale%').execute()
    const rates = await one<{ secret: number; others: number }>(
      `SELECT sumIf(clicks, star) / sumIf(deliveries, star) AS secret, sumIf(clicks, NOT star) / sumIf(deliveries, NOT star) AS others
       FROM (SELECT *, campaign IN {secret:Array(String)} AS star FROM message_facts WHERE account_id = {account:String} AND basis = 'send' AND channel = 'Email' AND campaign LIKE 'fjell-fjord-%')`,
      { secret: secret.map(({ key }) => key) },
    )
    expect(rates.secret).toBeGreaterThan(rates.others * 1.5)
    // All controlled campaigns together: z of visits, treated against held out.
    const arms = await rows<{ arm: string; people: number; visitors: number }>(
      "SELECT arm, sum(customers) AS people, sum(visitors) AS visitors FROM uplift_facts WHERE account_id = {account:String} AND goal = 'Orders' GROUP BY arm ORDER BY arm",
    )
    const [treated, held] = arms
    if (!treated || !held) throw new Error('An arm is missing')
    const pooled = (treated.visitors + held.visitors) / (treated.people + held.people)
    const z = (treated.visitors / treated.people - held.visitors / held.people) / Math.sqrt(pooled * (1 - pooled) * (1 / treated.people + 1 / held.people))
    expect(z).toBeGreaterThan(2.6)
  })
})

test.each([
  { start: '2026-08-22', end: today },
  { start: '2025-05-01', end: today },
])('the report of $start to $end equals the figures computed from the raw rows', async (period) => {
  const figures = await reported(stores, account, period)
  expect(Object.keys(figures).length).toBeGreaterThan(40)
  expect(figures).toEqual(await computed(stores, account, period))
})

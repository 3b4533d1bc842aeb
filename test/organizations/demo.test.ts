/** Each of the twenty tools on the demo: what it answers is what the raw rows say, counted here in another way. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Principal } from '../../src/core/access.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { seedDemo } from '../../src/ingest/demo/index.ts'
import { callTool } from '../call.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'

const now = new Date('2026-11-20T09:00:00Z')
const period = { startDate: '2026-08-01', endDate: '2026-11-19' }
const zone = 'Europe/Berlin'
let stores: TestStores
let account: Account
let everybody: Principal
let organizations: { id: string; key: string; name: string; currency: string }[]
beforeAll(async () => {
  stores = await openTestStores(now)
  account = await makeAccount(stores.db)
  await seedDemo(stores, account.id, { events: 60_000, now })
  await updateSettings(stores.db, account.id, { privacyFloor: 0 })
  everybody = principalOf(account, { scopes: new Set(tokenScopes) })
  organizations = await stores.db.selectFrom('organizations').select(['id', 'key', 'name', 'currency']).where('account_id', '=', account.id).orderBy('name').execute()
})
afterAll(async () => await stores.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of twenty tools, looked into by name
type Answer = any
const ask = async (tool: string, args: object = {}): Promise<Answer> => (await callTool<Answer>(stores, everybody, tool, args)).structured
const rows = async <Row>(query: string, params: object = {}): Promise<Row[]> => await stores.analytics.query<Row>(query, { account: account.id, ...params, zone, ...period })
const entities = async (type: string, organization: string) =>
  await stores.db
    .selectFrom('entities')
    .select(['id', 'key', 'name', 'status', 'definition'])
    .where('account_id', '=', account.id)
    .where('type', '=', type)
    .where('organization_id', '=', organization)
    .execute()
const keysOf = (list: readonly { key: string }[]) => list.map(({ key }) => key).sort()
const sumOf = <Row>(list: readonly Row[], value: (row: Row) => number) => list.reduce((sum, row) => sum + value(row), 0)

/** Orders of campaigns straight from the attributed orders, not from the daily facts. */
const counted = `FROM (SELECT * FROM attributions FINAL WHERE account_id = {account:String}) AS a
  WHERE a.campaign IN {campaigns:Array(String)} AND toDate(a.placed_at, {zone:String}) BETWEEN {startDate:Date} AND {endDate:Date} AND a.status IN ('placed', 'paid', 'delivered')`

test('three organizations, each with campaigns and webapps; user sees them all', async () => {
  const answer = await ask('list_user_organizations')
  expect(answer.organizations.map(({ id }: Answer) => id)).toEqual(organizations.map(({ id }) => id))
  expect(organizations).toHaveLength(3)
  for (const row of answer.organizations) {
    const campaigns = (await entities('campaign', row.id)).filter(({ status }) => status !== 'archived')
    expect([row.campaigns, row.activeCampaigns, row.webapps], row.name).toEqual([
      campaigns.length,
      campaigns.filter(({ status }) => status === 'active').length,
      (await entities('webapp', row.id)).length,
    ])
    expect(row.webapps).toBeGreaterThan(0)
  }
  expect((await ask('user')).organizations.named.map(({ id }: Answer) => id)).toEqual(organizations.map(({ id }) => id))
})

describe.each([0, 1, 2])('organization %s', (index) => {
  const own = () => organizations[index]!
  const given = (more: object = {}) => ({ organizationId: own().id, ...more })

  test('campaigns, webapps, content, branding and theme sets are the entities that carry it', async () => {
    for (const [tool, type, list] of [
      ['list_organization_campaigns', 'campaign', 'campaigns'],
      ['list_organization_webapps', 'webapp', 'webapps'],
      ['list_organization_content', 'content_profile', 'rows'],
      ['list_organization_branding', 'branding', 'rows'],
      ['list_organization_theme_sets', 'theme_set', 'rows'],
    ] as const) {
      const found: { key: string }[] = []
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: Answer = await ask(tool, given({ limit: 100, ...(cursor ? { cursor } : {}) }))
        found.push(...page[list])
        cursor = page.nextCursor
      }
      expect(keysOf(found), tool).toEqual(keysOf(await entities(type, own().id)))
      expect(found.length, tool).toBeGreaterThan(0)
    }
  })

  test('onboarding follows from what there is', async () => {
    const { steps } = await ask('get_organization_onboarding_status', given())
    const campaigns = (await entities('campaign', own().id)).filter(({ status }) => status !== 'archived')
    const has = (field: string) => campaigns.some(({ definition }) => ((definition as Record<string, unknown>)[field] as unknown[] | string | undefined)?.length)
    const on = campaigns.some(({ status }) => ['active', 'paused', 'completed', 'stopped'].includes(status))
    expect(steps.slice(0, 4).map(({ state }: Answer) => state === 'done')).toEqual([true, has('webapp'), has('products'), on])
    expect(steps.filter(({ by }: Answer) => by === 'platform').length).toBeGreaterThan(0)
  })

  test('performance, countries, products, opt-ins and days are the attributed orders', async () => {
    const campaigns = (await entities('campaign', own().id)).map(({ key }) => key)
    const answer = await ask('get_organization_campaign_performance', given({ ...period, limit: 200 }))
    expect(answer.other).toBeNull()
    const byCampaign = await rows<{ campaign: string; orders: number }>(`SELECT a.campaign AS campaign, count() AS orders ${counted} GROUP BY campaign`, { campaigns })
    const ids = new Map((await entities('campaign', own().id)).map(({ key, id }) => [key, id]))
    expect(Object.fromEntries(answer.rows.filter(({ orders }: Answer) => orders > 0).map(({ id, orders }: Answer) => [id, orders]))).toEqual(
      Object.fromEntries(byCampaign.map(({ campaign, orders }) => [ids.get(campaign), orders])),
    )
    expect(answer.total.orders).toBe(sumOf(byCampaign, ({ orders }) => orders))
    expect(answer.total.orders).toBeGreaterThan(0)
    const money = await rows<{ currency: string; amount: string }>(`SELECT currency, toString(sum(amount)) AS amount ${counted} GROUP BY currency ORDER BY currency`, { campaigns })
    expect(answer.total.revenue.map(({ currency, amount }: Answer) => [currency, Number(amount)])).toEqual(money.map(({ currency, amount }) => [currency, Number(amount)]))
    const byCountry = await rows<{ country: string; orders: number }>(`SELECT country, count() AS orders ${counted} GROUP BY country`, { campaigns })
    expect(Object.fromEntries(answer.countries.map(({ country, orders }: Answer) => [country, orders]))).toEqual(
      Object.fromEntries(byCountry.map(({ country, orders }) => [country, orders])),
    )
    const byProduct = await rows<{ product: string; orders: number }>(`SELECT product, count() AS orders ${counted} GROUP BY product`, { campaigns })
    expect(Object.fromEntries(answer.products.map(({ product, orders }: Answer) => [product, orders]))).toEqual(
      Object.fromEntries(byProduct.map(({ product, orders }) => [product, orders])),
    )
    // Sums of the breakdowns.
    for (const part of ['rows', 'countries', 'products'])
      expect(
        sumOf(answer[part], ({ orders }: Answer) => orders),
        part,
      ).toBe(answer.total.orders)

    const optIns = await ask('get_organization_campaign_optin_breakdown', given({ ...period, limit: 200 }))
    const naive = await rows<{ name: string; asked: number; given: number }>(
      `SELECT name, count() AS asked, countIf(opt_ins[name]) AS given FROM (SELECT opt_ins, arrayJoin(mapKeys(opt_ins)) AS name ${counted}) GROUP BY name ORDER BY name`,
      { campaigns },
    )
    expect(optIns.total).toEqual({ orders: answer.total.orders, optIns: naive.map((row) => ({ ...row, share: row.given / row.asked })) })
    expect(naive.length).toBeGreaterThan(0)
    for (const { name, asked, given: agreed } of naive) {
      const parts = optIns.campaigns.flatMap(({ optIns: own }: Answer) => own).filter((one: Answer) => one.name === name)
      expect([sumOf(parts, ({ asked: one }: Answer) => one), sumOf(parts, ({ given: one }: Answer) => one)], name).toEqual([asked, agreed])
    }

    const [best] = answer.rows
    const daily = await ask('get_campaign_daily_order_count', { campaignId: best.id, ...period })
    const key = [...ids].find(([, id]) => id === best.id)?.[0]
    const byDay = await rows<{ day: string; orders: number }>(
      `SELECT toString(toDate(a.placed_at, {zone:String})) AS day, count() AS orders ${counted} GROUP BY day ORDER BY day`,
      { campaigns: [key] },
    )
    expect(daily.days.filter((row: Answer) => row[1] > 0).map((row: Answer) => [row[0], row[1]])).toEqual(byDay.map(({ day, orders }) => [day, orders]))
    expect([daily.total.orders, sumOf(daily.days, (row: Answer) => row[1])]).toEqual([best.orders, best.orders])
  })

  test('the funnel of its webapps, closed and open, is what the web events say', async () => {
    const webapps = (await entities('webapp', own().id)).filter(({ status }) => status === 'active')
    expect(webapps.length).toBeGreaterThan(0)
    const steps = ['visit', 'start', 'upload', 'checkout', 'order']
    for (const { id, key } of webapps) {
      const events = await rows<{ customer: string; kind: string; at: number }>(
        `SELECT hex(customer) AS customer, kind, toUnixTimestamp64Milli(occurred_at) AS at FROM web_events FINAL WHERE account_id = {account:String} AND webapp = {key:String} AND kind IN {steps:Array(String)}
         AND toDate(occurred_at, {zone:String}) BETWEEN {startDate:Date} AND {endDate:Date}`,
        { key, steps },
      )
      const people = new Map<string, { kind: string; at: number }[]>()
      for (const { customer, ...event } of events) people.set(customer, [...(people.get(customer) ?? []), event])
      const reached = [...people.values()].map((own) => {
        let step = 0
        for (const { kind } of own.sort((a, b) => a.at - b.at || steps.indexOf(a.kind) - steps.indexOf(b.kind))) if (kind === steps[step]) step++
        return step
      })
      const closed = await ask('get_webapp_google_analytics_report', { webappId: id, ...period })
      expect(
        closed.steps.map(({ visitors }: Answer) => visitors),
        key,
      ).toEqual(steps.map((_, step) => reached.filter((far) => far > step).length))
      const open = await ask('get_webapp_google_analytics_report', { webappId: id, funnelType: 'open', ...period })
      expect(
        open.steps.map(({ visitors }: Answer) => visitors),
        key,
      ).toEqual(steps.map((step) => new Set(events.filter(({ kind }) => kind === step).map(({ customer }) => customer)).size))
      expect(closed.steps[0].visitors).toBeGreaterThan(0)
    }
  })

  test('bills are what PostgreSQL adds up', async () => {
    const totals = (
      await sql<Answer>`SELECT currency, count(*) FILTER (WHERE status <> 'cancelled')::int AS invoices, coalesce(sum(total) FILTER (WHERE status <> 'cancelled'), 0)::float AS invoiced,
        coalesce(sum(total) FILTER (WHERE status = 'paid'), 0)::float AS paid, coalesce(sum(total) FILTER (WHERE status IN ('open', 'overdue')), 0)::float AS open,
        coalesce(sum(total) FILTER (WHERE status = 'overdue' OR (status = 'open' AND due < '2026-11-20')), 0)::float AS overdue, coalesce(sum(total) FILTER (WHERE status = 'cancelled'), 0)::float AS cancelled
        FROM invoices WHERE account_id = ${account.id} AND organization_id = ${own().id} GROUP BY currency ORDER BY currency`.execute(stores.db)
    ).rows
    const answer = await ask('get_client_invoice_statements', given())
    expect(
      answer.totals.map(({ currency, invoices, ...sums }: Answer) => ({
        currency,
        invoices,
        ...Object.fromEntries(Object.entries(sums).map(([name, value]) => [name, Number(value)])),
      })),
    ).toEqual(totals)
    const report = await ask('get_client_report', given())
    const years = (
      await sql<Answer>`SELECT year, currency, sum(committed_units)::float AS committed, sum(platform_fee + unit_cost * committed_units)::float AS amount FROM contracts
        WHERE account_id = ${account.id} AND organization_id = ${own().id} GROUP BY year, currency ORDER BY year DESC, currency`.execute(stores.db)
    ).rows
    expect(
      report.years
        .filter(({ committedUnits }: Answer) => committedUnits !== null)
        .map(({ year, currency, committedUnits, committedAmount }: Answer) => ({ year, currency, committed: committedUnits, amount: Number(committedAmount) })),
    ).toEqual(years)
    const used = (
      await sql<{ units: number }>`SELECT coalesce(sum((line->>'quantity')::numeric), 0)::float AS units FROM invoices, jsonb_array_elements(lines) AS line
      WHERE account_id = ${account.id} AND organization_id = ${own().id} AND status <> 'cancelled' AND line->>'kind' = 'units'`.execute(stores.db)
    ).rows[0]?.units
    expect(sumOf(report.years, ({ usedUnits }: Answer) => Number(usedUnits))).toBeCloseTo(used ?? 0, 6)
  })
})

test('the product catalog is every product, with every configuration', async () => {
  const { products } = await ask('list_product_catalog', { limit: 200 })
  const stored = await stores.db
    .selectFrom('entities')
    .select(['type', 'key'])
    .where('account_id', '=', account.id)
    .where('type', 'in', ['product', 'product_configuration'])
    .execute()
  expect(keysOf(products)).toEqual(keysOf(stored.filter(({ type }) => type === 'product')))
  expect(keysOf(products.flatMap(({ configurations }: Answer) => configurations))).toEqual(keysOf(stored.filter(({ type }) => type === 'product_configuration')))
})

test('the tools that write make a client beside the demo’s', async () => {
  const client = await ask('create_organization', { name: 'Neuland', currency: 'CHF' })
  const campaign = await ask('create_campaign', { organizationId: client.organization.id, name: 'First gift', countries: ['CH'], webapp: { mode: 'create' } })
  const { products } = await ask('list_product_catalog', { limit: 200 })
  const [configuration] = products.flatMap(({ configurations }: Answer) => configurations).filter(({ status }: Answer) => status === 'active')
  await ask('campaign_product_setup', { campaignId: campaign.campaign.id, products: [configuration.id] })
  expect((await ask('get_organization_onboarding_status', { organizationId: client.organization.id })).done).toBe(3)
  const { schemas } = await ask('list_schemas')
  for (const { name } of schemas) expect((await ask('get_schema', { schemaName: name })).schema.type).toBe('object')
})

/** The demo's three organizations: what belongs to whom, gifts with orders and opt-ins, funnels, bills, and a believable answer of every tool that reads them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Principal, tokenScopes } from '../../src/core/access.ts'
import { type CampaignDefinition, type EntityType, entityType } from '../../src/domain/entities/index.ts'
import { seedDemo } from '../../src/ingest/demo/index.ts'
import { callTool } from '../call.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'

const now = new Date('2026-11-20T09:00:00Z')
const keys = ['casa-lume', 'fjell-fjord', 'lichtblick'] as const
let stores: TestStores
let account: string
let principal: Principal
let entities: Awaited<ReturnType<typeof readEntities>>

const readEntities = async () =>
  await stores.db
    .selectFrom('entities')
    .leftJoin('organizations', 'organizations.id', 'entities.organization_id')
    .select(['entities.type', 'entities.key', 'entities.status', 'entities.definition', 'entities.starts_at', 'entities.ends_at', 'organizations.key as organization'])
    .where('entities.account_id', '=', account)
    .execute()

beforeAll(async () => {
  stores = await openTestStores(now)
  const made = await makeAccount(stores.db, { settings: { privacyFloor: 0 } })
  account = made.id
  principal = principalOf(made, { scopes: new Set(tokenScopes) })
  await seedDemo(stores, account, { events: 120_000, now })
  entities = await readEntities()
})
afterAll(async () => await stores.close())

const rows = async <Row>(sql: string, params: object = {}): Promise<Row[]> => await stores.analytics.query<Row>(sql, { account, ...params })
const mine = 'FINAL WHERE account_id = {account:String}'
const ask = async <Answer>(name: string, given: object = {}): Promise<Answer> => (await callTool<Answer>(stores, principal, name, given)).structured
const gifts = () => entities.filter(({ type, key }) => type === 'campaign' && key.includes('-gift-')).map((row) => ({ ...row, definition: row.definition as CampaignDefinition }))

describe('what belongs to whom', () => {
  test('three organizations with a website, a country and a contact; the foundation pays in another currency', async () => {
    const found = await stores.db.selectFrom('organizations').select(['key', 'name', 'currency', 'details']).where('account_id', '=', account).orderBy('key').execute()
    expect(found.map(({ key, name, currency }) => [key, name, currency])).toEqual([
      ['casa-lume', 'Casa Lume', 'EUR'],
      ['fjell-fjord', 'Fjell & Fjord', 'EUR'],
      ['lichtblick', 'Lichtblick Foundation', 'CHF'],
    ])
    for (const { details } of found)
      expect(details).toMatchObject({
        website: expect.stringMatching(/\.example$/),
        country: expect.stringMatching(/^[A-Z]{2}$/),
        contact: { email: expect.stringMatching(/\.example$/) },
      })
  })

  test('whatever is somebody’s names its organization; each has some of every kind of look, and what is linked is its own', () => {
    const shared = ['product', 'product_configuration', 'folder', 'channel']
    for (const { type, key, organization } of entities) expect(organization === null, `${type} ${key}`).toBe(shared.includes(type))
    for (const organization of keys) {
      const own = (type: string) => entities.filter((row) => row.type === type && row.organization === organization && row.status === 'active').length
      for (const type of ['webapp', 'branding', 'content_profile', 'theme_set']) expect(own(type), `${organization} ${type}`).toBeGreaterThan(0)
    }
    const ownerOf = new Map(entities.map(({ type, key, organization }) => [`${type} ${key}`, organization]))
    // Promotions and exclusions are the company's: both shops use them.
    const foreign = entities
      .filter(({ type }) => ['campaign', 'flow', 'webapp', 'theme_set'].includes(type))
      .flatMap(({ type, key, organization, definition }) =>
        entityType(type as EntityType)
          .links(definition as never)
          .filter((link) => link.type !== 'promotion' && (ownerOf.get(`${link.type} ${link.key}`) ?? organization) !== organization)
          .map((link) => `${type} ${key}: ${link.type} ${link.key}`),
      )
    expect(foreign).toEqual([])
  })

  test('gifts: active products, the active webapp, a period, and a theme set that links them; drafts still lack something', () => {
    const active = new Set(entities.filter(({ status }) => status === 'active').map(({ type, key }) => `${type} ${key}`))
    const linked = new Set(entities.filter(({ type }) => type === 'theme_set').flatMap(({ definition }) => (definition as { campaigns: string[] }).campaigns))
    for (const { key, organization, definition, starts_at, ends_at } of gifts()) {
      expect(definition.products.length, key).toBeGreaterThan(0)
      for (const product of definition.products) expect(active, key).toContain(`product_configuration ${product}`)
      expect(active, key).toContain(`webapp ${definition.webapp}`)
      expect(definition.webapp).toBe(organization)
      expect(Number(ends_at) - Number(starts_at)).toBe(28 * 86_400_000)
      expect(linked, key).toContain(key)
      expect(definition.form.length).toBeGreaterThan(3)
      expect(
        definition.optIns.some(({ required, preselected }) => !required && !preselected),
        key,
      ).toBe(true)
    }
    expect(new Set(gifts().map(({ status }) => status))).toEqual(new Set(['completed', 'active']))
    expect(entities.find(({ key }) => key === 'lichtblick-draft-letters')).toMatchObject({
      status: 'draft',
      organization: 'lichtblick',
      definition: { webapp: 'lichtblick', products: [] },
    })
  })
})

describe('gifts', () => {
  test('only people of the campaign’s countries get one, and each organization sent and sold in the last 90 days', async () => {
    const sent = await rows<{ campaign: string; countries: string[] }>(
      `SELECT campaign, groupUniqArray(country) AS countries FROM events ${mine} AND campaign LIKE '%-gift-%' AND country != '' GROUP BY campaign`,
    )
    expect(sent.length).toBe(gifts().length)
    for (const { campaign, countries } of sent) expect(countries.sort(), campaign).toEqual([...(gifts().find(({ key }) => key === campaign)?.definition.countries ?? [])].sort())
    for (const organizationId of keys) {
      const answer = await ask<{ total: { orders: number; sends: number }; countries: { country: string }[]; products: { product: string; orders: number }[] }>(
        'get_organization_campaign_performance',
        { organizationId },
      )
      expect(answer.total.orders, organizationId).toBeGreaterThan(4)
      expect(answer.total.sends, organizationId).toBeGreaterThan(100)
      expect(answer.countries.length, organizationId).toBeGreaterThan(1)
      expect(answer.products.filter(({ product }) => product !== '').length, organizationId).toBeGreaterThan(0)
    }
  })

  test('orders tell one of the campaign’s products, all its opt-ins and a country of it; a few are of an older webapp and tell neither', async () => {
    const orders = await rows<{ campaign: string; product: string; optIns: Record<string, boolean>; country: string }>(
      `SELECT campaign, product, opt_ins AS optIns, country FROM orders ${mine} AND campaign LIKE '%-gift-%'`,
    )
    expect(orders.length).toBeGreaterThan(90)
    for (const { campaign, product, optIns, country } of orders) {
      const definition = gifts().find(({ key }) => key === campaign)?.definition
      expect(definition?.countries).toContain(country)
      if (product === '') {
        expect(optIns).toEqual({})
        continue
      }
      expect(definition?.products).toContain(product)
      expect(Object.keys(optIns)).toEqual(definition?.optIns.map(({ name }) => name).sort())
      if ('terms' in optIns) expect(optIns.terms).toBe(true)
    }
    const untold = orders.filter(({ product }) => product === '').length / orders.length
    expect(untold).toBeGreaterThan(0.01)
    expect(untold).toBeLessThan(0.14)
    const others = await rows<{ n: number }>(`SELECT count() AS n FROM orders ${mine} AND campaign NOT LIKE '%-gift-%' AND (product != '' OR notEmpty(opt_ins))`)
    expect(others[0]?.n).toBe(0)
  })

  test('opt-ins: more want the newsletter than offers of partners, and people of Italy and the Netherlands agree more than those of Germany and Switzerland', async () => {
    const given = await rows<{ name: string; asked: number; share: number; eager: number; wary: number }>(
      `SELECT name, count() AS asked, avg(yes) AS share, avgIf(yes, country IN ('IT', 'NL', 'FR')) AS eager, avgIf(yes, country IN ('DE', 'CH')) AS wary
       FROM (SELECT country, pair.1 AS name, toUInt8(pair.2) AS yes FROM orders FINAL ARRAY JOIN CAST(opt_ins, 'Array(Tuple(String, Bool))') AS pair WHERE account_id = {account:String}) GROUP BY name`,
    )
    const of = Object.fromEntries(given.map((row) => [row.name, row]))
    expect(Object.keys(of).sort()).toEqual(['donor_letter', 'newsletter', 'partner_offers', 'research', 'sms', 'terms'])
    expect(of.newsletter?.share).toBeGreaterThan((of.partner_offers?.share ?? 1) * 1.4)
    expect(of.newsletter?.eager).toBeGreaterThan(of.newsletter?.wary ?? 1)
    expect(of.terms?.share).toBe(1)
  })

  test('every order of a gift is the last step of somebody’s funnel, at its very moment, and no other is', async () => {
    const [found] = await rows<{ both: number; orders: number; events: number }>(
      `SELECT (SELECT count() FROM orders ${mine} AND campaign LIKE '%-gift-%') AS orders, (SELECT count() FROM web_events ${mine} AND kind = 'order') AS events,
       (SELECT count() FROM (SELECT customer, placed_at FROM orders ${mine} AND campaign LIKE '%-gift-%') AS o INNER JOIN (SELECT customer, occurred_at FROM web_events ${mine} AND kind = 'order') AS w
        ON o.customer = w.customer AND o.placed_at = w.occurred_at) AS both`,
    )
    expect(found?.orders).toBeGreaterThan(90)
    expect([found?.events, found?.both]).toEqual([found?.orders, found?.orders])
  })

  test.each(['open', 'closed'])('the %s funnel of each active webapp loses people at every step', async (funnelType) => {
    for (const webappId of keys) {
      const { steps } = await ask<{ steps: { step: string; visitors: number }[] }>('get_webapp_google_analytics_report', { webappId, funnelType, startDate: '2025-05-01' })
      expect(steps.map(({ step }) => step)).toEqual(['visit', 'start', 'upload', 'checkout', 'order'])
      for (const [index, { step, visitors }] of steps.entries()) {
        expect(visitors, `${webappId} ${step}`).toBeGreaterThan(0)
        if (index > 0) expect(visitors, `${webappId} ${step}`).toBeLessThan(steps[index - 1]?.visitors ?? 0)
      }
    }
  })
})

test('bills: two contracts each, invoices of every status, and the foundation’s in two currencies', async () => {
  for (const organizationId of keys) {
    const { contracts, years } = await ask<{
      contracts: { year: number; unitCost: string }[]
      years: { currency: string; committedUnits: number | null; usedShare: number | null }[]
    }>('get_client_report', { organizationId })
    expect(contracts.map(({ year }) => year)).toEqual([2026, 2025])
    for (const { committedUnits, usedShare } of years) if (committedUnits !== null) expect(usedShare).toBeGreaterThan(0.6)
    expect(new Set(years.map(({ currency }) => currency))).toEqual(new Set(organizationId === 'lichtblick' ? ['CHF', 'EUR'] : ['EUR']))
  }
  const invoices = await stores.db.selectFrom('invoices').select('status').where('account_id', '=', account).execute()
  expect(new Set(invoices.map(({ status }) => status))).toEqual(new Set(['open', 'overdue', 'paid', 'cancelled']))
  expect(invoices.length).toBeGreaterThan(45)
  const contracts = await stores.db.selectFrom('contracts').select('unit_cost').where('account_id', '=', account).execute()
  expect(contracts.map(({ unit_cost }) => Number(unit_cost))).toContain(0.845)
})

test('onboarding: the shops are done, the foundation waits for two steps of the platform', async () => {
  const of = async (organizationId: string) =>
    await ask<{ done: number; of: number; nextStep: { by: string } | null; steps: { title: string; state: string; by: string }[] }>('get_organization_onboarding_status', {
      organizationId,
    })
  for (const key of ['fjell-fjord', 'casa-lume']) expect(await of(key), key).toMatchObject({ done: 8, of: 8, nextStep: null })
  const foundation = await of('lichtblick')
  expect(foundation).toMatchObject({ done: 6, of: 8, nextStep: { by: 'person' } })
  expect(foundation.steps.filter(({ state }) => state === 'open').map(({ by }) => by)).toEqual(['platform', 'platform'])
})

test('every reading tool of the toolset has something to say of each organization', async () => {
  const gift = { 'casa-lume': 'casa-lume-2026-10-08-gift-email', 'fjell-fjord': 'fjell-fjord-2026-11-11-gift-email', lichtblick: 'lichtblick-2026-11-17-gift-email' }
  for (const organizationId of keys) {
    const lists = {
      list_organization_webapps: 'webapps',
      list_organization_campaigns: 'campaigns',
      list_organization_content: 'rows',
      list_organization_branding: 'rows',
      list_organization_theme_sets: 'rows',
      get_client_invoice_statements: 'invoices',
      get_organization_campaign_optin_breakdown: 'campaigns',
    }
    for (const [tool, field] of Object.entries(lists))
      expect((await ask<Record<string, unknown[]>>(tool, { organizationId }))[field]?.length, `${tool} ${organizationId}`).toBeGreaterThan(0)
    const { total } = await ask<{ total: { orders: number } }>('get_campaign_daily_order_count', { campaignId: gift[organizationId], startDate: '2026-10-01' })
    expect(total.orders, organizationId).toBeGreaterThan(0)
  }
  expect((await ask<{ organizations: unknown[] }>('list_user_organizations')).organizations).toHaveLength(3)
  expect((await ask<{ products: { configurations: unknown[] }[] }>('list_product_catalog')).products.flatMap(({ configurations }) => configurations)).toHaveLength(7)
})

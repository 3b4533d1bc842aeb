/** The tools of organizations over an account whose figures are known by hand: right answers, empty ones, and what each person may not see. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Principal, Scope } from '../../src/core/access.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { updateSettings } from '../../src/domain/accounts/index.ts'
import { createServices } from '../../src/domain/index.ts'
import { callTool } from '../call.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { daysAgo, makeWorld, ofOrganization } from './world.ts'

const now = new Date('2026-11-20T09:00:00Z')
const year = 2026
let stores: TestStores
let account: Account
let everybody: Principal
let ids: Record<string, string>

beforeAll(async () => {
  stores = await openTestStores(now)
  account = await makeAccount(stores.db)
  await makeWorld(stores, account.id, now)
  everybody = principalOf(account, { scopes: new Set(tokenScopes) })
  ids = Object.fromEntries((await stores.db.selectFrom('organizations').select(['id', 'key']).where('account_id', '=', account.id).execute()).map(({ id, key }) => [key, id]))
})
afterAll(async () => await stores.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of twenty tools, looked into by name
type Answer = any
const ask = async (tool: string, args: object = {}, who = everybody): Promise<Answer> => (await callTool<Answer>(stores, who, tool, args)).structured
const textOf = async (tool: string, args: object = {}, who = everybody): Promise<string> => (await callTool(stores, who, tool, args)).text
const day = (ago: number) => daysAgo(now, ago).toISOString().slice(0, 10)

describe('right answers', () => {
  test('user: role, scopes, what is seen', async () => {
    const answer = await ask('user')
    expect(answer).toMatchObject({ account: { systemName: account.systemName, currency: 'EUR' }, organizations: { count: 3, all: true }, couldAsk: [] })
    expect(answer.scopes).toEqual(tokenScopes)
    const limited = await ask(
      'user',
      {},
      { ...everybody, organizations: [ids.beta ?? ''], scopes: new Set<Scope>(['read:mcp']), grantable: new Set<Scope>(['read:mcp', 'read:billing']) },
    )
    expect(limited).toMatchObject({ organizations: { count: 1, all: false, named: [{ name: 'Beta Gifts' }] }, scopes: ['read:mcp'], couldAsk: ['read:billing'] })
  })

  test('list_user_organizations: what each has', async () => {
    const { organizations, coverage } = await ask('list_user_organizations')
    expect(
      organizations.map(({ name, currency, campaigns, activeCampaigns, webapps, onboarding }: Answer) => [name, currency, campaigns, activeCampaigns, webapps, onboarding]),
    ).toEqual([
      ['Alpha Prints', 'EUR', 3, 1, 1, '4 of 4'],
      ['Beta Gifts', 'CHF', 1, 0, 1, '2 of 4'],
      ['Empty Client', 'EUR', 0, 0, 0, '1 of 4'],
    ])
    expect(coverage).toEqual({ from: 1, shown: 3, of: 3 })
    expect((await ask('list_user_organizations', { nameContains: 'beta' })).organizations).toHaveLength(1)
    const first = await ask('list_user_organizations', { limit: 2 })
    const second = await ask('list_user_organizations', { limit: 2, cursor: first.nextCursor })
    expect([...first.organizations, ...second.organizations].map(({ key }: Answer) => key)).toEqual(['alpha', 'beta', 'empty'])
    expect(second.nextCursor).toBeNull()
  })

  test('onboarding: steps with their state, the platform’s own, and the next step', async () => {
    const alpha = await ask('get_organization_onboarding_status', { organizationId: 'Alpha Prints' })
    expect(alpha.steps.map(({ step, state }: Answer) => `${step} ${state}`)).toEqual([
      'organization done',
      'campaign done',
      'products done',
      'activation done',
      'platform_1 done',
      'platform_2 open',
    ])
    expect(alpha).toMatchObject({ done: 5, of: 6, nextStep: { by: 'person' } })
    expect(alpha.steps[4].date).toBe('2026-01-15')
    // A day that nobody kept is a bound, not a fact.
    expect(alpha.steps[2].date).toBeUndefined()
    expect(alpha.steps[2].doneBy).toBeDefined()
    const beta = await ask('get_organization_onboarding_status', { organizationId: 'beta' })
    expect(beta.nextStep).toMatchObject({ by: 'tool', tool: 'campaign_product_setup', arguments: { campaignId: expect.stringMatching(/^cmp_/) } })
    const empty = await ask('get_organization_onboarding_status', { organizationId: ids.empty })
    expect(empty.nextStep).toMatchObject({ tool: 'create_campaign', arguments: { organizationId: ids.empty } })
  })

  test('campaigns: what they offer, filtered by status and country', async () => {
    const { campaigns } = await ask('list_organization_campaigns', { organizationId: 'alpha' })
    expect(campaigns.map(({ name }: Answer) => name)).toEqual(['Alpha idle', 'Alpha summer', 'Alpha winter'])
    expect(campaigns[1]).toMatchObject({
      countries: ['DE', 'FR'],
      webapp: { key: 'alpha_app', name: 'Alpha app' },
      products: ['summer_book', 'wall_cal'],
      optIns: ['newsletter', 'partner'],
    })
    // A campaign without countries is for all.
    expect((await ask('list_organization_campaigns', { organizationId: 'alpha', country: 'de' })).campaigns.map(({ key }: Answer) => key)).toEqual(['alpha_idle', 'alpha_summer'])
    expect((await ask('list_organization_campaigns', { organizationId: 'alpha', status: 'Draft' })).campaigns.map(({ key }: Answer) => key)).toEqual(['alpha_idle'])
  })

  test('performance: rows, countries and products sum to the total; currencies stay apart', async () => {
    const answer = await ask('get_organization_campaign_performance', { organizationId: 'alpha' })
    expect(answer.total).toEqual({
      orders: 5,
      revenue: [
        { currency: 'CHF', amount: '5' },
        { currency: 'EUR', amount: '38.305' },
      ],
      sends: 8,
      deliveries: 6,
      clicks: 2,
      conversionRate: 5 / 6,
    })
    expect(answer.rows.map(({ name, orders }: Answer) => [name, orders])).toEqual([
      ['Alpha summer', 4],
      ['Alpha winter', 1],
      ['Alpha idle', 0],
    ])
    expect(answer.countries).toEqual([
      { country: 'DE', orders: 2, revenue: [{ currency: 'EUR', amount: '30.3' }] },
      { country: '', orders: 1, revenue: [{ currency: 'EUR', amount: '1.005' }] },
      { country: 'AT', orders: 1, revenue: [{ currency: 'EUR', amount: '7' }] },
      { country: 'FR', orders: 1, revenue: [{ currency: 'CHF', amount: '5' }] },
    ])
    expect(answer.products).toEqual([
      { product: 'summer_book', orders: 2 },
      { product: 'wall_cal', orders: 2 },
      { product: '', orders: 1 },
    ])
    const page = await ask('get_organization_campaign_performance', { organizationId: 'alpha', limit: 1 })
    expect(page.other).toMatchObject({ orders: 1, revenue: [{ currency: 'EUR', amount: '7' }] })
    const next = await ask('get_organization_campaign_performance', { organizationId: 'alpha', limit: 1, cursor: page.nextCursor })
    expect(next.rows.map(({ name }: Answer) => name)).toEqual(['Alpha winter'])
    expect(next.total).toEqual(answer.total)
  })

  test('performance agrees with campaign_report by event day', async () => {
    const { total } = await ask('get_organization_campaign_performance', { organizationId: 'alpha' })
    const report = await ask('campaign_report', { organizationId: 'alpha', timeBasis: 'event', metrics: ['orders', 'revenue', 'deliveries', 'sends'] })
    expect(report.summary).toMatchObject({ deliveries: total.deliveries, sends: total.sends })
    expect(report.summary.orders).toBe(total.orders)
    expect([report.summary.revenue, report.otherCurrencies.CHF[1]]).toEqual(['38.305', '5'])
  })

  test('daily orders: every day has its row, and the rows sum to the total', async () => {
    const answer = await ask('get_campaign_daily_order_count', { campaignId: 'Alpha summer', startDate: day(45), endDate: day(0) })
    expect(answer.columns).toEqual(['day', 'orders', 'revenue CHF', 'revenue EUR'])
    expect(answer.days).toHaveLength(46)
    expect(answer.days.reduce((sum: number, row: Answer) => sum + row[1], 0)).toBe(answer.total.orders)
    expect(answer.days.find((row: Answer) => row[0] === day(1))).toEqual([day(1), 2, '0', '30.3'])
    expect(answer.total).toEqual({
      orders: 4,
      revenue: [
        { currency: 'CHF', amount: '5' },
        { currency: 'EUR', amount: '31.305' },
      ],
    })
    const usual = await ask('get_campaign_daily_order_count', { campaignId: 'alpha_summer' })
    expect(usual.days).toHaveLength(30)
    expect(usual.period).toContain('the default, the last 30 days')
    expect(usual.total.orders).toBe(3)
  })

  test('opt-ins: given of asked, ratios of sums, null is not zero', async () => {
    const answer = await ask('get_organization_campaign_optin_breakdown', { organizationId: 'alpha' })
    expect(answer.total).toEqual({
      orders: 5,
      optIns: [
        { name: 'newsletter', asked: 4, given: 2, share: 0.5 },
        { name: 'partner', asked: 2, given: 1, share: 0.5 },
      ],
    })
    expect(answer.campaigns.map(({ name, optIns }: Answer) => [name, optIns.map((one: Answer) => `${one.name} ${one.given}/${one.asked}`)])).toEqual([
      ['Alpha summer', ['newsletter 2/3', 'partner 1/2']],
      ['Alpha winter', ['newsletter 0/1']],
    ])
    const page = await ask('get_organization_campaign_optin_breakdown', { organizationId: 'alpha', limit: 1 })
    expect(page.other).toEqual({ campaigns: 1, orders: 1, optIns: [{ name: 'newsletter', asked: 1, given: 0, share: 0 }] })
    const beta = await ask('get_organization_campaign_optin_breakdown', { organizationId: 'beta' })
    expect(beta.cautions.join()).toContain('opt_ins of orders was not imported')
  })

  test('webapps, content, branding, theme sets: with what they refer to', async () => {
    const { webapps } = await ask('list_organization_webapps', { organizationId: 'alpha' })
    expect(webapps).toMatchObject([
      { key: 'alpha_app', languages: ['en', 'de'], branding: { name: 'Alpha look' }, content: { name: 'Alpha words' }, gtmId: 'GTM-ALPHA1', campaigns: 2 },
    ])
    const { rows: content } = await ask('list_organization_content', { organizationId: 'alpha' })
    expect(content).toMatchObject([{ languages: ['de', 'en'], missing: { de: 1 }, support: ['email'], translations: { en: { start: { title: 'Hello' } } } }])
    expect((await ask('list_organization_branding', { organizationId: 'alpha' })).rows).toMatchObject([{ colours: { primary: '#112233' }, shapes: { button: 'pill' } }])
    expect((await ask('list_organization_theme_sets', { organizationId: 'alpha' })).rows).toMatchObject([
      { templates: 1, templateNames: ['Sea'], products: [{ key: 'summer_book', name: 'Summer book' }], campaigns: [{ key: 'alpha_summer', name: 'Alpha summer' }] },
    ])
  })

  test('the funnel: closed and open, small steps hidden below the floor', async () => {
    const shown = (answer: Answer) => answer.steps.map(({ step, visitors, shown: words }: Answer) => `${step} ${visitors ?? words}`)
    expect(shown(await ask('get_webapp_google_analytics_report', { webappId: 'Alpha app' }))).toEqual([
      'visit 30',
      'start 20',
      'upload within 10 of another step',
      'checkout within 10 of another step',
      'order fewer than 10',
    ])
    await updateSettings(stores.db, account.id, { privacyFloor: 0 })
    const closed = await ask('get_webapp_google_analytics_report', { webappId: 'alpha_app' })
    expect(shown(closed)).toEqual(['visit 30', 'start 20', 'upload 15', 'checkout 12', 'order 3'])
    expect(closed).toMatchObject({
      source: 'mercat',
      funnelType: 'closed',
      steps: [{}, { ofPrevious: 20 / 30 }, { ofPrevious: 0.75, ofFirst: 0.5 }, {}, { ofPrevious: 0.25, ofFirst: 0.1 }],
    })
    expect(shown(await ask('get_webapp_google_analytics_report', { webappId: 'alpha_app', funnelType: 'open' }))).toContain('order 4')
    await updateSettings(stores.db, account.id, { privacyFloor: 10 })
    const beta = await ask('get_webapp_google_analytics_report', { webappId: 'Beta app' })
    expect(shown(beta)).toEqual(['visit not known', 'start not known', 'upload not known', 'checkout not known', 'order not known'])
  })

  test('product catalog: products with their configurations, by kind', async () => {
    const { products } = await ask('list_product_catalog')
    expect(products.map(({ key, configurations }: Answer) => [key, configurations.map((one: Answer) => one.key)])).toEqual([
      ['cal', ['wall_cal']],
      ['book', ['summer_book']],
    ])
    expect((await ask('list_product_catalog', { kind: 'Photobook' })).products).toMatchObject([
      { key: 'book', size: 'A5', configurations: [{ names: { de: 'Sommerbuch' }, artwork: ['Sea'] }] },
    ])
  })

  test('invoices: status by the day, sums by currency, the cancelled apart', async () => {
    const answer = await ask('get_client_invoice_statements', { organizationId: 'alpha' })
    expect(answer.totals).toEqual([
      { currency: 'CHF', invoices: 1, invoiced: '99.95', paid: '99.95', open: '0', overdue: '0', cancelled: '0' },
      { currency: 'EUR', invoices: 3, invoiced: '1164.905', paid: '1070.405', open: '94.5', overdue: '84.5', cancelled: '500' },
    ])
    expect(answer.invoices.map(({ number, status }: Answer) => `${number} ${status}`).sort()).toEqual([
      'A-001 paid',
      'A-002 overdue',
      'A-003 open',
      'A-004 cancelled',
      'A-005 paid',
    ])
    expect((await ask('get_client_invoice_statements', { organizationId: 'alpha', status: 'overdue' })).invoices).toMatchObject([{ number: 'A-002' }])
    expect((await ask('get_client_invoice_statements', { organizationId: 'alpha', year: 2025 })).invoices).toEqual([])
  })

  test('client report: committed, used, remaining, invoiced and open, by year and currency', async () => {
    const answer = await ask('get_client_report', { organizationId: 'alpha' })
    expect(
      answer.years.map(({ year: of, currency, committedUnits, usedUnits, remainingUnits, committedAmount, invoiced, remainingAmount, open }: Answer) => [
        of,
        currency,
        committedUnits,
        usedUnits,
        remainingUnits,
        committedAmount,
        invoiced,
        remainingAmount,
        open,
      ]),
    ).toEqual([
      [year, 'CHF', null, '0', null, null, '99.95', null, '0'],
      [year, 'EUR', 10_000, '1100', '8900', '9650', '1164.905', '8485.095', '94.5'],
      [year - 1, 'EUR', 100, '0', '100', '700.5', '0', '700.5', '0'],
    ])
    expect(answer.contracts).toMatchObject([
      { plan: 'Plus', unitCost: '0.845' },
      { plan: 'Start', platformFee: '600.5' },
    ])
    expect(await textOf('get_client_report', { organizationId: 'alpha' })).toContain('they are never added up')
  })

  test('schemas: all types and what the writing tools take, from the types that validate', async () => {
    const { schemas } = await ask('list_schemas')
    const names = schemas.map(({ name }: Answer) => name)
    expect(names).toEqual(expect.arrayContaining(['campaign', 'webapp', 'organization', 'contract', 'invoice', 'create_organization', 'create_campaign', 'campaign_product_setup']))
    for (const name of names) expect((await ask('get_schema', { schemaName: name })).schema, name).toMatchObject({ type: 'object', $schema: expect.stringContaining('2020-12') })
    expect((await ask('get_schema', { schemaName: 'invoice' })).schema.required).toEqual(expect.arrayContaining(['issued', 'due', 'lines', 'total']))
    await expect(ask('get_schema', { schemaName: 'campain' })).rejects.toMatchObject({ code: 'unknown_value', details: { nearest: expect.arrayContaining(['campaign']) } })
  })

  test('no answer holds the contact or support address of a client', async () => {
    for (const tool of ['get_organization_onboarding_status', 'list_organization_content', 'list_user_organizations', 'user']) {
      const { structured, text } = await callTool(
        stores,
        everybody,
        tool,
        tool.startsWith('list_organization_c') ? { organizationId: 'alpha' } : tool.startsWith('get_') ? { organizationId: 'alpha' } : {},
      )
      expect(JSON.stringify(structured) + text, tool).not.toMatch(/ann\.lee|Ann Lee|1234567|help@/)
    }
  })
})

test('the next step names its tool as the deployment’s clients know it', async () => {
  const { organizations } = createServices(stores, { toolPrefix: 'shop_', origin: 'https://mercat.example' })(everybody)
  const { nextStep, link } = await organizations.onboarding({ organizationId: 'empty' })
  expect([nextStep?.tool, link]).toEqual(['shop_create_campaign', `https://mercat.example/a/${account.systemName}/organizations/${ids.empty}`])
})

test('the contact is for people at the dashboard, and for no app', async () => {
  const { organizations: app } = createServices(stores)(everybody)
  await expect(app.contact({ organizationId: 'alpha' })).rejects.toMatchObject({ code: 'not_allowed' })
  const { organizations: dashboard } = createServices(stores)({ ...everybody, clientId: 'dashboard' })
  expect(await dashboard.contact({ organizationId: 'alpha' })).toEqual({ country: 'DE', contact: { name: 'Ann Lee', email: 'ann.lee@example.com', phone: '+49 30 1234567' } })
})

describe('an empty organization', () => {
  test.each(ofOrganization)('%s answers with nothing rather than an error', async (tool) => {
    const { structured, text } = await callTool<Answer>(stores, everybody, tool, { organizationId: 'Empty Client' })
    expect(text).toContain('Empty Client')
    const lists = Object.entries(structured).filter(([name, value]) => Array.isArray(value) && !['steps', 'cautions'].includes(name))
    for (const [name, list] of lists) expect(list, `${tool}.${name}`).toEqual([])
  })
})

describe('a member restricted to another organization', () => {
  const restricted = () => ({ ...everybody, organizations: [ids.beta ?? ''] })
  test.each(ofOrganization)('%s: hidden and unknown organizations get the same answer', async (tool) => {
    const [hidden, unknown] = await Promise.all(['alpha', 'nowhere'].map((organizationId) => ask(tool, { organizationId }, restricted()).catch((error: unknown) => error)))
    expect(hidden).toMatchObject({ code: 'organization_not_found', message: 'Organization not found' })
    expect(unknown).toMatchObject({ code: 'organization_not_found', message: 'Organization not found' })
    // Their own, without being named: it is the only one.
    expect(JSON.stringify(await ask(tool, {}, restricted()))).toContain('Beta Gifts')
  })
  test('campaigns and webapps of others are not found', async () => {
    for (const campaignId of ['alpha_summer', 'nobody', 'nowhere']) {
      await expect(ask('get_campaign_daily_order_count', { campaignId }, restricted())).rejects.toMatchObject({ code: 'campaign_not_found', message: 'Campaign not found' })
      await expect(ask('campaign_product_setup', { campaignId, products: ['summer_book'] }, restricted())).rejects.toMatchObject({ message: 'Campaign not found' })
    }
    await expect(ask('get_webapp_google_analytics_report', { webappId: 'alpha_app' }, restricted())).rejects.toMatchObject({
      code: 'not_found',
      details: { nearest: ['Beta app'] },
    })
    await expect(ask('create_campaign', { organizationId: 'alpha', name: 'X', countries: ['DE'], webapp: { mode: 'create' } }, restricted())).rejects.toThrow(
      'Organization not found',
    )
    await expect(ask('create_campaign', { name: 'X', countries: ['CH'], webapp: { mode: 'link', webappId: 'alpha_app' } }, restricted())).rejects.toThrow('Webapp not found')
    await expect(ask('create_organization', { name: 'Mine' }, restricted())).rejects.toMatchObject({ code: 'not_allowed' })
    expect((await ask('list_user_organizations', {}, restricted())).organizations.map(({ key }: Answer) => key)).toEqual(['beta'])
    expect((await ask('user', {}, restricted())).organizations.named).toHaveLength(1)
  })
  test('a member restricted to brands sees no bills and makes nothing', async () => {
    const branded = { ...everybody, brands: ['brd_none'] }
    await expect(ask('get_client_report', { organizationId: 'alpha' }, branded)).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(ask('get_client_invoice_statements', { organizationId: 'alpha' }, branded)).rejects.toMatchObject({ code: 'not_allowed' })
    await expect(ask('create_campaign', { organizationId: 'alpha', name: 'X', countries: ['DE'], webapp: { mode: 'create' } }, branded)).rejects.toMatchObject({
      code: 'not_allowed',
    })
  })
})

describe('what cannot be meant', () => {
  const refused = async (tool: string, args: object) => await ask(tool, args).catch((error: unknown) => error)
  test('near misses are suggested', async () => {
    expect(await refused('get_client_report', { organizationId: 'Alfa Prints' })).toMatchObject({ message: 'Organization not found', details: { nearest: ['Alpha Prints'] } })
    expect(await refused('get_campaign_daily_order_count', { campaignId: 'Alpha sumer' })).toMatchObject({
      message: 'Campaign not found',
      details: { nearest: expect.arrayContaining(['Alpha summer']), hint: expect.stringContaining('list_organization_campaigns') },
    })
    expect(await refused('get_organization_onboarding_status', {})).toMatchObject({
      code: 'invalid_arguments',
      details: { allowed: ['Alpha Prints', 'Beta Gifts', 'Empty Client'] },
    })
    expect(await refused('get_client_invoice_statements', { organizationId: 'alpha', status: 'payed' })).toMatchObject({ code: 'unknown_value', details: { nearest: ['paid'] } })
    expect(await refused('get_webapp_google_analytics_report', { webappId: 'alpha_app', funnelType: 'closd' })).toMatchObject({ details: { nearest: ['closed'] } })
    expect(await refused('list_organization_campaigns', { organizationId: 'alpha', country: 'Germany' })).toMatchObject({ code: 'invalid_arguments' })
    expect(await refused('get_organization_campaign_performance', { organizationId: 'alpha', campaignIds: ['beta_one'] })).toMatchObject({ code: 'unknown_value' })
    expect(await refused('get_campaign_daily_order_count', { campaignId: 'alpha_summer', startDate: '2020-01-01' })).toMatchObject({
      code: 'invalid_arguments',
      details: { hint: 'Send at most 366 days.' },
    })
  })
  test('a cursor of other arguments is refused', async () => {
    const { nextCursor } = await ask('list_organization_campaigns', { organizationId: 'alpha', limit: 1 })
    expect(await refused('list_organization_campaigns', { organizationId: 'beta', limit: 1, cursor: nextCursor })).toMatchObject({ code: 'invalid_cursor' })
    expect(await refused('list_product_catalog', { cursor: 'x.y' })).toMatchObject({ code: 'invalid_cursor' })
  })
})

/** The three tools that write: validated first, made whole or not at all, once per key however often and from wherever they are called, and always drafts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account, Principal } from '../../src/core/access.ts'
import { tokenScopes } from '../../src/core/access.ts'
import { writeKeysJob } from '../../src/domain/writes/index.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { callTool } from '../call.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { makeAccount, openTestOperational, principalOf, type TestStores } from '../stores.ts'
import { clients } from './world.ts'
import { upsertEntities } from '../../src/domain/entities/index.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of three tools, looked into by name
type Answer = any

interface Place {
  readonly stores: Omit<TestStores, 'operational'>
  readonly account: Account
  readonly somebody: Principal
}
const now = new Date('2026-11-20T09:00:00Z')

/** An account with the clients of the world, without figures: nothing here asks for any. */
async function placeIn(stores: Place['stores']): Promise<Place> {
  const account = await makeAccount(stores.db)
  const { rejected } = await upsertEntities(stores.db, account.id, clients)
  expect(rejected).toEqual([])
  return { stores, account, somebody: principalOf(account, { scopes: new Set(tokenScopes) }) }
}

let embedded: Place
let postgres: TestPostgres
let servers: OperationalStore[]
let served: Place[]
beforeAll(async () => {
  embedded = await placeIn(await openTestOperational(now))
  postgres = await startPostgres()
  const url = await postgres.database()
  // Two processes' worth of connections on one database.
  servers = [await openOperational({ engine: 'postgres', url }), await openOperational({ engine: 'postgres', url })]
  const first = await placeIn({ ...embedded.stores, db: servers[0]!.db })
  served = [first, { ...first, stores: { ...embedded.stores, db: servers[1]!.db } }]
})
afterAll(async () => {
  await embedded.stores.close()
  for (const server of servers ?? []) await server.close()
  await postgres.stop()
})

const call = async ({ stores, somebody }: Place, tool: string, args: object): Promise<Answer> => (await callTool<Answer>(stores, somebody, tool, args)).structured
const refusal = async (place: Place, tool: string, args: object): Promise<Answer> => await call(place, tool, args).catch((error: unknown) => error)
const rowsOf = async ({ stores, account }: Place) =>
  await stores.db
    .selectFrom('entities')
    .select(['id', 'type', 'key', 'name', 'status', 'origin', 'organization_id', 'definition'])
    .where('account_id', '=', account.id)
    .orderBy('id')
    .execute()
const organizationsOf = async ({ stores, account }: Place) => await stores.db.selectFrom('organizations').selectAll().where('account_id', '=', account.id).orderBy('id').execute()

const campaign = {
  organizationId: 'empty',
  name: 'Autumn gift',
  countries: ['DE', 'AT'],
  startDate: '2026-12-01',
  endDate: '2026-12-31',
  webapp: { mode: 'create', languages: ['de', 'en'] },
}

describe('what would be made', () => {
  test('validateOnly says it all and makes nothing', async () => {
    const before = [await rowsOf(embedded), await organizationsOf(embedded)]
    const organization = await call(embedded, 'create_organization', { name: 'Gämse & Co', currency: 'CHF', contact: { email: 'x@example.com' }, validateOnly: true })
    expect(organization).toMatchObject({
      validateOnly: true,
      organization: { key: 'gamse-co', name: 'Gämse & Co', currency: 'CHF', contact: ['email'] },
      nextStep: { tool: 'create_campaign' },
    })
    expect(organization.organization.id).toBeUndefined()
    const made = await call(embedded, 'create_campaign', { ...campaign, validateOnly: true })
    expect(made.created.map(({ type, id, status }: Answer) => [type, id, status])).toEqual(
      ['campaign', 'webapp', 'branding', 'content_profile'].map((type) => [type, undefined, 'draft']),
    )
    expect(made.warnings.join()).toMatch(/no privacy page.*no opt-in/)
    const setup = await call(embedded, 'campaign_product_setup', { campaignId: 'beta_one', products: ['Summer book'], validateOnly: true })
    expect(setup).toMatchObject({ added: [{ key: 'summer_book' }], already: [] })
    expect([await rowsOf(embedded), await organizationsOf(embedded)]).toEqual(before)
  })

  test('what cannot be is refused with what to send, and makes nothing', async () => {
    const before = await rowsOf(embedded)
    const cases: [string, object, RegExp][] = [
      ['create_organization', { name: 'alpha prints' }, /already an organization called "Alpha Prints": org_/],
      ['create_organization', { name: 'New', currency: 'EURO' }, /currency/],
      ['create_organization', { name: 'New', currency: 'ZZZ' }, /currency is "ZZZ"/],
      ['create_organization', { name: 'New', contact: { email: 'nobody' } }, /email/],
      ['create_campaign', { ...campaign, organizationId: 'nowhere' }, /Organization not found/],
      ['create_campaign', { ...campaign, organizationId: 'empty', name: 'ALPHA SUMMER' }, /There is a campaign called "Alpha summer" already: cmp_/],
      ['create_campaign', { ...campaign, countries: [] }, /countries/],
      ['create_campaign', { ...campaign, countries: ['Germany'] }, /ISO 3166-1/],
      ['create_campaign', { ...campaign, startDate: '2026-02-30' }, /startDate is not a day/],
      ['create_campaign', { ...campaign, endDate: '2026-11-01' }, /endDate 2026-11-01 is before/],
      ['create_campaign', { ...campaign, webapp: { mode: 'link' } }, /webapp.webappId is missing/],
      ['create_campaign', { ...campaign, webapp: { mode: 'link', webappId: 'alpha_app' } }, /Webapp not found/],
      ['create_campaign', { ...campaign, webapp: { mode: 'link', webappId: 'alpha_app', languages: ['de'] } }, /languages does not go with/],
      ['create_campaign', { ...campaign, webapp: { mode: 'create', webappId: 'alpha_app' } }, /does not go with webapp.mode "create"/],
      ['create_campaign', { ...campaign, status: 'active' }, /status is not a field/],
      ['campaign_product_setup', { campaignId: 'alpha_summer', products: ['summer_book'] }, /is active: only drafts/],
      ['campaign_product_setup', { campaignId: 'beta_one', products: ['Sumer book'] }, /Product configuration not found/],
      ['campaign_product_setup', { campaignId: 'beta_one', products: [] }, /1 to 50/],
      ['campaign_product_setup', { campaignId: 'beta_one', products: ['summer_book'], themeSetId: 'alpha_art' }, /Theme set not found/],
      ['create_organization', { name: 'New', idempotencyKey: 'short' }, /8 to 200/],
    ]
    for (const [tool, args, words] of cases) expect((await refusal(embedded, tool, args)).message, `${tool} ${JSON.stringify(args)}`).toMatch(words)
    expect(await rowsOf(embedded)).toEqual(before)
  })
})

describe('what is made', () => {
  test('an organization, a campaign with its webapp, and products: drafts, complete, linked, with where to go on', async () => {
    const place = await placeIn(embedded.stores)
    const client = await call(place, 'create_organization', { name: 'Nordlicht', country: 'DE', contact: { name: 'Eva', phone: '+49 1' } })
    const { id } = client.organization
    expect(client).toMatchObject({
      repeated: false,
      organization: { key: 'nordlicht', currency: 'EUR', contact: ['name', 'phone'] },
      link: `/a/${place.account.systemName}/organizations/${id}`,
    })
    expect((await organizationsOf(place)).find((row) => row.id === id)).toMatchObject({
      origin: 'mcp',
      created_by: 'usr_test',
      details: { country: 'DE', contact: { name: 'Eva' } },
    })
    expect((await call(place, 'get_organization_onboarding_status', { organizationId: id })).nextStep).toEqual({ ...client.nextStep, what: expect.anything() })

    const optIns = [{ name: 'newsletter', label: 'Newsletter' }]
    const form = [{ name: 'email', kind: 'email', required: true }]
    const made = await call(place, 'create_campaign', {
      ...campaign,
      organizationId: id,
      optIns,
      form,
      webapp: { ...campaign.webapp, privacyUrl: 'https://x.example/p', gtmId: 'GTM-AB12C', googleAnalyticsPropertyId: '12345' },
    })
    expect(made.warnings).toEqual([])
    const rows = await rowsOf(place)
    const one = (type: string) => rows.find((row) => row.organization_id === id && row.type === type)
    for (const { id: madeId, type, status } of made.created)
      expect(
        rows.find((row) => row.id === madeId),
        type,
      ).toMatchObject({ status: 'draft', origin: 'mcp', organization_id: id, type: type ?? status })
    expect(one('campaign')?.definition).toMatchObject({
      countries: ['DE', 'AT'],
      webapp: one('webapp')?.key,
      optIns: [{ name: 'newsletter', preselected: false }],
      form: [{ name: 'email', required: true }],
    })
    expect(one('webapp')?.definition).toMatchObject({
      branding: one('branding')?.key,
      content: one('content_profile')?.key,
      gtmId: 'GTM-AB12C',
      googleAnalytics: { propertyId: '12345' },
      languages: ['de', 'en'],
    })
    const listed = await call(place, 'list_organization_campaigns', { organizationId: id })
    expect(listed.campaigns).toMatchObject([{ name: 'Autumn gift', status: 'draft', startDate: '2026-12-01', endDate: '2026-12-31' }])

    const setup = await call(place, 'campaign_product_setup', { campaignId: made.campaign.id, products: ['Summer book', 'wall_cal', 'summer_book'] })
    expect(setup.added.map(({ key }: Answer) => key)).toEqual(['summer_book', 'wall_cal'])
    const again = await call(place, 'campaign_product_setup', { campaignId: made.campaign.id, products: ['wall_cal'] })
    expect(again).toMatchObject({ added: [], already: [{ key: 'wall_cal' }] })
    const status = await call(place, 'get_organization_onboarding_status', { organizationId: id })
    expect(status.steps.map(({ state }: Answer) => state)).toEqual(['done', 'done', 'done', 'open'])
    expect(status.nextStep).toMatchObject({ by: 'person', link: expect.stringContaining(id) })
  })

  test('link uses the webapp that there is and changes nothing of it; a theme set only gains links', async () => {
    const place = await placeIn(embedded.stores)
    const before = (await rowsOf(place)).find(({ key }) => key === 'alpha_app')
    const made = await call(place, 'create_campaign', { organizationId: 'alpha', name: 'Second', countries: ['DE'], webapp: { mode: 'link', webappId: 'Alpha app' } })
    expect(made.created).toMatchObject([{ type: 'campaign' }])
    expect(made.linked).toMatchObject([{ key: 'alpha_app' }])
    const setup = await call(place, 'campaign_product_setup', { campaignId: made.campaign.id, products: ['wall_cal'], themeSetId: 'Alpha art' })
    expect(setup.themeSetAdded).toEqual(['wall_cal', made.campaign.key])
    const rows = await rowsOf(place)
    expect(rows.find(({ key }) => key === 'alpha_app')).toEqual(before)
    expect(rows.find(({ key }) => key === 'alpha_art')?.definition).toEqual({
      templates: [{ name: 'Sea' }],
      products: ['summer_book', 'wall_cal'],
      campaigns: ['alpha_summer', made.campaign.key],
    })
  })
})

test('a name is of one campaign of the account, as far as one sees; what was archived gives its name back', async () => {
  const place = await placeIn(embedded.stores)
  const named = { ...campaign, name: 'alpha SUMMER' }
  const empty = (await organizationsOf(place)).find(({ key }) => key === 'empty')
  const apart = { ...place, somebody: { ...place.somebody, organizations: [empty!.id] } }
  // A refusal would tell of what is hidden.
  expect(await call(apart, 'create_campaign', { ...named, validateOnly: true })).toMatchObject({ campaign: { name: 'alpha SUMMER' } })
  expect(await refusal(place, 'create_campaign', { ...named, validateOnly: true })).toMatchObject({ code: 'conflict' })
  await place.stores.db.updateTable('entities').set({ status: 'archived' }).where('account_id', '=', place.account.id).where('key', '=', 'alpha_summer').execute()
  expect(await call(place, 'create_campaign', named)).toMatchObject({ campaign: { name: 'alpha SUMMER', status: 'draft' } })
})

const writes: [string, () => object][] = [
  ['create_organization', () => ({ name: 'Key Client' })],
  ['create_campaign', () => ({ ...campaign, name: 'Key gift' })],
  ['campaign_product_setup', () => ({ campaignId: 'beta_one', products: ['wall_cal'] })],
]

describe.each(['PGlite', 'PostgreSQL'])('a key, on %s', (engine) => {
  const places = async (): Promise<Place[]> => (engine === 'PGlite' ? [await placeIn(embedded.stores)] : [served[0]!, served[1]!])
  test.each(writes)('%s: ten at once and a retry make one set', async (tool, args) => {
    const all = await places()
    const [place] = all as [Place]
    const [rows, organizations] = [(await rowsOf(place)).length, (await organizationsOf(place)).length]
    const given = { ...args(), idempotencyKey: `key-of-${tool}` }
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => call(all[n % all.length]!, tool, given)))
    answers.push(await call(place, tool, given))
    expect(answers.filter(({ repeated }: Answer) => !repeated)).toHaveLength(1)
    for (const answer of answers) expect({ ...answer, repeated: false }).toEqual({ ...answers[0], repeated: false })
    expect((await rowsOf(place)).length - rows).toBe(tool === 'create_campaign' ? 4 : 0)
    expect((await organizationsOf(place)).length - organizations).toBe(tool === 'create_organization' ? 1 : 0)
    // The same key for something else is refused, and another key for the same is a new request.
    expect(await refusal(place, tool, { ...given, ...(tool === 'campaign_product_setup' ? { products: ['summer_book'] } : { name: 'Other' }) })).toMatchObject({
      code: 'conflict',
      details: { argument: 'idempotencyKey' },
    })
    if (tool !== 'campaign_product_setup')
      expect(await refusal(place, tool, { ...given, idempotencyKey: 'another-key' })).toMatchObject({ code: 'conflict', details: { argument: 'name' } })
  })

  test('ten at once without a key: a name is given once', async () => {
    const all = await places()
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => refusal(all[n % all.length]!, 'create_campaign', { ...campaign, name: 'Without a key' })))
    expect(answers.filter(({ created }: Answer) => created)).toHaveLength(1)
    expect(answers.filter(({ code }: Answer) => code === 'conflict')).toHaveLength(9)
    expect((await rowsOf(all[0]!)).filter(({ name }) => name === 'Without a key')).toHaveLength(2)
  })

  test('two that add products at once both do', async () => {
    const all = await places()
    const setup = (product: string, n: number) => call(all[n % all.length]!, 'campaign_product_setup', { campaignId: 'alpha_idle', products: [product], themeSetId: 'alpha_art' })
    await Promise.all([setup('summer_book', 0), setup('wall_cal', 1)])
    const rows = await rowsOf(all[0]!)
    const linked = (key: string) => [...((rows.find((row) => row.key === key)?.definition as { products: string[] } | undefined)?.products ?? [])].sort()
    expect(linked('alpha_idle')).toEqual(['summer_book', 'wall_cal'])
    expect(linked('alpha_art')).toEqual(['summer_book', 'wall_cal'])
  })
})

test('keys are forgotten after seven days', async () => {
  const { stores } = embedded
  const count = async () => (await stores.db.selectFrom('write_keys').select('key').execute()).length
  const kept = await count()
  expect(kept).toBeGreaterThan(0)
  const run = async (days: number) =>
    await writeKeysJob({ ...stores, clock: () => new Date(now.getTime() + days * 86_400_000) }).run(new AbortController().signal, { runId: 'x' } as never)
  await run(6.9)
  expect(await count()).toBe(kept)
  await run(7.1)
  expect(await count()).toBe(0)
})

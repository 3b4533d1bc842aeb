/** Settings of an account, driven from outside: who may change what, that it acts at once, and that figures follow. */
import { beforeAll, describe, expect, test } from 'vitest'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import type endpoints from '../../src/edge/api/endpoints/settings.ts'
import { callBody, messageOf } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { loadRows } from '../properties/load.ts'
import { at, bearer, lastEvent, memberships, newPerson } from './support.ts'

const app = sharedApp()
beforeAll(async () => {
  const { db } = app.stores
  const { customer_key: key } = await db.selectFrom('accounts').select('customer_key').where('id', '=', app.accounts.acme.id).executeTakeFirstOrThrow()
  const sentAt = Date.parse('2026-06-01T22:30:00Z')
  const touch = (campaign: string) => ({ message_id: `m-${campaign}`, campaign_id: campaign, customer_id: 'c', channel: 'Email' })
  const events = ['red', 'blue'].flatMap((campaign) => [
    { ...touch(campaign), event: 'sent' as const, occurred_at: sentAt },
    { ...touch(campaign), event: 'clicked' as const, occurred_at: sentAt + 60_000 },
  ])
  const orders = [{ order_id: 'o', customer_id: 'c', placed_at: sentAt + 3 * 86_400_000, status: 'paid' as const, amount: '20', currency: 'EUR' }]
  const rows = ['red', 'blue'].map((name) => ({ type: 'campaign', id: `cmp_${name}`, key: name, name, brand_id: `brd_${name}`, organization_id: `org_${name}` }))
  const brands = ['red', 'blue'].map((name) => ({ type: 'brand', id: `brd_${name}`, key: name, name: `Brand ${name}`, brand_id: null, organization_id: null }))
  await db
    .insertInto('organizations')
    .values(['red', 'blue'].map((name) => ({ account_id: app.accounts.acme.id, id: `org_${name}`, key: name, name: `Organization ${name}`, currency: 'EUR', details: '{}' })))
    .execute()
  await db
    .insertInto('entities')
    .values([...brands, ...rows].map((row) => ({ ...row, account_id: app.accounts.acme.id, status: 'active', channel: 'Email', origin: 'import', definition: '{}' })))
    .execute()
  await loadRows(app.stores, { id: app.accounts.acme.id, customerKey: Buffer.from(key) }, { events, orders, webEvents: [] })
  await refreshFacts(app.stores, app.accounts.acme.id)
})

type SettingsRead = Awaited<ReturnType<(typeof endpoints)['read']['run']>>
const owner = () => at(app, app.people.owner)
const read = async () => (await owner()).ok<SettingsRead>('settings/read', { account: 'acme' })
const listTools = async (token: string) => await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, bearer(token))
const tier = { name: 'tier', type: 'text', title: 'Loyalty tier' } as const
const report = async (token: string, more: object = {}) => {
  const body = callBody('campaign_report', { startDate: '2026-06-01', endDate: '2026-06-30', metrics: ['sends', 'orders'], ...more })
  return (await messageOf(await app.post('/c/acme', body, bearer(token)))).result?.structuredContent as { summary: { sends: number; orders: number } }
}

describe('reading', () => {
  test('gives the settings with their defaults, the toolsets with their tools, and what the person may do', async () => {
    expect(await read()).toMatchObject({
      account: { systemName: 'acme', timeZone: 'Europe/Berlin', currency: 'EUR', mcpEnabled: true },
      settings: { privacyFloor: 10, retentionDays: 30, attribution: { windowDays: 5 }, goals: [{ name: 'Orders' }] },
      may: { change: true, switchMcp: false },
      recounting: false,
    })
    const { toolsets } = await read()
    expect(toolsets[0]).toMatchObject({ name: 'reports', title: 'Reports' })
    expect(toolsets[0]?.tools).toContainEqual({ name: 'campaign_report', title: 'Campaign report' })
    const analyst = await at(app, app.people.analyst)
    expect((await analyst.ok<{ may: object }>('settings/read', { account: 'acme' })).may).toEqual({ change: false, switchMcp: false })
    expect(await (await at(app, app.people.stranger)).refused('settings/read', { account: 'acme' })).toMatchObject({ status: 404, code: 'not_found' })
  })
})

describe('changing', () => {
  test('needs manage:account', async () => {
    const analyst = await at(app, app.people.analyst)
    expect(await analyst.refused('settings/change', { account: 'acme', name: 'Mine' })).toMatchObject({ code: 'missing_scopes', scopes: ['manage:account'] })
    expect(await (await owner()).refused('settings/change', { account: 'acme', name: 'Mine' }, { 'x-mercat-csrf': undefined })).toMatchObject({ code: 'cross_site' })
    expect((await read()).account.name).toBe('ACME')
  })

  test('is audited by name with what was before, and only where something changed', async () => {
    await (await owner()).ok('settings/change', { account: 'acme', name: ' Acme Stores ', settings: { privacyFloor: 20, retentionDays: 30 } })
    expect(await lastEvent(app, 'acme', 'settings.changed')).toMatchObject({
      user_id: app.people.owner.id,
      client_id: 'dashboard',
      input: { name: { from: 'ACME', to: 'Acme Stores' }, privacyFloor: { from: 10, to: 20 } },
    })
    expect(Object.keys((await lastEvent(app, 'acme', 'settings.changed'))?.input ?? {})).toEqual(['name', 'privacyFloor'])
    await (await owner()).ok('settings/change', { account: 'acme', settings: { privacyFloor: 20 } })
    const events = await app.stores.db.selectFrom('audit').select('id').where('tool', '=', 'settings.changed').execute()
    expect(events).toHaveLength(1)
    expect((await (await owner()).ok<{ accounts: { name: string }[] }>('session/current')).accounts.map(({ name }) => name)).toContain('Acme Stores')
  })

  test.each([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(101) }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['currency', { currency: 'euro' }],
    ['privacyFloor', { settings: { privacyFloor: -1 } }],
    ['retentionDays', { settings: { retentionDays: 1.5 } }],
    ['toolsets.0', { settings: { toolsets: ['everything'] } }],
    ['goals', { settings: { goals: [] } }],
    ['goals.0.statuses.0', { settings: { goals: [{ name: 'x', statuses: ['won'] }] } }],
    ['attribution.windowDays', { settings: { attribution: { windowDays: 31 } } }],
    ['attribution', { settings: { attribution: null } }],
    ['customerAttributes.0.type', { settings: { customerAttributes: [{ name: 'tier', type: 'colour' }] } }],
    ['customerAttributes.0.name', { settings: { customerAttributes: [{ name: ' ', type: 'text' }] } }],
    ['customerAttributes.1.name', { settings: { customerAttributes: [tier, { ...tier, type: 'number' }] } }],
    ['settings', { settings: { floor: 1 } }],
    ['', { mcpEnabled: true }],
  ])('a wrong %s is refused by name, and nothing of the change is made: %o', async (argument, change) => {
    const before = await read()
    const refused = await (await owner()).refused('settings/change', { account: 'acme', ...('settings' in change ? { name: 'Other' } : {}), ...change })
    expect(refused).toMatchObject({ status: 400, code: 'invalid_arguments', argument })
    expect(await read()).toEqual(before)
  })

  test('by a name that every object has changes nothing', async () => {
    const before = await read()
    const hostile = '{"account": "acme", "settings": {"__proto__": {"privacyFloor": 0}}}'
    await (await owner()).call('settings/change', hostile)
    expect(await (await owner()).refused('settings/change', hostile.replace('__proto__', 'constructor'))).toMatchObject({ code: 'invalid_arguments' })
    expect(await read()).toEqual(before)
  })

  test('of toolsets acts on the next tools/list', async () => {
    const token = await app.token('analyst', 'c/acme')
    const names = async () => (await messageOf(await listTools(token))).result?.tools?.map(({ name }) => name)
    expect(await names()).toContain('campaign_report')
    await (await owner()).ok('settings/change', { account: 'acme', settings: { toolsets: ['knowledge'] } })
    expect(await names()).not.toContain('campaign_report')
    await (await owner()).ok('settings/change', { account: 'acme', settings: { toolsets: ['reports', 'knowledge'] } })
    expect(await names()).toContain('campaign_report')
  })

  test('of the currency is refused while there are orders, and allowed without', async () => {
    expect(await (await owner()).refused('settings/change', { account: 'acme', currency: 'USD', name: 'Dollars' })).toMatchObject({ status: 409, argument: 'currency' })
    expect((await read()).account).toMatchObject({ currency: 'EUR', name: 'Acme Stores' })
    await (await owner()).ok('settings/change', { account: 'acme', currency: 'EUR' })
    await (await owner()).ok('settings/change', { account: 'initech', currency: 'USD' })
  })

  test('of attribution or time zone counts figures anew in the background, and says so until it is done', async () => {
    const token = await app.token('analyst', 'c/acme')
    expect((await report(token)).summary).toMatchObject({ orders: 1 })
    await (await owner()).ok('settings/change', { account: 'acme', settings: { attribution: { windowDays: 2 } } })
    await expect.poll(async () => (await read()).recounting).toBe(false)
    expect((await report(token)).summary).toMatchObject({ orders: 0 })
    // Half past midnight in Berlin is still the day before in Lisbon.
    const first = { startDate: '2026-06-01', endDate: '2026-06-01' }
    expect((await report(token, first)).summary).toMatchObject({ sends: 0 })
    await (await owner()).ok('settings/change', { account: 'acme', timeZone: 'Europe/Lisbon' })
    await expect.poll(async () => (await read()).recounting).toBe(false)
    expect((await report(token, first)).summary).toMatchObject({ sends: 2 })
  })
})

describe('customer attributes', () => {
  const seen = async () => await (await owner()).ok<{ attributes: object[]; fewerThan: number }>('settings/seenAttributes', { account: 'acme' })

  test('that data carries are suggested by name and count, few people as "fewer than", until they are declared', async () => {
    await (await owner()).ok('settings/change', { account: 'acme', settings: { privacyFloor: 3, customerAttributes: [] } })
    const customers = [{ tier: 'gold', points: '7' }, { tier: 'silver' }, { tier: 'gold', points: '8' }, { ['x'.repeat(101)]: '1' }]
    await app.stores.analytics.insert(
      'customers',
      customers.map((attributes, index) => ({ account_id: app.accounts.acme.id, customer: `customer-000000${index}`, updated_at: '2026-06-01 00:00:00', load_id: 1, attributes })),
    )
    expect(await seen()).toEqual({
      attributes: [
        { name: 'tier', customers: 3 },
        { name: 'points', customers: null },
      ],
      fewerThan: 3,
    })
    await (await owner()).ok('settings/change', { account: 'acme', settings: { customerAttributes: [tier] } })
    expect(await lastEvent(app, 'acme', 'settings.changed')).toMatchObject({ input: { customerAttributes: { from: [], to: [tier] } } })
    expect((await seen()).attributes).toEqual([{ name: 'points', customers: null }])
    expect((await read()).settings.customerAttributes).toEqual([tier])
    expect((await read()).recounting).toBe(false)
  })

  test('are suggested to whoever may declare them, and to nobody else', async () => {
    const analyst = await at(app, app.people.analyst)
    expect(await analyst.refused('settings/seenAttributes', { account: 'acme' })).toMatchObject({ code: 'missing_scopes' })
    expect(await (await at(app, app.people.stranger)).refused('settings/seenAttributes', { account: 'acme' })).toMatchObject({ status: 404 })
  })
})

describe('MCP', () => {
  test('is turned on and off by platform operators alone, and off is off on the next call', async () => {
    const analyst = await at(app, app.people.analyst)
    expect(await analyst.refused('settings/setMcp', { account: 'acme', enabled: false })).toMatchObject({ code: 'missing_scopes' })
    expect(await (await owner()).refused('settings/setMcp', { account: 'acme', enabled: false })).toMatchObject({ status: 403, code: 'not_allowed' })
    const operator = await newPerson(app, { operator: true })
    const dashboard = await at(app, operator)
    expect((await dashboard.ok<{ accounts: object[] }>('session/current')).accounts).toHaveLength(3)
    expect((await dashboard.ok<{ may: object }>('settings/read', { account: 'acme' })).may).toEqual({ change: true, switchMcp: true })
    const token = await app.token('analyst', 'c/acme')
    expect((await listTools(token)).status).toBe(200)
    await dashboard.ok('settings/setMcp', { account: 'acme', enabled: false })
    const refused = await listTools(token)
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('MCP is not enabled for this account')])
    expect(await lastEvent(app, 'acme', 'mcp.disabled')).toMatchObject({ user_id: operator.id })
    await dashboard.ok('settings/setMcp', { account: 'acme', enabled: true })
    expect((await listTools(token)).status).toBe(200)
    expect(await lastEvent(app, 'acme', 'mcp.enabled')).toMatchObject({ user_id: operator.id })
  })
})

describe('restrictions', () => {
  test('narrow the figures of the next call', async () => {
    const token = await app.token('analyst', 'c/acme')
    const userId = app.people.analyst.id
    expect((await report(token)).summary.sends).toBe(2)
    await (await owner()).ok('members/change', { account: 'acme', userId, brands: ['brd_red'] })
    expect((await report(token)).summary.sends).toBe(1)
    await (await owner()).ok('members/change', { account: 'acme', userId, brands: [], organizations: ['org_red', 'org_blue'] })
    expect((await report(token)).summary.sends).toBe(2)
    await (await owner()).ok('members/change', { account: 'acme', userId, organizations: [] })
  })

  test('must name what exists; the nearest is told', async () => {
    const userId = app.people.reader.id
    expect(await (await owner()).refused('members/change', { account: 'acme', userId, brands: ['brd_re'] })).toMatchObject({
      code: 'unknown_value',
      nearest: ['brd_red (Brand red)'],
    })
    expect(await (await owner()).refused('members/invite', { account: 'acme', email: 'x@example.com', role: 'analyst', organizations: ['org_green'] })).toMatchObject({
      code: 'unknown_value',
      argument: 'organizations',
    })
    // What went from the account meanwhile may stay with who had it.
    await app.stores.db
      .updateTable('memberships')
      .set({ brands: ['brd_gone'] })
      .where('user_id', '=', userId)
      .execute()
    await (await owner()).ok('members/change', { account: 'acme', userId, brands: ['brd_gone', 'brd_red'] })
    await (await owner()).ok('members/change', { account: 'acme', userId, brands: [] })
  })

  test('of whoever manages bind whom they manage', async () => {
    const manager = await at(app, await newPerson(app, { role: 'account_manager', brands: ['brd_red'] }))
    const free = await newPerson(app, { role: 'analyst' })
    const blue = await newPerson(app, { role: 'analyst', brands: ['brd_blue'] })
    const red = await newPerson(app, { role: 'analyst', brands: ['brd_red'] })
    const list = await manager.ok<{ brands: object[] }>('members/list', { account: 'acme' })
    expect(list.brands).toEqual([{ id: 'brd_red', name: 'Brand red' }])
    for (const [endpoint, input] of [
      ['change', { userId: free.id, role: 'marketer' }],
      ['change', { userId: free.id, brands: ['brd_red'] }],
      ['change', { userId: blue.id, role: 'marketer' }],
      ['change', { userId: red.id, brands: [] }],
      ['remove', { userId: free.id }],
      ['invite', { email: 'wide@example.com', role: 'analyst' }],
    ] as const) {
      expect(await manager.refused(`members/${endpoint}`, { account: 'acme', ...input }), JSON.stringify(input)).toMatchObject({
        status: 403,
        code: 'not_allowed',
        argument: 'brands',
      })
    }
    // Hidden and unknown look alike.
    const hidden = await manager.refused('members/change', { account: 'acme', userId: red.id, brands: ['brd_red', 'brd_blue'] })
    const unknown = await manager.refused('members/change', { account: 'acme', userId: red.id, brands: ['brd_red', 'brd_xlue'] })
    expect(JSON.stringify(hidden).replaceAll('brd_blue', 'brd_xlue')).toBe(JSON.stringify(unknown))
    await manager.ok('members/change', { account: 'acme', userId: red.id, role: 'marketer' })
    await manager.ok('members/invite', { account: 'acme', email: 'red@example.com', role: 'analyst', brands: ['brd_red'] })
    expect(await memberships(app, 'acme', red.id)).toMatchObject({ role: 'marketer', brands: ['brd_red'] })
  })
})

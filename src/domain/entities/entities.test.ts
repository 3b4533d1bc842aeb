/** Entities on the embedded operational store: what is stored, refused, merged and visible. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Account, Principal } from '../../core/access.ts'
import { makeAccount } from '../../../test/stores.ts'
import { openOperational, type OperationalStore } from '../../storage/operational/open.ts'
import {
  campaignsOfAccount,
  ensureCampaigns,
  entityTypes,
  findOrganization,
  listBrands,
  listCampaigns,
  listFlows,
  listFolders,
  listOrganizations,
  upsertEntities,
  type EntityRow,
} from './index.ts'

let store: OperationalStore
let account: Account
beforeAll(async () => {
  store = await openOperational({ engine: 'pglite', folder: undefined })
})
afterAll(() => store.close())
beforeEach(async () => {
  account = await makeAccount(store.db)
})

const principal = (limits: Partial<Pick<Principal, 'organizations' | 'brands'>> = {}): Principal => ({
  userId: 'usr_1',
  account,
  clientId: 'cli',
  scopes: new Set(),
  grantable: new Set(),
  operator: false,
  organizations: null,
  brands: null,
  ...limits,
})

const rows: EntityRow[] = [
  {
    type: 'campaign',
    key: 'c1',
    name: 'Spring',
    channel: 'email',
    brand: 'b1',
    folder: 'f1',
    flow: 'w1',
    organization: 'o1',
    tags: ['sale'],
    startsAt: '2026-03-01',
    definition: { kind: 'automated', controlShare: 0.1 },
  },
  { type: 'campaign', key: 'c2', brand: 'b2' },
  { type: 'brand', key: 'b1', name: 'Acme' },
  { type: 'brand', key: 'b2', name: 'Bmce' },
  { type: 'folder', key: 'f1' },
  { type: 'flow', key: 'w1', name: 'Welcome', brand: 'b1', organization: 'o1', tags: ['onboarding'] },
  { type: 'organization', key: 'o1', name: 'Client' },
]

describe('upsertEntities', () => {
  it('stores rows that refer to each other in any order, and nothing the second time', async () => {
    expect(await upsertEntities(store.db, account.id, rows)).toEqual({ created: 7, updated: 0, unchanged: 0, rejected: [] })
    expect(await upsertEntities(store.db, account.id, [...rows].reverse())).toEqual({ created: 0, updated: 0, unchanged: 7, rejected: [] })
    const [spring, second] = (await listCampaigns(store.db, principal())).sort((a, b) => (a.key < b.key ? -1 : 1))
    expect(spring).toMatchObject({
      key: 'c1',
      name: 'Spring',
      channel: 'Email',
      status: 'active',
      tags: ['sale'],
      startsAt: '2026-03-01T00:00:00.000Z',
      origin: 'import',
      definition: { kind: 'automated', controlShare: 0.1, variants: [] },
    })
    expect(spring?.flowId).toMatch(/^flw_/)
    expect(second).toMatchObject({ key: 'c2', name: 'c2', flowId: null, definition: { kind: 'bulk' } })
  })

  it('keeps what a later row leaves out', async () => {
    await upsertEntities(store.db, account.id, rows)
    expect(await upsertEntities(store.db, account.id, [{ type: 'campaign', key: 'c1', definition: { measurementDays: 14 } }])).toMatchObject({ updated: 1 })
    expect((await listCampaigns(store.db, principal())).find(({ key }) => key === 'c1')).toMatchObject({
      name: 'Spring',
      tags: ['sale'],
      definition: { kind: 'automated', measurementDays: 14 },
    })
  })

  it('takes the day the platform made it, and otherwise keeps when it was first heard of', async () => {
    const madeOf = async () => (await store.db.selectFrom('entities').select('created_at').where('account_id', '=', account.id).executeTakeFirstOrThrow()).created_at.toISOString()
    await upsertEntities(store.db, account.id, [{ type: 'campaign', key: 'c' }])
    const first = await madeOf()
    expect(Date.now() - Date.parse(first)).toBeLessThan(60_000)
    expect(await upsertEntities(store.db, account.id, [{ type: 'campaign', key: 'c', name: 'C' }])).toMatchObject({ updated: 1 })
    expect(await madeOf()).toBe(first)
    expect(await upsertEntities(store.db, account.id, [{ type: 'campaign', key: 'c', createdAt: '2024-05-06T07:08:09Z' }])).toMatchObject({ updated: 1 })
    expect(await madeOf()).toBe('2024-05-06T07:08:09.000Z')
  })

  it('refuses a row with its reason and stores the others', async () => {
    const result = await upsertEntities(store.db, account.id, [
      { type: 'campaign', key: 'ok' },
      { type: 'campaign', key: 'c', channel: 'fax' },
      { type: 'campaign', key: 'd', brand: 'nowhere' },
      { type: 'campaign', key: 'e', definition: { kind: 'bulk', colour: 'red' } },
      { type: 'campaign', key: 'nul\u0000' },
      { type: 'channel', key: 'f' },
      { type: 'brand', key: 'g', status: 'scheduled' },
      { type: 'spaceship', key: 'h' } as never,
      { type: 'organization', key: 'i', definition: { currency: 'euros' } },
      { type: 'goal' as never, key: 'j' },
      { type: 'segment', key: 'k', definition: { predicate: { all: [{ attribute: 'country' }, { what: 1 }] } } },
      { type: 'content_profile', key: 'l', definition: { translations: { de: { cart: { title: 'nul\u0000' } } } } },
      { type: 'content_profile', key: 'm', definition: { translations: { de: { cart: { '\ud800': 'half' } } } } },
    ])
    expect(result).toMatchObject({ created: 1, updated: 0 })
    expect(result.rejected.map(({ index, reason }) => `${index} ${reason}`)).toMatchInlineSnapshot(`
      [
        "1 channel: unknown channel "fax"",
        "2 brand: no brand has the key "nowhere"; import it first or in the same file",
        "3 definition: Unrecognized key: "colour"",
        "4 key: must not hold control characters",
        "5 channel: a channel must name one",
        "6 status: a brand is active, archived",
        "7 type: must be one of brand, branding, campaign, channel, content_profile, flow, folder, product, product_configuration, promotion, segment, stream, target_group, theme_set, trigger, webapp, contract, invoice, organization",
        "8 definition: currency: must be ISO 4217, like EUR",
        "9 type: a goal is a setting of the account, not a row: an owner sets it in the settings",
        "10 definition: predicate.all.0.op: Invalid option: expected one of "is"|"isNot"|"in"|"notIn"|"contains"|"startsWith"|">"|">="|"<"|"<="|"between"|"known"|"unknown"|"inLast"|"notInLast"|"top"; predicate.all.1: must be one of {all: […]}, {any: […]}, {none: […]}, {attribute, op, value}, {did: event, …}, {didNot: event, …}",
        "11 definition: must hold neither NUL nor half of a surrogate pair",
        "12 definition: must hold neither NUL nor half of a surrogate pair",
      ]
    `)
  })

  it('turns an observed campaign into the imported one, keeping its id', async () => {
    expect(await ensureCampaigns(store.db, account.id, ['c1', 'x', 'x', ''])).toEqual(['c1', 'x'])
    expect(await ensureCampaigns(store.db, account.id, ['x', 'c1'])).toEqual([])
    const observed = (await listCampaigns(store.db, principal())).find(({ key }) => key === 'c1')
    expect(observed).toMatchObject({ origin: 'observed', name: 'c1' })
    expect(await upsertEntities(store.db, account.id, [{ type: 'campaign', key: 'c1' }])).toMatchObject({ updated: 1 })
    expect((await listCampaigns(store.db, principal())).find(({ key }) => key === 'c1')).toMatchObject({ id: observed?.id, origin: 'import' })
    expect(await campaignsOfAccount(store.db, account.id)).toEqual(
      new Map([
        ['c1', { kind: 'bulk', measurementDays: undefined }],
        ['x', { kind: 'bulk', measurementDays: undefined }],
      ]),
    )
  })
})

describe('what a restricted member sees', () => {
  it('is what carries one of their organizations and brands', async () => {
    await upsertEntities(store.db, account.id, rows)
    const [organization] = await listOrganizations(store.db, principal())
    const brands = await listBrands(store.db, principal())
    const limits = { organizations: [organization?.id ?? ''], brands: [brands[0]?.id ?? ''] }
    expect((await listCampaigns(store.db, principal(limits))).map(({ key }) => key)).toEqual(['c1'])
    expect((await listFlows(store.db, principal(limits))).map(({ key }) => key)).toEqual(['w1'])
    expect((await listBrands(store.db, principal(limits))).map(({ key }) => key)).toEqual(['b1'])
    expect((await listFolders(store.db, principal(limits))).map(({ key }) => key)).toEqual(['f1'])
    for (const nothing of [{ organizations: [] }, { organizations: ['org_other'] }, { brands: ['brd_other'] }]) {
      expect(await listCampaigns(store.db, principal(nothing))).toEqual([])
      expect(await listFolders(store.db, principal(nothing))).toEqual([])
    }
    await expect(findOrganization(store.db, principal({ organizations: ['org_other'] }), organization?.id ?? '')).rejects.toThrow('Organization not found')
    await expect(findOrganization(store.db, principal(), 'org_none')).rejects.toThrow('Organization not found')
  })

  it('finds an organization by id, key or name, and tells the nearest that the member sees', async () => {
    await upsertEntities(store.db, account.id, [
      { type: 'organization', key: 'o1', name: 'Client' },
      { type: 'organization', key: 'o2', name: 'Twin' },
      { type: 'organization', key: 'o3', name: 'Twin' },
    ])
    const [client, ...twins] = (await listOrganizations(store.db, principal())).map(({ id }) => id)
    for (const word of [client ?? '', 'o1', 'Client', ' client ']) expect((await findOrganization(store.db, principal(), word)).id).toBe(client)
    await expect(findOrganization(store.db, principal(), 'Twin')).rejects.toMatchObject({ code: 'unknown_value', details: { allowed: twins } })
    const [unknown, hidden] = [principal(), principal({ organizations: twins })].map((who) => findOrganization(store.db, who, 'Clien'))
    await expect(unknown).rejects.toMatchObject({ code: 'organization_not_found', details: { nearest: ['Client'] } })
    await expect(hidden).rejects.toMatchObject({ code: 'organization_not_found', details: { nearest: [] } })
  })

  it('never holds another account', async () => {
    await upsertEntities(store.db, account.id, rows)
    account = await makeAccount(store.db)
    expect(await listCampaigns(store.db, principal())).toEqual([])
    expect(await listOrganizations(store.db, principal())).toEqual([])
  })
})

it('every type takes an empty definition', () => {
  for (const type of entityTypes) {
    const definition = type.definition.parse({})
    expect(type.summary(definition as never)).not.toBe('')
    expect(type.links(definition as never)).toEqual([])
  }
})

/** The explorer on both engines of the operational store: every type listed, filtered, paged while rows come in, and opened; who may not see what; search with its counts. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Account, requiredScopes } from '../../src/core/access.ts'
import { type EntityType, entityType, entityTypeNames, listBrands, listOrganizations, transitions, upsertEntities } from '../../src/domain/entities/index.ts'
import { createExplorer, cutList, getEntityInput, listEntitiesInput, searchCatalogInput } from '../../src/domain/explorer/index.ts'
import type { Stores } from '../../src/domain/index.ts'
import { type OperationalStore, openOperational } from '../../src/storage/operational/open.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { refusalOf } from '../caught.ts'
import { putFacts } from '../reports/fixture.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { putWorld, reader, storedTypes, world } from './world.ts'

const now = new Date('2026-05-20T12:00:00Z')
let embedded: TestStores
let postgres: TestPostgres
beforeAll(async () => {
  ;[embedded, postgres] = await Promise.all([openTestStores(now), startPostgres()])
})
afterAll(async () => {
  await embedded?.close()
  await postgres?.stop()
})

describe.each(['pglite', 'postgres'])('%s', (engine) => {
  // All but goals are rows of one table: what an engine may do otherwise, it does with any of them.
  const types: readonly EntityType[] = engine === 'pglite' ? entityTypeNames : ['campaign']
  let stores: Stores
  let server: OperationalStore | undefined
  let account: Account
  beforeAll(async () => {
    server = engine === 'postgres' ? await openOperational({ engine: 'postgres', url: await postgres.database() }) : undefined
    stores = { db: server?.db ?? embedded.db, analytics: embedded.analytics, clock: () => now }
  })
  afterAll(async () => await server?.close())
  beforeEach(async () => {
    account = await makeAccount(stores.db, {
      settings: {
        goals: [
          { name: 'Orders', statuses: ['placed', 'paid'] },
          { name: 'Mail orders', statuses: ['paid'], channels: ['Email'] },
        ],
      },
    })
    await putWorld(stores.db, account.id)
  })

  const explorer = (limits?: Parameters<typeof reader>[1]) => createExplorer(stores)(reader(account, limits))
  const list = (given: object, limits?: Parameters<typeof reader>[1]) => explorer(limits).list(listEntitiesInput.parse(given))
  const get = (type: EntityType, entity: string, limits?: Parameters<typeof reader>[1]) => explorer(limits).get(getEntityInput.parse({ type, entity }))
  const keys = async (given: object, limits?: Parameters<typeof reader>[1]) => (await list(given, limits)).rows.map(({ key }) => key).sort()

  test.each(types)('%s: listed and filtered, opened by id, key and name, and an unknown one is told from its nearest', async (type) => {
    const all = await list({ type })
    expect(all.rows.map(({ key }) => key).sort()).toEqual(
      type === 'goal'
        ? ['Mail orders', 'Orders']
        : world
            .filter((row) => row.type === type)
            .map(({ key }) => key)
            .sort(),
    )
    expect(all).toMatchObject({ type, coverage: { from: 1, shown: all.rows.length, of: all.rows.length }, nextCursor: null })
    const [row] = all.rows
    if (!row) throw new Error('No row')
    expect(row.summary).not.toBe('')
    expect(await keys({ type, statuses: [row.status.toUpperCase()], nameContains: row.name.slice(1, 4).toUpperCase() })).toContain(row.key)
    for (const word of [row.id, row.key, row.name, row.name.toUpperCase()]) expect((await get(type, word)).entity).toEqual(row)
    const unknown = await refusalOf(get(type, `${row.name.slice(0, -1)}x`))
    expect(unknown.code).toBe(type === 'campaign' ? 'campaign_not_found' : 'not_found')
    expect(unknown.message).toBe(`${entityType(type).title} not found`)
    expect(unknown.details.nearest).toContain(row.name)
    expect((await refusalOf(list({ type, statuses: ['running'] }))).details).toMatchObject({ argument: 'statuses', allowed: [...entityType(type).statuses].sort() })
  })

  test.each(types)('%s: pages lose and double nothing while rows come in, in every order, and when pages are cut', async (type) => {
    let made = 0
    const add = async (count: number, prefix: string) => {
      if (type === 'goal') return
      const row = (index: number) => ({
        type,
        key: `${prefix}${index}`,
        name: `${prefix} Ä_${index % 7}`,
        createdAt: new Date(now.getTime() - (index % 5) * 1000 - (prefix === 'late' ? 2500 : 0)).toISOString(),
        ...(index % 3 ? { startsAt: new Date(now.getTime() + (index % 4) * 1000).toISOString() } : {}),
        ...(type === 'channel' ? { channel: 'SMS' } : {}),
      })
      expect(
        (
          await upsertEntities(
            stores.db,
            account.id,
            Array.from({ length: count }, (_, index) => row(index + made)),
          )
        ).rejected,
      ).toEqual([])
      made += count
    }
    await add(23, 'row')
    for (const sort of ['name', 'created', 'updated', 'starts'])
      for (const direction of ['asc', 'desc']) {
        const before = (await list({ type, sort, direction, limit: 200 })).rows.map(({ id }) => id)
        const seen: string[] = []
        let cursor: string | null = ''
        while (cursor !== null) {
          const page = await list({ type, sort, direction, limit: 7, cursor })
          // Every other page is cut, as the pipeline does for long rows.
          const shown = seen.length % 2 ? cutList(page, 3) : page
          seen.push(...shown.rows.map(({ id }) => id))
          cursor = shown.nextCursor
          if (seen.length < 15) await add(2, 'late')
        }
        expect(new Set(seen).size).toBe(seen.length)
        const old = new Set(before)
        expect(seen.filter((id) => old.has(id))).toEqual(before)
      }
  })

  test('filters mean what they say, and an unknown value is refused', async () => {
    const campaigns = (given: object) => keys({ type: 'campaign', ...given })
    expect(await campaigns({ statuses: ['draft'], createdFrom: '1h' })).toEqual(['c2'])
    expect(await campaigns({ statuses: ['draft'], createdFrom: '20h', createdTo: '1h' })).toEqual([])
    expect(await campaigns({ createdFrom: '2026-05-01', createdTo: '2026-05-01' })).toEqual(['c1'])
    expect(await campaigns({ createdFrom: '2026-05-01T08:00:00Z', createdTo: '2026-05-20T11:30:00Z' })).toEqual(['c1'])
    // The account's days: in Berlin it was 1 May already.
    await upsertEntities(stores.db, account.id, [{ type: 'campaign', key: 'c3', createdAt: '2026-04-30T22:30:00Z' }])
    expect(await campaigns({ createdTo: '2026-04-30' })).toEqual([])
    expect(await campaigns({ createdTo: '2026-05-01' })).toEqual(['c1', 'c3'])
    expect(await campaigns({ activeFrom: '2026-05-15', activeTo: '2026-05-16' })).toEqual(['c1'])
    expect(await campaigns({ activeFrom: '2026-06-01' })).toEqual([])
    expect(await campaigns({ channels: ['sms', 'Viber'] })).toEqual(['c2'])
    expect(await campaigns({ brands: ['acme home'], folders: ['f1'], tags: ['VIP'], organizationId: 'Client One' })).toEqual(['c1'])
    for (const organizationId of ['o1', 'CLIENT ONE']) expect(await campaigns({ organizationId })).toEqual(await campaigns({ organizationId: 'Client One' }))
    expect(await campaigns({ nameContains: '%' })).toEqual([])
    expect((await list({ type: 'campaign', brands: ['ACME HOME'], createdFrom: '1w' })).asked.filters).toEqual({ brands: ['Acme Home'], createdFrom: '1w' })
    for (const [given, argument, nearest] of [
      [{ brands: ['Acme Hom'] }, 'brands', 'Acme Home'],
      [{ tags: ['sael'] }, 'tags', 'sale'],
      [{ folders: ['Sprin'] }, 'folders', 'Spring'],
      [{ channels: ['Emial'] }, 'channels', 'Email'],
      [{ organizationId: 'Client Oen' }, 'organizationId', 'Client One'],
    ] as const) {
      const { code, details } = await refusalOf(campaigns(given))
      expect(code).toBe(argument === 'organizationId' ? 'organization_not_found' : 'unknown_value')
      expect(details).toMatchObject({ argument })
      expect(details.nearest).toContain(nearest)
    }
    for (const createdFrom of ['yesterday', '2026-02-30', '2026-05-01T08:00:00', '5'])
      expect((await refusalOf(campaigns({ createdFrom }))).details).toMatchObject({ argument: 'createdFrom', value: createdFrom })
  })

  test('a cursor is good for its question alone, keeps the moment its bounds count from, and ends when the row it stands on was renamed', async () => {
    await upsertEntities(
      stores.db,
      account.id,
      Array.from({ length: 9 }, (_, index) => ({ type: 'segment', key: `s${index}`, name: `Copy ${index}`, createdAt: new Date(now.getTime() - 60_000 * index).toISOString() })),
    )
    const asked = { type: 'segment', nameContains: 'copy', createdFrom: '1h' }
    const first = await list({ ...asked, limit: 4 })
    expect(first).toMatchObject({ coverage: { from: 1, shown: 4, of: 9 }, asked: { bounds: { createdFrom: '2026-05-20T11:00:00.000Z' } } })
    const later = { ...stores, clock: () => new Date(now.getTime() + 59 * 60_000) }
    const second = await createExplorer(later)(reader(account)).list(listEntitiesInput.parse({ ...asked, limit: 9, cursor: first.nextCursor }))
    expect(second.coverage).toEqual({ from: 5, shown: 5, of: 9 })
    expect(second.rows.map(({ key }) => key)).toEqual(['s4', 's5', 's6', 's7', 's8'])
    for (const other of [{ createdFrom: '2h' }, { type: 'flow' }, { sort: 'name' }, { direction: 'asc' }])
      expect((await refusalOf(list({ ...asked, cursor: first.nextCursor, ...other }))).code).toBe('invalid_cursor')
    const byName = await list({ type: 'segment', sort: 'name', direction: 'asc', limit: 2 })
    await upsertEntities(stores.db, account.id, [{ type: 'segment', key: byName.rows[1]?.key ?? '', name: 'Z' }])
    expect((await refusalOf(list({ type: 'segment', sort: 'name', direction: 'asc', cursor: byName.nextCursor }))).code).toBe('invalid_cursor')
  })

  test('a segment is explained predicate by predicate, a campaign without its whole mail, with links and what people may do next', async () => {
    const segment = await get('segment', 'lapsed vips')
    expect(segment.definition).toEqual({ predicate: expect.objectContaining({ all: expect.any(Array) }) })
    expect(segment.predicates.map(({ path }) => path)).toEqual(['predicate.all[0]', 'predicate.all[1]', 'predicate.all[2]', 'predicate.all[2].any[0]', 'predicate.all[2].any[1]'])
    expect(segment.explanation).toContain('Customers')
    // The campaign of the condition by its name, not by its key.
    expect(segment.explanation).toContain('Spring Sale Opening')
    const campaign = await get('campaign', 'c1')
    expect(campaign.clipped).toEqual([{ path: 'template.content', length: 20_013 }])
    expect(JSON.stringify(campaign).length).toBeLessThan(8000)
    expect(campaign.links).toContainEqual({ rel: 'target group', type: 'target_group', key: 'tg1', id: expect.stringMatching(/^tgr_/), name: 'Everybody in Germany' })
    expect(campaign.entity).toMatchObject({ brand: 'Acme Home', folder: 'Spring', flow: 'Welcome', organization: 'Client One', origin: 'import' })
    expect(campaign.nextSteps.map(({ to }) => to)).toEqual(['paused', 'completed', 'stopped'])
    expect((await get('campaign', 'c2')).nextSteps).toEqual([
      { action: 'approve and schedule', to: 'scheduled', scope: 'approve:drafts' },
      { action: 'approve and activate', to: 'active', scope: 'approve:drafts' },
      { action: 'discard', to: 'archived', scope: 'approve:drafts' },
    ])
    expect((await get('trigger', 'tr1')).predicates.map(({ path }) => path)).toEqual(['', 'audience'])
    expect((await get('flow', 'Welcome')).predicates.map(({ path }) => path)).toEqual(['nodes[1].condition'])
    expect((await get('goal', 'orders')).definition).toEqual({ statuses: ['placed', 'paid'], channels: [], isDefault: true })
    await upsertEntities(stores.db, account.id, [{ type: 'segment', key: 'twin', name: 'LAPSED VIPS' }])
    const several = await refusalOf(get('segment', 'Lapsed vips'))
    expect(several.code).toBe('unknown_value')
    expect(several.details.allowed).toHaveLength(2)
  })

  test('the largest definition there can be makes an answer of a bounded size', async () => {
    const translations = Object.fromEntries(
      ['en', 'de', 'fr'].map((language) => [language, { home: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`t${index}`, '語'.repeat(1500)])) }]),
    )
    const any = Array.from({ length: 95 }, () => ({ attribute: 'city', op: 'in', value: Array.from({ length: 40 }, (_, index) => `${'w'.repeat(60)}${index}`) }))
    const rows = [
      { type: 'content_profile' as const, key: 'big', definition: { translations } },
      { type: 'segment' as const, key: 'big', definition: { predicate: { any } } },
    ]
    expect((await upsertEntities(stores.db, account.id, rows)).rejected).toEqual([])
    for (const type of ['content_profile', 'segment'] as const) {
      const answer = await get(type, 'big')
      expect(answer.clipped.length).toBeGreaterThan(0)
      expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(50_000)
    }
  })

  test('a member restricted to organizations and brands lists, opens and finds what is theirs, and what is the whole account’s', async () => {
    const [organization] = (await listOrganizations(stores.db, reader(account))).filter(({ key }) => key === 'o1')
    const [brand] = (await listBrands(stores.db, reader(account))).filter(({ key }) => key === 'b1')
    const limits = { organizations: [organization?.id ?? ''], brands: [brand?.id ?? ''] }
    for (const type of storedTypes) {
      const rule = entityType(type).sight
      const expected = world.filter((row) => row.type === type && (rule === 'shared' || row.organization === 'o1' || (type === 'folder' && row.key === 'f1')))
      expect(await keys({ type }, limits), type).toEqual(expected.map(({ key }) => key).sort())
      expect(await keys({ type }, { organizations: [] }), type).toEqual(rule === 'shared' ? expected.map(({ key }) => key).sort() : [])
    }
    expect(await keys({ type: 'goal' }, limits)).toEqual(['Mail orders', 'Orders'])
    // The same answer for a foreign one and for none, and no foreign name among the nearest.
    const foreign = await refusalOf(get('campaign', 'Parcel notice', limits))
    const none = await refusalOf(get('campaign', 'Parcel notica', limits))
    expect(foreign.message).toBe(none.message)
    expect(foreign.details.nearest).not.toContain('Parcel notice')
    expect((await refusalOf(list({ type: 'campaign', brands: ['Bolt'] }, limits))).details.allowed).toEqual(['Acme Home'])
    expect((await explorer(limits).search(searchCatalogInput.parse({ query: 'parcel' }))).hits).toEqual([])
    // Linked, but not theirs to see: the key that the definition itself has.
    const stream = await get('stream', 's1', limits)
    expect(stream.links).toContainEqual({ rel: 'campaign', type: 'campaign', key: 'c2' })
  })

  test('another account is not there', async () => {
    account = await makeAccount(stores.db)
    for (const type of storedTypes) expect((await list({ type })).rows).toEqual([])
    expect((await refusalOf(get('campaign', 'c1'))).code).toBe('campaign_not_found')
  })

  test.each(types)('%s: without its scope nothing of it is listed, opened or found', async (type) => {
    const { scope } = entityType(type)
    if (scope === null) {
      expect((await list({ type }, { without: 'read:campaigns' })).rows.length).toBeGreaterThan(0)
      return
    }
    for (const work of [list({ type }, { without: scope }), get(type, 'x', { without: scope })]) expect((await refusalOf(work)).details.scopes).toEqual([scope])
    // The gateway's scope is asked for at the gateway: people at the dashboard need none.
    expect((await list({ type }, { without: 'read:mcp' })).coverage.of).toBeGreaterThan(0)
    const name = (await list({ type })).rows[0]?.name ?? ''
    const found = await explorer({ without: scope }).search(searchCatalogInput.parse({ query: name, limit: 200 }))
    expect(found.leftOut).toContainEqual({ type, scope })
    expect(found.hits.filter((hit) => hit.type === type && hit.id !== undefined)).toEqual([])
    expect((await refusalOf(explorer({ without: scope }).search(searchCatalogInput.parse({ query: name, types: [type] })))).details.scopes).toEqual([scope])
  })

  test('search forgives typing errors over all types and filter values, and counts what was sent in the window', async () => {
    await putFacts({ ...embedded, ...stores }, account, Date.now() % 1e9, {
      messages: [
        { campaign: 'c1', day: '2026-05-10', sends: 100, deliveries: 90 },
        { campaign: 'c1', day: '2026-01-10', sends: 7, deliveries: 7 },
        { campaign: 'c2', day: '2026-05-10', channel: 'SMS', sends: 5, deliveries: 4 },
      ],
    })
    const search = (given: object) => explorer().search(searchCatalogInput.parse(given))
    const spring = await search({ query: 'spring' })
    expect(spring.hits.map(({ type, name }) => `${type} ${name}`)).toEqual(['folder Spring', 'campaign Spring Sale Opening'])
    expect(spring.hits[1]?.counts).toEqual({ sends: 100, deliveries: 90 })
    expect(spring.counted).toContain('2026-02-20 to 2026-05-20')
    const typo = await search({ query: 'sprnig opennig', startDate: '2026-01-01' })
    expect(typo.corrected).toEqual({ sprnig: ['spring'], opennig: ['opening'] })
    expect(typo.hits).toMatchObject([{ type: 'campaign', name: 'Spring Sale Opening', counts: { sends: 107, deliveries: 97 } }])
    // A word that is not looked for would make the rest look like an answer.
    expect(await refusalOf(search({ query: 'spring sale opening one two three four five spring six' }))).toMatchObject({
      code: 'invalid_arguments',
      message: expect.stringContaining('9 words'),
    })
    for (const [query, hit] of [
      ['sael', { type: 'tag', name: 'sale', counts: { campaigns: 1, sends: 100, deliveries: 90 } }],
      ['sms', { type: 'channel', name: 'SMS', counts: { campaigns: 1, sends: 5, deliveries: 4 } }],
      ['germany', { type: 'country', name: 'Germany', counts: { campaigns: 1, sends: 100, deliveries: 90 } }],
      ['welcome', { type: 'flow', name: 'Welcome', counts: { campaigns: 1, sends: 100, deliveries: 90 } }],
      ['bolt', { type: 'brand', name: 'Bolt', counts: { campaigns: 1, sends: 5, deliveries: 4 } }],
      ['draft', { type: 'status', name: 'draft', counts: { campaigns: 1, sends: 5, deliveries: 4 } }],
      ['mail orders', { type: 'goal', name: 'Mail orders' }],
      ['lapsed_vip', { type: 'segment', name: 'Lapsed VIPs' }],
    ] as const) {
      const { hits } = await search({ query })
      expect(hits, query).toContainEqual(expect.objectContaining(hit))
    }
    expect((await search({ query: 'sale', types: ['flow'] })).hits).toEqual([])
    expect((await refusalOf(search({ query: 'sale', types: ['flwo'] }))).details).toMatchObject({ argument: 'types', nearest: ['flow'] })
    expect((await search({ query: 'zzzzqqqq' })).hits).toEqual([])
    // Figures are the reports'.
    const blind = await explorer({ without: 'read:reports' }).search(searchCatalogInput.parse({ query: 'spring' }))
    expect(blind.hits.every(({ counts }) => counts === undefined)).toBe(true)
    expect(blind.counted).toContain('read:reports')
  })
})

test('nothing but a person in the dashboard changes a status: every step needs a scope that no token carries', () => {
  expect(transitions.map(({ from, to }) => `${from} ${to}`)).toHaveLength(new Set(transitions.map(({ from, to }) => `${from} ${to}`)).size)
  for (const { scope } of transitions) expect(scope).toBe('approve:drafts')
  expect(requiredScopes('write', 'create:campaigns')).not.toContain('approve:drafts')
})

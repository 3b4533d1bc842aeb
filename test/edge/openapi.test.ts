/** /openapi.json of a running Mercat: whole, valid, open to everybody; its rows are what the door for rows takes, and nothing else. */
import { AjvJsonSchemaValidator } from '@modelcontextprotocol/client/validators/ajv'
import { beforeAll, describe, expect, test } from 'vitest'
import { areas } from '../../src/edge/api/endpoints/index.gen.ts'
import { errorTable } from '../../src/core/errors.ts'
import { startLoad } from '../../src/domain/facts/index.ts'
import { entityRowSchema } from '../../src/domain/entities/index.ts'
import { entityRow } from '../../src/ingest/entities.ts'
import { insertCanonical, type Kind, kinds, type StoredKind } from '../../src/ingest/index.ts'
import { cellOf } from '../../src/ingest/readers/ndjson.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security: readonly Record<string, readonly string[]>[]
  readonly parameters?: readonly { name: string; schema: { enum?: string[] } }[]
  readonly requestBody?: { readonly content: Record<string, { schema?: { $ref?: string; required?: string[] } }> }
  readonly responses: Record<string, { $ref?: string }>
}
interface Document {
  readonly openapi: string
  readonly servers: readonly { url: string }[]
  readonly tags: readonly { name: string }[]
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: Record<'schemas' | 'responses' | 'securitySchemes', Record<string, Record<string, unknown>>>
}

const app = sharedApp()
const validator = new AjvJsonSchemaValidator()
/** Throws when it is no JSON Schema. A reference leads into the document, so its components stand around the schema. */
const compile = (schema: object) => validator.getValidator({ ...schema, components: document.components } as Parameters<typeof validator.getValidator>[0])
let document: Document
beforeAll(async () => {
  document = (await (await fetch(app.at('/openapi.json'))).json()) as Document
})

test('anyone may read it, a page of any origin too, and caches may keep it', async () => {
  const { status, headers } = await fetch(app.at('/openapi.json'), { headers: { origin: 'https://elsewhere.example' } })
  expect(status).toBe(200)
  expect(headers.get('content-type')).toBe('application/json')
  expect(headers.get('access-control-allow-origin')).toBe('*')
  expect(headers.get('cache-control')).toBe('public, max-age=300')
  expect((await fetch(app.at('/openapi.json'), { method: 'POST' })).status).toBe(404)
  expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: app.origin }] })
})

test('every reference leads somewhere, every schema is JSON Schema 2020-12, and no operation lacks what clients are made of', () => {
  const schemas: object[] = []
  const walk = (node: unknown, name = '') => {
    if (typeof node !== 'object' || node === null) return
    if ('$ref' in node && typeof node.$ref === 'string') {
      const target = node.$ref.split('/').slice(1)
      expect(
        target.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document),
        node.$ref,
      ).toBeDefined()
    }
    if (name === 'schema') schemas.push(node)
    for (const [key, child] of Object.entries(node)) walk(child, key)
  }
  walk(document)
  schemas.push(...Object.values(document.components.schemas))
  expect(schemas.length).toBeGreaterThan(80)
  for (const schema of schemas) expect(() => compile(schema), JSON.stringify(schema)).not.toThrow()
  expect(() => compile({ type: 'no such type' })).toThrow()

  const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.values(methods).map((operation) => ({ path, ...operation })))
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  const tags = document.tags.map(({ name }) => name)
  for (const { path, tags: own, security, responses, parameters = [] } of operations) {
    expect(tags).toEqual(expect.arrayContaining([...own]))
    for (const scheme of security.flatMap((one) => Object.keys(one))) expect(document.components.securitySchemes).toHaveProperty(scheme)
    expect(Object.keys(responses), path).toContain('200')
    for (const [, name] of path.matchAll(/\{(\w+)\}/g)) expect(parameters.map((one) => one.name)).toContain(name)
  }
})

describe('the dashboard', () => {
  const endpoints = Object.entries(areas).flatMap(([area, own]) =>
    Object.entries(own as unknown as Record<string, { kind: 'query' | 'mutation' | 'download' }>).map(([name, { kind }]) => ({ area, name, kind })),
  )
  test('is in it with every endpoint: its method, what a change must carry, what its errors may be', () => {
    const found = Object.keys(document.paths).filter((path) => path.startsWith('/api/'))
    expect(found.sort()).toEqual(endpoints.map(({ area, name }) => `/api/${area}/${name}`).sort())
    for (const { area, name, kind } of endpoints) {
      const [[method, operation] = ['', undefined]] = Object.entries(document.paths[`/api/${area}/${name}`] ?? {})
      expect([method, Object.keys(operation?.security[0] ?? {})]).toEqual([kind === 'download' ? 'get' : 'post', kind === 'mutation' ? ['session', 'csrf'] : ['session']])
      for (const status of ['400', '401', '403', '404', '409', '413', '429', '500', '503', '504']) expect(operation?.responses).toHaveProperty(status)
    }
    const told = JSON.stringify(document.components.responses)
    for (const code of ['missing_scopes', 'conflict', 'unavailable'] as const) expect(told).toContain(JSON.stringify(errorTable[code].means).slice(1, -1))
  })

  test('names the cookie and the header that its requests really need', async () => {
    const { session, csrf } = document.components.securitySchemes
    const dashboard = await openDashboard(app.origin, app.people.owner)
    expect(dashboard.browser.cookies('/')).toMatch(new RegExp(`(^|; )${session?.name}=`))
    const change = async (headers: Record<string, string | undefined>) => (await dashboard.call('settings/setMcp', { account: 'acme', enabled: 'maybe' }, headers)).status
    // Refused for its argument, so it got past the token.
    expect(await change({ 'x-mercat-csrf': undefined, [String(csrf?.name)]: dashboard.csrf })).toBe(400)
    expect(await change({ [String(csrf?.name)]: undefined })).toBe(403)
  })
})

describe('the ingest API', () => {
  const pathOf = (kind: string) => `/ingest/${kind.replaceAll('_', '-')}`
  test('has a path for each kind of row and one for all platforms', () => {
    const paths = Object.keys(document.paths).filter((path) => path.startsWith('/ingest/'))
    expect(paths.sort()).toEqual([...Object.keys(kinds).map(pathOf), '/ingest/{source}/{key}'].sort())
    for (const kind of Object.keys(kinds)) {
      const operation = document.paths[pathOf(kind)]?.post
      expect(operation?.security).toEqual([{ ingestKey: [] }])
      expect(Object.keys(operation?.responses ?? {})).toEqual(['200', '401', '403', '404', '413', '422', '503'])
    }
    const types = sources.filter(({ connection }) => connection === 'webhook').map(({ type }) => type)
    expect(document.paths['/ingest/{source}/{key}']?.post?.parameters?.[0]?.schema.enum).toEqual(types)
    expect(document.components.responses.Ingest503).toHaveProperty('headers.Retry-After')
  })

  const at = '2026-03-31T09:00:00Z'
  const event = { campaign_id: 'welcome', message_id: 'm-1', event: 'sent', occurred_at: at, channel: 'Email' }
  const order = { order_id: 'o-1', placed_at: at, status: 'paid', amount: '19.90', currency: 'EUR' }
  const item = { order_id: 'o-1', item_id: 1, product: 'p-1', quantity: 2, unit_price: '9.95', amount: 19.9 }
  const visit = { customer_id: 'c-1', kind: 'visit', occurred_at: at }
  const customer = { customer_id: 'c-1' }
  const entity = { type: 'campaign', key: 'spring' }
  const rows: [Kind, 'good' | 'wrong', Record<string, unknown>][] = [
    ['events', 'good', event],
    ['events', 'good', { ...event, customer_id: 4711, country: 'de', machine: true, url: null, bounce_type: null, occurred_at: 1_774_947_600 }],
    ['events', 'good', { ...event, event: 'bounced', bounce_type: 'hard', error: '550 5.1.1 no such user', occurred_at: '1774947600000', inbox: 'Gmail' }],
    ['events', 'wrong', { ...event, event: 'teleported' }],
    ['events', 'wrong', { ...event, occurred_at: 'yesterday' }],
    ['events', 'wrong', { ...event, occurred_at: '2026-03-31T09:00:00' }],
    ['events', 'wrong', { ...event, campaign_id: null }],
    ['events', 'wrong', { ...event, channel: 'Fax' }],
    ['events', 'wrong', { ...event, campaign_id: 'x'.repeat(201) }],
    ['events', 'wrong', { ...event, machine: 'perhaps' }],
    ['orders', 'good', { ...order, amount: -3, opt_ins: { newsletter: true, sms: false }, updated_at: `${at.slice(0, -1)}+02:00` }],
    ['orders', 'wrong', { ...order, amount: '19,90' }],
    ['orders', 'wrong', { ...order, amount: '1.1234567' }],
    ['orders', 'wrong', { ...order, status: 'lost' }],
    ['orders', 'wrong', { ...order, currency: 'euros' }],
    ['orders', 'wrong', { ...order, opt_ins: { 'ann@example.com': true } }],
    ['orders', 'wrong', { order_id: 'o-2' }],
    ['order_items', 'good', item],
    ['order_items', 'wrong', { ...item, item_id: '' }],
    ['order_items', 'wrong', { ...item, quantity: 'two' }],
    ['web_events', 'good', { ...visit, properties: { path: '/spring', seconds: 12 } }],
    ['web_events', 'wrong', { ...visit, kind: 'a\u0007bell' }],
    ['web_events', 'wrong', { ...visit, properties: ['not', 'an', 'object'] }],
    ['customers', 'good', { ...customer, consent: ['Email', 'SMS'], signed_up: '2026-01-31', language: 'pt-BR', attributes: { tier: 'gold' }, stage: null }],
    ['customers', 'wrong', { ...customer, consent: ['Fax'] }],
    ['customers', 'wrong', { ...customer, signed_up: '31.01.2026' }],
    ['customers', 'wrong', { ...customer, language: 'German, mostly' }],
    ['entities', 'good', { ...entity, name: 'Spring', tags: ['sale'], starts_at: '2026-03-31', ends_at: at, definition: { kind: 'bulk' }, brand: null }],
    ['entities', 'wrong', { ...entity, starts_at: 1_774_947_600 }],
    ['entities', 'wrong', { ...entity, channel: 'Fax' }],
    ['entities', 'wrong', { ...entity, tags: [''] }],
  ]

  test('describes rows as the door takes them: what conforms is stored, and what does not is refused', async () => {
    const conforms = (kind: string, row: unknown) => compile(schemaOf(kind))(row).valid
    const schemaOf = (kind: string) => {
      const name = document.paths[pathOf(kind)]?.post?.requestBody?.content['application/x-ndjson']?.schema?.$ref?.split('/').at(-1) ?? ''
      return document.components.schemas[name] ?? {}
    }
    const { id } = app.accounts.acme
    for (const [kind, own] of Map.groupBy(rows, ([name]) => name)) {
      const given = own.map(([, , row]) => row)
      const expected = own.map(([, verdict]) => verdict === 'good')
      expect(
        given.map((row) => conforms(kind, row)),
        kind,
      ).toEqual(expected)
      expect(await takenByDoor(kind, given, id), kind).toEqual(expected)
      expect(conforms(kind, { ...given[0], surprise: 1 })).toBe(false)
    }
  })

  async function takenByDoor(kind: Kind, given: Record<string, unknown>[], account: string): Promise<boolean[]> {
    if (kind === 'entities')
      return given.map((row) => entityRowSchema.safeParse(entityRow(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cellOf(value)])))).success)
    const load = await startLoad(app.stores.db, { accountId: account, source: 'openapi', label: kind })
    const { rejects } = await insertCanonical(app.stores, { id: account }, kind as StoredKind, given, load.id)
    return given.map((_, index) => !rejects.some(({ line }) => line === index + 1))
  }
})

/** Apps that name themselves by a metadata document (CIMD): what is let in, what is asked of the internet, and what is remembered. Only the internet is replaced, at its seam. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outgoing } from '../../src/identity/oauth/documents.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { type App, authorizationUrl, connect, newPkce, postToken } from '../clients/oauth.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { type House, openHouse, openSecond } from './house.ts'

/** What the internet would answer. */
const names = new Map<string, string[][]>()
const documents = new Map<string, { status?: number; body: string; headers?: Record<string, string> }>()
const visited: string[] = []
const resolved: string[] = []
const outgoing: Outgoing = {
  resolve: async (hostname) => {
    resolved.push(hostname)
    return (names.get(hostname)?.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  },
  get: async (url, to) => {
    visited.push(`${to.address} ${url.href}`)
    const found = documents.get(url.href) ?? { status: 404, body: '' }
    const chunks = async function* () {
      yield Buffer.from(found.body)
    }
    return { status: found.status ?? 200, headers: found.headers ?? {}, body: chunks() }
  },
}

let house: House
beforeAll(async () => {
  house = await openHouse({ outgoing })
})
afterAll(() => house.close())
beforeEach(() => {
  names.clear()
  documents.clear()
  visited.length = 0
  resolved.length = 0
  // Past what is remembered of failures.
  house.advance(61)
})

const ask = async (given: App, at = house.origin): Promise<Page> => {
  const { page } = await new Browser(at).go(authorizationUrl(at, given, house.resource(house.acme), newPkce()))
  if (!page) throw new Error('left')
  return page
}
const claude = 'https://claude.ai/oauth/claude-code-client-metadata'
const redirectUri = 'http://localhost:51234/callback'
// As Claude Code publishes it: no application_type, loopback without a port.
const honest = {
  client_id: claude,
  client_name: 'Claude Code',
  redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
}
const app: App = { clientId: claude, redirectUri, registration: {} }
const other = (path: string, metadata: object) => {
  const clientId = `https://apps.example/${path}`
  names.set('apps.example', [['93.184.216.34']])
  documents.set(clientId, { body: JSON.stringify({ ...honest, client_id: clientId, ...metadata }) })
  return { ...app, clientId }
}

test('Claude Code connects without registration; the document is fetched once and outlives its website', async () => {
  names.set('claude.ai', [['160.79.104.10']])
  documents.set(claude, { body: JSON.stringify(honest), headers: { 'cache-control': 'max-age=600' } })
  const pages: Page[] = []
  const { tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app, onPage: (page) => pages.push(page) })
  expect(pages.at(-1)?.text).toContain('Identified by claude.ai')
  expect(pages.at(-1)?.text).toContain('this computer (localhost:51234)')
  expect((await house.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
  expect(visited).toEqual([`160.79.104.10 ${claude}`])
  documents.clear()
  house.advance(3600)
  expect((await ask(app)).status).toBe(200)
})

test.each([
  ['another client_id', { client_id: 'https://apps.example/else' }],
  ['a secret', { client_secret: 'x' }],
  ['a secret’s method', { token_endpoint_auth_method: 'client_secret_post' }],
  ['a redirect that is not allowed', { redirect_uris: ['https://evil.example/callback'] }],
])('a document with %s is refused', async (name, metadata) => {
  const page = await ask(other(encodeURIComponent(name), metadata))
  expect(page.status).toBe(400)
  expect(page.html).not.toContain('<form')
})

test('a document without a method has none', async () => {
  expect((await ask(other('no-method', { token_endpoint_auth_method: undefined }))).status).toBe(200)
})

test.each(['http://apps.example/client', 'https://apps.example:8443/client', 'https://user@apps.example/client', 'https://127.0.0.1/client', 'https://[::1]/client'])(
  '%s is not fetched',
  async (clientId) => {
    names.set('apps.example', [['93.184.216.34']])
    names.set('127.0.0.1', [['127.0.0.1']])
    names.set('::1', [['::1']])
    expect((await ask({ ...app, clientId })).status).toBe(400)
    expect(visited).toEqual([])
  },
)

test('a name with a private address is refused before anything is sent', async () => {
  names.set('inside.example', [['10.0.0.5'], ['10.0.0.5']])
  names.set('mixed.example', [
    ['93.184.216.34', '169.254.169.254'],
    ['93.184.216.34', '169.254.169.254'],
  ])
  expect((await ask({ ...app, clientId: 'https://inside.example/client' })).status).toBe(400)
  expect((await ask({ ...app, clientId: 'https://mixed.example/client' })).status).toBe(400)
  expect(visited).toEqual([])
})

test('a rebinding name is asked once, and only the checked address is called', async () => {
  const clientId = 'https://rebinding.example/client'
  names.set('rebinding.example', [['93.184.216.34'], ['127.0.0.1']])
  documents.set(clientId, { body: JSON.stringify({ ...honest, client_id: clientId }) })
  expect((await ask({ ...app, clientId })).status).toBe(200)
  expect(visited).toEqual([`93.184.216.34 ${clientId}`])
})

test('a redirect and a document over 5 kB are refused', async () => {
  const moved = other('moved', {})
  documents.set(moved.clientId, { status: 302, body: '', headers: { location: 'https://apps.example/x' } })
  names.set('apps.example', [['93.184.216.34'], ['93.184.216.34']])
  expect((await ask(moved)).status).toBe(400)
  expect((await ask(other('large', { client_name: 'x'.repeat(5200) }))).status).toBe(400)
})

describe('what is remembered', () => {
  test('a failure, for a minute; then the document is asked for again', async () => {
    const late = other('late', {})
    names.delete('apps.example')
    expect((await ask(late)).status).toBe(400)
    expect((await ask(late)).status).toBe(400)
    expect(resolved).toEqual(['apps.example'])
    names.set('apps.example', [['93.184.216.34']])
    house.advance(61)
    expect((await ask(late)).status).toBe(200)
  })

  test('a website that answers with an error page does not replace the document that is kept, and is not asked at every request', async () => {
    const kept = other('kept', {})
    expect((await ask(kept)).status).toBe(200)
    names.set('apps.example', Array(9).fill(['93.184.216.34']))
    documents.set(kept.clientId, { body: '<h1>We will be back soon</h1>' })
    house.advance(400)
    visited.length = 0
    // oidc-provider itself remembers for half a minute of its own time: another installation of it asks our store each time.
    const second = await openSecond(house, house.store, { outgoing })
    expect((await ask(kept, second.origin)).status).toBe(200)
    expect(visited).toHaveLength(1)
    await second.close()
    const third = await openSecond(house, house.store, { outgoing })
    expect((await ask(kept, third.origin)).status).toBe(200)
    expect(visited).toHaveLength(1)
    await third.close()
  })
})

test('nobody can have a website hammered through this server: 20 fetches a minute and host, from /authorize and /token alike', async () => {
  names.set('victim.example', Array(99).fill(['93.184.216.34']))
  const asked = Array.from({ length: 40 }, (_, n) => {
    const clientId = `https://victim.example/${n}`
    return n % 2 ? ask({ ...app, clientId }) : postToken(house.origin, { grant_type: 'refresh_token', client_id: clientId, refresh_token: 'x' })
  })
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(40).fill(400))
  expect(visited.filter((url) => url.includes('victim.example'))).toHaveLength(20)
  // Others are not held up by it.
  expect((await ask(other('others', {}))).status).toBe(200)
})

describe('two processes on PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.stop())

  test('a document is fetched once for all, and serves in a process that comes later and cannot reach the internet', async () => {
    const location = { engine: 'postgres', url: await postgres.database() } as const
    const shared = await openHouse({ location, outgoing })
    names.set('claude.ai', [['160.79.104.10']])
    documents.set(claude, { body: JSON.stringify(honest) })
    const unreachable: Outgoing = { resolve: () => Promise.reject(new Error('no way out')), get: () => Promise.reject(new Error('no way out')) }
    const second = await openSecond(shared, location, { outgoing: unreachable })
    try {
      const { tokens } = await connect({ origin: shared.origin, resource: shared.resource(shared.acme), person: shared.people.owner, app })
      expect(visited).toHaveLength(1)
      expect((await postToken(second.origin, { grant_type: 'refresh_token', client_id: claude, refresh_token: tokens.refresh_token })).status).toBe(200)
      shared.advance(6 * 86_400)
      expect((await postToken(second.origin, { grant_type: 'refresh_token', client_id: claude, refresh_token: tokens.refresh_token })).body.error).toBe('invalid_grant')
      expect(visited).toHaveLength(1)
    } finally {
      await second.close()
      await shared.close()
    }
  })
})

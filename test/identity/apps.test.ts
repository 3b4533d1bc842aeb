/** Which apps are let in: dynamic registration and its management, and metadata documents. Driven from outside; only the internet is replaced, at its seam. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Outgoing } from '../../src/identity/oauth/documents.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { type App, authorizationUrl, connect, newPkce, register, registerApp } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

/** What the internet would answer. */
const names = new Map<string, string[][]>()
const documents = new Map<string, { status?: number; body: string; headers?: Record<string, string> }>()
const visited: string[] = []
const outgoing: Outgoing = {
  resolve: async (hostname) => (names.get(hostname)?.shift() ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
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
})

describe('dynamic registration', () => {
  test.each([
    ['an evil host', 'https://evil.example/callback'],
    ['http', 'http://app.example/callback'],
    ['javascript:', 'javascript:alert(1)'],
    ['data:', 'data:text/html,x'],
    ['a private scheme that is not listed', 'evil://callback'],
    ['userinfo', 'https://claude.ai@evil.example/api/mcp/auth_callback'],
    ['a suffix of an allowed one', 'https://claude.ai/api/mcp/auth_callback/x'],
    ['loopback by another name', 'http://localhost.evil.example/callback'],
    ['a fragment', 'http://localhost/callback#x'],
  ])('%s as redirect is refused', async (_, uri) => {
    const response = await register(house.origin, { redirect_uris: ['http://localhost/callback', uri] })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' })
  })

  test.each([
    'https://claude.ai/api/mcp/auth_callback',
    'https://claude.com/api/mcp/auth_callback',
    'https://chatgpt.com/connector_platform_oauth_redirect',
    'https://chatgpt.com/connector/oauth/Ab1-_x',
    'https://vscode.dev/redirect',
    'cursor://anysphere.cursor-mcp/oauth/callback',
    'http://127.0.0.1:33418/',
    'http://localhost:6274/oauth/callback',
    'http://[::1]:9/x',
    'https://app.example/callback',
  ])('%s is allowed', async (uri) => {
    expect((await register(house.origin, { redirect_uris: [uri] })).status).toBe(201)
  })

  test('scopes, unknown grants and unneeded metadata do not refuse an honest app', async () => {
    const response = await register(house.origin, {
      scope: 'read:mcp offline_access',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      contacts: ['not an e-mail'],
      jwks_uri: 'http://127.0.0.1/x',
      logo_uri: 'https://x.example/l.png',
    })
    expect(response.status).toBe(201)
    const body = (await response.json()) as Record<string, unknown>
    expect(body).not.toHaveProperty('jwks_uri')
    expect(body).toMatchObject({ grant_types: ['authorization_code', 'refresh_token'], application_type: 'native' })
  })

  test('a body of 2 MB', async () => {
    const response = await register(house.origin, { client_name: 'x'.repeat(2 * 1024 * 1024) }).catch(() => undefined)
    // The server may close the connection while the rest is still being sent.
    expect(response?.status ?? 413).toBe(413)
    expect((await register(house.origin)).status).toBe(201)
  })

  test('a body that is no object, or no JSON', async () => {
    for (const body of ['[]', 'null', '{', '"x"']) {
      const response = await fetch(`${house.origin}/register`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      expect(response.status).toBe(400)
    }
  })

  test('deleting an app (RFC 7592) ends its tokens', async () => {
    const app = await registerApp(house.origin)
    const { tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app })
    const uri = String(app.registration.registration_client_uri)
    const headers = { authorization: `Bearer ${String(app.registration.registration_access_token)}` }
    expect(
      (
        await fetch(uri, {
          method: 'PUT',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ client_id: app.clientId, redirect_uris: ['https://evil.example/x'] }),
        })
      ).status,
    ).toBe(400)
    expect((await fetch(uri, { method: 'DELETE', headers })).status).toBe(204)
    await expect.poll(async () => (await house.identity.check(tokens.access_token, 'c/acme')).ok).toBe(false)
    expect((await fetch(uri, { headers })).status).toBe(401)
  })
})

describe('metadata documents', () => {
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
  const ask = async (given: App): Promise<Page> => {
    const { page } = await new Browser(house.origin).go(authorizationUrl(house.origin, given, house.resource(house.acme), newPkce()))
    if (!page) throw new Error('left')
    return page
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
  ])('%s is refused', async (name, metadata) => {
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
})

test('the allowlist is documented', async () => {
  const text = await readFile(new URL('../../docs/identity.md', import.meta.url), 'utf8')
  const { builtinRedirectUris } = await import('../../src/identity/oauth/clients.ts')
  for (const uri of builtinRedirectUris) expect(text).toContain(uri)
})

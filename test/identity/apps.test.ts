/** Which apps may register, driven from outside. Managing a registration is in registration.test.ts, metadata documents in documents.test.ts. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Page } from '../clients/browser.ts'
import { authorizationUrl, connect, newPkce, register, registerApp } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

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

  test.each([
    [
      'Cursor',
      'cursor://anysphere.cursor-mcp/oauth/callback',
      ['cursor://anysphere.cursor-mcp/oauth/callback', 'https://www.cursor.com/agents/mcp/oauth/callback', 'http://localhost:8787/callback'],
    ],
    [
      'Visual Studio Code',
      'http://127.0.0.1:51000/',
      ['https://insiders.vscode.dev/redirect', 'https://vscode.dev/redirect', 'http://localhost/', 'http://127.0.0.1/', 'http://localhost:33418/', 'http://127.0.0.1:33418/'],
    ],
  ])('%s registers as it does, and is shown as what runs on the person’s machine when the answer goes there', async (name, redirectUri, redirect_uris) => {
    const app = await registerApp(house.origin, { client_name: name, client_uri: 'https://app.example', redirect_uris, scope: 'read:mcp' })
    const pages: Page[] = []
    const { tokens, browser } = await connect({
      origin: house.origin,
      resource: house.resource(house.acme),
      person: house.people.owner,
      app: { ...app, redirectUri },
      onPage: (page) => pages.push(page),
    })
    expect((await house.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
    expect(pages.at(-1)?.text).toContain('This app runs on your own computer')
    // Its address on the web is asked about every time too: the registration could be anybody's.
    const web = { ...app, redirectUri: redirect_uris.find((uri) => uri.startsWith('https:')) ?? '' }
    const { page } = await browser.go(authorizationUrl(house.origin, web, house.resource(house.acme), newPkce()))
    expect(page?.title).toContain('asks for access again')
    expect(page?.text).not.toContain('This app runs on your own computer')
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
})

test('the allowlist is documented', async () => {
  const text = await readFile(new URL('../../docs/identity.md', import.meta.url), 'utf8')
  const { builtinRedirectUris } = await import('../../src/identity/oauth/clients.ts')
  for (const uri of builtinRedirectUris) expect(text).toContain(uri)
})

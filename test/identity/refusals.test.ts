/** Requests that no honest app makes, driven from outside: doubled parameters, wrong places and types, large and strange input. Refused in the words of OAuth, and never a 5xx. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from '../clients/browser.ts'
import { type App, authorizationUrl, newPkce, redeem, refresh, registerApp, walk } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

let house: House
let app: App
beforeAll(async () => {
  house = await openHouse()
  app = await registerApp(house.origin, { redirect_uris: ['https://app.example/callback'] })
})
afterAll(() => house.close())

const acme = () => house.resource(house.acme)
const url = (parameters: Record<string, string | undefined> = {}) => authorizationUrl(house.origin, app, acme(), newPkce(), parameters)
async function post(path: string, body: string, type = 'application/x-www-form-urlencoded') {
  const response = await fetch(`${house.origin}${path}`, { method: 'POST', body, headers: { 'content-type': type } })
  const text = await response.text()
  return { status: response.status, error: text.startsWith('{') ? String((JSON.parse(text) as { error?: unknown }).error) : text }
}
async function newCode() {
  const pkce = newPkce()
  const back = await walk(new Browser(house.origin), authorizationUrl(house.origin, app, acme(), pkce), house.people.owner)
  return { code: back.searchParams.get('code') ?? '', pkce }
}

test('duplicated parameters: a doubled client_id or redirect_uri gets no redirect', async () => {
  for (const [name, value] of [
    ['client_id', app.clientId],
    ['redirect_uri', 'https://app.example/callback'],
    ['redirect_uri', 'https://evil.example/callback'],
  ] as const) {
    const stop = await new Browser(house.origin).go(`${url()}&${name}=${encodeURIComponent(value)}`)
    expect(stop.page?.status).toBe(400)
  }
})

test.each(['response_type=code', 'code_challenge=x', 'code_challenge_method=S256', 'state=2', 'prompt=none', 'scope=read%3Amcp'])(
  'duplicated parameters: %s twice is sent back as an error',
  async (pair) => {
    const { left } = await new Browser(house.origin).go(`${url({ prompt: 'login', scope: 'read:mcp' })}&${pair}`)
    expect(left?.searchParams.get('error')).toBe('invalid_request')
    expect(left?.searchParams.get('iss')).toBe(house.origin)
    expect(left?.searchParams.get('code')).toBeNull()
  },
)

test('duplicated parameters at the token endpoint, and two resources', async () => {
  const { code, pkce } = await newCode()
  const whole = { grant_type: 'authorization_code', client_id: app.clientId, redirect_uri: app.redirectUri, code, code_verifier: pkce.verifier }
  for (const [name, value] of Object.entries(whole)) {
    const { status, error } = await post('/token', `${new URLSearchParams(whole).toString()}&${name}=${encodeURIComponent(value)}`)
    expect([400, 401]).toContain(status)
    expect(['invalid_request', 'invalid_client', 'unsupported_grant_type']).toContain(error)
  }
  const twice = `${new URLSearchParams({ ...whole, resource: acme() }).toString()}&resource=${encodeURIComponent(house.resource(house.other))}`
  expect(await post('/token', twice)).toEqual({ status: 400, error: 'invalid_target' })
  // None of this has used the code up.
  const { status, body } = await redeem(house.origin, app, code, pkce)
  expect(status).toBe(200)
  const again = new URLSearchParams({ grant_type: 'refresh_token', client_id: app.clientId, refresh_token: String(body.refresh_token) }).toString()
  expect((await post('/token', `${again}&refresh_token=x`)).status).toBe(400)
  expect((await refresh(house.origin, app, String(body.refresh_token))).status).toBe(200)
})

test('what belongs into the body is not taken from the query, and a body of another type is refused', async () => {
  const { code, pkce } = await newCode()
  const whole = { grant_type: 'authorization_code', client_id: app.clientId, redirect_uri: app.redirectUri, code, code_verifier: pkce.verifier }
  expect((await post(`/token?${new URLSearchParams(whole).toString()}`, '')).status).toBe(400)
  expect((await post('/token', JSON.stringify(whole), 'application/json')).status).toBe(400)
  expect((await fetch(`${house.origin}/token?${new URLSearchParams(whole).toString()}`)).status).toBe(404)
  expect((await redeem(house.origin, app, code, pkce)).status).toBe(200)
})

test.each([
  ['request', { request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_not_supported'],
  ['request_uri', { request_uri: 'https://evil.example/request' }, 'request_uri_not_supported'],
  ['registration', { registration: '{}' }, 'registration_not_supported'],
])('request objects are not offered: %s', async (_, parameters, error) => {
  const { left, page } = await new Browser(house.origin).go(url(parameters))
  expect(left?.searchParams.get('error') ?? page?.text).toContain(error)
})

test('a body of 2 MB is refused everywhere, said or not', async () => {
  const large = `client_id=${app.clientId}&token=${'x'.repeat(2 * 1024 * 1024)}`
  for (const path of ['/token', '/revoke', '/introspect', '/register']) {
    const said = await post(path, large).catch(() => ({ status: 413 }))
    expect(said.status).toBe(413)
    const unsaid = await fetch(`${house.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit).catch(() => ({ status: 413 }))
    expect([400, 413]).toContain(unsaid.status)
  }
})

test('strange input to every endpoint is refused and never breaks it', async () => {
  const strange = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom('\0', '%00', '\ud800', '../..', "'; DROP TABLE users; --", 'https://claude.ai/', 'x'.repeat(3000), '2~x', '~', 'constructor', '__proto__'),
  )
  const names = [
    'client_id',
    'client_secret',
    'token',
    'grant_type',
    'code',
    'refresh_token',
    'redirect_uri',
    'resource',
    'scope',
    'state',
    'code_verifier',
    'constructor',
    '__proto__',
  ]
  const parameters = fc.array(fc.tuple(fc.constantFrom(...names), fc.oneof(strange, fc.constantFrom(app.clientId, acme(), 'refresh_token', 'authorization_code'))), {
    maxLength: 8,
  })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/token', '/revoke', '/introspect'), parameters, async (path, given) => {
      const query = given.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`).join('&')
      const asked = await post(path, query)
      expect(asked.status).toBeLessThan(500)
      const authorized = await fetch(`${house.origin}/authorize?${query}`, { redirect: 'manual' })
      expect(authorized.status).toBeLessThan(500)
      expect(authorized.headers.get('location') ?? '').not.toMatch(/^https?:(?!\/\/app\.example)/)
    }),
    { numRuns: 30 },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.object({ key: fc.constantFrom('redirect_uris', 'client_name', 'grant_types', 'jwks', 'token_endpoint_auth_method', '__proto__'), maxDepth: 2 }),
      async (metadata) => {
        const asked = await post('/register', JSON.stringify({ redirect_uris: ['http://localhost/x'], ...metadata }), 'application/json')
        expect(asked.status).toBeLessThan(500)
      },
    ),
    { numRuns: 25 },
  )
})

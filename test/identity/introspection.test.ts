/** What an app is told of a token (RFC 7662) and how it gives one back (RFC 7009): of its own only, and of others nothing at all. Driven from outside. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember, removeMember, setUserDisabled } from '../../src/domain/accounts/index.ts'
import { type App, connect, refresh, registerApp } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const inactive = { active: false }
const acme = () => house.resource(house.acme)
const connected = async (person = house.people.owner) => await connect({ origin: house.origin, resource: acme(), person, scope: 'read:mcp read:reports' })
const valid = async (token: string) => (await house.identity.check(token, 'c/acme')).ok

async function ask(path: string, app: App, body: Record<string, string>) {
  const response = await fetch(`${house.origin}${path}`, { method: 'POST', body: new URLSearchParams({ client_id: app.clientId, ...body }) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: (text ? JSON.parse(text) : {}) as Record<string, unknown> }
}
const introspect = async (app: App, token: string, more: Record<string, string> = {}) => (await ask('/introspect', app, { token, ...more })).body

describe('introspection', () => {
  test('an app’s own token is active, with what it is good for', async () => {
    const { app, tokens } = await connected()
    const { status, headers, body } = await ask('/introspect', app, { token: tokens.access_token })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    const { iat, exp, ...told } = body
    expect(Number(exp) - Number(iat)).toBe(600)
    expect(told).toEqual({
      active: true,
      aud: acme(),
      client_id: app.clientId,
      iss: house.origin,
      scope: 'read:mcp read:reports',
      sub: house.people.owner.id,
      token_type: 'Bearer',
    })
    expect(await introspect(app, tokens.refresh_token)).toMatchObject({ active: true, client_id: app.clientId })
    // A hint is a hint.
    expect(await introspect(app, tokens.access_token, { token_type_hint: 'refresh_token' })).toMatchObject({ active: true })
  })

  test('another app’s, unknown, malformed, a registration token, a used refresh token: {active: false} and nothing else', async () => {
    const { app, tokens } = await connected()
    const stranger = await registerApp(house.origin)
    for (const token of [tokens.access_token, tokens.refresh_token]) expect(await introspect(stranger, token)).toEqual(inactive)
    for (const token of ['x', 'x'.repeat(43), String(app.registration.registration_access_token), 'a.b.c']) expect(await introspect(app, token)).toEqual(inactive)
    await refresh(house.origin, app, tokens.refresh_token)
    expect(await introspect(app, tokens.refresh_token)).toEqual(inactive)
  })

  test('inactive at once when the token is revoked, the member removed, the person disabled', async () => {
    const { db } = house.store
    const { analyst } = house.people
    let one = await connected(analyst)
    const active = async () => [await introspect(one.app, one.tokens.access_token), await introspect(one.app, one.tokens.refresh_token)].map((told) => told.active)
    expect(await active()).toEqual([true, true])
    await removeMember(db, house.acme.id, analyst.id)
    expect(await active()).toEqual([false, false])
    await addMember(db, house.acme.id, analyst.id, { role: 'analyst' })
    expect(await active()).toEqual([false, false])
    one = await connected(analyst)
    expect(await active()).toEqual([true, true])
    await setUserDisabled(db, analyst.id, true, new Date())
    expect(await active()).toEqual([false, false])
    await setUserDisabled(db, analyst.id, false, new Date())
    await ask('/revoke', one.app, { token: one.tokens.access_token })
    expect(await active()).toEqual([false, false])
  })

  test('an app with a secret must show it; without an app there is no answer', async () => {
    const app = await registerApp(house.origin, { token_endpoint_auth_method: 'client_secret_post' })
    for (const path of ['/introspect', '/revoke']) {
      expect((await ask(path, app, { token: 'x' })).status).toBe(401)
      expect((await ask(path, app, { token: 'x', client_secret: 'wrong' })).status).toBe(401)
      expect((await ask(path, app, { token: 'x', client_secret: String(app.registration.client_secret) })).status).toBe(200)
      expect((await fetch(`${house.origin}${path}`, { method: 'POST', body: new URLSearchParams({ token: 'x' }) })).status).toBe(400)
    }
  })
})

describe('revocation', () => {
  test('of an access token or a refresh token ends the connection at the next call', async () => {
    for (const kind of ['access_token', 'refresh_token'] as const) {
      const { app, tokens } = await connected()
      expect(await valid(tokens.access_token)).toBe(true)
      expect((await ask('/revoke', app, { token: tokens[kind] })).status).toBe(200)
      expect(await valid(tokens.access_token)).toBe(false)
      expect((await refresh(house.origin, app, tokens.refresh_token)).status).toBe(400)
      // Again is no error (RFC 7009, 2.2).
      expect((await ask('/revoke', app, { token: tokens[kind] })).status).toBe(200)
    }
  })

  test('of another app’s token does nothing, and looks the same', async () => {
    const { app, tokens } = await connected()
    const stranger = await registerApp(house.origin)
    for (const token of [tokens.access_token, tokens.refresh_token, 'never-was']) expect(await ask('/revoke', stranger, { token })).toMatchObject({ status: 200, body: {} })
    expect(await valid(tokens.access_token)).toBe(true)
    expect((await refresh(house.origin, app, tokens.refresh_token)).status).toBe(200)
  })
})

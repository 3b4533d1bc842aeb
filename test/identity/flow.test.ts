/** The happy path, from outside: discovery, registration, sign-in, consent, token, refresh, revoke, check. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultTokenScopes } from '../../src/core/access.ts'
import type { Page } from '../clients/browser.ts'
import { connect, refresh } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const json = async (path: string) => (await (await fetch(`${house.origin}${path}`)).json()) as Record<string, unknown>

test('discovery leads from an MCP endpoint to the authorization server', async () => {
  const resource = await json('/.well-known/oauth-protected-resource/c/acme')
  expect(resource).toMatchObject({ resource: `${house.origin}/c/acme`, authorization_servers: [house.origin], scopes_supported: defaultTokenScopes })
  expect(await json('/.well-known/oauth-protected-resource/mcp')).toMatchObject({ resource: `${house.origin}/mcp` })
  const server = await json('/.well-known/oauth-authorization-server')
  expect(server).toMatchObject({
    issuer: house.origin,
    code_challenge_methods_supported: ['S256'],
    response_types_supported: ['code'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  })
  expect(await json('/.well-known/oauth-authorization-server/c/acme')).toEqual(server)
})

test('a person connects an app, which works, refreshes and is revoked', async () => {
  const pages: Page[] = []
  const { app, tokens, callback } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, onPage: (page) => pages.push(page) })
  expect(pages.map((page) => page.title)).toEqual(['Sign in · Mercat', 'Test app asks for access · Mercat'])
  expect(pages[1]?.text).toContain('Acme Stores')
  expect(pages[1]?.text).toContain('This app runs on your own computer')
  expect(callback.searchParams.get('iss')).toBe(house.origin)
  expect(callback.searchParams.get('state')).toBe('state-1')
  const audited = await house.store.db.selectFrom('audit').select(['account_id', 'user_id']).where('tool', '=', 'app.connected').where('client_id', '=', app.clientId).execute()
  expect(audited).toEqual([{ account_id: house.acme.id, user_id: house.people.owner.id }])
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600, scope: defaultTokenScopes.join(' ') })

  const checked = await house.identity.check(tokens.access_token, 'c/acme')
  if (!checked.ok) throw new Error(checked.error)
  expect(checked.principals).toHaveLength(1)
  expect(checked.principals[0]).toMatchObject({ userId: house.people.owner.id, clientId: app.clientId, account: { systemName: 'acme' }, organizations: null, brands: null })
  expect([...(checked.principals[0]?.scopes ?? [])].sort()).toEqual([...defaultTokenScopes].sort())
  expect(checked.principals[0]?.grantable.has('create:campaigns')).toBe(true)
  expect(checked.principals[0]?.grantable.has('approve:drafts')).toBe(false)

  const refreshed = await refresh(house.origin, app, tokens.refresh_token)
  expect(refreshed.status).toBe(200)
  expect(refreshed.body.refresh_token).not.toBe(tokens.refresh_token)
  expect((await house.identity.check(String(refreshed.body.access_token), 'c/acme')).ok).toBe(true)

  const revoked = await fetch(`${house.origin}/revoke`, { method: 'POST', body: new URLSearchParams({ client_id: app.clientId, token: String(refreshed.body.refresh_token) }) })
  expect(revoked.status).toBe(200)
  expect(await house.identity.check(String(refreshed.body.access_token), 'c/acme')).toEqual({ ok: false, status: 401, error: 'invalid_token' })
  expect(await house.identity.check(tokens.access_token, 'c/acme')).toMatchObject({ ok: false, error: 'invalid_token' })
})

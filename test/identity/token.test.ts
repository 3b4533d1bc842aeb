/** What the token endpoint refuses, and the one thing it forgives: refreshing twice at once. Driven from outside. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Browser } from '../clients/browser.ts'
import { type App, authorizationUrl, connect, newPkce, postToken, redeem, refresh, registerApp, walk } from '../clients/oauth.ts'
import { type House, openHouse, refreshInParallel } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const acme = () => house.resource(house.acme)
const valid = async (token: unknown) => (await house.identity.check(String(token), 'c/acme')).ok

/** The accounts whose audit log holds the event about the app. */
const events = async (app: App, event: string) =>
  (await house.store.db.selectFrom('audit').select('account_id').where('tool', '=', event).where('client_id', '=', app.clientId).execute()).map((row) => row.account_id).sort()

async function newCode(app: App): Promise<{ code: string; pkce: ReturnType<typeof newPkce> }> {
  const pkce = newPkce()
  const back = await walk(new Browser(house.origin), authorizationUrl(house.origin, app, acme(), pkce), house.people.owner)
  return { code: back.searchParams.get('code') ?? '', pkce }
}
const connected = async (app?: App) => await connect({ origin: house.origin, resource: acme(), person: house.people.owner, ...(app && { app }) })

describe('codes', () => {
  test('a replayed code is refused and ends the tokens it gave', async () => {
    const app = await registerApp(house.origin)
    const { code, pkce } = await newCode(app)
    const first = await redeem(house.origin, app, code, pkce)
    expect(first.status).toBe(200)
    expect(await valid(first.body.access_token)).toBe(true)
    expect(await redeem(house.origin, app, code, pkce)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await valid(first.body.access_token)).toBe(false)
    expect(await refresh(house.origin, app, String(first.body.refresh_token))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('five parallel redemptions: at most one succeeds', async () => {
    const app = await registerApp(house.origin)
    const { code, pkce } = await newCode(app)
    const answers = await Promise.all(Array.from({ length: 5 }, () => redeem(house.origin, app, code, pkce)))
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
    expect(answers.filter(({ status }) => status !== 200).every(({ status, body }) => status === 400 && body.error === 'invalid_grant')).toBe(true)
    for (const { body } of answers) expect(await valid(body.access_token)).toBe(false)
  })

  test('a wrong verifier, none, and a wrong redirect URI', async () => {
    const app = await registerApp(house.origin)
    const { code } = await newCode(app)
    expect(await redeem(house.origin, app, code, newPkce())).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await postToken(house.origin, { grant_type: 'authorization_code', client_id: app.clientId, redirect_uri: app.redirectUri, code })).status).toBe(400)
    const next = await newCode(app)
    expect((await redeem(house.origin, app, next.code, next.pkce, { redirect_uri: 'http://127.0.0.1:53682/other' })).status).toBe(400)
  })

  test('a code of another client', async () => {
    const { code, pkce } = await newCode(await registerApp(house.origin))
    expect(await redeem(house.origin, await registerApp(house.origin), code, pkce)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('another resource than was consented to', async () => {
    const app = await registerApp(house.origin)
    const { code, pkce } = await newCode(app)
    expect(await redeem(house.origin, app, code, pkce, { resource: house.resource(house.other) })).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })
})

describe('refresh', () => {
  test('eight parallel refreshes of one token get one successor pair, 50 times over', async () => {
    const { app, tokens } = await connected()
    const last = await refreshInParallel([house.origin], app, tokens, 50)
    expect(await valid(last.access_token)).toBe(true)
  })

  test('a use that a crash left without an answer does not sign the client out', async () => {
    const { app, tokens } = await connected()
    const { db } = house.store
    await db
      .updateTable('oauth_records')
      .set({ consumed_at: new Date(Date.now() - 1000) })
      .where('model', '=', 'RefreshToken')
      .where('client_id', '=', app.clientId)
      .execute()
    let answers: Awaited<ReturnType<typeof refresh>>[] = []
    void Promise.all([1, 2].map(() => refresh(house.origin, app, tokens.refresh_token))).then((got) => (answers = got))
    await expect
      .poll(() => {
        house.advance(2)
        return answers.length
      })
      .toBe(2)
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    expect(answers[0]?.body.refresh_token).toBe(answers[1]?.body.refresh_token)
  })

  test('a late one inside the window gets the same pair; after the window the family dies', async () => {
    const { app, tokens } = await connected()
    const first = await refresh(house.origin, app, tokens.refresh_token)
    house.advance(60)
    const late = await refresh(house.origin, app, tokens.refresh_token)
    expect(late.body.refresh_token).toBe(first.body.refresh_token)
    expect(Number(late.body.expires_in)).toBeLessThanOrEqual(540)
    house.advance(60)
    const reused = await Promise.all([1, 2, 3].map(() => refresh(house.origin, app, tokens.refresh_token)))
    for (const answer of reused) expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await valid(first.body.access_token)).toBe(false)
    expect(await refresh(house.origin, app, String(first.body.refresh_token))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await events(app, 'token.reused')).toEqual([house.acme.id])
  })

  test('reuse after the window stands in the audit log of every account of the grant', async () => {
    const { app, tokens } = await connect({ origin: house.origin, resource: `${house.origin}/mcp`, person: house.people.both, accounts: [house.acme.id, house.other.id] })
    await refresh(house.origin, app, tokens.refresh_token)
    house.advance(100)
    // Of another app it proves nothing: refused, and the family lives.
    expect((await refresh(house.origin, await registerApp(house.origin), tokens.refresh_token)).status).toBe(400)
    expect(await events(app, 'token.reused')).toEqual([])
    expect((await refresh(house.origin, app, tokens.refresh_token)).status).toBe(400)
    expect(await events(app, 'token.reused')).toEqual([house.acme.id, house.other.id].sort())
  })

  test('another client inside the window is refused, and the family lives', async () => {
    const { app, tokens } = await connected()
    const first = await refresh(house.origin, app, tokens.refresh_token)
    const thief = await registerApp(house.origin)
    expect(await refresh(house.origin, thief, tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await refresh(house.origin, thief, String(first.body.refresh_token))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await valid(first.body.access_token)).toBe(true)
    expect((await refresh(house.origin, app, String(first.body.refresh_token))).status).toBe(200)
  })

  test('a wrong resource does not burn the token', async () => {
    const { app, tokens } = await connected()
    expect(await refresh(house.origin, app, tokens.refresh_token, { resource: house.resource(house.other) })).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect(await refresh(house.origin, app, tokens.refresh_token, { resource: 'https://evil.example/c/acme' })).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect((await refresh(house.origin, app, tokens.refresh_token, { resource: `${acme()}/` })).status).toBe(200)
  })

  test('no more scope than was granted, in the window neither', async () => {
    const { app, tokens } = await connect({ origin: house.origin, resource: acme(), person: house.people.owner, scope: 'read:mcp read:reports' })
    expect(await refresh(house.origin, app, tokens.refresh_token, { scope: 'read:mcp read:billing' })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    const less = await refresh(house.origin, app, tokens.refresh_token, { scope: 'read:mcp' })
    expect(less).toMatchObject({ status: 200, body: { scope: 'read:mcp' } })
    expect(await refresh(house.origin, app, tokens.refresh_token, { scope: 'read:mcp read:billing' })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  test('of a removed member: refused, also when they are added again', async () => {
    const { removeMember, addMember } = await import('../../src/domain/accounts/index.ts')
    const { app, tokens } = await connect({ origin: house.origin, resource: acme(), person: house.people.analyst })
    await removeMember(house.store.db, house.acme.id, house.people.analyst.id)
    expect(await refresh(house.origin, app, tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    await addMember(house.store.db, house.acme.id, house.people.analyst.id, { role: 'analyst' })
    expect(await refresh(house.origin, app, tokens.refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

test('a refresh token lasts 30 days and slides; the grant ends after 180', async () => {
  const long = await openHouse()
  try {
    const { app, tokens } = await connect({ origin: long.origin, resource: long.resource(long.acme), person: long.people.owner })
    let token = tokens.refresh_token
    for (let month = 1; month <= 6; month++) {
      long.advance(29 * 86_400)
      const { status, body } = await refresh(long.origin, app, token)
      expect(status).toBe(200)
      token = String(body.refresh_token)
    }
    long.advance(29 * 86_400)
    expect(await refresh(long.origin, app, token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const unused = await connect({ origin: long.origin, resource: long.resource(long.acme), person: long.people.owner })
    long.advance(31 * 86_400)
    expect((await refresh(long.origin, unused.app, unused.tokens.refresh_token)).status).toBe(400)
  } finally {
    await long.close()
  }
})

describe('other grants and clients', () => {
  test.each(['password', 'client_credentials', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code'])('%s is not offered', async (grant_type) => {
    const app = await registerApp(house.origin)
    const { status, body } = await postToken(house.origin, { grant_type, client_id: app.clientId, username: house.people.owner.email, password: house.people.owner.password })
    expect(status).toBe(400)
    expect(['unsupported_grant_type', 'invalid_request']).toContain(body.error)
  })

  test('a client with a secret must show it', async () => {
    const app = await registerApp(house.origin, { token_endpoint_auth_method: 'client_secret_post' })
    const { code, pkce } = await newCode(app)
    expect((await redeem(house.origin, app, code, pkce)).status).toBe(401)
    expect((await redeem(house.origin, app, code, pkce, { client_secret: 'wrong' })).status).toBe(401)
    expect((await redeem(house.origin, app, code, pkce, { client_secret: String(app.registration.client_secret) })).status).toBe(200)
  })
})

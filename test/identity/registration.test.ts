/** Managing a registration (RFC 7592) and how many there may be, driven from outside: the one gate holds for changes too, and a deleted app is gone with everything it held. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember, createUser, makeLink } from '../../src/domain/accounts/index.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { createLimiter } from '../../src/storage/operational/limiter.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { type App, authorizationUrl, connect, newPkce, refresh, register, registerApp } from '../clients/oauth.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { type House, openHouse, openSecond, password, secret } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const web = { redirect_uris: ['https://app.example/callback'] }
const acme = () => house.resource(house.acme)

interface Asked {
  readonly method?: string
  readonly token?: string | undefined
  readonly body?: unknown
  readonly origin?: string
}
/** A request to a registration's own address; by default with its own token. */
async function manage(app: App, { method = 'GET', token = String(app.registration.registration_access_token), body, origin = house.origin }: Asked = {}) {
  const response = await fetch(`${origin}/register/${app.clientId}`, {
    method,
    headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, unknown>, headers: response.headers }
}
const change = (app: App, metadata: Record<string, unknown>, asked: Asked = {}) =>
  manage(app, {
    method: 'PUT',
    body: { client_id: app.clientId, token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'], ...web, ...metadata },
    ...asked,
  })
const begin = async (app: App, redirectUri: string, origin = house.origin) =>
  await fetch(authorizationUrl(origin, { ...app, redirectUri }, acme(), newPkce()), { redirect: 'manual' })
const recordsOf = async (app: App) => await house.store.db.selectFrom('oauth_records').select('model').where('client_id', '=', app.clientId).execute()

describe('reading', () => {
  test('an app reads its registration with its token', async () => {
    const app = await registerApp(house.origin, web)
    const { status, body, headers } = await manage(app)
    expect(status).toBe(200)
    expect(body).toMatchObject({ client_id: app.clientId, client_name: 'Test app', redirect_uris: web.redirect_uris, application_type: 'web' })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('no token, a wrong one, an access token, another app’s: 401, and an unknown app looks the same', async () => {
    const app = await registerApp(house.origin, web)
    const { tokens } = await connect({ origin: house.origin, resource: acme(), person: house.people.owner, app })
    const unknown = { ...app, clientId: 'never-was' }
    for (const method of ['GET', 'PUT', 'DELETE']) {
      for (const wrong of ['', 'wrong', tokens.access_token, tokens.refresh_token]) {
        const [of, ofUnknown] = await Promise.all([manage(app, { method, token: wrong }), manage(unknown, { method, token: wrong })])
        expect(of.status).toBe(401)
        expect(ofUnknown).toMatchObject({ status: 401, body: of.body })
      }
      // A good token at an address that is not its own is taken away: whoever has it goes through addresses.
      const asked = async (target: App) => await manage(target, { method, token: String((await registerApp(house.origin)).registration.registration_access_token) })
      const [foreign, gone] = [await asked(app), await asked(unknown)]
      expect(foreign.status).toBe(401)
      expect(gone).toMatchObject({ status: 401, body: foreign.body })
    }
    expect((await manage(app)).status).toBe(200)
    expect((await house.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
  })

  test('a token in the query is refused', async () => {
    const app = await registerApp(house.origin)
    const url = `${house.origin}/register/${app.clientId}?access_token=${String(app.registration.registration_access_token)}`
    expect((await fetch(url)).status).toBe(400)
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(400)
    expect((await manage(app)).status).toBe(200)
  })
})

describe('changing', () => {
  test.each([
    ['an evil host', ['https://evil.example/callback']],
    ['http', ['http://app.example/callback']],
    ['javascript:', ['javascript:alert(1)']],
    ['one bad among good ones', ['https://app.example/callback', 'https://claude.ai@evil.example/x']],
    ['none', []],
  ])('%s as redirect is refused as at registration', async (_, redirect_uris) => {
    const app = await registerApp(house.origin, web)
    expect(await change(app, { redirect_uris })).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
    expect((await manage(app)).body.redirect_uris).toEqual(web.redirect_uris)
  })

  test('the same normalisation as at registration', async () => {
    const app = await registerApp(house.origin, web)
    const { status, body } = await change(app, {
      scope: 'read:mcp',
      client_name: ' Evil\u202e\n name ',
      jwks_uri: 'http://127.0.0.1/x',
      logo_uri: 'https://x.example/l.png',
      grant_types: ['authorization_code', 'refresh_token', 'password'],
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ client_name: 'Evil name', grant_types: ['authorization_code', 'refresh_token'] })
    for (const name of ['jwks_uri', 'logo_uri', 'scope']) expect(body).not.toHaveProperty(name)
  })

  test('a change of redirect and name acts at once; what people allowed goes on', async () => {
    const app = await registerApp(house.origin, web)
    const { tokens, browser } = await connect({ origin: house.origin, resource: acme(), person: house.people.owner, app })
    expect((await change(app, { client_name: 'Renamed', redirect_uris: ['http://127.0.0.1:7777/back'] })).status).toBe(200)
    expect((await begin(app, 'https://app.example/callback')).status).toBe(400)
    expect((await begin(app, 'http://127.0.0.1:7777/back')).status).toBe(303)
    expect((await refresh(house.origin, app, tokens.refresh_token)).status).toBe(200)
    // Now it is an app on the person's machine: those are asked about every time.
    const pages: Page[] = []
    await connect({
      origin: house.origin,
      resource: acme(),
      person: house.people.owner,
      app: { ...app, redirectUri: 'http://127.0.0.1:7777/back' },
      browser,
      onPage: (page) => pages.push(page),
    })
    expect(pages.map(({ title }) => title)).toEqual(['Renamed asks for access again · Mercat'])
  })

  test('nothing that is not the app’s to choose', async () => {
    const app = await registerApp(house.origin, { ...web, token_endpoint_auth_method: 'client_secret_post' })
    const keep = { token_endpoint_auth_method: 'client_secret_post' }
    for (const metadata of [
      { client_id: 'another' },
      { client_secret: 'chosen by the app' },
      { registration_access_token: 'x' },
      { client_secret_expires_at: 1 },
      { client_id_issued_at: 1 },
      { registration_client_uri: 'https://evil.example' },
    ])
      expect((await change(app, { ...keep, ...metadata })).status).toBe(400)
    const { body } = await change(app, { ...keep, client_secret: app.registration.client_secret })
    expect(body.client_secret).toBe(app.registration.client_secret)
  })

  test('a body of 2 MB, and bodies that are no object', async () => {
    const app = await registerApp(house.origin, web)
    const large = await change(app, { client_name: 'x'.repeat(2 * 1024 * 1024) }).catch(() => undefined)
    expect(large?.status ?? 413).toBe(413)
    for (const body of ['[]', 'null', '{', '"x"']) expect((await manage(app, { method: 'PUT', body })).status).toBe(400)
    expect((await manage(app)).body.client_name).toBe('Test app')
  })
})

describe('deleting', () => {
  test('deleting an app ends its tokens before the answer is given (trap 7), and stands in the audit log of every account', async () => {
    const app = await registerApp(house.origin)
    const one = await connect({ origin: house.origin, resource: acme(), person: house.people.owner, app })
    const two = await connect({ origin: house.origin, resource: `${house.origin}/mcp`, person: house.people.both, app, accounts: [house.acme.id, house.other.id] })
    expect((await house.identity.check(one.tokens.access_token, 'c/acme')).ok).toBe(true)
    expect((await house.identity.check(two.tokens.access_token, 'mcp')).ok).toBe(true)
    expect((await manage(app, { method: 'DELETE' })).status).toBe(204)
    expect((await house.identity.check(one.tokens.access_token, 'c/acme')).ok).toBe(false)
    expect((await house.identity.check(two.tokens.access_token, 'mcp')).ok).toBe(false)
    expect(await refresh(house.origin, app, one.tokens.refresh_token)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect((await begin(app, app.redirectUri)).status).toBe(400)
    expect(await recordsOf(app)).toEqual([])
    for (const method of ['GET', 'PUT', 'DELETE']) expect((await manage(app, { method })).status).toBe(401)
    const audited = await house.store.db.selectFrom('audit').select(['account_id', 'user_id']).where('tool', '=', 'app.deleted').where('client_id', '=', app.clientId).execute()
    const key = (row: { account_id: string; user_id: string | null }) => `${row.account_id} ${row.user_id}`
    expect(audited.map(key).sort()).toEqual(
      [
        [house.acme.id, house.people.owner.id],
        [house.acme.id, house.people.both.id],
        [house.other.id, house.people.both.id],
      ]
        .map(([account_id = '', user_id = '']) => key({ account_id, user_id }))
        .sort(),
    )
  })

  test('a person in the middle of allowing a deleted app gets a page that says so', async () => {
    const app = await registerApp(house.origin)
    const browser = new Browser(house.origin)
    await connect({ origin: house.origin, resource: acme(), person: house.people.owner, browser })
    const { page } = await browser.go(authorizationUrl(house.origin, app, acme(), newPkce()))
    await manage(app, { method: 'DELETE' })
    const after = page && (await browser.submit(page, 'allow'))
    expect(after?.page?.status).toBe(400)
  })
})

test('the clean-up forgets what is over: apps without a grant with their tokens, old links, challenges', async () => {
  const { db } = house.store
  const run = async () => {
    for (const job of house.identity.jobs) await job.run(new AbortController().signal, { accountId: '', runId: '' })
  }
  const used = await registerApp(house.origin)
  await connect({ origin: house.origin, resource: acme(), person: house.people.owner, app: used })
  const unused = await registerApp(house.origin)
  const user = await createUser(db, { email: 'linked@mercat.example', name: 'Linked', password })
  await addMember(db, house.acme.id, user.id, { role: 'analyst' })
  await makeLink(db, 'password', { userId: user.id, email: user.email }, null, house.clock())
  await db.insertInto('challenges').values({ id_hash: 'x', purpose: 'passkey.add', sealed: 'x', expires_at: house.clock() }).execute()
  await run()
  expect(await recordsOf(unused)).toHaveLength(2)
  expect(await db.selectFrom('challenges').select('purpose').execute()).toEqual([])
  expect(await db.selectFrom('links').select('id').execute()).toHaveLength(1)
  expect(await db.selectFrom('sessions').select('uid').execute()).not.toEqual([])
  house.advance(8 * 86_400)
  // Forgotten from the minute on, not from the next run of the clean-up.
  expect((await begin(unused, unused.redirectUri)).status).toBe(400)
  await run()
  expect(await recordsOf(unused)).toEqual([])
  expect((await recordsOf(used)).map(({ model }) => model)).toContain('RegistrationAccessToken')
  expect(await db.selectFrom('sessions').select('uid').execute()).toEqual([])
  house.advance(40 * 86_400)
  await run()
  expect(await db.selectFrom('links').select('id').execute()).toEqual([])
})

describe('two processes on PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.stop())

  test('changes, deletions and the quota of the installation hold in both', async () => {
    const location = { engine: 'postgres', url: await postgres.database() } as const
    const one = await openHouse({ location })
    const two = await openSecond(one, location)
    try {
      const app = await registerApp(one.origin, web)
      const resource = one.resource(one.acme)
      const { tokens } = await connect({ origin: one.origin, resource, person: one.people.owner, app })
      expect((await two.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
      expect((await change(app, { redirect_uris: ['http://127.0.0.1:1/x'] }, { origin: two.origin })).status).toBe(200)
      const asked = async (redirectUri: string) => await fetch(authorizationUrl(one.origin, { ...app, redirectUri }, resource, newPkce()), { redirect: 'manual' })
      expect((await asked('https://app.example/callback')).status).toBe(400)
      expect((await asked('http://127.0.0.1:1/x')).status).toBe(303)
      expect((await manage(app, { method: 'DELETE', origin: one.origin })).status).toBe(204)
      await expect.poll(async () => (await two.identity.check(tokens.access_token, 'c/acme')).ok).toBe(false)

      const quota = createLimiter(one.store, { name: 'identity.registerAnywhere', points: 2000, seconds: 86_400 })
      await quota.spend(deriveSecrets(secret).nameOf('limit', ''), 1999)
      for (const origin of [one.origin, two.origin]) {
        const refused = await register(origin)
        expect(refused.status).toBe(429)
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60)
        expect(await refused.json()).toMatchObject({ error: 'temporarily_unavailable' })
      }
    } finally {
      await two.close()
      await one.close()
    }
  })
})

test('registrations from one address are limited: the 61st in an hour is refused with Retry-After', async () => {
  const fresh = await openHouse()
  try {
    const seen: number[] = []
    for (let n = 0; n < 61; n++) seen.push((await register(fresh.origin, { redirect_uris: ['https://evil.example/x'] })).status)
    expect(seen).toEqual([...Array(60).fill(400), 429])
  } finally {
    await fresh.close()
  }
})

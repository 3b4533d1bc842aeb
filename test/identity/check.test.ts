/** What a token is good for, now: at which resource, after which change, and what the store and the log would tell a thief. */
import { Writable } from 'node:stream'
import { type KyselyPlugin, sql } from 'kysely'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addMember, createAccount, createUser, removeMember, setMcp, setMember, setUserDisabled, updateSettings } from '../../src/domain/accounts/index.ts'
import { createIdentity } from '../../src/identity/index.ts'
import { Browser } from '../clients/browser.ts'
import { authorizationUrl, connect, newPkce, redeem, refresh, registerApp, type StuckError, walk } from '../clients/oauth.ts'
import { type House, openHouse, password, secret } from './house.ts'

let house: House
const logged: string[] = []
beforeAll(async () => {
  const log = pino(
    { level: 'trace' },
    new Writable({
      write: (line: Buffer, _, done) => {
        logged.push(line.toString())
        done()
      },
    }),
  )
  house = await openHouse({ log })
})
afterAll(() => house.close())

const invalid = { ok: false, status: 401, error: 'invalid_token' }
let people = 0
/** A person, an account and a token of their own. */
async function fresh(role = 'owner', scope?: string) {
  const name = `p${++people}`
  const user = await createUser(house.store.db, { email: `${name}@mercat.example`, name, password })
  const account = await createAccount(house.store.db, { systemName: `acc-${name}`, name, timeZone: 'UTC', currency: 'EUR' })
  await setMcp(house.store.db, account.id, true)
  await addMember(house.store.db, account.id, user.id, { role })
  const made = await connect({ origin: house.origin, resource: house.resource(account), person: { email: user.email, password }, ...(scope !== undefined && { scope }) })
  const check = () => house.identity.check(made.tokens.access_token, `c/${account.systemName}`)
  expect((await check()).ok).toBe(true)
  return { ...made, user, account, check }
}

describe('alike: invalid_token', () => {
  test('none, malformed, unknown, a refresh token, a code', async () => {
    const { tokens, account, app } = await fresh()
    const at = `c/${account.systemName}` as const
    expect(await house.identity.check(undefined, at)).toEqual(invalid)
    for (const token of ['', 'x', 'x'.repeat(43), "' OR 1=1", 'x'.repeat(100_000), tokens.refresh_token, String(app.registration.registration_access_token)])
      expect(await house.identity.check(token, at)).toEqual(invalid)
  })

  test('a token of account A at account B, at /mcp, at an unknown account', async () => {
    const { tokens } = await fresh()
    expect(await house.identity.check(tokens.access_token, 'c/acme')).toEqual(invalid)
    expect(await house.identity.check(tokens.access_token, 'c/never-was')).toEqual(invalid)
    expect(await house.identity.check(tokens.access_token, 'mcp')).toEqual(invalid)
  })

  test('expired, also when it was cached', async () => {
    const one = await fresh()
    house.advance(601)
    expect(await one.check()).toEqual(invalid)
  })
})

describe('the next call after', () => {
  test('the member is removed', async () => {
    const one = await fresh()
    await removeMember(house.store.db, one.account.id, one.user.id)
    expect(await one.check()).toEqual(invalid)
  })
  test('the person is disabled; enabled again they go on', async () => {
    const one = await fresh()
    await setUserDisabled(house.store.db, one.user.id, true, new Date())
    expect(await one.check()).toEqual(invalid)
    expect((await refresh(house.origin, one.app, one.tokens.refresh_token)).status).toBe(400)
    const again = await connect({
      origin: house.origin,
      resource: house.resource(one.account),
      person: { email: one.user.email, password },
      app: one.app,
      browser: one.browser,
    }).catch((error: unknown) => error)
    expect((again as StuckError).page.text).toContain('do not belong together')
    await setUserDisabled(house.store.db, one.user.id, false, new Date())
    expect((await one.check()).ok).toBe(true)
  })
  test('MCP is turned off', async () => {
    const one = await fresh()
    await setMcp(house.store.db, one.account.id, false)
    expect(await one.check()).toEqual({ ok: false, status: 403, error: 'mcp_disabled' })
    await expect(connect({ origin: house.origin, resource: house.resource(one.account), person: { email: one.user.email, password } })).rejects.toThrow(
      'MCP is not enabled for this account',
    )
    await setMcp(house.store.db, one.account.id, true)
    expect((await one.check()).ok).toBe(true)
  })
  test('the role changes, scopes are removed and added', async () => {
    const one = await fresh('marketer', 'read:mcp read:reports create:campaigns')
    const scopes = async () => {
      const checked = await one.check()
      return checked.ok ? [...(checked.principals[0]?.scopes ?? [])].sort() : checked
    }
    expect(await scopes()).toEqual(['create:campaigns', 'read:mcp', 'read:reports'])
    await setMember(house.store.db, one.account.id, one.user.id, { role: 'analyst' })
    expect(await scopes()).toEqual(['read:mcp', 'read:reports'])
    await setMember(house.store.db, one.account.id, one.user.id, { scopesRemoved: ['read:reports'], scopesAdded: ['create:campaigns', 'read:billing'] })
    expect(await scopes()).toEqual(['create:campaigns', 'read:mcp'])
    await setMember(house.store.db, one.account.id, one.user.id, { organizations: ['org_1'], brands: ['brd_1', 'brd_2'] })
    expect(await one.check()).toMatchObject({ principals: [{ organizations: ['org_1'], brands: ['brd_1', 'brd_2'] }] })
  })
  test('read:mcp is taken away: the principal holds nothing to call with, and may not be granted it', async () => {
    const one = await fresh('analyst')
    await setMember(house.store.db, one.account.id, one.user.id, { role: 'read_only' })
    const checked = await one.check()
    expect(checked.ok && checked.principals[0]?.scopes.has('read:mcp')).toBe(false)
    expect(checked.ok && checked.principals[0]?.grantable.has('read:mcp')).toBe(false)
  })
  test('the settings change', async () => {
    const one = await fresh()
    await updateSettings(house.store.db, one.account.id, { toolsets: ['reports'] })
    expect(await one.check()).toMatchObject({ principals: [{ account: { toolsets: ['reports'] } }] })
  })
})

test('a token without read:mcp, of a person who could grant it: insufficient_scope', async () => {
  const one = await fresh('analyst').catch((error: unknown) => {
    throw error
  })
  const { tokens } = await connect({ origin: house.origin, resource: house.resource(one.account), person: { email: one.user.email, password }, scope: 'read:reports' })
  expect(await house.identity.check(tokens.access_token, `c/${one.account.systemName}`)).toEqual({
    ok: false,
    status: 403,
    error: 'insufficient_scope',
    scopes: ['read:mcp', 'read:reports'],
  })
})

test('an account made anew under an old name is not the one that was consented to', async () => {
  const one = await fresh()
  await house.store.db.deleteFrom('accounts').where('id', '=', one.account.id).execute()
  const again = await createAccount(house.store.db, { systemName: one.account.systemName, name: 'New', timeZone: 'UTC', currency: 'EUR' })
  await addMember(house.store.db, again.id, one.user.id, { role: 'owner' })
  await setMcp(house.store.db, again.id, true)
  house.advance(31)
  expect(await one.check()).toEqual(invalid)
})

test('another process on the same store evicts too', async () => {
  const one = await fresh()
  const second = await createIdentity({
    stores: { operational: { ...house.store, db: house.store.db.withoutPlugins() as never } },
    origin: house.origin,
    secret,
    config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: [] },
    log: pino({ level: 'silent' }),
    clock: () => new Date(),
  })
  const at = `c/${one.account.systemName}` as const
  expect((await second.check(one.tokens.access_token, at)).ok).toBe(true)
  await removeMember(house.store.db, one.account.id, one.user.id)
  await expect.poll(async () => await second.check(one.tokens.access_token, at)).toEqual(invalid)
  await second.close()
})

test('a token that was checked is checked again without asking the store', async () => {
  const one = await fresh()
  let asked = 0
  const count: KyselyPlugin = {
    transformQuery: ({ node }) => {
      asked++
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const second = await createIdentity({
    stores: { operational: { ...house.store, db: house.store.db.withPlugin(count) } },
    origin: house.origin,
    secret,
    config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: [] },
    log: pino({ level: 'silent' }),
    clock: () => new Date(),
  })
  const check = () => second.check(one.tokens.access_token, `c/${one.account.systemName}`)
  expect((await check()).ok).toBe(true)
  expect(asked).toBeGreaterThan(0)
  const once = asked
  for (let n = 0; n < 100; n++) expect((await check()).ok).toBe(true)
  expect(asked).toBe(once)
  await second.close()
})

test('a dump holds no usable token, secret or password, and the log holds none', async () => {
  const { db } = house.store
  const app = await registerApp(house.origin, { token_endpoint_auth_method: 'client_secret_post' })
  const pkce = newPkce()
  const browser = new Browser(house.origin)
  const back = await walk(browser, authorizationUrl(house.origin, app, house.resource(house.acme), pkce), house.people.owner)
  const code = back.searchParams.get('code') ?? ''
  const secrets = { client_secret: String(app.registration.client_secret) }
  const { body: first } = await redeem(house.origin, app, code, pkce, secrets)
  const { body: second } = await refresh(house.origin, app, String(first.refresh_token), secrets)
  // Refused requests are logged with their reason: these, too, must not carry what they came with.
  await redeem(house.origin, app, code, pkce, { client_secret: 'wrong' })
  await refresh(house.origin, app, 'never-issued', secrets)
  const tables = await Promise.all((['oauth_records', 'installation', 'users', 'accounts', 'memberships'] as const).map((name) => db.selectFrom(name).selectAll().execute()))
  const dump = JSON.stringify(tables)
  expect(dump).toContain('argon2id')
  const bearer = [
    code,
    first.access_token,
    first.refresh_token,
    second.access_token,
    second.refresh_token,
    app.registration.client_secret,
    app.registration.registration_access_token,
    pkce.challenge,
    password,
    secret,
    ...browser
      .cookies('/')
      .split('; ')
      .map((pair) => pair.split('=')[1]),
  ]
  for (const value of bearer) {
    expect(String(value).length).toBeGreaterThan(10)
    expect(dump).not.toContain(String(value))
    expect(logged.join('')).not.toContain(String(value))
  }
  expect(logged.join('')).toContain('OAuth request refused')
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM oauth_records WHERE payload ? 'jti'`.execute(db)
  expect(rows[0]?.n).toBe(0)
  await expect(
    createIdentity({
      stores: { operational: house.store },
      origin: house.origin,
      secret: 'another secret, also long enough to pass',
      config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: [] },
      log: pino({ level: 'silent' }),
      clock: () => new Date(),
    }),
  ).rejects.toThrow('another MERCAT_SECRET')
})

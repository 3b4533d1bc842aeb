/** Rotating the keys of an installation: nobody is signed out, in one process and in two, and what no longer needs a key lets it go. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createIdentity } from '../../src/identity/index.ts'
import { dropRetiredKeys, listKeys, openKeyRing, rotateKeys } from '../../src/identity/key-ring.ts'
import { createRecords } from '../../src/identity/oauth/records-repository.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { authorizationUrl, connect, newPkce, redeem, refresh, registerApp, type Tokens, walk } from '../clients/oauth.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { type House, openHouse, openSecond, secret } from './house.ts'

const silent = createLog('silent', 'silent')
const day = 86_400
/** Registrations from one address are limited: a question that registers an app is not asked often. */
const seldom = { interval: 500 }

async function pageAt(browser: Browser, url: string): Promise<Page> {
  const { page } = await browser.go(url)
  if (!page) throw new Error('Sent away instead of shown a page')
  return page
}

/** Everything that somebody may hold or be in the middle of; then a rotation; then all of it must go on at `then`. */
async function surviving(house: House, then: Pick<House, 'origin' | 'identity'>): Promise<void> {
  const { origin, store, people, clock } = house
  const resource = house.resource(house.acme)
  const web = { redirect_uris: ['https://app.example/callback'] }
  const secretive = await registerApp(origin, { ...web, token_endpoint_auth_method: 'client_secret_post' })
  const clientSecret = { client_secret: String(secretive.registration.client_secret) }
  const { app, tokens, browser } = await connect({ origin, resource, person: people.owner, app: await registerApp(origin, web) })
  // Used once already: the pair is kept for repetitions, sealed under the token.
  const replaced = (await refresh(origin, app, tokens.refresh_token)).body as unknown as Tokens
  const pkce = newPkce()
  const code = (await walk(browser, authorizationUrl(origin, secretive, resource, pkce), people.owner)).searchParams.get('code') ?? ''
  const consent = await pageAt(browser, authorizationUrl(origin, await registerApp(origin), resource, newPkce()))
  const stranger = new Browser(origin)
  const signIn = await pageAt(stranger, authorizationUrl(origin, app, resource, newPkce(), { prompt: 'login' }))
  const ring = await openKeyRing(store, secret, clock, silent)
  const sealed = ring.secrets.seal('a TOTP seed', 'totp')

  const { id } = await rotateKeys(store.db, secret, clock)
  house.advance(11)
  // Every process works with the new key by now.
  for (const at of [origin, then.origin]) {
    await expect
      .poll(async () => {
        const { clientId } = await registerApp(at)
        const row = await store.db.selectFrom('oauth_records').select('id_hash').where('model', '=', 'Client').where('client_id', '=', clientId).executeTakeFirst()
        return row?.id_hash.split('~')[0]
      }, seldom)
      .toBe(id)
  }

  expect((await then.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
  expect((await then.identity.check(replaced.access_token, 'c/acme')).ok).toBe(true)
  // Inside the window, and after it.
  expect((await refresh(then.origin, app, tokens.refresh_token)).body.refresh_token).toBe(replaced.refresh_token)
  const next = await refresh(then.origin, app, replaced.refresh_token)
  expect(next.status).toBe(200)
  expect((await house.identity.check(String(next.body.access_token), 'c/acme')).ok).toBe(true)
  const redeemed = await redeem(then.origin, secretive, code, pkce, clientSecret)
  expect(redeemed.status).toBe(200)
  expect((await refresh(origin, secretive, String(redeemed.body.refresh_token), clientSecret)).status).toBe(200)
  // A registration is read with its token, and changed under the name it has.
  const headers = { authorization: `Bearer ${String(app.registration.registration_access_token)}`, 'content-type': 'application/json' }
  const changed = await fetch(`${then.origin}/register/${app.clientId}`, {
    method: 'PUT',
    headers,
    body: JSON.stringify({ client_id: app.clientId, token_endpoint_auth_method: 'none', client_name: 'Renamed', ...web }),
  })
  expect(changed.status).toBe(200)
  expect(await store.db.selectFrom('oauth_records').select('model').where('model', '=', 'Client').where('client_id', '=', app.clientId).execute()).toHaveLength(1)
  // The browser's sign-in: a signed cookie, a session, and pages that were open meanwhile.
  expect((await browser.submit(consent, 'allow')).left?.searchParams.get('code')).toBeTruthy()
  expect((await stranger.submit(signIn, 'sign-in', { email: people.owner.email, password: people.owner.password })).left?.searchParams.get('code')).toBeTruthy()
  const silently = await browser.go(authorizationUrl(origin, app, resource, newPkce(), { prompt: 'none' }))
  expect(silently.left?.searchParams.get('error')).toBeNull()
  expect(ring.secrets.open(sealed, 'totp')).toBe('a TOTP seed')
  await ring.close()
}

describe('one process, embedded', () => {
  let house: House
  beforeAll(async () => {
    house = await openHouse()
  })
  afterAll(() => house.close())

  test('nobody is signed out by a rotation, nor by a second one', async () => {
    await surviving(house, house)
    await surviving(house, house)
    expect((await listKeys(house.store.db, secret, house.clock)).map(({ id, state }) => [id, state])).toEqual([
      ['3', 'in use'],
      ['2', 'retired'],
      ['1', 'retired'],
    ])
  })

  test('a new key is not used before every process can have read it', async () => {
    const { id } = await rotateKeys(house.store.db, secret, house.clock)
    const keys = await listKeys(house.store.db, secret, house.clock)
    expect(keys.map(({ state }) => state).slice(0, 2)).toEqual(['coming', 'in use'])
    await registerApp(house.origin)
    expect((await listKeys(house.store.db, secret, house.clock)).find((key) => key.id === id)?.made).toBe(0)
  })

  test('no key stands in the store in the clear, and none opens without the installation secret', async () => {
    const { db } = house.store
    const dump = JSON.stringify(await db.selectFrom('installation').selectAll().execute())
    expect(dump).not.toContain(secret)
    expect(dump).not.toContain('material')
    await expect(rotateKeys(db, 'another secret, also long enough to pass', house.clock)).rejects.toThrow('another MERCAT_SECRET')
    await expect(listKeys(db, 'another secret, also long enough to pass', house.clock)).rejects.toThrow('another MERCAT_SECRET')
  })

  test('retired keys go once nothing needs them, and never before a day', async () => {
    const { db } = house.store
    const { clock } = house
    expect(await dropRetiredKeys(db, secret, clock)).toEqual([])
    house.advance(2 * day)
    expect(await dropRetiredKeys(db, secret, clock)).toEqual([])
    // Half a year later every grant is over and every app without one forgotten; what is left are apps that were used, under the first keys' names.
    house.advance(200 * day)
    const ring = await openKeyRing(house.store, secret, clock, silent)
    await createRecords(db, ring.secrets, clock).purge()
    await db.deleteFrom('oauth_records').where('model', 'in', ['Client', 'RegistrationAccessToken']).execute()
    const restarted = await createIdentity({
      stores: { operational: house.store },
      origin: house.origin,
      secret,
      config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: [] },
      log: silent,
      clock,
    })
    expect(await dropRetiredKeys(db, secret, clock)).toEqual(['3', '2', '1'])
    expect((await listKeys(db, secret, clock)).map(({ id }) => id)).toEqual(['4'])
    await restarted.close()
    await ring.close()
    const { tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.analyst })
    expect((await house.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
  })
})

test('an installation from before the ring goes on with what it issued, and another secret is refused before a ring is made', async () => {
  const house = await openHouse()
  try {
    const { db } = house.store
    const { app, tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner })
    await db.deleteFrom('installation').where('key', '=', 'key_ring').execute()
    const open = async (given: string) =>
      await createIdentity({
        stores: { operational: house.store },
        origin: house.origin,
        secret: given,
        config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: [] },
        log: silent,
        clock: house.clock,
      })
    await expect(open('another secret, also long enough to pass')).rejects.toThrow('another MERCAT_SECRET')
    expect(await db.selectFrom('installation').select('key').where('key', '=', 'key_ring').execute()).toEqual([])
    const again = await open(secret)
    expect((await again.check(tokens.access_token, 'c/acme')).ok).toBe(true)
    // The names and texts of that time are those of the first key.
    const row = await db.selectFrom('oauth_records').select('id_hash').where('model', '=', 'AccessToken').where('client_id', '=', app.clientId).executeTakeFirst()
    expect(row?.id_hash).toBe(deriveSecrets(secret).nameOf('AccessToken', tokens.access_token))
    await again.close()
  } finally {
    await house.close()
  }
})

describe('two processes on PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres?.stop())

  test('a rotation in one process signs nobody out in the other, and both use the new key', async () => {
    const location = { engine: 'postgres', url: await postgres.database() } as const
    const house = await openHouse({ location })
    const second = await openSecond(house, location)
    try {
      await surviving(house, second)
      await surviving(house, second)
      expect((await Promise.all([rotateKeys(house.store.db, secret, house.clock), rotateKeys(house.store.db, secret, house.clock)])).map(({ id }) => id).sort()).toEqual(['4', '5'])
      // A process that hears nothing for a moment reads the ring by itself.
      await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mercat-listen' AND datname = current_database()`.execute(house.store.db)
      const { id } = await rotateKeys(house.store.db, secret, house.clock)
      house.advance(11)
      for (const at of [house, second]) {
        await expect
          .poll(async () => {
            const { clientId } = await registerApp(at.origin)
            return (await house.store.db.selectFrom('oauth_records').select('id_hash').where('client_id', '=', clientId).where('model', '=', 'Client').executeTakeFirst())?.id_hash
          }, seldom)
          .toMatch(new RegExp(`^${id}~`))
      }
    } finally {
      await second.close()
      await house.close()
    }
  })
})

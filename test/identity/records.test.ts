/** What stands behind the protocol: a public https origin in front of a plain listener, records that are consumed once and end in time. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { createIdentity, type Identity } from '../../src/identity/index.ts'
import { createRecords } from '../../src/identity/oauth/records-repository.ts'
import { deriveSecrets } from '../../src/identity/secrets.ts'
import { authorizationUrl, connect, newPkce, registerApp } from '../clients/oauth.ts'
import { closeServer, consumedAtOnce, type House, listen, openHouse, secret } from './house.ts'

const publicOrigin = 'https://mercat.example'
let house: House
let behind: Awaited<ReturnType<typeof listen>>
let identity: Identity
beforeAll(async () => {
  house = await openHouse()
  behind = await listen()
  identity = await createIdentity({
    stores: { operational: house.store },
    origin: publicOrigin,
    secret,
    config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: ['127.0.0.1'] },
    log: createLog('silent', 'silent'),
    clock: () => new Date(),
  })
  behind.server.on('request', identity.listener)
})
afterAll(async () => {
  await identity.close()
  await closeServer(behind.server)
  await house.close()
})

test('cookies are Secure and host-bound, URLs are https', async () => {
  const app = await registerApp(behind.origin)
  expect(String(app.registration.registration_client_uri).startsWith(`${publicOrigin}/register/`)).toBe(true)
  const begun = await fetch(authorizationUrl(behind.origin, app, `${publicOrigin}/c/acme`, newPkce()), { redirect: 'manual' })
  expect(begun.status).toBe(303)
  const cookies = begun.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) {
    expect(cookie).toMatch(/; secure/i)
    expect(cookie).toMatch(/; httponly/i)
    expect(cookie).toMatch(/; samesite=lax/i)
    expect(cookie).not.toMatch(/; domain/i)
  }
  const page = await fetch(`${behind.origin}${begun.headers.get('location')}`, { headers: { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') } })
  expect(page.status).toBe(200)
  const refused = await fetch(authorizationUrl(behind.origin, app, `${publicOrigin}/c/acme`, newPkce(), { prompt: 'none' }), { redirect: 'manual' })
  expect(refused.headers.get('location')).toContain(`iss=${encodeURIComponent(publicOrigin)}`)
})

test('of five that consume a record at the same instant, one does', async () => {
  expect(await consumedAtOnce(house.store.db, 5)).toEqual([true, false, false, false, false])
})

test('what has expired is deleted; apps that were never used are forgotten, used ones stay', async () => {
  const { app } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner })
  const unused = await registerApp(house.origin)
  const count = async (clientId: string) =>
    (await house.store.db.selectFrom('oauth_records').select('model').where('client_id', '=', clientId).orderBy('model').execute()).map(({ model }) => model)
  expect(await count(unused.clientId)).toEqual(['Client', 'RegistrationAccessToken'])
  const later = (days: number) => createRecords(house.store.db, deriveSecrets(secret), () => new Date(Date.now() + days * 86_400_000)).purge()
  await later(8)
  expect(await count(unused.clientId)).toEqual([])
  expect(await count(app.clientId)).toEqual(['Client', 'Grant', 'RefreshToken', 'RegistrationAccessToken'])
  await later(31)
  expect(await count(app.clientId)).toEqual(['Client', 'Grant', 'RegistrationAccessToken'])
  await later(181)
  expect(await count(app.clientId)).toEqual(['Client', 'RegistrationAccessToken'])
})

/** A person's own security from outside: passwords, factors and sessions change for nobody else, only after a fresh sign-in, and end what they must end at once. */
import { TOTP } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { createUser } from '../../src/domain/accounts/index.ts'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { type Dashboard, openDashboard } from '../clients/dashboard.ts'
import { connect, type Person, refresh } from '../clients/oauth.ts'

let offset = 0
const app = sharedApp({ clock: () => new Date(Date.now() + offset), env: { MERCAT_TRUSTED_PROXIES: '127.0.0.1' } })

let count = 0
const agent = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36'
const newBrowser = () => new Browser(app.origin, { 'x-forwarded-for': `203.0.113.${++count}`, 'user-agent': agent })
const newPerson = async (): Promise<Person & { id: string }> => {
  const email = `person${++count}@example.com`
  return { ...(await createUser(app.stores.db, { email, name: 'Some Person', password })), password }
}
const open = (person: Person) => openDashboard(app.origin, person, newBrowser())
const signsIn = async (email: string, given: string) => {
  const browser = newBrowser()
  const { page } = await browser.go('/sign-in?return_to=/healthz')
  return (await browser.submit(page as Page, 'sign-in', { email, password: given })).page?.url.endsWith('/healthz')
}
interface Status {
  password: boolean
  totp: { since: string } | null
  recoveryCodesLeft: number
  sessions: { id: string; current: boolean; device: string; methods: string[]; signedInAt: string; lastSeenAt: string }[]
  freshUntil: string
}
const status = (dashboard: Dashboard) => dashboard.ok<Status>('security/status')
const alive = async (dashboard: Dashboard) => (await dashboard.call('security/status')).status === 200

async function setUpTotp(dashboard: Dashboard): Promise<{ totp: TOTP; recoveryCodes: string[] }> {
  const { secret } = await dashboard.ok<{ secret: string }>('security/beginTotp')
  const totp = new TOTP({ secret })
  return { totp, ...(await dashboard.ok<{ recoveryCodes: string[] }>('security/confirmTotp', { code: totp.generate({ timestamp: Date.now() + offset }) })) }
}

const changes: readonly [string, unknown][] = [
  ['changePassword', { current: password, next: 'a new battery staple' }],
  ['beginTotp', {}],
  ['confirmTotp', { code: '123456' }],
  ['removeTotp', {}],
  ['renewRecoveryCodes', {}],
  ['signOutEverywhere', {}],
]

describe('who may change what', () => {
  test.each(changes)('%s: not without a sign-in, not without the token, not from another site, not after 15 minutes', async (name, input) => {
    const dashboard = await open(await newPerson())
    const endpoint = `security/${name}`
    expect(await dashboard.refused(endpoint, input, { cookie: '' })).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(await dashboard.refused(endpoint, input, { 'x-mercat-csrf': undefined })).toMatchObject({ status: 403, code: 'cross_site' })
    expect(await dashboard.refused(endpoint, input, { 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403, code: 'cross_site' })
    offset += 15 * 60_000 + 1000
    expect(await dashboard.refused(endpoint, input)).toMatchObject({ status: 403, code: 'sign_in_again', message: expect.stringContaining('Sign in again') })
  })

  test('a fresh sign-in in the same browser makes the change possible', async () => {
    const person = await newPerson()
    const dashboard = await open(person)
    offset += 16 * 60_000
    await dashboard.refused('security/beginTotp')
    const { page } = await dashboard.browser.go('/sign-in?again=1&return_to=/healthz')
    await dashboard.browser.submit(page as Page, 'sign-in', { email: person.email, password })
    dashboard.csrf = (await dashboard.ok<{ csrf: string }>('session/current')).csrf
    await dashboard.ok('security/beginTotp')
    expect((await status(dashboard)).sessions).toHaveLength(1)
  })

  test('hostile input is refused, never 5xx', async () => {
    const dashboard = await open(await newPerson())
    for (const [endpoint, input] of [
      ['changePassword', { current: '', next: 'x' }],
      ['changePassword', { current: 'x'.repeat(513), next: 'a new battery staple' }],
      ['changePassword', { current: password, next: 'x'.repeat(600) }],
      ['changePassword', { current: password }],
      ['confirmTotp', { code: 'x'.repeat(30) }],
      ['confirmTotp', { code: 123456 }],
      ['endSession', { id: { $ne: '' } }],
      ['endSession', { id: '', userId: 'usr_x' }],
      ['endSession', { id: "' OR true --" }],
      ['endSession', { id: '\u0000' }],
      ['beginTotp', { userId: app.people.owner.id }],
    ] as const)
      await dashboard.refused(`security/${endpoint}`, input)
  })
})

describe('password', () => {
  test('is changed with the present one; other sessions end, apps stay', async () => {
    const person = app.people.analyst
    const connected = await connect({ origin: app.origin, resource: app.at('/c/acme'), person, browser: newBrowser() })
    const [here, there] = [await open(person), await open(person)]
    const next = 'quite another staple'
    await here.ok('security/changePassword', { current: password, next })
    expect([await alive(here), await alive(there)]).toEqual([true, false])
    expect((await app.identity.check(connected.tokens.access_token, 'c/acme')).ok).toBe(true)
    expect([await signsIn(person.email, password), await signsIn(person.email, next)]).toEqual([false, true])
    await here.ok('security/changePassword', { current: next, next: password })
  })

  test('is not changed without the present one, to itself, or to a short one; guesses of it are limited', async () => {
    const person = await newPerson()
    const dashboard = await open(person)
    expect(await dashboard.refused('security/changePassword', { current: 'not the password', next: 'a new battery staple' })).toMatchObject({
      code: 'invalid_arguments',
      argument: 'current',
    })
    expect(await dashboard.refused('security/changePassword', { current: password, next: 'short' })).toMatchObject({ code: 'invalid_arguments', argument: 'next' })
    expect(await dashboard.refused('security/changePassword', { current: password, next: password })).toMatchObject({ code: 'invalid_arguments', argument: 'next' })
    for (let n = 0; n < 5; n++) await dashboard.refused('security/changePassword', { current: `guess ${n}`, next: 'a new battery staple' })
    expect(await dashboard.refused('security/changePassword', { current: password, next: 'a new battery staple' })).toMatchObject({ status: 429, code: 'rate_limited' })
    expect(await signsIn(person.email, password)).toBe(true)
  })
})

describe('authenticator app', () => {
  test('counts only once it is confirmed, and is removed again', async () => {
    const person = await newPerson()
    const dashboard = await open(person)
    const { uri, secret } = await dashboard.ok<{ uri: string; secret: string }>('security/beginTotp')
    expect(uri).toMatch(/^otpauth:\/\/totp\/Mercat:/)
    expect(Object.fromEntries(new URL(uri).searchParams)).toMatchObject({ secret, issuer: 'Mercat', algorithm: 'SHA1', digits: '6', period: '30' })
    expect(await dashboard.refused('security/confirmTotp', { code: '000000' })).toMatchObject({ code: 'invalid_arguments', argument: 'code' })
    expect((await status(dashboard)).totp).toBeNull()
    expect(await signsIn(person.email, password)).toBe(true)
    const { totp, recoveryCodes } = await setUpTotp(dashboard)
    expect(await status(dashboard)).toMatchObject({ totp: { since: expect.any(String) }, recoveryCodesLeft: 10 })
    expect(await signsIn(person.email, password)).toBe(false)
    // A second one does not silently replace it.
    expect(await dashboard.refused('security/beginTotp')).toMatchObject({ status: 409 })
    const { recoveryCodes: renewed } = await dashboard.ok<{ recoveryCodes: string[] }>('security/renewRecoveryCodes')
    expect(renewed.filter((code) => recoveryCodes.includes(code))).toEqual([])
    await dashboard.ok('security/removeTotp')
    expect(await status(dashboard)).toMatchObject({ totp: null, recoveryCodesLeft: 0 })
    expect(await signsIn(person.email, password)).toBe(true)
    expect(await dashboard.refused('security/renewRecoveryCodes')).toMatchObject({ status: 409 })
    expect(totp).toBeDefined()
  })

  test('the store holds neither its seed nor a recovery code', async () => {
    const dashboard = await open(await newPerson())
    const { totp, recoveryCodes } = await setUpTotp(dashboard)
    const { db } = app.stores
    const rows = JSON.stringify([await db.selectFrom('totp').selectAll().execute(), await db.selectFrom('recovery_codes').selectAll().execute()])
    for (const value of [totp.secret.base32, totp.secret.hex, ...recoveryCodes, ...recoveryCodes.map((code) => code.replaceAll('-', ''))]) {
      expect(rows.toLowerCase()).not.toContain(value.toLowerCase())
    }
  })
})

describe('sessions', () => {
  test('are listed in words, newest use first, and ended one by one; nobody else’s can be named', async () => {
    const person = await newPerson()
    const [here, there] = [await open(person), await open(person)]
    const { sessions } = await status(here)
    expect(sessions).toHaveLength(2)
    expect(sessions.map(({ device, methods }) => [device, methods])).toEqual(Array(2).fill(['Chrome on macOS', ['pwd']]))
    const other = sessions.find(({ current }) => !current)?.id
    const stranger = await open(await newPerson())
    expect(await stranger.refused('security/endSession', { id: other })).toMatchObject({ status: 404 })
    expect(await alive(there)).toBe(true)
    await here.ok('security/endSession', { id: other })
    expect([await alive(here), await alive(there)]).toEqual([true, false])
    expect(await here.refused('security/endSession', { id: other })).toMatchObject({ status: 404 })
  })

  test('signing out the others leaves this one', async () => {
    const person = await newPerson()
    const [here, one, two] = [await open(person), await open(person), await open(person)]
    expect(await here.ok('security/signOutOthers')).toEqual({ ended: 2 })
    expect([await alive(here), await alive(one), await alive(two)]).toEqual([true, false, false])
  })

  test('signing out everywhere ends all sessions and all apps of the person at the next call, and nobody else’s', async () => {
    const person = app.people.marketer
    const connected = await connect({ origin: app.origin, resource: app.at('/c/acme'), person, browser: newBrowser() })
    const others = await connect({ origin: app.origin, resource: app.at('/c/acme'), person: app.people.owner, browser: newBrowser() })
    const [here, there, stranger] = [await open(person), await open(person), await open(app.people.owner)]
    // Cached now.
    expect((await app.identity.check(connected.tokens.access_token, 'c/acme')).ok).toBe(true)
    await here.ok('security/signOutEverywhere')
    expect((await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${connected.tokens.access_token}` })).status).toBe(401)
    expect((await refresh(app.origin, connected.app, connected.tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' })
    expect([await alive(here), await alive(there), await alive(stranger)]).toEqual([false, false, true])
    expect((await app.identity.check(others.tokens.access_token, 'c/acme')).ok).toBe(true)
  })
})

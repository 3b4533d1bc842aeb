/** Resets by whoever runs Mercat, from outside: one-time links, passwords set, factors taken away, signed out everywhere; by the command line beside a running server, at the next call. */
import { TOTP } from 'otpauth'
import { beforeAll, describe, expect, test } from 'vitest'
import { addMember, createUser, newPasswordLink, setUserDisabled } from '../../src/domain/accounts/index.ts'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { run } from '../cli/process.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { connect, type Person, refresh } from '../clients/oauth.ts'

let offset = 0
const now = () => new Date(Date.now() + offset)
const app = sharedApp({ clock: now, env: { MERCAT_TRUSTED_PROXIES: '127.0.0.1' } })

const next = 'quite another staple'
let count = 0
const newBrowser = () => new Browser(app.origin, { 'x-forwarded-for': `203.0.113.${++count}` })
async function newPerson(): Promise<Person & { id: string }> {
  const email = `person${++count}@example.com`
  const user = await createUser(app.stores.db, { email, name: 'Some Person', password })
  await addMember(app.stores.db, app.accounts.acme.id, user.id, { role: 'analyst' })
  return { id: user.id, email, password }
}
const mercat = (args: string[], input = '') => run(args, { MERCAT_DATA_DIR: app.folder }, { input })
async function linkFor(person: { id: string }): Promise<string> {
  const user = await app.stores.db.selectFrom('users').select(['id', 'email', 'name']).where('id', '=', person.id).executeTakeFirstOrThrow()
  const { token } = await newPasswordLink(app.stores.db, { ...user, isSuperAdmin: false, disabled: false }, null, now())
  return `/new-password?token=${token}`
}
const save = (browser: Browser, page: Page, chosen: string, repeated = chosen) => browser.submit(page, 'save', { password: chosen, repeated })
const pageOf = async (browser: Browser, path: string) => (await browser.go(path)).page as Page
async function signIn(email: string, given: string): Promise<Page> {
  const browser = newBrowser()
  return (await browser.submit(await pageOf(browser, '/sign-in?return_to=/healthz'), 'sign-in', { email, password: given })).page as Page
}
const signsIn = async (email: string, given: string) => (await signIn(email, given)).url.endsWith('/healthz')
const dead = [404, 'This link does not work · Mercat']

/** Signed in at the dashboard and connected with an app. */
async function busy(person: Person) {
  const dashboard = await openDashboard(app.origin, person, newBrowser())
  const connected = await connect({ origin: app.origin, resource: app.at('/c/acme'), person, browser: newBrowser() })
  // Cached now.
  expect((await app.identity.check(connected.tokens.access_token, 'c/acme')).ok).toBe(true)
  return {
    dashboard,
    stands: async () => ({
      session: (await dashboard.call('session/current')).status === 200,
      access: (await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'ping' }, { authorization: `Bearer ${connected.tokens.access_token}` })).status === 200,
    }),
    refreshes: async () => (await refresh(app.origin, connected.app, connected.tokens.refresh_token)).status === 200,
  }
}
const ended = { session: false, access: false }

describe('a link for a new password', () => {
  test('leaves nothing that somebody could have set up who knew the old one: no passkey, no session that was just being made', async () => {
    const person = await newPerson()
    await app.stores.db
      .insertInto('passkeys')
      .values({ id: `key-${person.id}`, user_id: person.id, name: 'A thief’s', public_key: Buffer.from('key') })
      .execute()
    const path = await linkFor(person)
    const browser = newBrowser()
    const page = await pageOf(browser, path)
    // Sign-ins with the old password that are under way while it is replaced.
    const doors = await Promise.all(Array.from({ length: 4 }, async () => ((thief) => ({ thief, page: pageOf(thief, '/sign-in?return_to=/healthz') }))(newBrowser())))
    const pages = await Promise.all(doors.map((door) => door.page))
    await Promise.all([...doors.map(({ thief }, at) => thief.submit(pages[at] as Page, 'sign-in', { email: person.email, password: person.password })), save(browser, page, next)])
    for (const { thief } of doors)
      expect((await thief.request('/api/session/current', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })).status).toBe(401)
    expect(await app.stores.db.selectFrom('passkeys').select('id').where('user_id', '=', person.id).execute()).toEqual([])
    expect(await signsIn(person.email, next)).toBe(true)
  })

  test('sets it, ends every session and app at once, and signs in', async () => {
    const person = await newPerson()
    const { stands, refreshes } = await busy(person)
    const browser = newBrowser()
    const page = await pageOf(browser, await linkFor(person))
    expect(page.text).toContain(person.email)
    expect(page.html).toContain('autocomplete="new-password"')
    expect(page.headers.get('referrer-policy')).toBe('no-referrer')
    expect(await stands()).toEqual({ session: true, access: true })
    const fields = new URLSearchParams(page.forms[0]?.fields)
    fields.set('password', next)
    fields.set('repeated', next)
    const response = await browser.request('/new-password', { method: 'POST', body: fields })
    expect([response.status, response.headers.get('location')]).toEqual([303, '/'])
    expect(await stands()).toEqual(ended)
    expect(await refreshes()).toBe(false)
    expect((await browser.go('/sign-out')).page?.text).toContain(person.email)
    expect([await signsIn(person.email, password), await signsIn(person.email, next)]).toEqual([false, true])
  })

  test('works once: not twice, not in two browsers at once', async () => {
    const person = await newPerson()
    const link = await linkFor(person)
    const browsers = [newBrowser(), newBrowser(), newBrowser()]
    const pages = await Promise.all(browsers.map((browser) => pageOf(browser, link)))
    const stops = await Promise.all(browsers.map((browser, n) => save(browser, pages[n] as Page, `${next} ${n}`)))
    expect(stops.filter(({ page }) => page?.title === dead[1])).toHaveLength(2)
    const late = await pageOf(newBrowser(), link)
    expect([late.status, late.title]).toEqual(dead)
  })

  test('is refused when too old, replaced by a newer one, of a disabled person, changed, or nothing at all', async () => {
    const [old, replaced, gone] = [await newPerson(), await newPerson(), await newPerson()]
    const links = [await linkFor(replaced), await linkFor(gone)]
    const newest = await linkFor(replaced)
    await setUserDisabled(app.stores.db, gone.id, true, now())
    const open = newBrowser()
    const opened = await pageOf(open, newest)
    const expired = await linkFor(old)
    offset += 24 * 3_600_000 + 1000
    for (const link of [
      ...links,
      newest,
      expired,
      `${newest.slice(0, -1)}x`,
      '/new-password',
      '/new-password?token=',
      '/new-password?token=%00',
      `/new-password?token=${'a'.repeat(5000)}`,
    ]) {
      const page = await pageOf(newBrowser(), link)
      expect([page.status, page.title], link).toEqual(dead)
    }
    // Too old while the page stood open.
    expect((await save(open, opened, next)).page?.title).toBe(dead[1])
    expect(await signsIn(old.email, password)).toBe(true)
  })

  test('of a person who is disabled while the page stands open: refused', async () => {
    const person = await newPerson()
    const browser = newBrowser()
    const page = await pageOf(browser, await linkFor(person))
    await setUserDisabled(app.stores.db, person.id, true, now())
    expect((await save(browser, page, next)).page?.title).toBe(dead[1])
    expect((await browser.go('/sign-out')).page?.text).toContain('You are signed out')
  })

  test('is void once the password was set in another way', async () => {
    const person = await newPerson()
    const link = await linkFor(person)
    const dashboard = await openDashboard(app.origin, person, newBrowser())
    await dashboard.ok('security/changePassword', { current: password, next })
    expect((await pageOf(newBrowser(), link)).title).toBe(dead[1])
  })

  test('a mistake in the form spends nothing', async () => {
    const person = await newPerson()
    const browser = newBrowser()
    const page = await pageOf(browser, await linkFor(person))
    const different = (await save(browser, page, next, `${next}!`)).page as Page
    expect([different.status, different.text]).toEqual([400, expect.stringContaining('not the same')])
    const short = (await save(browser, different, 'short')).page as Page
    expect([short.status, short.text]).toEqual([400, expect.stringContaining('at least 12 characters')])
    await save(browser, short, next)
    expect(await signsIn(person.email, next)).toBe(true)
  })

  test('the form of another browser, without its token, or from another site: refused', async () => {
    const person = await newPerson()
    const browser = newBrowser()
    const page = await pageOf(browser, await linkFor(person))
    const fields = new URLSearchParams(page.forms[0]?.fields)
    fields.set('password', next)
    fields.set('repeated', next)
    const post = (from: Browser, body = fields, headers = {}) => from.request('/new-password', { method: 'POST', body, headers })
    expect((await post(newBrowser())).status).toBe(403)
    expect((await post(browser, fields, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    const without = new URLSearchParams(fields)
    without.delete('csrf')
    expect((await post(browser, without)).status).toBe(403)
    expect(await signsIn(person.email, password)).toBe(true)
  })

  test('does not pass by the authenticator app', async () => {
    const person = await newPerson()
    const dashboard = await openDashboard(app.origin, person, newBrowser())
    const { secret } = await dashboard.ok<{ secret: string }>('security/beginTotp')
    const totp = new TOTP({ secret })
    await dashboard.ok('security/confirmTotp', { code: totp.generate({ timestamp: now().getTime() }) })
    const browser = newBrowser()
    const code = (await save(browser, await pageOf(browser, await linkFor(person)), next)).page as Page
    expect(code.title).toContain('Enter your code')
    expect((await browser.go('/sign-out')).page?.text).toContain('You are signed out')
    await browser.submit(code, 'code', { code: totp.generate({ timestamp: now().getTime() + 30_000 }) })
    expect((await browser.go('/sign-out')).page?.text).toContain(person.email)
  })

  test('trying links is limited for an address', async () => {
    const browser = newBrowser()
    const statuses = new Set<number>()
    for (let n = 0; n < 102; n++) statuses.add((await browser.request(`/new-password?token=${n}`)).status)
    expect([...statuses]).toEqual([404, 429])
  })

  test('the store holds no token', async () => {
    const token = (await linkFor(await newPerson())).split('=')[1] ?? ''
    expect(JSON.stringify(await app.stores.db.selectFrom('links').selectAll().execute())).not.toContain(token)
  })
})

describe('the command line beside a running server', () => {
  // Commands have the clock of the machine.
  beforeAll(() => {
    offset = 0
  })

  test('mercat user reset prints a link that works; nothing ends before it is used', async () => {
    const person = await newPerson()
    const { stands } = await busy(person)
    const { code, out, err } = await mercat(['user', 'reset', person.email])
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`For ${person.email}, once, until`) })
    expect(await stands()).toEqual({ session: true, access: true })
    const link = new URL(out.trim())
    const browser = newBrowser()
    await save(browser, await pageOf(browser, link.pathname + link.search), next)
    expect(await stands()).toEqual(ended)
    await setUserDisabled(app.stores.db, person.id, true, now())
    expect(await mercat(['user', 'reset', person.email])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is disabled') })
    expect(await mercat(['user', 'reset', 'nobody@example.com'])).toMatchObject({ code: 1, err: expect.stringContaining('There is no person') })
  })

  test('mercat user password and sign-out end sessions and apps at the next call', async () => {
    const person = await newPerson()
    const before = await busy(person)
    expect(await mercat(['user', 'password', person.email], `${next}\n${next}\n`)).toMatchObject({ code: 0 })
    expect(await before.stands()).toEqual(ended)
    expect(await before.refreshes()).toBe(false)
    const after = await busy({ email: person.email, password: next })
    expect(await mercat(['user', 'sign-out', person.email])).toMatchObject({ code: 0 })
    expect(await after.stands()).toEqual(ended)
    expect(await after.refreshes()).toBe(false)
    expect(await signsIn(person.email, next)).toBe(true)
  })

  test('mercat user reset-mfa takes the authenticator app away', async () => {
    const person = await newPerson()
    const dashboard = await openDashboard(app.origin, person, newBrowser())
    const { secret } = await dashboard.ok<{ secret: string }>('security/beginTotp')
    await dashboard.ok('security/confirmTotp', { code: new TOTP({ secret }).generate({ timestamp: now().getTime() }) })
    expect((await signIn(person.email, password)).title).toContain('Enter your code')
    expect(await mercat(['user', 'reset-mfa', person.email])).toMatchObject({ code: 0 })
    expect(await signsIn(person.email, password)).toBe(true)
  })
})

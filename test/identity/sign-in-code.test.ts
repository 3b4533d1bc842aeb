/** The second step from outside: codes and recovery codes good once, tickets bound to browser, time, password and person, and how often one may try. */
import { TOTP } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { createUser, setPassword, setUserDisabled } from '../../src/domain/accounts/index.ts'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { Browser, type Page, type Stop } from '../clients/browser.ts'
import { authorizationUrl, newPkce, type Person, registerApp } from '../clients/oauth.ts'
import { Dashboard, openDashboard } from '../clients/dashboard.ts'

const app = sharedApp({ clock: () => new Date(now()), env: { MERCAT_TRUSTED_PROXIES: '127.0.0.1' } })
const stepMs = 30_000
let offset = 0
/** A clock that stands in the middle of a time step until a test moves it: no code grows old between being read and being typed. */
const began = Math.floor(Date.now() / stepMs) * stepMs + stepMs / 2
const now = () => began + offset

interface Enrolled extends Person {
  readonly id: string
  /** The code of now, or of so many steps later, never given twice: the clock moves on. */
  readonly code: (steps?: number) => string
  readonly recoveryCodes: readonly string[]
}

let count = 0
/** Each browser at an address of its own: what is limited for an address has a test elsewhere. */
const newBrowser = () => new Browser(app.origin, { 'x-forwarded-for': `203.0.${Math.floor(++count / 250)}.${count % 250}` })
/** A new person with an authenticator app, so that no test spends another's limits. */
async function enrolled(): Promise<Enrolled> {
  const browser = newBrowser()
  const email = `totp${count}@example.com`
  const { id } = await createUser(app.stores.db, { email, name: `Person ${count}`, password })
  const dashboard = await openDashboard(app.origin, { email, password }, browser)
  const { uri } = await dashboard.ok<{ uri: string }>('security/beginTotp')
  const totp = new URL(uri)
  const secret = totp.searchParams.get('secret') ?? ''
  const generator = new TOTP({ secret, digits: 6, period: 30 })
  const code = (steps = 0) => generator.generate({ timestamp: now() + steps * stepMs })
  const { recoveryCodes } = await dashboard.ok<{ recoveryCodes: string[] }>('security/confirmTotp', { code: code() })
  offset += 2 * stepMs
  return { id, email, password, code, recoveryCodes }
}

async function codePage(person: Person, browser = newBrowser(), query = '?return_to=/healthz'): Promise<Page> {
  const { page } = await browser.go(`/sign-in${query}`)
  const next = (await browser.submit(page as Page, 'sign-in', { email: person.email, password: person.password })).page
  if (!next?.title.includes('Enter your code')) throw new Error(`no code page but ${next?.title}: ${next?.text}`)
  return next
}
const give = (browser: Browser, page: Page, code: string): Promise<Stop> => browser.submit(page, 'code', { code })
const recover = (browser: Browser, page: Page, code: string): Promise<Stop> => browser.submit(page, 'recovery', { recovery: code })
const arrived = (stop: Stop) => stop.page?.url.endsWith('/healthz') ?? false
const signedIn = async (browser: Browser) => (await browser.go('/sign-out')).page?.text.includes('You are signed in') ?? false

describe('a code of the authenticator app', () => {
  test('is asked after the password, and nothing is open before it', async () => {
    const person = await enrolled()
    const browser = newBrowser()
    const page = await codePage(person, browser)
    expect(await signedIn(browser)).toBe(false)
    expect(page.html).toContain('autocomplete="one-time-code"')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(arrived(await give(browser, page, person.code()))).toBe(true)
    expect(await signedIn(browser)).toBe(true)
  })

  test('may be one step old or early, no more', async () => {
    for (const [steps, right] of [
      [-2, false],
      [2, false],
      [-1, true],
      [1, true],
    ] as const) {
      const person = await enrolled()
      const browser = newBrowser()
      offset += 3 * stepMs
      const page = await codePage(person, browser)
      expect(arrived(await give(browser, page, person.code(steps))), `${steps} steps`).toBe(right)
    }
  })

  test('TOTP replay: good once, also for two browsers at once', async () => {
    const person = await enrolled()
    const browsers = [newBrowser(), newBrowser(), newBrowser()]
    const pages = await Promise.all(browsers.map((browser) => codePage(person, browser)))
    const code = person.code()
    const stops = await Promise.all(browsers.map((browser, n) => give(browser, pages[n] as Page, code)))
    expect(stops.filter(arrived)).toHaveLength(1)
    const late = newBrowser()
    expect(arrived(await give(late, await codePage(person, late), code))).toBe(false)
    // Nor is the one before it, which was never used but is older than what was accepted.
    expect(arrived(await give(late, await codePage(person, late), person.code(-1)))).toBe(false)
    expect(arrived(await give(late, await codePage(person, late), person.code(1)))).toBe(true)
  })

  test.each(['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '000000\u200b', '-12345', '1e5   '])('%j is no code: refused, never 5xx', async (code) => {
    const person = await enrolled()
    const browser = newBrowser()
    expect((await give(browser, await codePage(person, browser), code)).page?.status).toBe(401)
  })

  test('leads an app’s request on, and is asked there too', async () => {
    const client = await registerApp(app.origin)
    const person = await enrolled()
    const browser = newBrowser()
    const { page } = await browser.go(authorizationUrl(app.origin, client, app.at('/mcp'), newPkce()))
    const code = (await browser.submit(page as Page, 'sign-in', { email: person.email, password })).page as Page
    expect(code.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:53682")
    expect((await give(browser, code, person.code())).page?.url).toContain('/interaction/')
  })
})

describe('the ticket of the first step', () => {
  test('of another browser: refused, even with the right code', async () => {
    const person = await enrolled()
    const ticket = (await codePage(person)).forms[0]?.fields.get('ticket') ?? ''
    const thief = newBrowser()
    const { page } = await thief.go('/sign-in')
    const csrf = page?.forms[0]?.fields.get('csrf') ?? ''
    const response = await thief.request('/sign-in/code', { method: 'POST', body: new URLSearchParams({ csrf, ticket, code: person.code() }) })
    expect(response.status).toBe(401)
    expect(await signedIn(thief)).toBe(false)
  })

  test('without its CSRF token, or from another site: refused', async () => {
    const person = await enrolled()
    const browser = newBrowser()
    const page = await codePage(person, browser)
    const fields = new URLSearchParams(page.forms[0]?.fields)
    fields.set('code', person.code())
    expect((await browser.request('/sign-in/code', { method: 'POST', body: fields, headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    fields.delete('csrf')
    expect((await browser.request('/sign-in/code', { method: 'POST', body: fields })).status).toBe(403)
  })

  test('is good for five minutes', async () => {
    const person = await enrolled()
    const browser = newBrowser()
    const page = await codePage(person, browser)
    offset += 5 * 60_000 + 1000
    const stop = await give(browser, page, person.code())
    expect([stop.page?.status, stop.page?.text]).toEqual([401, expect.stringContaining('Sign in again')])
  })

  test.each(['disabled', 'given a new password'])('is nothing once the person was %s in the middle of it', async (what) => {
    const person = await enrolled()
    const browser = newBrowser()
    const page = await codePage(person, browser)
    if (what === 'disabled') await setUserDisabled(app.stores.db, person.id, true, new Date(now()))
    else await setPassword(app.stores.db, person.id, 'another battery horse staple')
    expect((await give(browser, page, person.code())).page?.status).toBe(401)
    expect(await signedIn(browser)).toBe(false)
  })

  test('leads where it led, whatever the form says', async () => {
    const person = await enrolled()
    const browser = newBrowser()
    const page = await codePage(person, browser)
    const stop = await browser.submit(page, 'code', { code: person.code(), return_to: '//evil.example' })
    expect(arrived(stop)).toBe(true)
  })
})

describe('recovery codes', () => {
  test('stand in for the app, once each, however they are written down', async () => {
    const person = await enrolled()
    expect(new Set(person.recoveryCodes).size).toBe(10)
    for (const code of person.recoveryCodes) expect(code).toMatch(/^(?:[A-Z2-7]{4}-){3}[A-Z2-7]{4}$/)
    const [first = '', second = ''] = person.recoveryCodes
    const browser = newBrowser()
    expect(arrived(await recover(browser, await codePage(person, browser), first))).toBe(true)
    const again = newBrowser()
    const refused = (await recover(again, await codePage(person, again), first)).page
    expect([refused?.status, refused?.text]).toEqual([401, expect.stringContaining('not one of your unused recovery codes')])
    // The field that was wrong stays open.
    expect(refused?.html).toContain('<details class="after" open>')
    expect(arrived(await recover(again, await codePage(person, again), ` ${second.toLowerCase().replaceAll('-', ' ')} `))).toBe(true)
    const dashboard = await openDashboardWith(person)
    expect(await dashboard.ok('security/status')).toMatchObject({ recoveryCodesLeft: 8, sessions: expect.arrayContaining([expect.objectContaining({ methods: ['pwd', 'rec'] })]) })
  })

  test('one code in three browsers at once: one gets in', async () => {
    const person = await enrolled()
    const browsers = [newBrowser(), newBrowser(), newBrowser()]
    const pages = await Promise.all(browsers.map((browser) => codePage(person, browser)))
    const stops = await Promise.all(browsers.map((browser, n) => recover(browser, pages[n] as Page, person.recoveryCodes[0] ?? '')))
    expect(stops.filter(arrived)).toHaveLength(1)
  })

  test('of somebody else, or of none: refused', async () => {
    const [one, other] = [await enrolled(), await enrolled()]
    const browser = newBrowser()
    for (const code of [other.recoveryCodes[0] ?? '', 'AAAA-AAAA-AAAA-AAAA', '%', 'x'.repeat(40)]) {
      expect((await recover(browser, await codePage(one, browser), code)).page?.status).toBe(401)
    }
  })
})

describe('guessing', () => {
  test('five tries a ticket, then 429 with Retry-After; the right code does not help then', async () => {
    const person = await enrolled()
    const browser = newBrowser()
    const page = await codePage(person, browser)
    const seen: (number | undefined)[] = []
    for (let n = 0; n < 6; n++) seen.push((await give(browser, page, '000000')).page?.status)
    expect(seen).toEqual([401, 401, 401, 401, 401, 429])
    const stop = await give(browser, page, person.code())
    expect(stop.page?.status).toBe(429)
    expect(Number(stop.page?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await signedIn(browser)).toBe(false)
  })

  test('fifteen tries an hour for a person, whatever the ticket', async () => {
    const person = await enrolled()
    const statuses: (number | undefined)[] = []
    for (let ticket = 0; ticket < 4; ticket++) {
      const browser = newBrowser()
      const page = await codePage(person, browser)
      for (let n = 0; n < 5; n++) statuses.push((await recover(browser, page, 'AAAA')).page?.status)
    }
    expect(statuses).toEqual([...Array(15).fill(401), ...Array(5).fill(429)])
  })
})

async function openDashboardWith(person: Enrolled) {
  const browser = newBrowser()
  offset += 3 * stepMs
  await give(browser, await codePage(person, browser), person.code())
  const dashboard = new Dashboard(browser)
  dashboard.csrf = (await dashboard.ok<{ csrf: string }>('session/current')).csrf
  return dashboard
}

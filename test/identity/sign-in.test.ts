/** The one door from outside: whose form, whose browser, whose session; where it leads; guesses and equal words. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createUser, setUserDisabled, signOutEverywhere } from '../../src/domain/accounts/index.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { authorizationUrl, newPkce, registerApp } from '../clients/oauth.ts'
import { type House, openHouse, password } from './house.ts'

let house: House
beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const ownerFields = () => ({ email: house.people.owner.email, password })
async function door(browser: Browser, query = ''): Promise<Page> {
  const { page } = await browser.go(`/sign-in${query}`)
  if (page?.status !== 200) throw new Error(`no sign-in page: ${page?.text}`)
  return page
}
const formOf = (page: Page, action = 'sign-in') => {
  const fields = new URLSearchParams(page.forms.find(({ buttons }) => buttons.some(({ value }) => value === action))?.fields)
  fields.append('action', action)
  return fields
}
function filled(page: Page, more: Record<string, string> = {}): URLSearchParams {
  const fields = formOf(page)
  for (const [name, value] of Object.entries({ ...ownerFields(), ...more })) fields.set(name, value)
  return fields
}
const post = (browser: Browser, body: URLSearchParams, headers: Record<string, string> = {}) => browser.request('/sign-in', { method: 'POST', body, headers })
const signedIn = async (browser: Browser) => (await browser.go('/sign-out')).page?.text.includes('You are signed in') ?? false
const sessionCookie = (browser: Browser) => /(?:^|; )mercat=([^;]+)/.exec(browser.cookies('/'))?.[1]

describe('the form', () => {
  test('signs in, in its own browser, and leads on', async () => {
    const browser = new Browser(house.origin)
    const response = await post(browser, filled(await door(browser, '?return_to=/security%3Fx=1')))
    expect([response.status, response.headers.get('location'), response.headers.get('cache-control')]).toEqual([303, '/security?x=1', 'no-store'])
    expect(await signedIn(browser)).toBe(true)
  })

  test('without its cookie, or with the cookie of another browser: refused', async () => {
    const browser = new Browser(house.origin)
    const page = await door(browser)
    const other = new Browser(house.origin)
    expect((await post(other, filled(page))).status).toBe(403)
    await door(other)
    expect((await post(other, filled(page))).status).toBe(403)
    expect(await signedIn(other)).toBe(false)
  })

  test('with a cookie that this installation did not sign: refused', async () => {
    const browser = new Browser(house.origin)
    const page = await door(browser)
    for (const cookie of ['mercat_signin=chosen', 'mercat_signin=chosen.', 'mercat_signin=chosen.AAAA', 'mercat_signin=.'])
      expect((await post(browser, filled(page), { cookie })).status).toBe(403)
  })

  test('without, or with another, CSRF token: refused', async () => {
    const browser = new Browser(house.origin)
    const page = await door(browser)
    const others = formOf(await door(new Browser(house.origin))).get('csrf') ?? ''
    for (const csrf of ['', 'x', others]) expect((await post(browser, filled(page, { csrf }))).status).toBe(403)
    expect((await post(browser, filled(page))).status).toBe(303)
  })

  test.each([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { 'sec-fetch-site': 'none' }, { origin: 'https://evil.example' }])(
    'cross-site (%o): refused',
    async (headers) => {
      const browser = new Browser(house.origin)
      expect((await post(browser, filled(await door(browser)), headers as Record<string, string>)).status).toBe(403)
    },
  )

  test('of another type, too large, or for a step that does not exist: refused, never 5xx', async () => {
    const browser = new Browser(house.origin)
    const page = await door(browser)
    expect((await browser.request('/sign-in', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(400)
    expect((await post(browser, filled(page, { x: 'x'.repeat(20_000) }))).status).toBe(400)
    expect((await browser.request('/sign-in/nothing', { method: 'POST', body: filled(page) })).status).toBe(405)
    expect((await browser.request('/sign-in', { method: 'PUT', body: filled(page) })).status).toBe(405)
    expect((await browser.request('/sign-in/code', { method: 'POST', body: filled(page, { ticket: 'forged' }) })).status).toBe(401)
    expect((await post(browser, filled(page, { email: 'a\u0000b' }))).status).toBe(400)
    for (const hostile of ['\u202e', '%', `${'ä'.repeat(300)}@x.example`, "' OR 1=1 --"]) {
      expect((await post(browser, filled(page, { email: hostile, password: hostile }))).status).toBe(401)
    }
  })

  test('a reload of a page that is only posted to begins anew', async () => {
    expect((await new Browser(house.origin).go('/sign-in/code')).page?.title).toContain('Sign in')
  })
})

describe('return_to', () => {
  test.each(['//evil.example', '/\\evil.example', 'https://evil.example/', '/%09/evil.example', 'javascript:alert(1)', '/.//evil.example'])(
    '%s leads nowhere else, neither before sign-in, nor after, nor changed in the form',
    async (evil) => {
      const browser = new Browser(house.origin)
      const page = await door(browser, `?return_to=${evil.startsWith('/%') ? evil : encodeURIComponent(evil)}`)
      expect(formOf(page).get('return_to')).toBe('/')
      const response = await post(browser, filled(page, { return_to: decodeURIComponent(evil) }))
      expect(response.headers.get('location')).toBe('/')
      const again = await browser.request(`/sign-in?return_to=${encodeURIComponent(decodeURIComponent(evil))}`)
      expect(again.headers.get('location')).toBe('/')
    },
  )
})

describe('who is signed in already', () => {
  test('goes straight on; again=1 asks anew, and gives a new session', async () => {
    const browser = new Browser(house.origin)
    await post(browser, filled(await door(browser)))
    expect((await browser.request('/sign-in?return_to=/security')).headers.get('location')).toBe('/security')
    const page = await door(browser, '?return_to=/security&again=1')
    expect(page.title).toContain('Sign in again')
    expect(page.html).toContain(`value="${house.people.owner.email}"`)
    const before = sessionCookie(browser)
    expect((await post(browser, filled(page))).headers.get('location')).toBe('/security')
    expect(sessionCookie(browser)).not.toBe(before)
  })

  test('session fixation: a planted session is replaced at sign-in, and worth nothing after', async () => {
    const attacker = new Browser(house.origin)
    await post(attacker, filled(await door(attacker), { email: house.people.stranger.email }))
    const planted = attacker.cookies('/')
    const victim = new Browser(house.origin)
    const page = await door(victim)
    // The victim's browser carries the attacker's session cookie beside its own sign-in cookie.
    const response = await post(victim, filled(page), { cookie: `${planted.replace(/mercat_signin=[^;]+;? ?/, '')}; ${victim.cookies('/')}` })
    expect(response.status).toBe(303)
    expect(sessionCookie(victim)).toBeDefined()
    expect(planted).not.toContain(sessionCookie(victim))
    expect(await signedIn(victim)).toBe(true)
    expect(await signedIn(attacker)).toBe(false)
  })

  test('is signed in for 12 hours, at the door and at OAuth alike', async () => {
    const app = await registerApp(house.origin)
    const browser = new Browser(house.origin)
    await post(browser, filled(await door(browser)))
    const silent = authorizationUrl(house.origin, app, house.resource(house.acme), newPkce(), { prompt: 'none' })
    expect((await browser.go(silent)).left?.searchParams.get('error')).toBe('interaction_required')
    house.advance(12 * 3600 + 1)
    expect((await browser.go(silent)).left?.searchParams.get('error')).toBe('login_required')
    expect((await browser.request('/sign-in?return_to=/security')).status).toBe(200)
  })
})

describe('an app’s request', () => {
  const start = async (parameters: Record<string, string> = {}) =>
    authorizationUrl(house.origin, await registerApp(house.origin), house.resource(house.acme), newPkce(), parameters)

  test('names the app at the door, carries login_hint, and goes on by itself after sign-in', async () => {
    const browser = new Browser(house.origin)
    const { page } = await browser.go(await start({ login_hint: house.people.analyst.email }))
    expect(page?.url).toMatch(/\/sign-in\?return_to=%2Finteraction%2F[\w-]+&again=1$/)
    expect(page?.text).toContain('Test app')
    expect(page?.html).toContain(`value="${house.people.analyst.email}"`)
    expect((await browser.submit(page as Page, 'sign-in', ownerFields())).page?.title).toContain('asks for access')
  })

  test('can be declined at the door', async () => {
    const browser = new Browser(house.origin)
    const { page } = await browser.go(await start())
    expect((await browser.submit(page as Page, 'deny')).left?.searchParams.get('error')).toBe('access_denied')
  })

  test('prompt=login takes no session of before: the person must prove it again', async () => {
    const browser = new Browser(house.origin)
    await post(browser, filled(await door(browser)))
    const { page } = await browser.go(await start({ prompt: 'login' }))
    expect(page?.title).toContain('Sign in')
    const uid = /interaction%2F([\w-]+)/.exec(page?.url ?? '')?.[1] ?? ''
    // Opening the request itself, or the door without again=1, asks again and again.
    for (const path of [`/interaction/${uid}`, `/sign-in?return_to=/interaction/${uid}`]) expect((await browser.go(path)).page?.title).toContain('Sign in')
    expect((await browser.submit(page as Page, 'sign-in', ownerFields())).page?.title).toContain('asks for access')
  })

  test('of one person opens nothing for another browser, signed in or not', async () => {
    const browser = new Browser(house.origin)
    const { page } = await browser.go(await start())
    const uid = /interaction%2F([\w-]+)/.exec(page?.url ?? '')?.[1] ?? ''
    const other = new Browser(house.origin)
    expect((await other.go(`/interaction/${uid}`)).page?.status).toBe(400)
    const stop = await other.submit(await door(other, `?return_to=/interaction/${uid}`), 'sign-in', ownerFields())
    expect(stop.page?.status).toBe(400)
    expect((await browser.submit(page as Page, 'sign-in', ownerFields())).page?.title).toContain('asks for access')
  })

  test('is over when the person signs out, or is signed out elsewhere, before consent', async () => {
    const consent = async (browser: Browser) => (await browser.submit((await browser.go(await start())).page as Page, 'sign-in', ownerFields())).page as Page
    const here = new Browser(house.origin)
    const page = await consent(here)
    await here.submit((await here.go('/sign-out')).page as Page, '')
    expect((await here.submit(page, 'allow')).page?.status).toBe(400)
    const there = new Browser(house.origin)
    const other = await consent(there)
    await signOutEverywhere(house.store.db, house.people.owner.id)
    expect((await there.submit(other, 'allow')).page?.status).toBe(400)
    expect((await there.go(await start())).page?.title).toContain('Sign in')
  })

  test('past sign-in gives the token of its consent to nobody who knows its address', async () => {
    const browser = new Browser(house.origin)
    const consent = (await browser.submit((await browser.go(await start())).page as Page, 'sign-in', ownerFields())).page as Page
    const token = formOf(consent, 'allow').get('csrf') ?? ''
    expect(token).not.toBe('')
    const path = new URL(consent.url).pathname
    const other = await door(new Browser(house.origin), `?return_to=${path}`)
    expect(other.html).not.toContain(token)
    expect(other.html).not.toContain('Test app')
  })
})

describe('guessing', () => {
  test('from one address locks nobody out who comes from another', async () => {
    const there = await openHouse({ config: { MERCAT_REDIRECT_URIS: [], MERCAT_TRUSTED_PROXIES: ['127.0.0.1'] } })
    try {
      const from = (address: string) => new Browser(there.origin, { 'x-forwarded-for': address })
      const guesser = from('203.0.113.1')
      const { page } = await guesser.go('/sign-in?return_to=/x')
      for (let guess = 0; guess < 45; guess++) await guesser.submit(page as Page, 'sign-in', { email: there.people.owner.email, password: 'not the password' })
      const owner = from('203.0.113.2')
      const door = (await owner.go('/sign-in?return_to=/sign-out')).page as Page
      const after = (await owner.submit(door, 'sign-in', { email: there.people.owner.email, password })).page
      expect(after?.text).toContain('You are signed in')
    } finally {
      await there.close()
    }
  })

  test('unknown people, people without a password and disabled people get the same answers, and the same limit', async () => {
    const { db } = house.store
    await createUser(db, { email: 'known@mercat.example', name: 'Known', password })
    await createUser(db, { email: 'no-password@mercat.example', name: 'No Password' })
    const gone = await createUser(db, { email: 'gone@mercat.example', name: 'Gone', password })
    await setUserDisabled(db, gone.id, true, new Date())
    const answers = async (email: string, tried = 'not the password') => {
      const browser = new Browser(house.origin)
      const page = await door(browser)
      const seen: unknown[] = []
      for (let n = 0; n < 9; n++) {
        const stop = await browser.submit(page, 'sign-in', { email, password: tried })
        seen.push([stop.page?.status, stop.page?.text.replace(/\d+ (?:minutes|seconds)/, 'a while'), stop.page?.headers.has('retry-after')])
      }
      return seen
    }
    const known = await answers('known@mercat.example')
    expect(known.map((row) => (row as [number])[0])).toEqual([...Array(8).fill(401), 429])
    expect(await answers('nobody@mercat.example')).toEqual(known)
    expect(await answers('no-password@mercat.example', '')).toEqual(known)
    // Even with the right password: being disabled is told to nobody at the door.
    expect(await answers('gone@mercat.example', password)).toEqual(known)
  })

  // The last of this file: it uses up the minute of the address.
  test('so many requests of sign-in pages from one address are enough: 429 with Retry-After', async () => {
    let response = await fetch(`${house.origin}/sign-in/code`, { redirect: 'manual' })
    for (let n = 0; n < 240 && response.status === 303; n++) response = await fetch(`${house.origin}/sign-in/code`, { redirect: 'manual' })
    expect(response.status).toBe(429)
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await response.text()).toContain('Wait a little')
  })
})

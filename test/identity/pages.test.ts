/** The pages under attack: other browsers, other sites, forged forms, guessed passwords, forged hosts; and what they send with them. */
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createUser, setUserDisabled } from '../../src/domain/accounts/index.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { type App, authorizationUrl, connect, newPkce, registerApp } from '../clients/oauth.ts'
import { type House, openHouse, password } from './house.ts'

let house: House
let app: App
beforeAll(async () => {
  house = await openHouse()
  app = await registerApp(house.origin)
})
afterAll(() => house.close())

const start = () => authorizationUrl(house.origin, app, house.resource(house.acme), newPkce())

async function signInPage(browser: Browser): Promise<Page> {
  const { page } = await browser.go(start())
  if (!page) throw new Error('no page')
  return page
}
async function consentPage(browser: Browser): Promise<Page> {
  const { page } = await browser.submit(await signInPage(browser), 'sign-in', { email: house.people.owner.email, password })
  if (!page?.title.includes('asks for access')) throw new Error(`no consent page but ${page?.title}`)
  return page
}
const fieldsOf = (page: Page, action: string) => {
  const fields = new URLSearchParams(page.forms.find(({ buttons }) => buttons.some(({ value }) => value === action))?.fields)
  fields.append('action', action)
  return fields
}

describe('consent is given in the browser that was asked, by its own form', () => {
  test('from another browser: refused', async () => {
    const page = await consentPage(new Browser(house.origin))
    const response = await new Browser(house.origin).request(page.url, { method: 'POST', body: fieldsOf(page, 'allow') })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('another browser')
  })

  test('without, or with another, CSRF token: refused', async () => {
    const browser = new Browser(house.origin)
    const page = await consentPage(browser)
    const other = await consentPage(new Browser(house.origin))
    for (const csrf of ['', 'x', fieldsOf(other, 'allow').get('csrf') ?? '']) {
      const body = fieldsOf(page, 'allow')
      body.set('csrf', csrf)
      expect((await browser.request(page.url, { method: 'POST', body })).status).toBe(403)
    }
    expect((await browser.request(page.url, { method: 'POST', body: fieldsOf(page, 'allow') })).status).toBe(303)
  })

  test('the sign-in form’s token is no consent', async () => {
    const browser = new Browser(house.origin)
    const csrf = fieldsOf(await signInPage(browser), 'sign-in').get('csrf') ?? ''
    const page = await consentPage(browser)
    const body = fieldsOf(page, 'allow')
    body.set('csrf', csrf)
    expect((await browser.request(page.url, { method: 'POST', body })).status).toBe(403)
  })

  test.each([[{ 'sec-fetch-site': 'cross-site' }], [{ 'sec-fetch-site': 'same-site' }], [{ origin: 'https://evil.example' }]])('cross-site (%o): refused', async (headers) => {
    const browser = new Browser(house.origin)
    const page = await consentPage(browser)
    expect((await browser.request(page.url, { method: 'POST', body: fieldsOf(page, 'allow'), headers: headers as Record<string, string> })).status).toBe(403)
  })

  test('another content type, an unknown action, a huge form: refused', async () => {
    const browser = new Browser(house.origin)
    const page = await consentPage(browser)
    expect((await browser.request(page.url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(400)
    expect((await browser.request(page.url, { method: 'POST', body: fieldsOf(page, 'own') })).status).toBe(403)
    const huge = fieldsOf(page, 'allow')
    huge.set('x', 'x'.repeat(20_000))
    expect((await browser.request(page.url, { method: 'POST', body: huge })).status).toBe(400)
  })

  test('an answered page is over', async () => {
    const browser = new Browser(house.origin)
    const page = await consentPage(browser)
    expect((await browser.submit(page, 'allow')).left).toBeDefined()
    expect((await browser.go(page.url)).page?.status).toBe(400)
  })
})

describe('people', () => {
  test('another person can sign in instead, in the same browser', async () => {
    const browser = new Browser(house.origin)
    const { page } = await browser.submit(await consentPage(browser), 'switch')
    expect(page?.title).toContain('Sign in')
    const next = await browser.submit(page as Page, 'sign-in', { email: house.people.analyst.email, password })
    expect(next.page?.text).toContain('Analyst Person')
    expect((await browser.submit(next.page as Page, 'allow')).left?.searchParams.get('code')).toBeTruthy()
  })

  test('prompt=login lets another person sign in over a session', async () => {
    const { browser } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app })
    const { tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.analyst, app, browser, parameters: { prompt: 'login' } })
    const checked = await house.identity.check(tokens.access_token, 'c/acme')
    expect(checked.ok && checked.subject.userId).toBe(house.people.analyst.id)
  })

  test('signed in and signed out', async () => {
    const { browser } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app })
    const { page } = await browser.go('/sign-out')
    expect(page?.text).toContain(house.people.owner.email)
    expect((await browser.request('/sign-out', { method: 'POST', body: new URLSearchParams({ csrf: 'x' }) })).status).toBe(403)
    expect((await browser.submit(page as Page, '')).page?.text).toContain('You are signed out')
    expect((await browser.go('/sign-out')).page?.text).toContain('You are signed out')
    expect((await signInPage(browser)).title).toContain('Sign in')
  })

  test('somebody who was disabled meanwhile is not signed in any more', async () => {
    const person = await createUser(house.store.db, { email: 'leaver@mercat.example', name: 'Leaver', password })
    const browser = new Browser(house.origin)
    const { page } = await browser.go('/sign-in?return_to=/sign-out')
    const signedIn = await browser.submit(page as Page, 'sign-in', { email: person.email, password })
    expect(signedIn.page?.text).toContain('You are signed in')
    await setUserDisabled(house.store.db, person.id, true, new Date())
    expect((await browser.go('/sign-out')).page?.text).toContain('You are signed out')
  })
})

describe('guessing', () => {
  test('wrong passwords lead to 429 with Retry-After, for people who exist and who do not, with equal work', async () => {
    await createUser(house.store.db, { email: 'victim@mercat.example', name: 'Victim', password })
    const tries = async (email: string) => {
      const browser = new Browser(house.origin)
      let page = await signInPage(browser)
      const seen: { status: number; retry: string | null; text: string; cpu: number }[] = []
      for (let n = 0; n < 10; n++) {
        const began = process.cpuUsage()
        const stop = await browser.submit(page, 'sign-in', { email, password: `wrong password ${n}` })
        page = stop.page as Page
        seen.push({ status: page.status, retry: page.headers.get('retry-after'), text: page.text, cpu: process.cpuUsage(began).user })
      }
      return seen
    }
    const known = await tries('victim@mercat.example')
    const unknown = await tries('nobody@mercat.example')
    expect(known.map(({ status }) => status)).toEqual([...Array(8).fill(401), 429, 429])
    expect(unknown.map(({ status, text }) => [status, text.replace(/\d+ minutes/, '')])).toEqual(known.map(({ status, text }) => [status, text.replace(/\d+ minutes/, '')]))
    expect(Number(known.at(-1)?.retry)).toBeGreaterThan(0)
    const median = (rows: typeof known) =>
      rows
        .slice(0, 8)
        .map(({ cpu }) => cpu)
        .sort((a, b) => a - b)[4] ?? 0
    // Processor time of this process (the server's too), which a busy machine does not stretch. The password hash dominates: without it an answer takes a fifth.
    expect(median(unknown) / median(known)).toBeGreaterThan(0.4)
    expect(median(unknown) / median(known)).toBeLessThan(2.5)
    // The right password does not help once the limit is reached, so guessing cannot go on.
    const browser = new Browser(house.origin)
    expect((await browser.submit(await signInPage(browser), 'sign-in', { email: 'victim@mercat.example', password })).page?.status).toBe(429)
  })
})

describe('what goes out', () => {
  test('every page carries its headers; the form may lead to the app and nowhere else', async () => {
    const browser = new Browser(house.origin)
    for (const page of [await signInPage(browser), await consentPage(new Browser(house.origin))]) {
      const csp = page.headers.get('content-security-policy') ?? ''
      expect(csp).toContain("default-src 'none'")
      expect(csp).toContain("frame-ancestors 'none'")
      expect(csp).toContain("form-action 'self' http://127.0.0.1:53682;")
      expect(csp).not.toContain('unsafe')
      expect(page.headers.get('referrer-policy')).toBe('no-referrer')
      expect(page.headers.get('cache-control')).toBe('no-store')
      expect(page.headers.get('x-content-type-options')).toBe('nosniff')
      expect(page.html).not.toContain('<script')
    }
    const error = (await new Browser(house.origin).go('/authorize?client_id=nobody')).page
    expect(error?.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(error?.headers.get('cache-control')).toContain('no-store')
  })

  test('an app’s name cannot write into the page', async () => {
    const evil = await registerApp(house.origin, { client_name: '<img src=x onerror=alert(1)>\u202e"\'&' })
    const { page } = await new Browser(house.origin).go(authorizationUrl(house.origin, evil, house.resource(house.acme), newPkce()))
    expect(page?.html).not.toContain('<img')
    expect(page?.html).not.toContain('\u202e')
    expect(page?.text).toContain('<img src=x onerror=alert(1)>')
  })

  test('a forged Host changes no URL, cookie or issuer', async () => {
    const url = new URL(start())
    const raw = (path: string, headers: Record<string, string>, body?: string) =>
      new Promise<{ status: number; text: string; location: string }>((done, fail) => {
        httpRequest({ host: url.hostname, port: url.port, path, headers, method: body === undefined ? 'GET' : 'POST' }, (res) => {
          let text = ''
          res
            .on('data', (chunk: Buffer) => {
              text += chunk.toString()
            })
            .on('end', () => done({ status: res.statusCode ?? 0, text, location: String(res.headers.location ?? '') }))
        })
          .on('error', fail)
          .end(body)
      })
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example', 'x-forwarded-for': '1.2.3.4' }
    expect((await raw('/.well-known/oauth-authorization-server', forged)).text).not.toContain('evil')
    const begun = await raw(`${url.pathname}${url.search}`, forged)
    expect(begun.status).toBe(303)
    expect(begun.location).toMatch(/^\/interaction\//)
    const absolute = await raw(`http://evil.example${url.pathname}${url.search}&prompt=none`, forged)
    expect(absolute.location).toContain(`iss=${encodeURIComponent(house.origin)}`)
    expect(absolute.location).not.toContain('evil.example')
    const registered = await raw(
      '/register',
      { ...forged, 'content-type': 'application/json' },
      JSON.stringify({ redirect_uris: ['http://localhost/x'], token_endpoint_auth_method: 'none' }),
    )
    expect(registered.status).toBe(201)
    expect(String((JSON.parse(registered.text) as Record<string, unknown>).registration_client_uri).startsWith(`${house.origin}/register/`)).toBe(true)
  })
})

/** What the authorization endpoint refuses, driven from outside. A bad redirect URI never gets a redirect; everything else goes back with state and iss. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { scopeTable } from '../../src/core/access.ts'
import { createAccount, setMcp } from '../../src/domain/accounts/index.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { type App, authorizationUrl, connect, newPkce, registerApp, StuckError, walk } from '../clients/oauth.ts'
import { type House, openHouse } from './house.ts'

let house: House
let app: App
const pkce = newPkce()
beforeAll(async () => {
  house = await openHouse()
  app = await registerApp(house.origin, { redirect_uris: ['https://app.example/callback'] })
})
afterAll(() => house.close())

const url = (parameters: Record<string, string | undefined> = {}) => authorizationUrl(house.origin, app, house.resource(house.acme), pkce, parameters)

/** The error sent back to the app. */
async function sentBack(target: string, browser = new Browser(house.origin)): Promise<Record<string, string>> {
  const { left, page } = await browser.go(target)
  if (!left) throw new Error(`Not sent back but shown: ${page.text}`)
  expect(left.href.startsWith('https://app.example/callback?')).toBe(true)
  return Object.fromEntries(left.searchParams)
}

async function shown(target: string): Promise<Page> {
  const { left, page } = await new Browser(house.origin).go(target)
  if (left) throw new Error(`Sent to ${left.href}`)
  return page
}

describe('no redirect', () => {
  test.each([
    ['an unregistered redirect URI', 'https://evil.example/callback'],
    ['a suffixed one', 'https://app.example/callback/more'],
    ['one with a query', 'https://app.example/callback?more=1'],
    ['one with userinfo', 'https://app.example@evil.example/callback'],
    ['one with a fragment', 'https://app.example/callback#fragment'],
    ['none', undefined],
  ])('%s is 400', async (_, redirect) => {
    const page = await shown(url({ redirect_uri: redirect }))
    expect(page.status).toBe(400)
    expect(page.html).not.toContain('<form')
  })

  test('an unknown client is 400', async () => {
    const page = await shown(url({ client_id: 'nobody' }))
    expect(page.status).toBe(400)
    expect(page.text).toContain('invalid_client')
  })

  test('a registered loopback URI matches on any port, and on no other path', async () => {
    const native = await registerApp(house.origin, { redirect_uris: ['http://localhost:1000/callback'] })
    const at = (redirect: string) => authorizationUrl(house.origin, { ...native, redirectUri: redirect }, house.resource(house.acme), pkce)
    expect((await shown(at('http://localhost:2000/callback'))).title).toContain('Sign in')
    expect((await shown(at('http://localhost:2000/other'))).status).toBe(400)
    expect((await shown(at('http://evil@localhost:2000/callback'))).status).toBe(400)
  })
})

describe('sent back with state and iss', () => {
  const back = { state: 'state-1' }
  test('no PKCE', async () => {
    expect(await sentBack(url({ code_challenge: undefined, code_challenge_method: undefined }))).toMatchObject({ ...back, iss: house.origin, error: 'invalid_request' })
  })
  test('plain PKCE', async () => {
    expect(await sentBack(url({ code_challenge_method: 'plain' }))).toMatchObject({ ...back, iss: house.origin, error: 'invalid_request' })
  })
  test('the token response type', async () => {
    const { left } = await new Browser(house.origin).go(url({ response_type: 'token' }))
    const answer = new URLSearchParams(`${left?.search.slice(1)}${left?.hash.slice(1)}`)
    expect(answer.get('error')).toMatch(/^(unsupported_response_type|invalid_request)$/)
    expect(answer.get('state')).toBe('state-1')
    expect(answer.get('access_token')).toBeNull()
  })
  test('another response mode', async () => {
    const { left, page } = await new Browser(house.origin).go(url({ response_mode: 'fragment' }))
    expect(left?.hash ?? page?.text).toContain('invalid_request')
  })
  test.each([
    ['a resource of another server', 'https://evil.example/c/acme'],
    ['a resource that is no endpoint', '/c/'],
    ['a resource with a fragment', '/c/acme#x'],
    ['no resource', undefined],
  ])('%s: invalid_target', async (_, resource) => {
    const given = resource?.startsWith('/') ? `${house.origin}${resource}` : resource
    expect(await sentBack(url({ resource: given }))).toMatchObject({ ...back, iss: house.origin, error: 'invalid_target' })
  })
  test('two resources: invalid_target', async () => {
    expect(await sentBack(`${url()}&resource=${encodeURIComponent(house.resource(house.other))}`)).toMatchObject({ ...back, error: 'invalid_target' })
    expect(await sentBack(`${url()}&resource=${encodeURIComponent(house.resource(house.acme))}`)).toMatchObject({ ...back, error: 'invalid_target' })
  })
  test('a doubled parameter', async () => {
    expect(await sentBack(`${url()}&scope=read%3Amcp&scope=read%3Areports`)).toMatchObject({ ...back, error: 'invalid_request' })
  })
  test('scopes that do not exist', async () => {
    expect(await sentBack(url({ scope: 'everything' }))).toMatchObject({ ...back, error: 'invalid_scope' })
  })
  test('prompt=none without a session', async () => {
    expect(await sentBack(url({ prompt: 'none' }))).toMatchObject({ ...back, iss: house.origin, error: 'login_required' })
  })
  test('cancelling', async () => {
    const left = await walk(new Browser(house.origin), url(), house.people.owner, { deny: true })
    expect(Object.fromEntries(left.searchParams)).toMatchObject({ ...back, iss: house.origin, error: 'access_denied' })
  })
})

describe('whose account', () => {
  test('unknown and foreign accounts are indistinguishable, before sign-in and after', async () => {
    const seen = async (resource: string) => {
      const browser = new Browser(house.origin)
      const pages: string[] = []
      const stuck = await walk(browser, url({ resource }), house.people.owner, {
        onPage: (page) => pages.push(page.html.replace(/value="[^"]+"/g, '').replace(/interaction\/[\w-]+/g, '')),
      }).catch((error: unknown) => error)
      if (!(stuck instanceof StuckError)) throw new Error('not refused')
      const { left } = await browser.submit(stuck.page, 'deny')
      return { pages, status: stuck.page.status, headers: stuck.page.headers.get('content-security-policy'), back: Object.fromEntries(left?.searchParams ?? []) }
    }
    const foreign = await seen(house.resource(house.other))
    expect(await seen(`${house.origin}/c/never-was`)).toEqual(foreign)
    expect(foreign.back).toMatchObject({ error: 'invalid_target', state: 'state-1', iss: house.origin })
  })

  test('prompt=none with a session tells nothing of them either', async () => {
    const { browser } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app })
    const ask = async (resource: string) => await sentBack(url({ resource, prompt: 'none' }), browser)
    expect(await ask(house.resource(house.other))).toEqual(await ask(`${house.origin}/c/never-was`))
    expect(await ask(house.resource(house.other))).toMatchObject({ error: 'invalid_target' })
  })

  test('the resource is canonicalised', async () => {
    const { tokens } = await connect({ origin: house.origin, resource: `${house.origin.replace('http', 'HTTP')}/c/acme/?read_only=1`, person: house.people.owner })
    expect((await house.identity.check(tokens.access_token, 'c/acme')).ok).toBe(true)
  })
})

describe('scopes', () => {
  test('granted = requested ∩ the person’s; dashboard scopes never', async () => {
    const { tokens } = await connect({
      origin: house.origin,
      resource: house.resource(house.acme),
      person: house.people.analyst,
      scope: 'read:mcp read:reports read:billing create:campaigns approve:drafts openid offline_access',
    })
    expect(tokens.scope.split(' ').sort()).toEqual(['read:mcp', 'read:reports'])
  })

  test('an app of the web is asked about once, then only about what is missing', async () => {
    const web = await registerApp(house.origin, { redirect_uris: ['https://app.example/callback'] })
    const options = { origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app: web }
    const { browser } = await connect({ ...options, scope: 'read:mcp read:reports' })
    const again: Page[] = []
    await connect({ ...options, browser, scope: 'read:mcp read:reports', onPage: (page) => again.push(page) })
    expect(again).toEqual([])
    const more: Page[] = []
    const { tokens } = await connect({ ...options, browser, scope: 'read:mcp read:reports create:campaigns', onPage: (page) => more.push(page) })
    expect(more).toHaveLength(1)
    const [fresh = '', before = ''] = more[0]?.html.split('<details') ?? []
    expect(fresh).toContain(scopeTable['create:campaigns'].words)
    expect(fresh).not.toContain('Reports and metrics')
    expect(before).toContain('Reports and metrics')
    expect(tokens.scope.split(' ').sort()).toEqual(['create:campaigns', 'read:mcp', 'read:reports'])
  })

  test('an app on the person’s machine asks for consent every time', async () => {
    const native = await registerApp(house.origin)
    const options = { origin: house.origin, resource: house.resource(house.acme), person: house.people.owner, app: native }
    const { browser } = await connect(options)
    const pages: Page[] = []
    await connect({ ...options, browser, onPage: (page) => pages.push(page) })
    expect(pages.map((page) => page.title)).toEqual(['Test app asks for access again · Mercat'])
  })

  test('a person without access through assistants may connect, and is told', async () => {
    const pages: Page[] = []
    const { tokens } = await connect({ origin: house.origin, resource: house.resource(house.acme), person: house.people.support, onPage: (page) => pages.push(page) })
    expect(pages.at(-1)?.text).toContain('Your role has no access through assistants yet')
    const checked = await house.identity.check(tokens.access_token, 'c/acme')
    expect(checked.ok && checked.principals[0]?.scopes.has('read:mcp')).toBe(false)
    expect(checked.ok && checked.principals[0]?.grantable.has('read:mcp')).toBe(false)
  })
})

describe('/mcp', () => {
  test('the person chooses the accounts; each is checked by itself', async () => {
    const one = await connect({ origin: house.origin, resource: `${house.origin}/mcp`, person: house.people.both, accounts: [house.other.id] })
    const checked = await house.identity.check(one.tokens.access_token, 'mcp')
    expect(checked.ok && checked.principals.map(({ account }) => account.systemName)).toEqual(['other'])
    const two = await connect({
      origin: house.origin,
      resource: `${house.origin}/mcp`,
      person: house.people.both,
      accounts: [house.other.id, house.acme.id],
      scope: 'read:mcp read:reports create:campaigns',
    })
    const both = await house.identity.check(two.tokens.access_token, 'mcp')
    expect(both.ok && both.principals.map(({ account, scopes }) => [account.systemName, scopes.has('create:campaigns')])).toEqual([
      ['acme', false],
      ['other', true],
    ])
  })

  test('choosing none, or the account of others, grants nothing', async () => {
    for (const accounts of [[], [house.other.id]]) {
      const stuck = await connect({ origin: house.origin, resource: `${house.origin}/mcp`, person: house.people.owner, accounts }).catch((error: unknown) => error)
      expect(stuck).toBeInstanceOf(StuckError)
      expect((stuck as StuckError).page.text).toContain('Choose at least one account')
    }
  })

  test('an operator of hundreds of accounts chooses in a box that scrolls, and finds what was chosen before at its top', async () => {
    for (let n = 0; n < 60; n++) {
      const account = await createAccount(house.store.db, { systemName: `many-${n}`, name: `Many ${n}`, timeZone: 'UTC', currency: 'EUR' })
      await setMcp(house.store.db, account.id, true)
    }
    const pages: Page[] = []
    const options = {
      origin: house.origin,
      resource: `${house.origin}/mcp`,
      person: house.people.operator,
      app: await registerApp(house.origin),
      onPage: (page: Page) => pages.push(page),
    }
    const { browser } = await connect({ ...options, accounts: [house.other.id] })
    expect(pages.at(-1)?.html).toContain('<div class="box">')
    expect(pages.at(-1)?.text).toContain('Accounts it may work with (62)')
    // Asked again, it has ticked what was chosen, and that comes first.
    const again = await connect({ ...options, browser })
    expect(/name="account" value="([^"]+)" checked/.exec(pages.at(-1)?.html ?? '')?.[1]).toBe(house.other.id)
    expect(/name="account" value="([^"]+)"/.exec(pages.at(-1)?.html ?? '')?.[1]).toBe(house.other.id)
    const checked = await house.identity.check(again.tokens.access_token, 'mcp')
    expect(checked.ok && checked.principals.map(({ account }) => account.systemName)).toEqual(['other'])
  })

  test('a platform operator may choose any account', async () => {
    const { tokens } = await connect({ origin: house.origin, resource: `${house.origin}/mcp`, person: house.people.operator, accounts: [house.acme.id, house.other.id] })
    const checked = await house.identity.check(tokens.access_token, 'mcp')
    expect(checked.ok && checked.principals).toHaveLength(2)
  })
})

/** Signing in by an external OpenID provider, which is a second oidc-provider: the whole way from outside, and what must be refused on it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { addMember, createUser, findUserByEmail, listMembers, setMember, setUserDisabled } from '../../src/domain/accounts/index.ts'
import { startApp, type TestApp } from '../app.ts'
import { Browser, type Page } from '../clients/browser.ts'
import { Dashboard, openDashboard } from '../clients/dashboard.ts'
import { authorizationUrl, connect, newPkce, postToken, registerApp } from '../clients/oauth.ts'
import { type Colleague, type ExternalHouse, startExternalHouse } from '../clients/provider.ts'

const groups = {
  Marketing: [{ account: 'acme', role: 'marketer' }],
  Analysts: [
    { account: 'acme', role: 'analyst' },
    { account: 'globex', role: 'analyst' },
  ],
  Ghosts: [{ account: 'nowhere', role: 'analyst' }],
}

let provider: ExternalHouse
let mercat: TestApp
const logged: string[] = []
/** States, nonces and codes that went over the wire. */
const bearers = new Set<string>()
beforeAll(async () => {
  provider = await startExternalHouse()
  mercat = await startApp({
    log: createLog('trace', { write: (line: string) => void logged.push(line) }),
    env: {
      MERCAT_OIDC_ISSUER: provider.issuer,
      MERCAT_OIDC_CLIENT_ID: provider.clientId,
      MERCAT_OIDC_CLIENT_SECRET: provider.clientSecret,
      MERCAT_OIDC_NAME: 'Staff Directory',
      MERCAT_OIDC_GROUPS: JSON.stringify(groups),
    },
  })
  provider.serve(mercat.at('/sign-in/callback'))
})
afterAll(async () => {
  await mercat?.close()
  await provider?.close()
})
beforeEach(() => {
  provider.broken = false
})

/** From the sign-in page to the provider's address that the browser is sent to. */
async function leave(browser: Browser, returnTo = '/healthz'): Promise<URL> {
  const { left } = await browser.go(`/sign-in/external?return_to=${encodeURIComponent(returnTo)}`)
  if (!left) throw new Error('The browser was not sent to the provider')
  for (const name of ['state', 'nonce']) bearers.add(left.searchParams.get(name) ?? '')
  return left
}

/** At the provider, as `visitor`, until it sends the browser back. @param elsewhere the browser's cookies at the provider */
async function visit(url: URL, visitor: Colleague | 'cancels', elsewhere = new Browser(provider.issuer)): Promise<URL> {
  provider.visitor = visitor
  const { left } = await elsewhere.go(url.href)
  if (!left) throw new Error('The provider did not send the browser back')
  if (left.searchParams.has('code')) bearers.add(left.searchParams.get('code') ?? '')
  return left
}

/** The page where the browser stands after the way there and back. */
async function arrive(visitor: Colleague | 'cancels', browser = new Browser(mercat.origin), returnTo = '/healthz'): Promise<Page> {
  return await back(browser, await visit(await leave(browser, returnTo), visitor))
}

async function back(browser: Browser, callback: URL): Promise<Page> {
  const { page } = await browser.go(callback.href)
  if (!page) throw new Error('The browser left again')
  return page
}

/** Whether the browser is signed in, and as whom. */
async function whoIs(browser: Browser): Promise<string | undefined> {
  const dashboard = new Dashboard(browser)
  const { status, body } = await dashboard.call<{ user?: { email: string } }>('session/current')
  return status === 200 ? body.user?.email : undefined
}

const membershipsOf = async (email: string) => {
  const found: Record<string, string> = {}
  for (const account of Object.values(mercat.accounts)) {
    const member = (await listMembers(mercat.stores.db, account.id)).find((one) => one.email === email)
    if (member) found[account.systemName] = `${member.role} ${member.source}`
  }
  return found
}

let serial = 0
const colleague = (more: Partial<Colleague> = {}): Colleague & { email: string } => {
  const sub = `colleague-${++serial}`
  return { sub, email: `${sub}@corp.example`, email_verified: true, name: `Colleague ${serial}`, ...more } as Colleague & { email: string }
}

test('the sign-in page names the provider; the way leads there with PKCE, state and nonce, and back into a session of the dashboard', async () => {
  const browser = new Browser(mercat.origin)
  const page = (await browser.go('/sign-in')).page
  expect(page?.text).toContain('Sign in with Staff Directory')
  const who = colleague({ groups: ['Marketing'] })
  const url = await leave(browser)
  expect(Object.fromEntries(url.searchParams)).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email profile', client_id: provider.clientId })
  expect([...url.searchParams.keys()]).toEqual(expect.arrayContaining(['state', 'nonce', 'code_challenge', 'redirect_uri']))
  const after = await back(browser, await visit(url, who))
  expect(after.url).toBe(mercat.at('/healthz'))
  expect(await whoIs(browser)).toBe(who.email)
  expect(await membershipsOf(who.email)).toEqual({ acme: 'marketer directory' })
  const status = await new Dashboard(browser).ok<{ password: boolean; external: { issuer: string }[]; sessions: { methods: string[] }[] }>('security/status')
  expect(status).toMatchObject({ password: false, external: [{ issuer: provider.issuer }], sessions: [{ methods: ['fed'] }] })
})

test('an app’s request goes on to consent after it, and gets a code that works', async () => {
  const browser = new Browser(mercat.origin)
  const app = await registerApp(mercat.origin)
  const pkce = newPkce()
  const resource = mercat.at('/c/acme')
  const page = (await browser.go(authorizationUrl(mercat.origin, app, resource, pkce))).page
  const href = /href="(\/sign-in\/external[^"]*)"/.exec(page?.html ?? '')?.[1]?.replaceAll('&amp;', '&') ?? ''
  const { left } = await browser.go(href)
  const consent = await back(browser, await visit(left as URL, colleague({ groups: ['Marketing'] })))
  expect(consent.text).toContain('Test app')
  const { left: callback } = await browser.submit(consent, 'allow')
  const code = callback?.searchParams.get('code') ?? ''
  const redeemed = await postToken(mercat.origin, {
    grant_type: 'authorization_code',
    client_id: app.clientId,
    redirect_uri: app.redirectUri,
    code,
    code_verifier: pkce.verifier,
    resource,
  })
  expect(redeemed.status, JSON.stringify(redeemed.body)).toBe(200)
})

test('links the existing person by a verified address in any case; the subject names them from then on, whatever the address', async () => {
  const user = await createUser(mercat.stores.db, { email: 'Grace@corp.example', name: 'Grace' })
  await addMember(mercat.stores.db, mercat.accounts.globex.id, user.id, { role: 'owner' })
  const browser = new Browser(mercat.origin)
  await arrive({ sub: 'grace', email: 'grace@CORP.example', email_verified: true }, browser)
  expect(await whoIs(browser)).toBe('Grace@corp.example')
  expect(await membershipsOf('Grace@corp.example')).toEqual({ globex: 'owner manual' })
  const later = new Browser(mercat.origin)
  await arrive({ sub: 'grace', email: 'hopper@corp.example', email_verified: false }, later)
  expect(await whoIs(later)).toBe('Grace@corp.example')
})

test.each([
  ['false', { email_verified: false }],
  ['the word "true"', { email_verified: 'true' }],
  ['absent', { email_verified: undefined }],
  ['false, whatever Entra’s claim says', { email_verified: false, xms_edov: true }],
  ['true for what is no address', { email: 'analyst@', email_verified: true }],
])('never links by an unverified address: email_verified is %s', async (_what, claims) => {
  const browser = new Browser(mercat.origin)
  const page = await arrive({ ...colleague(), email: 'analyst@example.com', groups: ['Marketing'], ...claims }, browser)
  expect([page.status, page.title]).toEqual([403, 'Your address is not verified · Mercat'])
  expect(await whoIs(browser)).toBeUndefined()
  expect(await membershipsOf('analyst@example.com')).toEqual({ acme: 'analyst manual' })
})

test('Entra’s word for a verified address counts where the standard one is absent', async () => {
  const browser = new Browser(mercat.origin)
  const who = colleague({ email_verified: undefined, xms_edov: true, groups: 'Analysts' })
  await arrive(who, browser)
  expect(await whoIs(browser)).toBe(who.email)
  // A single group came as text.
  expect(await membershipsOf(who.email)).toEqual({ acme: 'analyst directory', globex: 'analyst directory' })
})

test.each([
  ['no groups', undefined],
  ['groups that give nothing', ['Facilities', '__proto__', 'constructor']],
  ['a group whose account does not exist', ['Ghosts']],
  ['a group beyond the first 500', [...Array.from({ length: 500 }, (_, index) => `g${index}`), 'Marketing']],
  ['things that are no groups', [7, null, { Marketing: true }, 'x'.repeat(10_000)]],
])('nobody unknown is let in by %s', async (_what, given) => {
  const browser = new Browser(mercat.origin)
  const who = colleague({ groups: given })
  const page = await arrive(who, browser)
  expect([page.status, page.title]).toEqual([403, 'You have no access yet · Mercat'])
  expect(page.text).toContain('invitation')
  expect(await findUserByEmail(mercat.stores.db, who.email)).toBeUndefined()
  expect(await whoIs(browser)).toBeUndefined()
})

test('each sign-in follows the groups: strongest role, changed, taken away; what was given by hand stays; all of it audited and acting at once', async () => {
  const who = colleague({ groups: ['Analysts', 'Marketing'] })
  await arrive(who)
  expect(await membershipsOf(who.email)).toEqual({ acme: 'marketer directory', globex: 'analyst directory' })
  const user = await findUserByEmail(mercat.stores.db, who.email)
  const { db } = mercat.stores
  await addMember(db, mercat.accounts.initech.id, user?.id ?? '', { role: 'read_only' })

  const browser = new Browser(mercat.origin)
  await arrive({ ...who, groups: ['Analysts', 'Ghosts'] }, browser)
  expect(await membershipsOf(who.email)).toEqual({ acme: 'analyst directory', globex: 'analyst directory', initech: 'read_only manual' })

  const { tokens } = await connect({ origin: mercat.origin, resource: mercat.at('/c/acme'), person: { email: who.email, password: 'none' }, browser })
  const call = async () => (await mercat.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${tokens.access_token}` })).status
  expect(await call()).toBe(200)
  await arrive({ ...who, groups: undefined }, new Browser(mercat.origin))
  expect(await membershipsOf(who.email)).toEqual({ initech: 'read_only manual' })
  expect(await call()).toBe(401)
  const still = await new Dashboard(browser).ok<{ accounts: { systemName: string }[] }>('session/current')
  expect(still.accounts.map(({ systemName }) => systemName)).toEqual(['initech'])

  const events = await db.selectFrom('audit').select(['tool', 'effect', 'account_id', 'input']).where('effect', '=', 'access').orderBy('id').execute()
  const ofAcme = events.filter((event) => event.account_id === mercat.accounts.acme.id && JSON.stringify(event.input).includes(who.email))
  expect(ofAcme.map(({ tool, input }) => [tool, input])).toEqual([
    ['member.joined', expect.objectContaining({ source: 'directory', role: 'marketer' })],
    ['member.changed', expect.objectContaining({ changes: { role: { from: 'marketer', to: 'analyst' } } })],
    ['member.removed', expect.objectContaining({ role: 'analyst' })],
  ])
})

test('who was made an owner by hand stays one, whatever the groups say', async () => {
  const who = colleague({ groups: ['Marketing'] })
  await arrive(who)
  const user = await findUserByEmail(mercat.stores.db, who.email)
  await setMember(mercat.stores.db, mercat.accounts.acme.id, user?.id ?? '', { role: 'owner' })
  await arrive({ ...who, groups: ['Analysts'] })
  await arrive({ ...who, groups: [] })
  expect(await membershipsOf(who.email)).toEqual({ acme: 'owner directory' })
})

test('no group touches a membership made by hand, not even to raise it', async () => {
  await arrive({ sub: 'reader', email: 'reader@example.com', email_verified: true, groups: ['Marketing'] })
  expect(await membershipsOf('reader@example.com')).toEqual({ acme: 'read_only manual' })
})

test('two first sign-ins of one person at once make them once', async () => {
  const who = colleague({ groups: ['Marketing'] })
  const browsers = [new Browser(mercat.origin), new Browser(mercat.origin), new Browser(mercat.origin)]
  const callbacks: URL[] = []
  for (const browser of browsers) callbacks.push(await visit(await leave(browser), who))
  const pages = await Promise.all(browsers.map((browser, index) => back(browser, callbacks[index] as URL)))
  expect(pages.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(await membershipsOf(who.email)).toEqual({ acme: 'marketer directory' })
})

test('a disabled person stays out, by subject and by address', async () => {
  const who = colleague({ groups: ['Marketing'] })
  await arrive(who)
  const user = await findUserByEmail(mercat.stores.db, who.email)
  await setUserDisabled(mercat.stores.db, user?.id ?? '', true, new Date())
  for (const again of [who, { ...who, sub: 'another-subject' }]) {
    const browser = new Browser(mercat.origin)
    const page = await arrive(again, browser)
    expect([page.status, page.title]).toEqual([403, 'You cannot sign in · Mercat'])
    expect(await whoIs(browser)).toBeUndefined()
  }
})

/** What a callback that was tampered with must lead to: a page, no session, and the provider not asked for tokens where it says nothing new. */
async function expectRefused(browser: Browser, callback: URL, title: string): Promise<void> {
  const page = await back(browser, callback)
  expect([page.status, page.title]).toEqual([400, `${title} · Mercat`])
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(await whoIs(browser)).toBeUndefined()
}

test('identity.md trap 9: a callback with a wrong, missing or used state, or in another browser, is refused without asking the provider', async () => {
  const who = colleague({ groups: ['Marketing'] })
  const browser = new Browser(mercat.origin)
  const wrong = await visit(await leave(browser), who)
  wrong.searchParams.set('state', 'x'.repeat(43))
  const missing = new URL(wrong)
  missing.searchParams.delete('state')
  const elsewhere = await visit(await leave(new Browser(mercat.origin)), who)
  provider.asked.length = 0
  await expectRefused(browser, wrong, 'That did not work')
  await expectRefused(browser, missing, 'That did not work')
  await expectRefused(browser, elsewhere, 'That did not work')
  await expectRefused(new Browser(mercat.origin), elsewhere, 'That did not work')
  expect(provider.asked).toEqual([])
})

test('a replayed callback signs nobody in a second time', async () => {
  const browser = new Browser(mercat.origin)
  const callback = await visit(await leave(browser), colleague({ groups: ['Marketing'] }))
  expect((await back(browser, callback)).status).toBe(200)
  const page = (await browser.go('/sign-out')).page as Page
  await browser.submit(page, '')
  await expectRefused(browser, callback, 'That did not work')
})

test.each([
  ['nonce', (url: URL) => url.searchParams.set('nonce', 'of-another-sign-in')],
  ['code challenge', (url: URL) => url.searchParams.set('code_challenge', newPkce().challenge)],
])('an answer to another %s is refused', async (_what, tamper) => {
  const browser = new Browser(mercat.origin)
  const url = await leave(browser)
  tamper(url)
  await expectRefused(browser, await visit(url, colleague({ groups: ['Marketing'] })), 'That did not work')
})

test.each([
  ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
  ['no issuer', (url: URL) => url.searchParams.delete('iss')],
  ['two issuers', (url: URL) => url.searchParams.append('iss', 'https://evil.example')],
  ['two codes', (url: URL) => url.searchParams.append('code', 'another')],
  ['a made-up code', (url: URL) => url.searchParams.set('code', 'made-up')],
])('RFC 9207: an answer of %s is refused', async (_what, tamper) => {
  const browser = new Browser(mercat.origin)
  const callback = await visit(await leave(browser), colleague({ groups: ['Marketing'] }))
  tamper(callback)
  await expectRefused(browser, callback, 'That did not work')
})

test('who cancels at the provider reads so, and can go on', async () => {
  const browser = new Browser(mercat.origin)
  const page = await arrive('cancels', browser, '/a/acme/members')
  expect([page.status, page.title]).toEqual([403, 'You were not signed in · Mercat'])
  expect(page.html).toContain('/sign-in?return_to=%2Fa%2Facme%2Fmembers')
})

test('return_to leads to no other site', async () => {
  for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example/']) {
    const browser = new Browser(mercat.origin)
    const stop = await browser.go((await visit(await leave(browser, evil), colleague({ groups: ['Marketing'] }))).href)
    expect(stop.page?.url).toBe(mercat.at('/'))
  }
})

test('another site can not send a person through', async () => {
  const { page } = await new Browser(mercat.origin).go('/sign-in/external?return_to=/x', { headers: { 'sec-fetch-site': 'cross-site' } })
  expect(page?.url).toBe(mercat.at('/sign-in?return_to=%2Fx'))
})

test('who is signed in and proves it anew is asked again by the provider', async () => {
  const browser = new Browser(mercat.origin)
  const elsewhere = new Browser(provider.issuer)
  const who = colleague({ groups: ['Marketing'] })
  await back(browser, await visit(await leave(browser), who, elsewhere))
  const again = await leave(browser)
  expect([again.searchParams.get('prompt'), again.searchParams.get('max_age')]).toEqual(['login', '0'])
  expect((await back(browser, await visit(again, who, elsewhere))).status).toBe(200)
})

test('a sign-in at the provider is as fresh as the provider says: its session of yesterday allows no sensitive change', async () => {
  const elsewhere = new Browser(provider.issuer)
  const who = colleague({ groups: ['Marketing'] })
  const tryTo = async (browser: Browser) => {
    const dashboard = new Dashboard(browser)
    dashboard.csrf = (await dashboard.ok<{ csrf: string }>('session/current')).csrf
    return (await dashboard.call<{ error?: { code: string } }>('security/beginTotp')).body.error?.code
  }
  const browser = new Browser(mercat.origin)
  await back(browser, await visit(await leave(browser), who, elsewhere))
  expect(await tryTo(browser)).toBe('sign_in_again')
  // Signed out here and let in again by the provider without a question: no proof either.
  const anew = new Browser(mercat.origin)
  await back(anew, await visit(await leave(anew), who, elsewhere))
  expect(await tryTo(anew)).toBe('sign_in_again')
  await back(anew, await visit(await leave(anew), who, elsewhere))
  expect(await tryTo(anew)).toBeUndefined()
})

test('an address that somebody else claimed by an invitation is given back to its owner: what was set up with it is gone', async () => {
  const who = colleague({ groups: ['Marketing'] })
  const inviter = await openDashboard(mercat.origin, mercat.people.stranger)
  const { link } = await inviter.ok<{ link: string }>('members/invite', { account: 'globex', email: who.email, role: 'analyst' })
  const attacker = new Browser(mercat.origin)
  const { page: joining } = await attacker.go(link)
  const password = 'known to the inviter alone'
  await attacker.submit(joining as Page, 'join', { name: 'Impostor', password, repeated: password })
  expect(await whoIs(attacker)).toBe(who.email)
  const { tokens } = await connect({ origin: mercat.origin, resource: mercat.at('/c/globex'), person: { email: who.email, password } })

  const browser = new Browser(mercat.origin)
  expect((await arrive(who, browser)).status).toBe(200)
  expect(await whoIs(browser)).toBe(who.email)
  expect(await membershipsOf(who.email)).toEqual({ acme: 'marketer directory', globex: 'analyst manual' })
  expect(await whoIs(attacker)).toBeUndefined()
  expect((await mercat.identity.check(tokens.access_token, 'c/globex')).ok).toBe(false)
  await expect(openDashboard(mercat.origin, { email: who.email, password })).rejects.toThrow('do not belong together')
})

test('a provider that fails on the way back is a page that says so', async () => {
  const browser = new Browser(mercat.origin)
  const callback = await visit(await leave(browser), colleague({ groups: ['Marketing'] }))
  provider.broken = true
  const page = await back(browser, callback)
  expect(page.title).toBe('The sign-in service does not answer · Mercat')
  expect(page.text).toContain('Staff Directory cannot be reached')
})

test('neither the logs of all this nor the store hold a code, a state, a nonce or the client secret', async () => {
  const { db } = mercat.stores
  await leave(new Browser(mercat.origin))
  const rows = await Promise.all([
    db.selectFrom('challenges').selectAll().execute(),
    db.selectFrom('external_identities').selectAll().execute(),
    db.selectFrom('sessions').selectAll().execute(),
    db.selectFrom('oauth_records').selectAll().execute(),
    db.selectFrom('audit').selectAll().execute(),
  ])
  const held = `${logged.join('')}${JSON.stringify(rows)}`
  expect(rows[0].length).toBeGreaterThan(0)
  expect(logged.join('')).toContain('Sign-in by the external provider failed')
  expect(bearers.size).toBeGreaterThan(50)
  for (const secret of [...bearers, provider.clientSecret]) expect(held).not.toContain(secret)
})

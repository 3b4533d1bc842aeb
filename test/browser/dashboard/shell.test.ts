/** The dashboard's frame in a real Chromium: who may come in, what is served and how, moving about by keyboard alone, accounts, theme, signing out. */
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { addMember, createAccount } from '../../../src/domain/accounts/index.ts'
import { sharedApp } from '../../shared.ts'
import { connect, registerApp } from '../../clients/oauth.ts'
import { expectAccessible, expectFits, screenshot, signIn, sharedChromium } from '../chromium.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

const asBrowser = { accept: 'text/html,application/xhtml+xml' }

describe('what is served', () => {
  test('its page: never cached, no code but our own files, a nonce for each answer', async () => {
    const [one, two] = await Promise.all(['/a/acme/connect', '/'].map((path) => fetch(mercat.at(path), { headers: asBrowser })))
    const policy = one?.headers.get('content-security-policy') ?? ''
    expect(one?.status).toBe(200)
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(one?.headers.get('cache-control')).toBe('no-store')
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
    expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/)
    expect(await one?.text()).toContain(`content="${nonce}"`)
    expect(two?.headers.get('content-security-policy')).not.toContain(nonce)
  })

  test('its files: kept for good, packed, asked for again by their tag', async () => {
    const page = await (await fetch(mercat.at('/'), { headers: asBrowser })).text()
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? ''
    const answer = await fetch(mercat.at(script), { headers: { 'accept-encoding': 'br' } })
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.get('content-encoding')).toBe('br')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    const plain = await fetch(mercat.at(script), { headers: { 'accept-encoding': 'identity' } })
    expect(await plain.text()).toBe(await answer.text())
    const again = await fetch(mercat.at(script), { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  test.each([
    '/assets/../../package.json',
    '/assets/%2e%2e/index.html',
    '/assets/..%2f..%2fpackage.json',
    '/assets/index.html',
    '/assets/.built',
    '/assets/',
    '/assets/constructor',
    '/dist/index.html',
    '/web/src/main.tsx',
  ])('no other file: %s', async (path) => {
    const answer = await fetch(mercat.at(path), { headers: asBrowser })
    expect(answer.status).toBe(404)
  })

  test('machines get JSON at the front, and only GET is answered', async () => {
    expect(await (await fetch(mercat.at('/'), { headers: { accept: 'application/json' } })).json()).toMatchObject({ name: 'mercat' })
    for (const path of ['/', '/a/acme/connect', '/security']) expect((await fetch(mercat.at(path), { method: 'POST', headers: asBrowser, body: 'x' })).status).toBe(404)
  })
})

test('nobody is let in without signing in, and comes back where they wanted to go', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/401/)
  await page.goto(mercat.at('/a/acme/apps'), { waitUntil: 'commit' })
  await page.waitForURL(/\/sign-in\?return_to=%2Fa%2Facme%2Fapps$/)
  await page.fill('input[type=email]', mercat.people.analyst.email)
  await page.fill('input[type=password]', mercat.people.analyst.password)
  await page.click('button[value=sign-in]')
  await page.waitForURL(mercat.at('/a/acme/apps'))
  await page.getByRole('heading', { name: 'Connected apps' }).waitFor()
  await close()
})

test('an account of others and one that does not exist look the same', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.analyst, '/a/globex/connect')
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  const foreign = await page.textContent('main')
  await page.goto(mercat.at('/a/no-such-account/connect'))
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  expect(await page.textContent('main')).toBe(foreign)
  await expectAccessible(page)
  await screenshot(page, 'shell-not-here')
  // A page that needs a scope the person lacks, too.
  await page.goto(mercat.at('/a/acme/members'))
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  expect(await page.getByRole('navigation').textContent()).not.toContain('Members')
  await close()
})

test('by keyboard alone: skip link, pages, focus on the heading, the menu', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.both, '/a/acme/connect')
  await page.getByRole('heading', { name: 'Connect an assistant' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await focused(page)).toBe('Skip to the content')
  expect(await page.getByText('Skip to the content').boundingBox()).toMatchObject({ y: expect.toSatisfy((y: number) => y >= 0) })
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('content')
  // From the top again: the switcher, then the pages.
  await page.reload()
  await page.getByRole('heading', { name: 'Connect an assistant' }).waitFor()
  await tabTo(page, 'Connected apps')
  await page.keyboard.press('Enter')
  await page.waitForURL(mercat.at('/a/acme/apps'))
  await page.locator('h1:focus').waitFor()
  expect(await focused(page)).toBe('Connected apps')
  expect(await page.title()).toBe('Connected apps · ACME · Mercat')
  await page.reload()
  await page.getByRole('heading', { name: 'Connected apps' }).waitFor()
  await tabTo(page, 'Your menu')
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor({ state: 'detached' })
  await close()
})

test('the account switcher keeps the page, and searches when there are many', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.both, '/a/acme/apps')
  await page.getByRole('button', { name: 'Account: ACME' }).click()
  await expectAccessible(page)
  await page.getByRole('option', { name: 'GLOBEX' }).click()
  await page.waitForURL(mercat.at('/a/globex/apps'))
  for (let number = 1; number <= 8; number++) {
    const account = await createAccount(mercat.stores.db, { systemName: `shop-${number}`, name: `Shop number ${number}`, timeZone: 'Europe/Berlin', currency: 'EUR' })
    await addMember(mercat.stores.db, account.id, mercat.people.both.id, { role: 'owner' })
  }
  await page.reload()
  await page.getByRole('button', { name: 'Account: GLOBEX' }).click()
  await page.getByRole('textbox', { name: 'Find an account' }).fill('number 7')
  expect(await page.getByRole('option').count()).toBe(1)
  await screenshot(page, 'shell-switcher')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(mercat.at('/a/shop-7/apps'))
  // The front door leads to the account of last time.
  await page.goto(mercat.at('/'))
  await page.waitForURL(mercat.at('/a/shop-7/home'))
  await close()
})

test('on a telephone the menu opens, leads on and closes', async () => {
  const { page, close } = await openProfile({ width: 360, dark: true })
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/connect')
  await page.getByRole('heading', { name: 'Connect an assistant' }).waitFor()
  await page.getByRole('button', { name: 'Open the menu' }).click()
  const link = page.getByRole('navigation').getByRole('link', { name: 'Connected apps' })
  await link.waitFor()
  await expectAccessible(page)
  await screenshot(page, 'shell-menu-360')
  await link.click()
  await page.waitForURL(mercat.at('/a/acme/apps'))
  await link.waitFor({ state: 'hidden' })
  await expectFits(page)
  await close()
})

test('a change goes on after a new sign-in in another tab, but never in the name of another person', async () => {
  const { context, page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 40[13]/)
  const connected = async (person: 'analyst' | 'marketer', client_name: string) =>
    await connect({ origin: mercat.origin, resource: mercat.at('/c/acme'), person: mercat.people[person], app: await registerApp(mercat.origin, { client_name }) })
  await connected('analyst', 'First')
  await connected('analyst', 'Second')
  const disconnect = async (name: string) => {
    await page.getByRole('button', { name: `Disconnect ${name}` }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  }
  await signIn(page, mercat.origin, mercat.people.analyst, '/a/acme/apps')
  await page.getByRole('button', { name: 'Disconnect First' }).waitFor()
  const other = await context.newPage()
  await signIn(other, mercat.origin, mercat.people.analyst, '/healthz', { again: true })
  await disconnect('First')
  await page.getByText('First is disconnected').waitFor()
  await signIn(other, mercat.origin, mercat.people.marketer, '/healthz', { again: true })
  await disconnect('Second')
  // The page is drawn anew, for who is signed in now; nothing was ended.
  await page.getByText('marketer@example.com').waitFor()
  const rows = await mercat.stores.db.selectFrom('oauth_records').select('user_id').where('model', '=', 'Grant').where('user_id', '=', mercat.people.analyst.id).execute()
  expect(rows).toHaveLength(1)
  await close()
})

test('theme and signing out', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/401/)
  await signIn(page, mercat.origin, mercat.people.stranger, '/a/globex/connect')
  await page.getByRole('button', { name: 'Your menu' }).click()
  await page.getByText('Dark', { exact: true }).click({ force: true })
  await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
  await screenshot(page, 'shell-person-menu')
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.waitForURL(mercat.at('/sign-in'))
  await page.goto(mercat.at('/a/globex/connect'), { waitUntil: 'commit' })
  await page.waitForURL(/\/sign-in/)
  await close()
})

test('when Mercat does not answer, it says so and tries again', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/Failed to load resource/)
  await page.route('**/api/session/current', (route) => route.abort())
  await signIn(page, mercat.origin, mercat.people.reader, '/a/acme/connect')
  await page.getByText('Mercat could not be loaded').waitFor()
  await expectAccessible(page)
  await page.unroute('**/api/session/current')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Connect an assistant' }).waitFor()
  await close()
})

const focused = async (page: Page) => ((await page.evaluate<string | undefined>('document.activeElement?.textContent')) ?? '').trim()

/** Presses Tab until what has the focus holds the words. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    if ((await focused(page)).includes(words)) return
  }
  throw new Error(`Tab does not lead to "${words}"`)
}

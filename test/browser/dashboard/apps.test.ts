/** The page Connected apps in a real Chromium, while real OAuth clients hold tokens: who sees what, and that disconnecting acts on the next call. */
import { describe, expect, test } from 'vitest'
import { callBody } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { connect, registerApp } from '../../clients/oauth.ts'
import { expectAccessible, expectFits, screenshot, signIn, sharedChromium } from '../chromium.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

/** A connected app, and what its next call is answered with. */
async function connected(person: 'owner' | 'analyst' | 'marketer' | 'both', name: string, path: 'c/acme' | 'mcp' = 'c/acme', redirect = 'https://claude.ai/api/mcp/auth_callback') {
  const app = await registerApp(mercat.origin, { client_name: name, redirect_uris: [redirect] })
  const { tokens } = await connect({
    origin: mercat.origin,
    resource: mercat.at(`/${path}`),
    person: mercat.people[person],
    app,
    ...(path === 'mcp' ? { accounts: [mercat.accounts.acme.id, mercat.accounts.globex.id] } : {}),
  })
  return async (account?: string) => {
    const call = callBody('metric_definitions', account === undefined ? {} : { account })
    const response = await mercat.post(`/${path}`, call, { authorization: `Bearer ${tokens.access_token}` })
    return { status: response.status, text: await response.text() }
  }
}

test('nothing connected: says so and leads to Connect', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.reader, '/a/acme/apps')
  await page.getByText('You have not connected an app yet').waitFor()
  await expectAccessible(page)
  await screenshot(page, 'apps-empty')
  await page.getByRole('link', { name: 'Connect an assistant' }).click()
  await page.waitForURL(mercat.at('/a/acme/connect'))
  await close()
})

describe.each([
  { width: 1280, dark: false },
  { width: 360, dark: true },
])('$width wide, dark $dark', ({ width, dark }) => {
  test('a person sees their own apps and ends one; its next call is refused', async () => {
    const call = await connected('marketer', 'Claude')
    const kept = await connected('marketer', 'Cursor with quite a long name that must be broken somewhere', 'c/acme', 'http://127.0.0.1:7777/callback')
    expect((await call()).status).toBe(200)
    const { page, close } = await openProfile({ width, dark })
    await signIn(page, mercat.origin, mercat.people.marketer, '/a/acme/apps')
    const rows = page
      .getByRole('main')
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { level: 2 }) })
    await rows.first().waitFor()
    const claude = rows.filter({ hasText: 'claude.ai' })
    expect(await claude.textContent()).toContain('Last usedjust now')
    expect(await rows.filter({ hasText: 'Cursor' }).first().textContent()).toContain('own computer')
    await claude.getByText(/It was allowed/).click()
    expect(await claude.textContent()).toContain('See reports and metrics')
    await expectFits(page)
    await expectAccessible(page)
    await screenshot(page, `apps-${width}-${dark ? 'dark' : 'light'}`)
    await claude.getByRole('button', { name: 'Disconnect Claude' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Claude can no longer act for you').waitFor()
    await expectAccessible(page)
    await screenshot(page, `apps-disconnect-${width}-${dark ? 'dark' : 'light'}`)
    await dialog.getByRole('button', { name: 'Disconnect' }).click()
    await page.getByText('Claude is disconnected').waitFor()
    await claude.waitFor({ state: 'detached' })
    expect((await call()).status).toBe(401)
    expect((await kept()).status).toBe(200)
    await close()
  })
})

test('an owner sees everybody’s, and takes the account out of an app for several', async () => {
  const call = await connected('both', 'Several accounts', 'mcp')
  expect((await call('acme')).text).not.toContain('"isError":true')
  expect((await call('globex')).text).not.toContain('"isError":true')
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/apps')
  await page.getByText('You have not connected an app yet').waitFor()
  await page.getByText('Everybody’s', { exact: true }).click()
  const row = page.getByRole('listitem').filter({ hasText: 'Several accounts' })
  await row.waitFor()
  expect(await row.textContent()).toContain('both@example.com')
  expect(await row.textContent(), 'the other accounts of another person').not.toContain('globex')
  await expectAccessible(page)
  await screenshot(page, 'apps-everyone')
  await row.getByRole('button', { name: 'Disconnect Several accounts of both' }).click()
  await page.getByRole('dialog').getByText('Where both uses it for other accounts, it keeps working').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect' }).click()
  await row.waitFor({ state: 'detached' })
  // One account is left: the endpoint of several answers for it alone.
  const after = await call()
  expect(after.status).toBe(200)
  expect((await call('acme')).text).toMatch(/isError|error/)
  await close()
})

test('the list says what went wrong, and tries again', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/Failed to load resource/)
  await page.route('**/api/apps/list', (route) => route.abort())
  await signIn(page, mercat.origin, mercat.people.analyst, '/a/acme/apps')
  await page.getByText('Loading connected apps').waitFor({ state: 'attached' })
  await page.getByText('Connected apps could not be loaded').waitFor()
  await screenshot(page, 'apps-error')
  await page.unroute('**/api/apps/list')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('You have not connected an app yet').waitFor()
  await close()
})

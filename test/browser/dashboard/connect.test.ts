/** The page Connect in a real Chromium: exact steps for every assistant, who can turn MCP on, and the live state while a real OAuth client connects. */
import { describe, expect, test } from 'vitest'
import { createUser } from '../../../src/domain/accounts/index.ts'
import { password } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { connect, registerApp } from '../../clients/oauth.ts'
import { expectAccessible, expectFits, screenshot, signIn, sharedChromium } from '../chromium.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

describe.each([
  { width: 1280, dark: false },
  { width: 1280, dark: true },
  { width: 360, dark: false },
  { width: 360, dark: true },
])('$width wide, dark $dark', ({ width, dark }) => {
  const name = `${width}-${dark ? 'dark' : 'light'}`

  test('shows the address and the steps of each assistant', async () => {
    const { page, close } = await openProfile({ width, dark })
    await signIn(page, mercat.origin, mercat.people.analyst, '/a/acme/connect')
    await page.getByText('Waiting for your assistant').waitFor()
    // The steps load by themselves.
    await page.getByRole('main').getByText(mercat.at('/c/acme')).first().waitFor()
    expect(await page.title()).toBe('Connect an assistant · ACME · Mercat')
    await expectFits(page)
    await expectAccessible(page)
    await screenshot(page, `connect-${name}`)
    for (const [client, words] of [
      ['Claude', 'Add custom connector'],
      ['Claude Code', `claude mcp add --transport http mercat ${mercat.at('/c/acme')}`],
      ['ChatGPT', 'Developer mode'],
      ['Cursor', '~/.cursor/mcp.json'],
      ['VS Code', 'code --add-mcp'],
      ['Any other client', 'OAuth 2.1 with PKCE'],
    ] as const) {
      await page.getByRole('tab', { name: client, exact: true }).click()
      expect(await page.getByRole('tabpanel').textContent()).toContain(words)
      await expectFits(page)
    }
    await close()
  })
})

test('an address is copied with one press', async () => {
  const { context, page, close } = await openProfile()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await signIn(page, mercat.origin, mercat.people.analyst, '/a/acme/connect')
  await page.getByRole('button', { name: 'Copy Connector address' }).click()
  await page.getByText('Copied', { exact: true }).waitFor()
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(mercat.at('/c/acme'))
  await close()
})

test('tells at once when a real client has connected', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.marketer, '/a/acme/connect')
  await page.getByText('Waiting for your assistant').waitFor()
  const app = await registerApp(mercat.origin, { client_name: 'Claude', redirect_uris: ['https://claude.ai/api/mcp/auth_callback'] })
  await connect({ origin: mercat.origin, resource: mercat.at('/c/acme'), person: mercat.people.marketer, app })
  const live = page.getByRole('status').filter({ hasText: 'Claude is connected' })
  await live.waitFor()
  expect(await live.getAttribute('aria-live')).toBe('polite')
  await expectAccessible(page)
  await screenshot(page, 'connect-connected')
  // Somebody else's connection is no business of this person.
  const other = await registerApp(mercat.origin, { client_name: 'Other app' })
  await connect({ origin: mercat.origin, resource: mercat.at('/c/acme'), person: mercat.people.analyst, app: other })
  await page.reload()
  await page.getByText('Connected already: Claude').waitFor()
  await page.getByRole('link', { name: 'See connected apps' }).click()
  await page.waitForURL(mercat.at('/a/acme/apps'))
  await close()
})

test('MCP is off: a member learns who can turn it on, an operator turns it on', async () => {
  const member = await openProfile()
  await signIn(member.page, mercat.origin, mercat.people.owner, '/a/initech/connect')
  await member.page.getByText('MCP is off for INITECH').waitFor()
  expect(await member.page.textContent('main')).toContain('mercat account mcp initech on')
  expect(await member.page.getByRole('button', { name: 'Turn MCP on' }).count()).toBe(0)
  await expectAccessible(member.page)
  await screenshot(member.page, 'connect-off')
  await createUser(mercat.stores.db, { email: 'operator@example.com', name: 'Olga Operator', password, isSuperAdmin: true })
  const operator = await openProfile()
  await signIn(operator.page, mercat.origin, { email: 'operator@example.com', password }, '/a/initech/connect')
  await operator.page.getByRole('button', { name: 'Turn MCP on' }).click()
  await operator.page.getByText('Waiting for your assistant').waitFor()
  await member.page.reload()
  await member.page.getByText('Waiting for your assistant').waitFor()
  await member.close()
  await operator.close()
})

test('a role without MCP access learns whom to ask', async () => {
  const { page, close } = await openProfile({ width: 360 })
  await signIn(page, mercat.origin, mercat.people.reader, '/a/acme/connect')
  await page.getByText('Your role has no access through assistants yet').waitFor()
  expect(await page.textContent('main')).toContain('Ask an owner of ACME')
  await expectFits(page)
  await expectAccessible(page)
  await screenshot(page, 'connect-no-access')
  await close()
})

test('says what went wrong when the server does not answer, and works again after', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/Failed to load resource/)
  await signIn(page, mercat.origin, mercat.people.analyst, '/a/acme/apps')
  await page.route('**/api/connect/guide', (route) => route.abort())
  await page.getByRole('navigation').getByRole('link', { name: 'Connect', exact: true }).click()
  await page.getByText('The steps could not be loaded').waitFor()
  await expectAccessible(page)
  await screenshot(page, 'connect-error')
  await page.unroute('**/api/connect/guide')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Connector address').first().waitFor()
  await close()
})

/** The page Settings in a real Chromium: what is saved there is what holds, what is refused is said at its field, and nothing unsaved is lost without a question. */
import { beforeAll, expect, test } from 'vitest'
import { createUser, findAccount, readSettings, updateSettings } from '../../../src/domain/accounts/index.ts'
import { password } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { loadRows } from '../../properties/load.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

beforeAll(async () => {
  await createUser(mercat.stores.db, { email: 'operator@example.com', name: 'operator', password, isSuperAdmin: true })
})

const stored = () => readSettings(mercat.stores.db, mercat.accounts.acme.id)
const account = () => findAccount(mercat.stores.db, 'acme')
const address = '/a/acme/settings'

test('everything on the page is saved at once, and figures are counted anew', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await page.getByRole('heading', { name: 'Goals' }).waitFor()
  await look(page, 'settings')
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)

  await page.getByLabel('Name').first().fill('Acme Stores')
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Madrid')
  await page.getByRole('option', { name: 'Europe/Madrid' }).click()
  await page.getByRole('checkbox', { name: /^Builders/ }).uncheck()
  await page.getByLabel('Attribution window').fill('7')
  await page.getByRole('switch', { name: 'Opens are touches' }).check()
  await page.getByRole('combobox', { name: 'Campaigns that never earn an order' }).fill('welcome')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Add a goal' }).click()
  const goal = page.getByRole('group', { name: 'Goal 2' })
  await goal.getByLabel('Name').fill('Delivered')
  for (const status of ['Placed', 'Paid']) await goal.getByRole('checkbox', { name: status }).uncheck()
  await goal.getByRole('button', { name: 'Make it the default' }).click()
  await page.getByLabel('Privacy floor').fill('25')
  await page.getByRole('region', { name: 'Unsaved changes' }).getByText('Unsaved: name, time zone, tools offered, attribution, goals, privacy floor').waitFor()
  await look(page, 'settings-unsaved')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Figures are being counted anew').first().waitFor()
  await expect.poll(() => page.getByRole('region', { name: 'Unsaved changes' }).count()).toBe(0)

  expect(await account()).toMatchObject({ name: 'Acme Stores', timeZone: 'Europe/Madrid', currency: 'EUR' })
  expect(await stored()).toMatchObject({
    attribution: { windowDays: 7, smsDeliveries: false, opens: true, excludedCampaigns: ['welcome'] },
    goals: [{ name: 'Delivered', statuses: ['delivered'] }, { name: 'Orders' }],
    privacyFloor: 25,
    retentionDays: 30,
  })
  expect((await stored()).toolsets).not.toContain('builders')
  // The rest of the dashboard knows the new name at once.
  await page
    .getByRole('button', { name: /Acme Stores/ })
    .first()
    .waitFor()
  await close()
})

test('what cannot be is said at its field, by the page or by the server, and nothing is saved', async () => {
  const { db } = mercat.stores
  const { id, customer_key: key } = await db.selectFrom('accounts').select(['id', 'customer_key']).where('system_name', '=', 'acme').executeTakeFirstOrThrow()
  const order = { order_id: 'o', customer_id: 'c', placed_at: Date.parse('2026-06-01T12:00:00Z'), status: 'paid' as const, amount: '20', currency: 'EUR' }
  await loadRows(mercat.stores, { id, customerKey: Buffer.from(key) }, { events: [], orders: [order], webEvents: [] })
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 409/)
  await signIn(page, mercat.origin, mercat.people.owner, address)
  const before = await stored()
  await page.getByLabel('Audit log').fill('9000')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('From 1 to 365 days').waitFor()
  await page.getByLabel('Audit log').fill('40')
  await page.getByRole('combobox', { name: 'Currency' }).fill('USD')
  await page.getByRole('option', { name: 'USD · US Dollar' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Not saved. See what is marked above.').waitFor()
  await page.getByText(/The currency cannot change: the account has orders/).waitFor()
  expect(await page.getByRole('combobox', { name: 'Currency' }).getAttribute('aria-invalid')).toBe('true')
  await look(page, 'settings-refused')
  expect(await stored()).toEqual(before)
  await page.getByRole('button', { name: 'Discard' }).click()
  expect(await page.getByLabel('Audit log').inputValue()).toBe('30 days')
  await close()
})

test('customer attributes are declared, from what data carries or by hand, and removed', async () => {
  await updateSettings(mercat.stores.db, mercat.accounts.acme.id, { privacyFloor: 25 })
  const row = (customer: string, attributes: object) => ({
    account_id: mercat.accounts.acme.id,
    customer: customer.padEnd(16),
    updated_at: '2026-06-01 00:00:00',
    load_id: 1,
    attributes,
  })
  const many = Array.from({ length: 30 }, (_, index) => row(`c${index}`, { loyalty_tier: 'Secret value' }))
  await mercat.stores.analytics.insert('customers', [...many, row('rare', { 'a name that is long enough to need more than one line of a telephone': '1' })])
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await page.getByRole('button', { name: 'a name that is long enough to need more than one line of a telephone · fewer than 25 customers' }).waitFor()
  await page.getByRole('button', { name: 'loyalty_tier · 30 customers' }).click()
  expect(await page.getByRole('button', { name: /^loyalty_tier/ }).count()).toBe(0)
  const [first, second] = [page.getByRole('group', { name: 'Attribute 1' }), page.getByRole('group', { name: 'Attribute 2' })]
  expect(await first.getByLabel('Name').inputValue()).toBe('loyalty_tier')
  await first.getByLabel('Title').fill('Loyalty tier')
  await page.getByRole('button', { name: 'Add an attribute' }).click()
  await second.getByLabel('Name').fill('loyalty_tier')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('This attribute is declared above').waitFor()
  await second.getByLabel('Name').fill('points')
  await second.getByRole('combobox', { name: 'Type' }).click()
  await page.getByRole('option', { name: 'Number' }).click()
  await page.getByText('Unsaved: customer attributes').waitFor()
  await look(page, 'settings-attributes')
  expect(await page.content()).not.toContain('Secret value')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(() => page.getByRole('region', { name: 'Unsaved changes' }).count()).toBe(0)
  const tier = { name: 'loyalty_tier', type: 'text', title: 'Loyalty tier' }
  expect((await stored()).customerAttributes).toEqual([tier, { name: 'points', type: 'number' }])
  await page.getByRole('button', { name: 'Remove the attribute points' }).click()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect.poll(async () => (await stored()).customerAttributes).toEqual([tier])
  await close()
})

test('leaving with unsaved changes asks', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await page.getByLabel('Privacy floor').fill('99')
  await page.getByRole('link', { name: 'Members' }).click()
  const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
  await dialog.getByRole('button', { name: 'Stay' }).click()
  expect(await page.getByLabel('Privacy floor').inputValue()).toBe('99 people')
  await page.getByRole('link', { name: 'Members' }).click()
  await dialog.getByRole('button', { name: 'Leave without saving' }).click()
  await page.getByRole('heading', { name: 'Members and roles' }).waitFor()
  expect((await stored()).privacyFloor).not.toBe(99)
  await close()
})

test('only an operator turns MCP off; apps are refused from the next call on', async () => {
  const owner = await openProfile()
  await signIn(owner.page, mercat.origin, mercat.people.owner, address)
  await owner.page.getByText('Only a platform operator switches it').waitFor()
  expect(await owner.page.getByRole('button', { name: /^Turn MCP/ }).count()).toBe(0)
  await owner.close()

  const token = await mercat.token('analyst', 'c/acme')
  const ask = () => mercat.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${token}` })
  expect((await ask()).status).toBe(200)
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, { email: 'operator@example.com', password }, address)
  // The page's own button: a dialog that fades away may hold one of the same name.
  const switchTo = (state: 'on' | 'off') => page.locator('#content').getByRole('button', { name: `Turn MCP ${state}` })
  await switchTo('off').click()
  await look(page, 'settings-mcp-off')
  await page.getByRole('dialog').getByRole('button', { name: 'Turn MCP off' }).click()
  await switchTo('on').waitFor()
  expect((await ask()).status).toBe(403)
  await switchTo('on').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn MCP on' }).click()
  await switchTo('off').waitFor()
  expect((await ask()).status).toBe(200)
  await close()
})

test('who may not change the account is not offered the page', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.analyst, address)
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  expect(await page.getByRole('link', { name: 'Settings' }).count()).toBe(0)
  await close()
})

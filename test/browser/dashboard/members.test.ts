/** The page Members and roles in a real Chromium: who is invited there really joins, who is changed or removed there meets it at the next call. */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { listMembers } from '../../../src/domain/accounts/index.ts'
import { upsertEntities } from '../../../src/domain/entities/index.ts'
import { callBody, messageOf } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { screenshot, sharedChromium, signIn } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

const members = () => listMembers(mercat.stores.db, mercat.accounts.acme.id)
const member = async (email: string) => (await members()).find((one) => one.email === email)

async function openAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

test('a person invited on the page joins through the link, with the access that was chosen', async () => {
  const owner = await openProfile()
  const { page } = owner
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/members')
  await page.getByRole('heading', { name: '5 members' }).waitFor()
  await page.getByRole('button', { name: 'Invite a person' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invite a person' })
  await dialog.getByLabel('E-mail').fill('no address')
  await dialog.getByRole('button', { name: 'Make the invitation' }).click()
  await dialog.getByText('Give an e-mail address').waitFor()
  await dialog.getByLabel('E-mail').fill('grace@example.com')
  await dialog.getByRole('combobox', { name: 'Role' }).click()
  await page.getByRole('option', { name: /^Marketer/ }).click()
  await dialog.getByRole('checkbox', { name: /See invoices and contracts/ }).check()
  await dialog.getByRole('checkbox', { name: /Approve and activate drafts/ }).uncheck()
  await look(page, 'members-invite', 1500)
  await dialog.getByRole('button', { name: 'Make the invitation' }).click()
  const link = await dialog.locator('pre').textContent()
  await look(page, 'members-invited')
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('region', { name: 'Open invitations' }).getByText('grace@example.com').waitFor()

  const grace = await openProfile()
  await grace.page.goto(link ?? '')
  await grace.page.fill('input[name=name]', 'Grace Hopper')
  await grace.page.fill('input[name=password]', 'a long enough password')
  await grace.page.fill('input[name=repeated]', 'a long enough password')
  await grace.page.click('button[value=join]')
  await grace.page.getByRole('button', { name: /Grace Hopper/ }).waitFor()
  await grace.close()
  expect(await member('grace@example.com')).toMatchObject({ role: 'marketer', scopesAdded: ['read:billing'], scopesRemoved: ['approve:drafts'], source: 'manual' })

  await page.reload()
  await page.getByRole('heading', { name: '6 members' }).waitFor()
  await expect.poll(() => page.getByRole('region', { name: 'Open invitations' }).count()).toBe(0)
  await look(page, 'members')
  await owner.close()
})

test('an invitation withdrawn on the page leads nowhere', async () => {
  const { page, close, expectComplaint } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/members')
  await page.getByRole('button', { name: 'Invite a person' }).click()
  await page.getByLabel('E-mail').fill('late@example.com')
  await page.getByRole('button', { name: 'Make the invitation' }).click()
  const link = (await page.getByRole('dialog').locator('pre').textContent()) ?? ''
  await page.getByRole('button', { name: 'Done' }).click()
  await page.getByRole('button', { name: 'Withdraw the invitation of late@example.com' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click()
  await page.getByText('The invitation of late@example.com is withdrawn').waitFor()
  expectComplaint(/status of 404/)
  expect((await page.goto(link))?.status()).toBe(404)
  await close()
})

test('a changed member may do what was chosen at the next call, restricted to what was chosen', async () => {
  const { page, close } = await openProfile()
  await upsertEntities(mercat.stores.db, mercat.accounts.acme.id, [{ type: 'brand', key: 'north', name: 'Northern brand' }])
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/members')
  await page.getByLabel('Find a member').fill('analyst@')
  await expect.poll(() => page.getByRole('button', { name: /^Actions for/ }).count()).toBe(1)
  await openAction(page, 'analyst', 'Change role and scopes')
  const dialog = page.getByRole('dialog', { name: 'Change analyst' })
  await dialog.getByRole('checkbox', { name: /Use Mercat through an assistant/ }).uncheck()
  await dialog.getByRole('combobox', { name: 'Brands' }).click()
  await page.getByRole('option', { name: 'Northern brand' }).click()
  await page.keyboard.press('Escape')
  await look(page, 'members-change', 1500)
  const token = await mercat.token('analyst', 'c/acme')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page.getByText('analyst may now do what you chose').waitFor()
  await page.getByText('Only Northern brand').waitFor()
  expect(await member('analyst@example.com')).toMatchObject({ role: 'analyst', scopesRemoved: ['read:mcp'] })
  const refused = await messageOf(await mercat.post('/c/acme', callBody('metric_definitions', {}), { authorization: `Bearer ${token}` }))
  expect(JSON.stringify(refused)).toContain('Missing required scopes: read:mcp')
  // The dialog gives the focus back to where it came from.
  await expect.poll(() => page.evaluate('document.activeElement?.getAttribute("aria-label")')).toBe('Actions for analyst')
  await close()
})

test('a removed member is refused from the next call on', async () => {
  const { page, close } = await openProfile()
  const token = await mercat.token('both', 'c/acme')
  const ask = () => mercat.post('/c/acme', callBody('metric_definitions', {}), { authorization: `Bearer ${token}` })
  expect((await ask()).status).toBe(200)
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/members')
  await openAction(page, 'both', 'Remove')
  const dialog = page.getByRole('dialog')
  expect(await dialog.textContent()).toContain('Their apps are refused from the next call on')
  await screenshot(page, 'members-remove')
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('both is no longer a member').waitFor()
  expect((await ask()).status).toBe(401)
  expect(await member('both@example.com')).toBeUndefined()
  await close()
})

test('the last owner cannot leave, and the page says why', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 409/)
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/members')
  await openAction(page, 'owner', 'Leave the account')
  await page.getByRole('dialog').getByRole('button', { name: 'Leave the account' }).click()
  await page.getByRole('dialog').getByRole('alert').waitFor()
  expect(await page.getByRole('dialog').getByRole('alert').textContent()).toMatch(/owner/)
  await look(page, 'members-last-owner')
  expect(await member('owner@example.com')).toMatchObject({ role: 'owner' })
  await close()
})

test('changing oneself is not offered; removing whom a directory group made a member says when they come back', async () => {
  const { page, close } = await openProfile()
  const ofGroup = await member('reader@example.com')
  await mercat.stores.db
    .updateTable('memberships')
    .set({ source: 'directory' })
    .where('user_id', '=', ofGroup?.userId ?? '')
    .execute()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/members')
  const offered = async (name: string) => {
    await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
    await page.getByRole('menuitem').first().waitFor()
    return await page.getByRole('menuitem').allTextContents()
  }
  expect(await offered('owner')).toEqual(['Leave the account'])
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('menuitem').count()).toBe(0)
  expect(await offered('reader')).toEqual(['Change role and scopes', 'Remove'])
  await page.getByRole('menuitem', { name: 'Remove' }).click()
  await page.getByText(/come back at their next sign-in/).waitFor()
  await look(page, 'members-directory')
  await close()
})

test('who may not manage members is not offered the page', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.marketer, '/a/acme/members')
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  expect(await page.getByRole('link', { name: 'Members' }).count()).toBe(0)
  await close()
})

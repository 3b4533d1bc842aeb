/** Webhooks in a real Chromium: an endpoint is added, tried, given a new secret, turned off and removed in the settings, and what failed is sent again on the page Health. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AnnouncedEvent, announce } from '../../../src/domain/webhooks/index.ts'
import type { AccountName } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { Receiver, verified } from '../../webhooks/receiver.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
const receiver = new Receiver()
beforeAll(async () => void (await receiver.open()))
afterAll(() => receiver.close())

const tell = (name: string, type: AnnouncedEvent = 'entity.activated', account: AccountName = 'acme') =>
  mercat.stores.db
    .transaction()
    .execute((transaction) =>
      announce(transaction, mercat.stores.clock, { accountId: mercat.accounts[account].id, type, data: { entity: { id: 'cmp_1', type: 'campaign', name } } }),
    )

test('an endpoint from its first test to its last message', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 400/)
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/settings')
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Webhooks' }) })
  await section.getByText('Nobody is told yet').waitFor()
  await section.getByRole('button', { name: 'Add an endpoint' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Address').fill('https://192.168.1.1/hook')
  await dialog.getByRole('button', { name: 'Add the endpoint' }).click()
  await dialog.getByText(/not on the public internet/).waitFor()
  await dialog.getByLabel('Address').fill(receiver.url('/hooks/mercat?platform=a-long-name-of-a-platform-that-sends&environment=production'))
  await dialog.getByRole('button', { name: 'Add the endpoint' }).click()
  await dialog.getByText('The endpoint is added').waitFor()
  const secret = (await dialog.locator('pre').textContent()) ?? ''
  await look(page, 'webhooks-secret')
  await dialog.getByRole('button', { name: 'Done' }).click()

  const { host } = new URL(receiver.url())
  const card = page.getByRole('article', { name: host })
  await card.getByRole('button', { name: `Send a test to ${host}` }).click()
  await card.getByText('The test was taken').waitFor()
  expect(verified(secret, await receiver.until(({ body }) => body.includes('webhook.test')))).toMatchObject({ type: 'webhook.test' })
  receiver.answers(401)
  await card.getByRole('button', { name: `Send a test to ${host}` }).click()
  await card.getByText('The test was not taken').waitFor()
  await look(page, 'webhooks-settings')
  // The settings around it are untouched by what acts at once.
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0)

  await card.getByRole('button', { name: `Make a new secret for ${host}` }).click()
  await dialog.getByRole('button', { name: 'Make a new secret' }).click()
  await dialog.getByText('A new secret signs from now on').waitFor()
  const fresh = (await dialog.locator('pre').textContent()) ?? ''
  expect(fresh).not.toBe(secret)
  await dialog.getByRole('button', { name: 'Done' }).click()
  await card.getByText(/Two secrets sign until/).waitFor()
  await tell('Spring')
  const spring = await receiver.until(({ body }) => body.includes('Spring'))
  for (const one of [secret, fresh]) expect(verified(one, spring)).toMatchObject({ data: { entity: { name: 'Spring' } } })
  // The receiver says that it is gone, is turned on again, and fails once more.
  receiver.answers(410)
  await tell('Summer <b>sale</b>', 'draft.approved')
  await page.reload()
  await card.getByText(/said that it is gone/).waitFor()
  await card.getByRole('button', { name: `Turn on ${host}` }).click()
  await card.getByRole('button', { name: `Turn off ${host}` }).waitFor()
  receiver.answers(500)
  await tell('Autumn')
  await receiver.until(({ body }) => body.includes('Autumn'))

  await page.goto(mercat.at('/a/acme/health'))
  const health = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Outgoing webhooks', level: 2 }) })
  await health.getByText('Not taken yet').waitFor()
  await look(page, 'health-webhooks')
  const failed = health.getByRole('row', { name: /A draft was approved/ })
  await failed.getByText(/it is gone \(410\)/).waitFor()
  await failed.getByRole('button', { name: /^Show/ }).click()
  await dialog.getByText('Summer <b>sale</b>').waitFor()
  await page.keyboard.press('Escape')
  await failed.getByRole('button', { name: /^Send again/ }).click()
  await failed.getByText('Delivered').waitFor()
  const twice = receiver.received.filter(({ body }) => body.includes('Summer'))
  expect(twice.map(({ headers }) => headers['webhook-id'])).toEqual([twice[0]?.headers['webhook-id'], twice[0]?.headers['webhook-id']])
  await health.getByText('Delivered', { exact: true }).first().click()
  await expect.poll(() => health.getByText('Status 401').count()).toBe(0)

  await page.goto(mercat.at('/a/acme/settings'))
  await card.getByRole('button', { name: `Turn off ${host}` }).click()
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await card.getByText('Off', { exact: true }).waitFor()
  await card.getByRole('button', { name: `Remove ${host}` }).click()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await section.getByText('Nobody is told yet').waitFor()
  await close()
})

test('who may only look sees what happened, not what was said', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.both, '/a/globex/health')
  const health = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Outgoing webhooks', level: 2 }) })
  await health.getByText('Nothing was sent yet').waitFor()
  await mercat.stores.db
    .insertInto('webhook_endpoints')
    .values({
      account_id: mercat.accounts.globex.id,
      id: 'whe_1',
      url: 'http://127.0.0.1:1/hidden-path',
      secret: mercat.identity.seals.seal('whsec_AAAA', 'webhook_endpoints/whe_1'),
      created_at: new Date(),
    })
    .execute()
  await tell('Winter', 'entity.paused', 'globex')
  await health.getByText('Not taken yet').waitFor()
  expect(await health.getByRole('button', { name: /Show|Send again/ }).count()).toBe(0)
  expect(await page.content()).not.toMatch(/hidden-path|Winter/)
  await close()
})

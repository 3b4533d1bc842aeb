/** The page My security at an address instead of a host name: passkeys cannot work there, and the page says what to change. */
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../../app.ts'
import { launchBrowser, openProfile, signIn } from '../chromium.ts'
import { look } from './look.ts'

let browser: Browser
let mercat: TestApp

beforeAll(async () => {
  browser = await launchBrowser()
  mercat = await startApp()
})

afterAll(async () => {
  await browser?.close()
  await mercat?.close()
})

test('passkeys are explained instead of offered', async () => {
  const { page, close } = await openProfile(browser)
  await signIn(page, mercat.origin, mercat.people.analyst, '/security')
  await page.getByText('Passkeys are not possible here').waitFor()
  await page.getByText(/set MERCAT_PUBLIC_URL/).waitFor()
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
  await look(page, 'security-no-passkeys')
  await close()
})

/** The way in by an external provider in a real Chromium, from one site to another and back: cookies, policies and pages as people meet them. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { expectAccessible, expectFits, screenshot, sharedChromium } from '../browser/chromium.ts'
import { authorizationUrl, newPkce, registerApp } from '../clients/oauth.ts'
import { type ExternalHouse, startExternalHouse } from '../clients/provider.ts'

const openProfile = sharedChromium()
let provider: ExternalHouse
let mercat: TestApp
beforeAll(async () => {
  provider = await startExternalHouse()
  mercat = await startApp({
    localhost: true,
    env: {
      MERCAT_OIDC_ISSUER: provider.issuer,
      MERCAT_OIDC_CLIENT_ID: provider.clientId,
      MERCAT_OIDC_CLIENT_SECRET: provider.clientSecret,
      MERCAT_OIDC_NAME: 'Staff Directory',
    },
  })
  provider.serve(mercat.at('/sign-in/callback'))
})
afterAll(async () => {
  await mercat?.close()
  await provider?.close()
})

test.each([
  { width: 1280, javaScriptEnabled: true },
  { width: 360, javaScriptEnabled: false },
])('from an app’s request over the provider to consent: $width wide, JavaScript $javaScriptEnabled', async ({ width, javaScriptEnabled }) => {
  provider.visitor = { sub: 'analyst', email: 'analyst@example.com', email_verified: true }
  const { page, close } = await openProfile({ width, javaScriptEnabled })
  const app = await registerApp(mercat.origin)
  await page.goto(authorizationUrl(mercat.origin, app, mercat.at('/c/acme'), newPkce()))
  await expectFits(page)
  await screenshot(page, `sign-in-ways-${width}`)
  if (javaScriptEnabled) await expectAccessible(page)
  await page.click('text=Sign in with Staff Directory')
  await page.waitForSelector('button[value=allow]')
  expect(await page.textContent('body')).toContain('Test app')
  await close()
})

test('who is not let in reads why, and finds the way back', async () => {
  provider.visitor = { sub: 'nobody', email: 'nobody@example.com', email_verified: true }
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 403/)
  await page.goto(mercat.at('/sign-in?return_to=/sign-out'))
  await page.click('text=Sign in with Staff Directory')
  await page.waitForSelector('[role=alert]')
  expect(await page.title()).toBe('You have no access yet · Mercat')
  await expectAccessible(page)
  await expectFits(page)
  await screenshot(page, 'sign-in-no-access')
  await page.click('text=Back to sign-in')
  await page.waitForSelector('input[type=password]')
  expect(new URL(page.url()).search).toBe('?return_to=%2Fsign-out')
  await close()
})

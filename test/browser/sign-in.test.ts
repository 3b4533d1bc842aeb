/** The door in a real Chromium, by keyboard: password, code, recovery code, new password; on a desktop in the light, and on a telephone in the dark without JavaScript. */
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { createUser, newPasswordLink } from '../../src/domain/accounts/index.ts'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { authorizationUrl, newPkce, registerApp } from '../clients/oauth.ts'
import { expectAccessible, expectFits, screenshot, sharedChromium } from './chromium.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

let count = 0
async function newPerson() {
  const email = `someone${++count}@example.com`
  return { user: await createUser(mercat.stores.db, { email, name: 'Some Person', password }), email, password }
}

/** Types where the page put the cursor, as somebody with a keyboard alone does. */
async function type(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await (key === 'Tab' || key === 'Enter' ? page.keyboard.press(key) : page.keyboard.insertText(key))
}
/** A refusal is an error status, which a browser reports. */
const refusals = /status of 4\d\d/

describe.each([
  { name: 'desktop', width: 1280, dark: false, javaScriptEnabled: true },
  { name: 'telephone', width: 360, dark: true, javaScriptEnabled: false },
])('$name', ({ name, width, dark, javaScriptEnabled }) => {
  async function look(page: Page, what: string): Promise<void> {
    await expectFits(page)
    // The checker itself needs JavaScript; it looks at both schemes.
    if (javaScriptEnabled) await expectAccessible(page)
    await screenshot(page, `${what}-${name}`)
  }

  test('password, a mistake, code and recovery code, by keyboard', async () => {
    const person = await newPerson()
    const dashboard = await openDashboard(mercat.origin, person)
    const { secret } = await dashboard.ok<{ secret: string }>('security/beginTotp')
    const totp = new TOTP({ secret })
    const { recoveryCodes } = await dashboard.ok<{ recoveryCodes: string[] }>('security/confirmTotp', { code: totp.generate() })
    const { page, expectComplaint, close } = await openProfile({ width, dark, javaScriptEnabled })
    expectComplaint(refusals)
    await page.goto(mercat.at('/sign-in?return_to=/sign-out'))
    await look(page, 'sign-in')
    await type(page, person.email, 'Tab', 'not the password', 'Enter')
    await page.waitForSelector('[role=alert]')
    expect(await page.getAttribute('#password', 'aria-invalid')).toBe('true')
    await look(page, 'sign-in-failed')
    // The cursor stands in the password: the e-mail is kept.
    await type(page, password, 'Enter')
    await page.waitForSelector('#code')
    await look(page, 'code')
    await type(page, '000000', 'Enter')
    await page.waitForSelector('[role=alert]')
    await page.click('summary')
    await look(page, 'code-recovery')
    await page.fill('#recovery', recoveryCodes[0]?.toLowerCase() ?? '')
    await page.press('#recovery', 'Enter')
    await page.waitForURL(mercat.at('/sign-out'))
    expect(await page.textContent('main')).toContain(person.email)
    await look(page, 'signed-in')
    await page.click('button.primary')
    await look(page, 'signed-out')
    await close()
  })

  test('for an app, which is named; and again, by who is signed in', async () => {
    const { page, close } = await openProfile({ width, dark, javaScriptEnabled })
    const client = await registerApp(mercat.origin, { client_name: 'Assistant' })
    await page.goto(authorizationUrl(mercat.origin, client, mercat.at('/c/acme'), newPkce(), { login_hint: 'owner@example.com' }))
    await look(page, 'sign-in-for-app')
    await type(page, password, 'Enter')
    await page.waitForSelector('button[value=allow]')
    await page.goto(mercat.at('/sign-in?again=1&return_to=/sign-out'))
    await look(page, 'sign-in-again')
    await close()
  })

  test('a new password by a link, and the link a second time', async () => {
    const { user } = await newPerson()
    const { token } = await newPasswordLink(mercat.stores.db, user, null, new Date())
    const { page, expectComplaint, close } = await openProfile({ width, dark, javaScriptEnabled })
    expectComplaint(refusals)
    await page.goto(mercat.at(`/new-password?token=${token}`))
    await look(page, 'new-password')
    await type(page, 'quite another staple', 'Tab', 'quite another stable', 'Enter')
    await page.waitForSelector('[role=alert]')
    await look(page, 'new-password-failed')
    await type(page, 'quite another staple', 'Tab', 'quite another staple', 'Enter')
    await page.waitForURL((url) => url.pathname === '/')
    await page.goto(mercat.at(`/new-password?token=${token}`))
    await look(page, 'link-dead')
    await close()
  })
})

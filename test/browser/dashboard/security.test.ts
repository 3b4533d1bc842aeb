/** The page My security in a real Chromium: what a person sets up there is asked for at the next sign-in, and what they end there is over. */
import { TOTP, URI } from 'otpauth'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { createUser, findUserByEmail } from '../../../src/domain/accounts/index.ts'
import { password } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp({ localhost: true })

/** Somebody of their own for each test: what one changes, no other test meets. */
async function newPerson(name: string) {
  const person = { email: `${name}@example.com`, password }
  await createUser(mercat.stores.db, { ...person, name })
  return person
}

const section = (page: Page, name: string) => page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) })

async function firstStep(page: Page, person: { email: string; password: string }, returnTo = '/security'): Promise<void> {
  await page.goto(mercat.at(`/sign-in?return_to=${encodeURIComponent(returnTo)}`))
  await page.fill('input[type=email]', person.email)
  await page.fill('input[type=password]', person.password)
  await page.click('button[value=sign-in]')
}

test('a password is changed by who knows it; the new one signs in, the old one and other browsers do not', async () => {
  const person = await newPerson('pat')
  const { page, close, expectComplaint } = await openProfile()
  const other = await openProfile()
  await signIn(page, mercat.origin, person, '/security')
  await signIn(other.page, mercat.origin, person, '/security')
  await other.page.getByRole('heading', { name: 'My security' }).waitFor()
  await page.getByRole('heading', { name: 'My security' }).waitFor()
  const change = page.getByRole('button', { name: 'Change the password' })
  await change.click()
  await page.getByText('Give the password that you sign in with now').waitFor()
  expectComplaint(/status of 400/)
  const next = 'another long password'
  await page.getByLabel('Current password', { exact: true }).fill('not my password')
  await page.getByLabel('New password', { exact: true }).fill(next)
  await page.getByLabel('New password again', { exact: true }).fill(`${next}!`)
  await change.click()
  await page.getByText('This is not the same as the new password').waitFor()
  await page.getByLabel('New password again', { exact: true }).fill(next)
  await change.click()
  await page.getByText('This is not your password').waitFor()
  await look(page, 'security-password-wrong')
  await page.getByLabel('Current password', { exact: true }).fill(password)
  await change.click()
  await page.getByText('Your password is changed').waitFor()
  // The other browser is out at its next request.
  other.expectComplaint(/status of 401/)
  await other.page.reload({ waitUntil: 'commit' })
  await other.page.waitForURL(/\/sign-in/)
  await other.close()
  const again = await openProfile()
  await signIn(again.page, mercat.origin, { ...person, password: next }, '/security')
  await again.page.getByRole('heading', { name: 'My security' }).waitFor()
  await again.close()
  await close()
})

test('an authenticator app set up on the page is asked for at the next sign-in; a recovery code helps once', async () => {
  const person = await newPerson('tot')
  const { page, close, expectComplaint } = await openProfile()
  await signIn(page, mercat.origin, person, '/security')
  await section(page, 'Authenticator app').getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' })
  await dialog.getByRole('img', { name: /QR code/ }).waitFor()
  await look(page, 'security-totp')
  const secret = ((await dialog.locator('pre').textContent()) ?? '').replaceAll(' ', '')
  const totp = URI.parse(`otpauth://totp/Mercat:tot?secret=${secret}&issuer=Mercat`)
  if (!(totp instanceof TOTP)) throw new Error('not a TOTP')
  expectComplaint(/status of 400/)
  const right = totp.generate()
  await dialog.getByLabel(/The code that the app shows/).fill(right === '000000' ? '000001' : '000000')
  await dialog.getByRole('button', { name: 'Turn it on' }).click()
  await dialog.getByText('This code is not right').waitFor()
  await dialog.getByLabel(/The code that the app shows/).fill(totp.generate())
  await dialog.getByRole('button', { name: 'Turn it on' }).click()
  const codesDialog = page.getByRole('dialog', { name: 'Your recovery codes' })
  await codesDialog.getByRole('listitem').first().waitFor()
  const codes = await codesDialog.getByRole('listitem').allTextContents()
  expect(codes).toHaveLength(10)
  await look(page, 'security-recovery-codes')
  const [file] = await Promise.all([page.waitForEvent('download'), codesDialog.getByRole('link', { name: 'Save as a file' }).click()])
  expect(file.suggestedFilename()).toBe('mercat-recovery-codes.txt')
  // Escape does not lose what is never shown again.
  await page.keyboard.press('Escape')
  await codesDialog.getByLabel('I have put them in a safe place').check()
  await codesDialog.getByRole('button', { name: 'Done' }).click()
  await section(page, 'Authenticator app').getByText('10 left').waitFor()
  await look(page, 'security')

  const next = await openProfile()
  await firstStep(next.page, person)
  // A code is good once: the next step's is taken early, which a server allows for clocks that differ.
  await next.page.fill('input[name=code]', totp.generate({ timestamp: Date.now() + 30_000 }))
  await next.page.click('button[value=code]')
  await next.page.getByRole('heading', { name: 'My security' }).waitFor()
  await next.page
    .getByText(/password and authenticator app/)
    .first()
    .waitFor()
  await next.close()

  const lost = await openProfile()
  await firstStep(lost.page, person)
  await lost.page.getByText('No telephone at hand?').click()
  await lost.page.fill('input[name=recovery]', codes[0] ?? '')
  await lost.page.click('button[value=recovery]')
  await section(lost.page, 'Authenticator app').getByText('9 left').waitFor()
  await lost.close()

  await section(page, 'Authenticator app').getByRole('button', { name: 'Make new codes' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Make new codes' }).click()
  expect(await codesDialog.getByRole('listitem').allTextContents()).not.toContain(codes[1])
  await codesDialog.getByLabel('I have put them in a safe place').check()
  await codesDialog.getByRole('button', { name: 'Done' }).click()
  await section(page, 'Authenticator app').getByRole('button', { name: 'Remove' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await section(page, 'Authenticator app').getByRole('button', { name: 'Set up' }).waitFor()
  await close()
  const without = await openProfile()
  await signIn(without.page, mercat.origin, person, '/security')
  await without.page.getByRole('heading', { name: 'My security' }).waitFor()
  await without.close()
})

test('a passkey is added, named, used for a whole sign-in, renamed and removed', async () => {
  const person = await newPerson('key')
  const { context, page, close } = await openProfile()
  const debuggerOf = await context.newCDPSession(page)
  await debuggerOf.send('WebAuthn.enable')
  await debuggerOf.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  })
  await signIn(page, mercat.origin, person, '/security')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a passkey' })
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await dialog.getByText('Give the passkey a name first').waitFor()
  await dialog.getByLabel('Name').fill('Work laptop')
  await look(page, 'security-passkey-add')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await section(page, 'Passkeys').getByText('Work laptop').waitFor()
  await look(page, 'security-passkeys')
  await section(page, 'Passkeys').getByRole('button', { name: 'Rename Work laptop' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Old laptop')
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await section(page, 'Passkeys').getByText('Old laptop').waitFor()

  await context.clearCookies()
  await page.goto(mercat.at('/sign-in?return_to=/security'))
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page
    .getByText(/by passkey/)
    .first()
    .waitFor()

  await section(page, 'Passkeys').getByRole('button', { name: 'Remove Old laptop' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await expect.poll(() => section(page, 'Passkeys').getByText('Old laptop').count()).toBe(0)
  await close()
})

test('sessions: another browser is signed out alone, then all others', async () => {
  const person = await newPerson('ses')
  const [here, one, two] = [await openProfile(), await openProfile(), await openProfile()]
  for (const { page } of [here, one, two]) await signIn(page, mercat.origin, person, '/security')
  const { page } = here
  await page.reload()
  const rows = section(page, 'Where you are signed in').getByRole('listitem')
  await expect.poll(() => rows.count()).toBe(3)
  expect(await rows.filter({ hasText: 'this browser' }).count()).toBe(1)
  await look(page, 'security-sessions')
  await rows
    .getByRole('button', { name: /^Sign out/ })
    .first()
    .click()
  await expect.poll(() => rows.count()).toBe(2)
  await page.getByRole('button', { name: 'Sign out the others' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Sign out the others' }).click()
  await page.getByText('One browser is signed out').waitFor()
  for (const other of [one, two]) {
    other.expectComplaint(/status of 401/)
    await other.page.reload({ waitUntil: 'commit' })
    await other.page.waitForURL(/\/sign-in/)
    await other.close()
  }
  await page.reload()
  await page.getByRole('heading', { name: 'My security' }).waitFor()
  await here.close()
})

test('signing out everywhere disconnects the apps too', async () => {
  const token = await mercat.token('analyst', 'c/acme')
  const ask = () => mercat.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authorization: `Bearer ${token}` })
  expect((await ask()).status).toBe(200)
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 401/)
  await signIn(page, mercat.origin, mercat.people.analyst, '/security')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  const dialog = page.getByRole('dialog')
  expect(await dialog.textContent()).toContain('Every connected app is disconnected')
  await look(page, 'security-everywhere')
  const navigations: string[] = []
  page.on('request', (request) => request.isNavigationRequest() && navigations.push(request.url()))
  await dialog.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.waitForURL(/\/sign-in/)
  expect((await ask()).status).toBe(401)
  expect(navigations, 'a second one would break off the first').toHaveLength(1)
  await close()
})

test('an old sign-in is asked for again before something sensitive changes', async () => {
  const person = await newPerson('old')
  const { page, close, expectComplaint } = await openProfile()
  await signIn(page, mercat.origin, person, '/security')
  await section(page, 'Authenticator app').getByRole('button', { name: 'Set up' }).waitFor()
  await mercat.stores.db
    .updateTable('sessions')
    .set({ proved_at: new Date(Date.now() - 3_600_000) })
    .execute()
  expectComplaint(/status of 403/)
  await section(page, 'Authenticator app').getByRole('button', { name: 'Set up' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sign in again to go on' })
  await dialog.getByRole('link', { name: 'Sign in again' }).click()
  await page.waitForURL(/\/sign-in\?again=1/)
  await page.fill('input[type=password]', person.password)
  await page.click('button[value=sign-in]')
  await section(page, 'Authenticator app').getByRole('button', { name: 'Set up' }).click()
  await page.getByRole('dialog', { name: 'Set up an authenticator app' }).waitFor()
  await close()
})

test('who vouches for the person is shown', async () => {
  const person = await newPerson('ext')
  const user = await findUserByEmail(mercat.stores.db, person.email)
  await mercat.stores.db
    .insertInto('external_identities')
    .values({ issuer: 'https://login.example', subject: 's-1', user_id: user?.id ?? '' })
    .execute()
  const one = await openProfile()
  await signIn(one.page, mercat.origin, person, '/security')
  await section(one.page, 'Single sign-on').getByText('https://login.example').waitFor()
  await look(one.page, 'security-external')
  await one.close()
})

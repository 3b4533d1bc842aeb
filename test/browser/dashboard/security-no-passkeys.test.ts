/** The page My security at an address instead of a host name: passkeys cannot work there, and the page says what to change. */
import { expect, test } from 'vitest'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

test('passkeys are explained instead of offered', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.analyst, '/security')
  await page.getByText('Passkeys are not possible here').waitFor()
  await page.getByText(/set MERCAT_PUBLIC_URL/).waitFor()
  expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0)
  await look(page, 'security-no-passkeys')
  await close()
})

/** The page of an invitation in a real Chromium, without JavaScript, on a desktop and on a telephone: its four steps, and the link that is dead. */
import { describe, expect, test } from 'vitest'
import { commandLine, createMembers } from '../../src/domain/administration/index.ts'
import { newPerson } from '../accounts/support.ts'
import { password } from '../app.ts'
import { sharedApp } from '../shared.ts'
import { expectAccessible, expectFits, screenshot, signIn, sharedChromium } from './chromium.ts'

const openProfile = sharedChromium()
const app = sharedApp()

async function invite(email: string): Promise<string> {
  const { token } = await createMembers(app.stores)(commandLine(app.accounts.acme)).invite({ email, role: 'marketer' })
  return `${app.origin}/invitation?token=${token}`
}

describe.each([{ width: 1280 }, { width: 360 }])('$width px', ({ width }) => {
  test('somebody new joins, once', async () => {
    const link = await invite(`new${width}@example.com`)
    const { page, close, expectComplaint } = await openProfile({ width, javaScriptEnabled: false })
    expectComplaint(/status of 40[04]/)
    await page.goto(link)
    await expectFits(page)
    await screenshot(page, `invitation-new-${width}`)
    await page.fill('#name', 'Grace Hopper')
    await page.fill('#password', password)
    await page.fill('#repeated', 'another long password')
    await page.click('button[value=join]')
    expect(await page.textContent('[role=alert]')).toContain('not the same')
    expect(await page.inputValue('#name')).toBe('Grace Hopper')
    await expectFits(page)
    await screenshot(page, `invitation-problem-${width}`)
    await page.fill('#password', password)
    await page.fill('#repeated', password)
    await page.click('button[value=join]')
    await page.waitForURL((url) => url.pathname.startsWith('/a/acme'))
    await page.goto(link)
    expect(await page.textContent('h1')).toBe('This link does not work')
    await close()
  })

  test('somebody known signs in and joins; somebody else is told', async () => {
    const [person, other] = [await newPerson(app), await newPerson(app)]
    const link = await invite(person.email)
    const { page, close } = await openProfile({ width, javaScriptEnabled: false })
    await signIn(page, app.origin, other, '/sign-out')
    await page.goto(link)
    expect(await page.textContent('[role=note]')).toContain(`signed in as ${other.email}`)
    await expectFits(page)
    await screenshot(page, `invitation-other-${width}`)
    await page.click('button[value=switch]')
    await page.goto(link)
    await expectFits(page)
    await screenshot(page, `invitation-sign-in-${width}`)
    await page.click('button[value=switch]')
    await page.fill('input[type=email]', person.email)
    await page.fill('input[type=password]', person.password)
    await page.click('button[value=sign-in]')
    expect(page.url()).toBe(link)
    await screenshot(page, `invitation-join-${width}`)
    await page.click('button[value=join]')
    await page.waitForURL((url) => url.pathname.startsWith('/a/acme'))
    await close()
  })
})

test('every step is accessible', async () => {
  const person = await newPerson(app)
  const { page, close } = await openProfile()
  await page.goto(await invite('accessible@example.com'))
  await expectAccessible(page)
  const link = await invite(person.email)
  await page.goto(link)
  await expectAccessible(page)
  await signIn(page, app.origin, person, new URL(link).pathname + new URL(link).search)
  expect(await page.textContent('button')).toBe('Join')
  await expectAccessible(page)
  await close()
})

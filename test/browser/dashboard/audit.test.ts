/** The page Audit log in a real Chromium: what an app really called is found there, opened, narrowed by an address that can be shared, and exported. */
import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { callBody } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

beforeAll(async () => {
  // 60 real calls of two people: more than one page of the log; two of them are refused.
  for (const [person, times] of [
    ['analyst', 55],
    ['marketer', 5],
  ] as const) {
    const authorization = `Bearer ${await mercat.token(person, 'c/acme')}`
    for (let call = 0; call < times; call++) {
      await mercat.post('/c/acme', callBody('metric_definitions', call % 40 === 1 ? { metrics: ['no such metric'] } : { metrics: ['revenue'] }), { authorization })
    }
  }
})

const address = '/a/acme/audit'

test('calls are listed, the rest comes by cursor, and an entry opens with its parameters and result', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  const rows = page.getByRole('table').getByRole('row')
  await expect.poll(() => rows.count()).toBe(51)
  await page.getByText('Entries are kept for 30 days, then deleted.').waitFor()
  await look(page, 'audit')
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => rows.count()).toBeGreaterThanOrEqual(61)
  await page.getByText(/: all there are/).waitFor()
  await rows.nth(1).getByRole('button').click()
  const drawer = page.getByRole('dialog')
  await drawer.getByText('"revenue"').first().waitFor()
  expect(await drawer.textContent()).toContain('marketer@example.com')
  await look(page, 'audit-entry', 1100)
  await page.keyboard.press('Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  // The drawer gives the focus back to the entry that opened it.
  await expect.poll(() => page.evaluate('document.activeElement?.closest("tr")?.rowIndex')).toBe(1)
  await close()
})

test('filters stand in the address, hold after a reload, and go with the export', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  const rows = page.getByRole('table').getByRole('row')
  await page.getByRole('combobox', { name: 'Person' }).click()
  await page.getByRole('option', { name: 'marketer' }).click()
  await page.getByRole('combobox', { name: 'Effect' }).click()
  await page.getByRole('option', { name: 'Read' }).click()
  await expect.poll(() => rows.count()).toBe(6)
  expect(new URL(page.url()).searchParams.get('person')).toBe(mercat.people.marketer.id)
  await page.reload()
  await expect.poll(() => rows.count()).toBe(6)
  expect(await page.getByRole('combobox', { name: 'Person' }).inputValue()).toBe('marketer')
  await look(page, 'audit-filtered')

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export as NDJSON' }).click()])
  expect(file.suggestedFilename()).toBe('audit-acme.ndjson')
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { person: { email: string } }).person.email)).toEqual(Array(5).fill('marketer@example.com'))

  await page.getByRole('combobox', { name: 'Outcome' }).click()
  await page.getByRole('option', { name: 'OK' }).waitFor()
  await page.keyboard.press('Escape')
  await page.goto(mercat.at(`${address}?outcome=cancelled`))
  await page.getByText('No entry matches these filters').waitFor()
  await look(page, 'audit-none')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect.poll(() => rows.count()).toBe(51)
  expect(new URL(page.url()).search).toBe('')
  await close()
})

test('a filter that is no filter is said at its field', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 400/)
  await signIn(page, mercat.origin, mercat.people.owner, `${address}?effect=everything`)
  await expect.poll(() => page.getByRole('combobox', { name: 'Effect' }).getAttribute('aria-invalid')).toBe('true')
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => page.getByRole('table').getByRole('row').count()).toBe(51)
  await close()
})

test('an account in which nothing happened says so; who may not read it is not offered the page', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/initech/audit')
  await page.getByText('Nothing has happened yet').waitFor()
  await look(page, 'audit-empty')
  await close()
  const analyst = await openProfile()
  await signIn(analyst.page, mercat.origin, mercat.people.analyst, address)
  await analyst.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  await analyst.close()
})

/** The page Reports in a real Chromium: it shows the figures that the tools give, its address is the whole question, and the call it hands to an assistant answers the same. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { addMember, createUser } from '../../../src/domain/accounts/index.ts'
import { createServices } from '../../../src/domain/index.ts'
import { campaignReportInput, type Overview, type Report } from '../../../src/domain/reports/index.ts'
import { password } from '../../app.ts'
import { callAs } from '../../call.ts'
import { openDashboard } from '../../clients/dashboard.ts'
import { sharedApp } from '../../shared.ts'
import { principalOf } from '../../stores.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'
import { hostile, putReports } from './report-world.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()

beforeAll(async () => {
  await putReports(mercat)
  const { id } = await createUser(mercat.stores.db, { email: 'noreports@example.com', name: 'No reports', password })
  await addMember(mercat.stores.db, mercat.accounts.acme.id, id, { role: 'analyst', scopesRemoved: ['read:reports'] })
})

const address = '/a/acme/reports'
const campaigns = `${address}?report=campaigns`
/** The tool's answer to the same person. */
const answerOf = async <Answer>(tool: string, args: object) => (await callAs(mercat, 'owner', tool, args)).structuredContent as unknown as Answer
const count = (value: unknown) => Number(value).toLocaleString('en')
const rate = (cell: unknown) => `${Number((Number((cell as number[])[0]) * 100).toPrecision(3))}%`
const money = (amount: unknown) => new RegExp(`EUR\\s${Number(amount).toLocaleString('en', { minimumFractionDigits: 2 }).replace('.', '\\.')}`)
const tile = async (page: Page, title: string) =>
  (await page
    .locator('dl[aria-label="Totals"] > div')
    .filter({ has: page.getByText(title, { exact: true }) })
    .textContent()) ?? ''
const rows = (page: Page, by: string) => page.getByRole('region', { name: `Figures by ${by}` }).locator('tbody tr')
const choose = async (page: Page, label: string, option: string) => {
  await page.getByRole('combobox', { name: label, exact: true }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}
const drawn = (page: Page) => page.locator('path.recharts-line-curve').first().waitFor()
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

async function expectTotals(page: Page, summary: Report['summary']): Promise<void> {
  expect(await tile(page, 'Deliveries')).toContain(count(summary.deliveries))
  expect(await tile(page, 'Open rate')).toContain(rate(summary.openRate))
  expect(await tile(page, 'Click rate')).toContain(rate(summary.clickRate))
  expect(await tile(page, 'Orders')).toContain(count(summary.orders))
  expect(await tile(page, 'Revenue')).toMatch(money(summary.revenue))
}

test('the overview says what account_overview says, its days are a table too, and every report is a tab away', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await drawn(page)
  const overview = await answerOf<Overview>('account_overview', { compareTo: 'previousPeriod', timeline: 'week' })
  await expectTotals(page, overview.summary)
  expect(await page.getByText('Orders placed', { exact: true }).locator('xpath=../..').textContent()).toContain(count(overview.account?.orders))
  const { previous, change } = (overview.comparison?.deliveries ?? {}) as { previous: number; change: number }
  expect(await tile(page, 'Deliveries')).toContain(`${change > 0 ? 'Up' : 'Down'} ${rate([Math.abs(change)])} from ${count(previous)}`)
  expect(await rows(page, 'channel').count()).toBe(overview.rows.length)
  expect(await rows(page, 'part').first().textContent()).toContain(count(overview.parts[0]?.[1]))
  await expect.poll(() => page.locator('path.recharts-line-curve').count()).toBe(2)
  await page.getByRole('button', { name: /^What Open rate is: Opens \/ deliveries/ }).hover()
  await page.getByRole('tooltip').waitFor()
  await page.getByRole('img', { name: /^Deliveries over time|^Deliveries from/ }).hover({ position: { x: 400, y: 100 } })
  await page.locator('.recharts-tooltip-wrapper b').waitFor()
  await look(page, 'reports-overview')

  await page.getByRole('button', { name: 'Show as table: Deliveries over time' }).click()
  const days = page.getByRole('region', { name: 'Deliveries over time, as a table' })
  const numbers = (await days.locator('tbody td:nth-child(2)').allTextContents()).map((text) => Number(text.replaceAll(',', '')))
  expect(numbers.reduce((sum, value) => sum + value, 0)).toBe(overview.summary.deliveries)
  expect(await days.locator('tbody tr').last().textContent()).toContain('Still settling')
  expect(await page.getByText('9,000 got it, 1,080 were held out').locator('xpath=..').textContent()).toMatch(/\+1\.89 points.*More than chance.*95% interval 1\.03 to 2\.74/)

  for (const [tab, what] of [
    ['Campaigns', 'Figures by campaign'],
    ['Flows', 'Figures by flow'],
    ['Channels', 'Figures by channel'],
    ['E-mail health', 'Campaigns to look at'],
  ] as const) {
    await page.getByRole('tab', { name: tab }).click()
    await page.getByRole('region', { name: what }).waitFor()
  }
  expect(params(page)).toEqual({ report: 'health' })
  await page.getByText('Judged', { exact: false }).first().waitFor()
  await look(page, 'reports-health')
  await close()
})

test('campaigns: sorted as the tool sorts, more by cursor with the rest beside it, those without activity, and a file of all', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, campaigns)
  await drawn(page)
  const asked = { metrics: ['revenue', 'deliveries', 'openRate', 'clickRate', 'orders'] }
  const whole = await answerOf<Report>('campaign_report', { ...asked, limit: 200 })
  await expectTotals(page, whole.summary)
  await page
    .getByRole('region', { name: 'Figures by campaign' })
    .getByRole('button', { name: /^Revenue/ })
    .click()
  await page.locator('th[aria-sort=descending]', { hasText: 'Revenue' }).waitFor()
  expect(params(page)).toEqual({ report: 'campaigns', sort: 'revenue' })
  await page.getByRole('img', { name: /^Revenue by campaign: / }).waitFor()
  await expect.poll(async () => (await rows(page, 'campaign').locator('th bdi').allTextContents()).slice(0, 20)).toEqual(whole.rows.slice(0, 20).map((row) => row[1]))
  await page.getByText('20 of 44').waitFor()
  await look(page, 'reports-campaigns')
  await page.getByRole('button', { name: 'Load more' }).click()
  await page.getByText('40 of 44').waitFor()
  const rest = rows(page, 'campaign').last()
  const left = whole.rows.slice(40)
  expect(await rest.textContent()).toMatch(/^4 more/)
  expect(await rest.locator('td').first().textContent()).toBe(count(left.reduce((sum, row) => sum + Number(row[3]), 0)))
  expect(await rest.locator('td').last().textContent()).toMatch(money(left.reduce((sum, row) => sum + Number(row[2]), 0)))
  await page.getByText('14 without any activity in these days').click()
  await expect.poll(() => page.locator('details code').count()).toBe(14)

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export as CSV' }).click()])
  expect(file.suggestedFilename()).toBe('campaigns-acme.csv')
  const text = await readFile(await file.path(), 'utf8')
  let expected = ''
  const { csv } = createServices(mercat.stores)(principalOf(mercat.accounts.acme)).reports
  for await (const line of await csv.campaigns(campaignReportInput.parse(asked))) expected += line
  expect(text).toBe(expected)
  expect(text.split('\r\n')).toHaveLength(44 + 2)
  expect(text).toContain(`"'=HYPERLINK(""https://evil.example"",""click me"")"`)
  await close()
})

test('filters stand in the address and hold after a reload; the call for an assistant gives the same figures', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.both, campaigns)
  await drawn(page)
  await choose(page, 'Period', 'Last 28 days')
  await choose(page, 'Compare with', 'A year earlier')
  await choose(page, 'Rows', 'By folder')
  await page.getByRole('button', { name: 'More filters' }).click()
  await choose(page, 'Channels', 'Email')
  await page.keyboard.press('Escape')
  await choose(page, 'Tags', 'retail, gifts')
  await page.keyboard.press('Escape')
  await choose(page, 'Counted', 'By day of the event')
  await page.getByRole('textbox', { name: 'Name contains' }).fill('e')
  await page.keyboard.press('Enter')
  const wanted = { report: 'campaigns', period: '28d', compare: 'previousYear', group: 'folder', channels: 'Email', tags: 'retail%2C gifts', basis: 'event', name: 'e' }
  await expect.poll(() => params(page)).toEqual(wanted)
  await page.reload()
  await drawn(page)
  expect(params(page)).toEqual(wanted)
  expect(await page.getByRole('combobox', { name: 'Period', exact: true }).inputValue()).toBe('Last 28 days')
  expect(await page.getByRole('textbox', { name: 'Name contains' }).inputValue()).toBe('e')

  await page.getByRole('button', { name: 'Ask this in your assistant' }).click()
  const dialog = page.getByRole('dialog', { name: 'Ask this in your assistant' })
  const [sentence = '', tool = '', args = ''] = await dialog.locator('pre').allTextContents()
  expect(sentence).toMatch(/^Use campaign_report to show the figures of the campaigns, from .* by folder, on Email, tagged “retail, gifts”, with “e” in the name/)
  const given = JSON.parse(args) as Record<string, unknown>
  expect(Object.keys(given).sort()).toEqual(['channels', 'compareTo', 'endDate', 'groupBy', 'nameContains', 'startDate', 'tags', 'timeBasis', 'timeline'])
  await dialog.getByText('"account": "acme"').waitFor()
  await look(page, 'reports-ask')
  await page.keyboard.press('Escape')
  const answer = await answerOf<Report>(tool, given)
  expect(answer.summary.deliveries).toBeGreaterThan(0)
  await expectTotals(page, answer.summary)
  expect(await rows(page, 'folder').locator('th bdi').allTextContents()).toEqual(answer.rows.map((row) => row[1]))

  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect.poll(() => params(page)).toEqual({ report: 'campaigns', period: '28d' })
  await choose(page, 'Period', 'Other days')
  await page.getByLabel('From', { exact: true }).fill('2026-01-05')
  await expect.poll(() => params(page)).toMatchObject({ period: 'custom', from: '2026-01-05' })
  await close()
})

test('a filter that names nothing is told with what would be right; names are shown as what they are', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 400/)
  await signIn(page, mercat.origin, mercat.people.owner, `${campaigns}&brands=Nroth`)
  await page.getByText(/Unknown brand "Nroth".*North/).waitFor()
  expect(await page.getByRole('combobox', { name: 'Brands' }).getAttribute('aria-invalid')).toBe('true')
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await drawn(page)
  await page.goto(mercat.at(`${campaigns}&compare=yesterday`))
  await page.getByRole('button', { name: 'Clear the filters' }).waitFor()

  await page.goto(mercat.at(campaigns))
  await page.getByRole('button', { name: 'Load more' }).click()
  await page.getByText('40 of 44').waitFor()
  await page.getByRole('button', { name: 'Load more' }).click()
  await page.getByText('44 of 44').waitFor()
  const names = await rows(page, 'campaign').locator('th bdi').allTextContents()
  expect(names).toEqual(expect.arrayContaining([hostile.markup, hostile.formula, `${hostile.long.slice(0, 79)}…`]))
  expect(names.join()).not.toMatch(/[\u202A-\u202E\u200F]/)
  expect(await page.evaluate('[window.hurt, document.querySelectorAll("main img").length]')).toEqual([undefined, 0])
  await close()
})

test('an account without data says how it gets some; who may not read reports is not offered them', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/initech/reports')
  await page.getByText('There is no data yet').waitFor()
  await page.getByText('mercat import').waitFor()
  await close()
  const without = await openProfile()
  await signIn(without.page, mercat.origin, { email: 'noreports@example.com', password }, address)
  await without.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  await without.close()
  // Nor does the API give them: to who lacks the scope, of a foreign account, or for what is no question.
  const nobody = await openDashboard(mercat.origin, { email: 'noreports@example.com', password })
  const owner = await openDashboard(mercat.origin, mercat.people.owner)
  for (const name of ['overview', 'campaigns', 'flows', 'channels', 'health', 'choices']) {
    expect(await nobody.refused(`reports/${name}`, { account: 'acme' })).toMatchObject({ code: 'missing_scopes' })
    expect(await owner.refused(`reports/${name}`, { account: 'globex' })).toMatchObject({ code: 'not_found' })
  }
  const file = async ({ browser }: typeof owner, account: string, asked: string) =>
    (await browser.request(`/api/reports/campaignsCsv?${new URLSearchParams({ account, asked }).toString()}`)).status
  expect([await file(nobody, 'acme', '{}'), await file(owner, 'globex', '{}'), await file(owner, 'acme', '{}')]).toEqual([403, 404, 200])
  for (const asked of ['', '[]', '{', 'null', '{"colour":1}', '{"nameContains":"\\u0000"}', '{"organizationId":"\\uD800"}', `{"goal":"${'x'.repeat(9000)}"}`]) {
    expect(await file(owner, 'acme', asked), asked.slice(0, 40)).toBe(400)
  }
})

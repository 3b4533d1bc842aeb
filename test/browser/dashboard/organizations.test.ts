/** The pages Organizations and Products in a real Chromium: every part shows what the services say, is for those who may see it, and loads nothing from anywhere else whatever names and looks customers have. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { addMember, createUser } from '../../../src/domain/accounts/index.ts'
import type { Person } from '../../clients/oauth.ts'
import { password } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { hostileName, putClients, year } from './client-world.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
let ids: Map<string, string>
let noBills: Person
let limited: Person
let ofBrand: Person

beforeAll(async () => {
  ids = await putClients(mercat)
  const join = async (name: string, access: Omit<Parameters<typeof addMember>[3], 'role'>) => {
    const { id } = await createUser(mercat.stores.db, { email: `${name}@example.com`, name, password })
    await addMember(mercat.stores.db, mercat.accounts.acme.id, id, { role: 'account_manager', ...access })
    return { email: `${name}@example.com`, password }
  }
  noBills = await join('nobills', { scopesRemoved: ['read:billing', 'read:artwork'] })
  limited = await join('limited', { organizations: [ids.get('lume') ?? ''] })
  ofBrand = await join('brand', { brands: ['brd_of_nobody'] })
})

const list = '/a/acme/organizations'
const one = (key: string) => `${list}/${ids.get(key)}`
const part = (page: Page, id: string) => page.locator(`section#${id}`)
/** Every part of Nordlicht's page is there: nothing moves any more under a pointer. */
async function settled(page: Page): Promise<void> {
  for (const id of ['campaigns', 'billing']) await part(page, id).locator('path.recharts-rectangle').first().waitFor()
  await part(page, 'campaigns')
    .getByRole('img', { name: /^Opt-ins/ })
    .waitFor()
  await part(page, 'webapps')
    .getByRole('img', { name: /^Funnel/ })
    .waitFor()
  await part(page, 'webapps')
    .getByRole('img', { name: /^Start page/ })
    .waitFor()
  await part(page, 'artwork').getByText('Polar night').waitFor()
  await part(page, 'billing').getByText('6 invoices').waitFor()
}

test('the list: figures and progress of each, a search, the rest by cursor, and one that opens', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, list)
  await page.getByRole('heading', { name: '24 organizations' }).waitFor()
  const rows = page.getByRole('table').getByRole('row')
  await expect.poll(() => rows.count()).toBe(21)
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => rows.count()).toBe(25)
  const nordlicht = page.getByRole('row', { name: /^Nordlicht/ })
  expect(await nordlicht.textContent()).toMatch(/EUR.*DE.*1 active of 3.*2.*4 of 4/)
  expect(await page.getByRole('row', { name: /^Casa Lume/ }).textContent()).toMatch(/CHF.*CH.*1 of 4/)
  await page.getByRole('searchbox', { name: 'Find an organization' }).fill('client number 2')
  await page.getByRole('heading', { name: '3 found' }).waitFor()
  await page.getByRole('searchbox').fill('nobody of this name')
  await page.getByText('No organization matches').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByRole('searchbox').fill('a')
  await page.getByRole('heading', { name: '3 found' }).waitFor({ state: 'detached' })
  await page.getByRole('searchbox').fill('')
  await page.getByRole('heading', { name: '24 organizations' }).waitFor()
  await look(page, 'organizations')
  await nordlicht.getByRole('link').click()
  await page.getByRole('heading', { name: 'Nordlicht Reisen', level: 1 }).waitFor()
  expect(new URL(page.url()).pathname).toBe(one('nordlicht'))
  expect(await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Organizations' }).getAttribute('aria-current')).toBe('page')
  await page.getByRole('main').getByRole('link', { name: 'Organizations' }).click()
  await page.waitForURL(mercat.at(list))
  await close()
})

test('one organization: onboarding, campaigns with figures, charts with their tables, webapps, artwork and bills', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, one('nordlicht'))
  await page.getByText('6 of 7 steps done').waitFor()
  await page.getByText('Printing house connected').first().waitFor()
  const campaigns = part(page, 'campaigns')
  const winter = campaigns.getByRole('row', { name: /^Winter photobook/ })
  await expect.poll(() => winter.textContent()).toMatch(/Active.*DE AT CH.*Aurora photobook.*newsletter.*320.*CHF\s[\d,.]+EUR\s[\d,.]+/)
  await settled(page)
  const daily = campaigns.getByRole('img', { name: /^Orders per day of Winter photobook/ })
  await daily.waitFor()
  expect(await daily.getAttribute('aria-label')).toMatch(/: 320 in all, most on .*: \d+$/)
  await daily.locator('path.recharts-rectangle').first().waitFor()
  await daily.hover({ position: { x: 700, y: 120 } })
  await page.getByText('Revenue in EUR', { exact: true }).nth(1).waitFor()
  await campaigns.getByRole('img', { name: /newsletter given/ }).waitFor()
  expect(await campaigns.getByRole('img', { name: /^Opt-ins: / }).getAttribute('aria-label')).toMatch(/newsletter given \d+ of 360 times, \d+%; partner_offers given/)
  const funnel = part(page, 'webapps').getByRole('img', { name: /^Funnel of Aurora/ })
  await funnel.waitFor()
  expect(await funnel.getAttribute('aria-label')).toBe(
    'Funnel of Aurora photobook, closed: Visit 380; Start 236, 62% of the step before · 62% of all; Upload 141, 60% of the step before · 37% of all; Checkout 66, 47% of the step before · 17% of all; Order 52, 79% of the step before · 14% of all',
  )
  await part(page, 'artwork').getByText('Aurora, Snowfall, Cabin').waitFor()
  const budget = part(page, 'billing').getByRole('img', { name: /^Budget in EUR/ })
  expect(await budget.getAttribute('aria-label')).toMatch(
    new RegExp(`${year}: committed EUR\\s7,000.00, invoiced EUR\\s4,550.00, paid EUR\\s2,050.00, open EUR\\s2,500.00, of it overdue EUR\\s1,350.00`),
  )
  await budget.locator('path.recharts-rectangle').first().waitFor()
  await look(page, 'organization')
  await close()
})

test('a campaign is chosen, its days are a table too, and the funnel is opened', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, one('nordlicht'))
  await settled(page)
  const campaigns = part(page, 'campaigns')
  await campaigns.getByRole('combobox', { name: 'Campaign of the orders per day' }).click()
  await page.getByRole('option', { name: 'Calendar gift' }).click()
  await campaigns.getByRole('img', { name: /^Orders per day of Calendar gift.*: 80 in all/ }).waitFor()
  await campaigns.getByRole('button', { name: 'Show as table: Orders per day' }).click()
  const days = campaigns.getByRole('region', { name: 'Orders per day, as a table' })
  expect(await days.getByRole('row').count()).toBe(91)
  const counts = await days.locator('tbody td:nth-child(2)').allTextContents()
  expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(80)
  await campaigns.getByRole('button', { name: 'Show as table: Opt-ins' }).click()
  await campaigns
    .getByRole('region', { name: 'Opt-ins, as a table' })
    .getByRole('row', { name: /^Calendar gift/ })
    .first()
    .waitFor()
  const webapps = part(page, 'webapps')
  await webapps.getByText('Open', { exact: true }).click()
  await webapps.getByRole('img', { name: /Funnel of Aurora photobook, open:.*Checkout 106/ }).waitFor()
  await webapps.getByRole('button', { name: 'Show as table: Funnel' }).click()
  expect(await webapps.getByRole('row', { name: /^Checkout/ }).textContent()).toContain('106')
  const billing = part(page, 'billing')
  await billing.getByRole('button', { name: 'Show as table: Budget in EUR' }).click()
  expect(await billing.getByRole('row', { name: new RegExp(`^${year - 1} `) }).textContent()).toMatch(/EUR\s4,000.00EUR\s2,775.00EUR\s2,775.00EUR\s0.00EUR\s0.00EUR\s1,225.00/)
  await look(page, 'organization-tables')
  await close()
})

test('the look of a webapp in a chosen language, and what is missing in it', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, `${one('nordlicht')}#webapps`)
  await settled(page)
  const webapps = part(page, 'webapps')
  await webapps.getByRole('img', { name: /title “Deine Nacht unter dem Nordlicht”.*default text stands here.*button “Buch gestalten”/ }).waitFor()
  await webapps.getByText('1 text of this language falls back to the default.').waitFor()
  await webapps.getByRole('combobox', { name: 'Language of the start page' }).click()
  await page.getByRole('option', { name: 'English' }).click()
  await webapps.getByRole('img', { name: /title “Your night under the northern lights”, the text “Forty pages/ }).waitFor()
  const drawn = await page.evaluate(
    "(({ backgroundColor, borderRadius }) => [backgroundColor, borderRadius])(getComputedStyle([...document.querySelectorAll('[data-preview] div')].find((one) => one.textContent === 'Make your book')))",
  )
  expect(drawn).toEqual(['rgb(242, 184, 75)', '999px'])
  await close()
})

test('invoices: totals by currency, by status, and the lines of one', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, `${one('nordlicht')}#billing`)
  await settled(page)
  const billing = part(page, 'billing')
  await billing.getByText('6 invoices').waitFor()
  expect(await billing.getByRole('img', { name: /^Units/ }).getAttribute('aria-label')).toMatch(`${year - 1}, EUR: used 9,100 of 8,000, 1,100 over it`)
  const invoices = billing.getByRole('region', { name: 'Invoices' })
  expect(await invoices.getByRole('row', { name: /^R-2/ }).textContent()).toContain('Overdue')
  await invoices.getByRole('button', { name: '2 lines of R-CHF' }).click()
  const dialog = page.getByRole('dialog', { name: 'Invoice R-CHF' })
  expect(await dialog.getByRole('row', { name: /^Photobooks/ }).textContent()).toMatch(/1,200 × CHF\s0.25CHF\s300.00/)
  expect(await dialog.getByRole('row', { name: /^Total/ }).textContent()).toMatch(/CHF\s600.50/)
  await look(page, 'organization-invoice')
  await page.keyboard.press('Escape')
  await billing.getByRole('combobox', { name: 'Status of the invoices' }).click()
  await page.getByRole('option', { name: 'Overdue' }).click()
  await billing.getByText('1 invoice', { exact: true }).waitFor()
  expect(await invoices.getByRole('row').count()).toBe(2)
  await close()
})

test('a link to a part of the page leads there, although the parts above come in later', async () => {
  const { page, close } = await openProfile()
  for (const id of ['campaigns', 'webapps', 'artwork', 'billing']) {
    await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/connect', { again: true })
    await page.goto(mercat.at(`${one('nordlicht')}#${id}`))
    await settled(page)
    await expect.poll(async () => Math.abs((await part(page, id).boundingBox())?.y ?? 1000)).toBeLessThan(400)
  }
  await page.getByRole('navigation', { name: 'Parts of this page' }).getByRole('link', { name: 'Webapps' }).click()
  await expect.poll(async () => Math.abs((await part(page, 'webapps').boundingBox())?.y ?? 1000)).toBeLessThan(400)
  await close()
})

test('hostile names and looks are drawn as what they are, and nothing is asked of another host', async () => {
  const { page, close } = await openProfile()
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(mercat.origin)) elsewhere.push(request.url())
  })
  // Past the schema, as if a later version had stored it.
  const damaged = { colours: { primary: 'url(https://evil.example/c.png)', accent: 'red;} body{display:none' }, fonts: {}, shapes: {} }
  await signIn(page, mercat.origin, mercat.people.owner, one('hostile'))
  const heading = page.getByRole('heading', { level: 1 })
  await page.getByText('1 of 4 steps done').waitFor()
  expect(await heading.textContent()).toBe(hostileName)
  await page.getByText('It has no campaign yet').waitFor()
  await page.getByText('There is no contract and no invoice yet').waitFor()
  expect(await page.locator('pre', { hasText: 'create_campaign' }).textContent()).toContain(ids.get('hostile'))
  await look(page, 'organization-hostile')
  await page.goto(mercat.at(`${one('nordlicht')}#webapps`))
  await settled(page)
  const webapps = part(page, 'webapps')
  const choose = async () => {
    await webapps.getByRole('combobox', { name: 'Look and funnel of' }).click()
    await page.getByRole('option', { name: 'Odd corner' }).click()
    await webapps.getByRole('img', { name: /^Start page of Odd corner/ }).waitFor()
  }
  await choose()
  const style = "(({ fontFamily, backgroundImage }) => [fontFamily, backgroundImage])(getComputedStyle(document.querySelector('[data-preview] div div:nth-child(3)')))"
  expect(await page.evaluate(style)).toEqual(['"body  background urlhttpsevilexampleapng  import urlevilexampleb", system-ui, sans-serif', 'none'])
  await webapps.getByRole('img', { name: /Funnel of Odd corner.*not known/ }).waitFor()
  await look(page, 'organization-odd')
  await mercat.stores.db
    .updateTable('entities')
    .set({ definition: JSON.stringify(damaged) })
    .where('key', '=', 'odd_look')
    .execute()
  await page.reload()
  await settled(page)
  await choose()
  expect(await page.evaluate("getComputedStyle(document.querySelector('[data-preview] div div')).backgroundColor")).toBe('rgb(31, 58, 95)')
  expect(elsewhere).toEqual([])
  await close()
})

test('who may not see bills or artwork sees none; who is kept to one organization sees that one, and a foreign id answers like one that is none', async () => {
  const without = await openProfile()
  await signIn(without.page, mercat.origin, noBills, one('nordlicht'))
  await part(without.page, 'webapps')
    .getByRole('img', { name: /^Funnel/ })
    .waitFor()
  expect(await part(without.page, 'billing').count()).toBe(0)
  expect(await part(without.page, 'artwork').count()).toBe(0)
  expect(await without.page.getByRole('main').textContent()).not.toMatch(/invoice|Billing/i)
  await without.close()
  const some = await openProfile()
  some.expectComplaint(/status of 403/)
  await signIn(some.page, mercat.origin, ofBrand, one('nordlicht'))
  await part(some.page, 'billing').getByText('Bills are of whole organizations, and you see only some brands').waitFor()
  expect(await part(some.page, 'billing').getByRole('alert').count()).toBe(0)
  await some.close()

  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 404/)
  await signIn(page, mercat.origin, limited, list)
  await page.getByRole('heading', { name: '1 organization' }).waitFor()
  await page.getByRole('link', { name: 'Casa Lume' }).click()
  await page.getByText('1 of 4 steps done').waitFor()
  await page.goto(mercat.at(one('nordlicht')))
  await page.getByRole('heading', { name: 'No such organization' }).waitFor()
  const foreign = await page.getByRole('main').textContent()
  await look(page, 'organization-none')
  await page.goto(mercat.at(`${list}/org_none`))
  await page.getByRole('heading', { name: 'No such organization' }).waitFor()
  expect(await page.getByRole('main').textContent()).toBe(foreign)
  await page.getByRole('link', { name: 'All organizations' }).click()
  await page.waitForURL(mercat.at(list))
  await close()
})

test('an account without organizations says how to get one; who may not see the list follows links to one, and other pages have no items', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/initech/organizations')
  await page.getByText('There is no organization yet').waitFor()
  await look(page, 'organizations-empty')
  await page.goto(mercat.at('/a/acme/health/anything'))
  await page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  await close()
  const analyst = await openProfile()
  await signIn(analyst.page, mercat.origin, mercat.people.analyst, one('nordlicht'))
  await part(analyst.page, 'campaigns')
    .getByRole('row', { name: /^Winter photobook/ })
    .waitFor()
  expect(await part(analyst.page, 'billing').count()).toBe(0)
  expect(await analyst.page.getByRole('main').getByRole('link', { name: 'Organizations' }).count()).toBe(0)
  await look(analyst.page, 'organization-analyst')
  await analyst.page.goto(mercat.at(list))
  await analyst.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  expect(await analyst.page.getByRole('link', { name: 'Organizations' }).count()).toBe(0)
  await analyst.close()
})

test('products: their configurations, by kind and by name, the rest by cursor, and an empty catalog', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.analyst, '/a/acme/products')
  await page.getByRole('heading', { name: '23 products' }).waitFor()
  expect(await page.getByRole('article').count()).toBe(20)
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => page.getByRole('article').count()).toBe(23)
  await page.getByText('Month 9, Month 10 and 2 more').waitFor()
  await page.getByText('1 more configuration.').waitFor()
  await page.getByRole('combobox', { name: 'Kind' }).click()
  await page.getByRole('option', { name: 'photobook' }).click()
  await page.getByRole('heading', { name: '1 product', exact: true }).waitFor()
  const book = page.getByRole('list', { name: 'Configurations of Photobook' })
  expect(await book.textContent()).toMatch(/Family book.*Artwork: Linen.*Draft.*Tour book.*Deine Tour als Buch.*Artwork: Ridge, Forest.*Active/)
  await page.getByRole('searchbox', { name: 'Name' }).fill('mug')
  await page.getByText('No product matches').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByRole('heading', { name: '23 products' }).waitFor()
  await look(page, 'products')
  await close()
  const owner = await openProfile()
  await signIn(owner.page, mercat.origin, mercat.people.owner, '/a/initech/products')
  await owner.page.getByText('The catalog is empty').waitFor()
  await look(owner.page, 'products-empty')
  await owner.close()
})

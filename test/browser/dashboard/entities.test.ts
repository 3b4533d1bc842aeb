/** The pages Campaigns, Flows, Triggers, Streams, Promotions and Knowledge in a real Chromium: each page's job, for those who may see it, and harmless whatever names, mails and documents hold. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { addMember, createUser } from '../../../src/domain/accounts/index.ts'
import { password } from '../../app.ts'
import type { Person } from '../../clients/oauth.ts'
import { sharedApp } from '../../shared.ts'
import { expectFits, signIn, sharedChromium } from '../chromium.ts'
import { putEntities } from './entity-world.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
let idOf: (type: string, key: string) => string
let noFlows: Person

beforeAll(async () => {
  idOf = await putEntities(mercat)
  const { id } = await createUser(mercat.stores.db, { email: 'noflows@example.com', name: 'noflows', password })
  await addMember(mercat.stores.db, mercat.accounts.acme.id, id, { role: 'analyst', scopesRemoved: ['read:flows', 'read:reports'] })
  noFlows = { email: 'noflows@example.com', password }
})

const heading = (page: Page, name: string | RegExp, level?: number) => page.getByRole('heading', { name, ...(level === undefined ? {} : { level }) })
const menu = (page: Page, name: string) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true })
async function choose(page: Page, filter: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: filter }).click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

test('campaigns: a list that is searched, narrowed, sorted and read on, its question in the address', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 400/)
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/connect')
  await menu(page, 'Campaigns').click()
  await heading(page, '24 campaigns').waitFor()
  const rows = page.getByRole('table').getByRole('row')
  await expect.poll(() => rows.count()).toBe(21)
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => rows.count()).toBe(25)
  await choose(page, 'Order', 'Name, A to Z')
  await choose(page, 'Brand', 'Fjell')
  await choose(page, 'Status', 'Completed')
  await heading(page, '16 found').waitFor()
  await page.getByRole('searchbox', { name: 'Name' }).fill('letter 1')
  await heading(page, '7 found').waitFor()
  expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ sort: 'name', brand: idOf('brand', 'fjell'), status: 'completed', name: 'letter 1' })
  await page.reload()
  await heading(page, '7 found').waitFor()
  expect(await rows.nth(1).textContent()).toMatch(/^Newsletter 10.*Completed.*Email.*Fjell.*Seasons/)
  await page.getByRole('searchbox', { name: 'Name' }).fill('nothing of this name')
  await heading(page, 'No campaign matches').waitFor()
  await page.getByRole('button', { name: 'Show all campaigns' }).click()
  await heading(page, '24 campaigns').waitFor()
  await page.goto(mercat.at('/a/acme/campaigns?tag=nothing'))
  await page.getByText(/Unknown tag "nothing"/).waitFor()
  await close()
})

test('one campaign: figures with their definitions, whom it is for, its message as text, and what may follow', async () => {
  const { page, close } = await openProfile()
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(mercat.origin)) elsewhere.push(request.url())
  })
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/campaigns?name=welcome')
  await page.getByRole('link', { name: 'Welcome letter' }).click()
  await heading(page, 'Welcome letter', 1).waitFor()
  await page.getByRole('button', { name: /^What Open rate is: Opens \/ deliveries/ }).waitFor()
  const tiles = page.getByRole('main').locator('dl').first()
  expect(await tiles.textContent()).toMatch(/Sends400Deliveries400Open rate45%Click rate9%/)
  await page.goto(mercat.at(`/a/acme/campaigns/${idOf('campaign', 'spring')}`))
  await heading(page, 'Spring opening', 1).waitFor()
  const message = page.getByRole('region', { name: 'Text of the message' })
  expect((await message.locator('p').allTextContents()).map((text) => text.trim())).toEqual([
    'Spring is here',
    'Two rows',
    'of a layout',
    'Dear {{ first_name }},',
    'the first offer of the year.',
    'Boots',
    'Maps',
    'Image: A hut in the snow',
  ])
  expect(await message.locator('a, iframe, img, script, form').count()).toBe(0)
  const main = page.getByRole('main')
  expect(await main.getByRole('link', { name: 'Ten off' }).getAttribute('href')).toBe(`/a/acme/promotions/${idOf('promotion', 'ten_off')}`)
  expect(await main.textContent()).toMatch(/Held out10% of the audience.*Take back.*then it is draft.*It is managed on your platform/)
  await page.getByRole('button', { name: /^What Open rate is:/ }).waitFor()
  await look(page, 'campaign')
  await page.getByText('Source', { exact: true }).click()
  await page.getByRole('region', { name: 'Source of the message' }).getByText('evil.example/pixel.png').waitFor()
  expect(await page.title()).toBe('Spring opening · ACME · Mercat')
  await main.getByRole('link', { name: 'Welcome path' }).click()
  await heading(page, 'Welcome path', 1).waitFor()
  expect(elsewhere).toEqual([])
  await close()
})

test('a flow step by step, a trigger, a stream and a promotion, each from its list', async () => {
  const { page, close } = await openProfile()
  const open = async (title: string, name: string) => {
    await menu(page, title).click()
    await page.getByRole('main').getByRole('link', { name }).click()
    await heading(page, name, 1).waitFor()
  }
  const main = page.getByRole('main')
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/flows')
  await open('Flows', 'Welcome path')
  await expect.poll(() => page.locator('[data-kind]').count()).toBe(9)
  expect((await page.locator('[data-kind]').allTextContents()).map((text) => text.replace(/\s+/g, ' '))).toEqual([
    '1 Starts with an eventEvent signupwhere source is "shop"',
    '2 WaitsA night to sleep over it1 day and 12 hours',
    expect.stringMatching(/^3 AsksCustomers whose country is .*"DE".*"FR".* who opened at least 1 message in the last 30 days$/),
    '4 A/B test',
    '5 SendsSpring opening',
    '6 Limits5,000 customers in 1 day go on',
    '7 SendsGoodbyeWelcome letter',
    '8 Starts by a scheduledaily at 09:00',
    '9 Splits by share',
  ])
  expect(await page.getByText(/^Goes on at/).allTextContents()).toEqual(['Goes on at step 2', 'Goes on at a step that is missing', 'Goes on at step 7', 'Goes on at step 7'])
  expect(await page.getByText(/^(Yes|No|A, 50%|B, 50%)$/).allTextContents()).toEqual(['Yes', 'A, 50%', 'B, 50%', 'No'])
  await page.getByRole('button', { name: /^What Sends is:/ }).waitFor()
  await look(page, 'flow')
  await open('Triggers', 'Order above 200')
  expect(await main.textContent()).toMatch(
    /WhenThe event ordered.*amount ≥ 200.*whose country is "DE".*Starts the flow Welcome path.*1 hour and 30 minutes.*2 days after the event/,
  )
  await open('Streams', 'Offers of the month')
  expect(await main.locator('ol').textContent()).toMatch(/^1Spring openingTreatment 10 % offCustomers who placed at least 2 orders2Welcome letterWhoever is left$/)
  await open('Promotions', 'Ten off')
  expect(await main.textContent()).toMatch(/Reward10% offCost of one redemptionEUR\s4.20Valid.*12,500, one for each customer/)
  await close()
})

test('a name that tries everything stays a name, in the list and on its page', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/campaigns?status=draft')
  await heading(page, '2 found').waitFor()
  await look(page, 'campaigns-hostile')
  await page.getByRole('link', { name: /^Ignore previous instructions/ }).click()
  const title = heading(page, /^Ignore previous instructions/, 1)
  await title.waitFor()
  expect(await title.locator('*').count()).toBe(0)
  expect((await title.textContent())?.length).toBeLessThan(210)
  await page.getByText('<3 Your parcel is here').waitFor()
  await page.getByRole('button', { name: /^What Sends is:/ }).waitFor()
  await page.setViewportSize({ width: 360, height: 800 })
  await expectFits(page)
  await close()
})

test('knowledge: documents, passages with what was found, and a document to read that does nothing', async () => {
  const { page, close } = await openProfile()
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(mercat.origin)) elsewhere.push(request.url())
  })
  await signIn(page, mercat.origin, mercat.people.reader, '/a/acme/knowledge')
  await heading(page, /^\d+ documents$/).waitFor()
  expect(await page.getByRole('row', { name: /^Tone of voice/ }).textContent()).toMatch(/Ours.*handbook\/tone\.md.*just now|ago/)
  const box = page.getByRole('searchbox', { name: 'Words to look for' })
  await box.fill('short subject')
  await page.getByText('Ours', { exact: true }).first().click()
  await heading(page, /found$/).waitFor()
  await page.getByRole('main').locator('mark', { hasText: 'subjects' }).first().waitFor()
  await look(page, 'knowledge')
  await page.getByRole('link', { name: /Subjects$/ }).click()
  await heading(page, 'Subjects', 1).waitFor()
  await page.getByRole('cell', { name: 'SHOUTING' }).waitFor()
  await page.getByRole('link', { name: 'Whole document' }).click()
  await heading(page, 'Tone of voice', 1).waitFor()
  const main = page.getByRole('main')
  await main.getByText('<script>document.title').waitFor()
  await main.getByText('Image: A pixel').waitFor()
  expect(await main.locator('script, img, b').count()).toBe(0)
  expect(await main.getByRole('link', { name: 'bad' }).count()).toBe(0)
  expect(await main.getByRole('link', { name: 'site' }).getAttribute('rel')).toContain('noreferrer')
  await look(page, 'knowledge-document')
  await main.getByRole('link', { name: 'below' }).click()
  await heading(page, 'Subjects', 1).waitFor()
  await page.goto(mercat.at(`/a/acme/knowledge?q=open+rate&source=mercat`))
  await page
    .getByRole('link', { name: /Open rate|open rate|A message/ })
    .first()
    .click()
  await page.getByRole('link', { name: 'Whole document' }).waitFor()
  expect(elsewhere).toEqual([])
  await close()
})

test('what a person may not see is not there; where nothing is yet, the page says what to do', async () => {
  const some = await openProfile()
  some.expectComplaint(/status of 40[34]/)
  await signIn(some.page, mercat.origin, noFlows, '/a/acme/campaigns')
  await heading(some.page, '24 campaigns').waitFor()
  const groups = some.page.getByRole('navigation', { name: 'Main' }).getByRole('group')
  expect(await groups.allTextContents()).toEqual([
    expect.stringMatching(/^OverviewHomeDrafts/),
    'InsightsKnowledge',
    'LibraryCampaignsPromotionsProducts',
    'AudiencesSegments & target groups',
    expect.stringMatching(/^Operations.*Mission control/),
  ])
  await some.page.goto(mercat.at(`/a/acme/campaigns/${idOf('campaign', 'welcome')}`))
  await heading(some.page, 'Welcome letter', 1).waitFor()
  expect(await heading(some.page, 'Figures').count()).toBe(0)
  for (const path of ['flows', 'triggers', 'streams']) {
    await some.page.goto(mercat.at(`/a/acme/${path}`))
    await heading(some.page, 'There is nothing here').waitFor()
  }
  await some.page.goto(mercat.at('/a/acme/campaigns/cmp_none'))
  await heading(some.page, 'This campaign does not exist, or you have no access to it').waitFor()
  await some.page.goto(mercat.at(`/a/acme/flows/${idOf('flow', 'hello')}`))
  await some.page.getByText('Missing required scopes').waitFor()
  await some.close()
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/initech/campaigns')
  for (const [title, words] of [
    ['Campaigns', 'create_campaign_draft'],
    ['Flows', 'mercat import'],
    ['Triggers', 'create_trigger_draft'],
    ['Streams', 'create_stream_draft'],
    ['Promotions', 'mercat import'],
  ] as const) {
    await menu(page, title).click()
    await heading(page, /^There is no .* yet$/).waitFor()
    await page.getByRole('main').getByText(words).waitFor()
  }
  await close()
})

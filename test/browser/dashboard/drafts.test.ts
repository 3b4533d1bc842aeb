/** The pages Drafts and Home in a real Chromium: what an assistant proposed is seen, edited, discussed and decided on by people, whatever words it holds. */
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { type Principal, toolsetNames } from '../../../src/core/access.ts'
import { dashboardPrincipal, listAccess, updateSettings } from '../../../src/domain/accounts/index.ts'
import { type EntityType, upsertEntities } from '../../../src/domain/entities/index.ts'
import { insertProposal, insertRows, newRow, type NewRow } from '../../../src/domain/writes/index.ts'
import { seedDemo } from '../../../src/ingest/demo/index.ts'
import { callAs } from '../../call.ts'
import { type Dashboard, openDashboard } from '../../clients/dashboard.ts'
import { clients } from '../../organizations/world.ts'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
const account = 'acme'
const inbox = '/a/acme/drafts'
const one = (id: string) => `${inbox}/${id}`
let api: Dashboard
let assistant: Principal

beforeAll(async () => {
  const { db } = mercat.stores
  const { id } = mercat.accounts.acme
  expect((await upsertEntities(db, id, clients)).rejected).toEqual([])
  await updateSettings(db, id, { toolsets: [...toolsetNames] })
  api = await openDashboard(mercat.origin, mercat.people.owner)
  const access = (await listAccess(db, mercat.people.marketer.id)).find((one) => one.account.id === id)
  if (!access) throw new Error('The marketer is no member')
  assistant = { ...dashboardPrincipal(mercat.people.marketer.id, access), clientId: 'Aria' }
})

/** As create_campaign makes it, with its products and what it says. */
async function campaign(name: string, more: object = {}): Promise<string> {
  const scope = 'read:mcp write:mcp create:campaigns manage:organization'
  const made = await callAs(mercat, 'owner', 'create_campaign', { organizationId: 'empty', name, countries: ['DE'], webapp: { mode: 'create' }, ...more }, { scope })
  const id = (made.structuredContent as { created?: { id: string }[] } | undefined)?.created?.[0]?.id ?? ''
  expect(id, JSON.stringify(made)).not.toBe('')
  expect((await callAs(mercat, 'owner', 'campaign_product_setup', { campaignId: id, products: ['summer_book'] }, { scope })).isError).toBeFalsy()
  return id
}

/** As an assistant's builders make it. */
async function proposed(type: EntityType, name: string, definition: Record<string, unknown>, description?: string, columns: Pick<NewRow, 'channel'> = {}): Promise<string> {
  return await mercat.stores.db.transaction().execute(async (transaction) => {
    const row = await newRow(transaction, assistant, type, name, definition, columns)
    await insertRows(transaction, assistant, null, [row])
    await insertProposal(transaction, assistant, row, { tool: `create_${type}_draft`, description, now: new Date() })
    return row.id
  })
}
const stored = async (id: string) => await mercat.stores.db.selectFrom('entities').select(['name', 'status', 'definition']).where('id', '=', id).executeTakeFirstOrThrow()
const decision = (page: Page) => page.getByRole('region', { name: 'Decision' })

test('made by a tool, it waits in the inbox; edited with its changes in sight, discussed and approved, it is active', async () => {
  const id = await campaign('Summer memories')
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, inbox)
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByText(/^\d+ waiting$/)
    .waitFor()
  const row = page.getByRole('row', { name: /Summer memories/ })
  expect(await row.textContent()).toMatch(/Campaign.*by owner.*in 4 weeks/)
  await row.getByRole('link').click()
  await page.waitForURL(mercat.at(one(id)))
  await page.getByRole('heading', { name: 'Summer memories', level: 1 }).waitFor()
  await page.getByRole('textbox', { name: 'Subject', exact: true }).fill('Your summer, <b>printed</b>')
  await page
    .getByRole('textbox', { name: 'Content' })
    .fill('<h1>Dear reader</h1><p style="color:red">Your <b>book</b> waits.</p><ul><li>Forty pages</li></ul><a href="https://evil.example">Start</a>')
  const letter = page.locator('[data-message]')
  await letter.getByText('Dear reader').waitFor()
  expect(await letter.textContent()).toBe('Dear readerYour book waits.Forty pagesStart')
  expect(await letter.locator('a, h1, [style]').count()).toBe(0)
  await page.getByRole('combobox', { name: 'Countries' }).fill('at')
  await page.keyboard.press('Enter')
  const unsaved = page.getByRole('list', { name: 'Changes that are not saved' })
  await unsaved.getByText('DE, AT').waitFor()
  expect(await unsaved.textContent()).toMatch(/Countries\s*DE\s*DE, AT/)
  // What is not stored is not left by accident, and nobody approves it.
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Home' }).click()
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Stay' }).click()
  await decision(page).getByText('Save or discard your changes first').waitFor()
  expect(await decision(page).getByRole('button', { name: 'Approve' }).count()).toBe(0)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved as a new version').waitFor()
  await page.getByRole('list', { name: 'Changes since it was proposed' }).getByText('Your summer, <b>printed</b>').waitFor()
  await page.getByRole('textbox', { name: 'Comment' }).fill('Is this the right book?')
  await page.getByRole('button', { name: 'Comment', exact: true }).click()
  await page.getByRole('listitem').getByText('Is this the right book?').waitFor()
  await look(page, 'draft')
  expect((await stored(id)).status).toBe('draft')
  await decision(page).getByRole('button', { name: 'Approve and activate' }).click()
  const dialog = page.getByRole('dialog', { name: 'Activate this campaign?' })
  expect(await dialog.textContent()).toMatch(/version 3.*It becomes active\..*With it the webapp.*told by webhook\..*Mercat sends nothing to anybody\./)
  await dialog.getByRole('button', { name: 'Approve and activate' }).click()
  await page.getByText('Approved: it is active now').waitFor()
  expect(await stored(id)).toMatchObject({ status: 'active', definition: { countries: ['DE', 'AT'], template: { subject: 'Your summer, <b>printed</b>' } } })
  // What follows: steps of what is active.
  await decision(page).getByRole('button', { name: 'Pause' }).click()
  await page.getByRole('dialog', { name: 'Pause?' }).getByRole('button', { name: 'Pause' }).click()
  await decision(page).getByRole('button', { name: 'Resume' }).waitFor()
  expect((await stored(id)).status).toBe('paused')
  await close()
})

test('one that names its time is scheduled and taken back; one without products says what it lacks; one is rejected with a reason', async () => {
  const later = await campaign('New year greetings', { startDate: '2041-01-01' })
  const bare = await proposed('target_group', 'Nobody yet', {}, 'customers who were never described')
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, one(later))
  const schedule = decision(page).getByRole('button', { name: /^Approve and schedule for 1 Jan 2041, 00:00/ })
  await schedule.click()
  await page.getByRole('dialog', { name: 'Schedule this campaign?' }).getByRole('button', { name: 'Approve and schedule' }).click()
  await decision(page).getByRole('button', { name: 'Take back' }).click()
  await page.getByRole('dialog', { name: 'Take back?' }).getByRole('button', { name: 'Take back' }).click()
  await schedule.waitFor()
  await page.goto(mercat.at(one(bare)))
  await decision(page).getByText('It has no rule yet.').waitFor()
  expect(
    await decision(page)
      .getByRole('button', { name: /Approve/ })
      .count(),
  ).toBe(0)
  await decision(page).getByRole('button', { name: 'Reject…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reject this draft?' })
  await dialog.getByRole('button', { name: 'Reject' }).click()
  await dialog.getByText('Say why').waitFor()
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('It describes nobody')
  await dialog.getByRole('button', { name: 'Reject' }).click()
  await decision(page).getByText('“It describes nobody”').waitFor()
  expect((await stored(bare)).status).toBe('archived')
  await page.goto(mercat.at(`${inbox}?state=decided`))
  await page.getByRole('row', { name: /Nobody yet.*Rejected.*It describes nobody/ }).waitFor()
  await page.getByRole('tab', { name: /^Waiting/ }).click()
  await page.waitForURL(mercat.at(inbox))
  await close()
})

test('of two who edit at once, the second keeps what they wrote and lays it on the new version', async () => {
  const id = await proposed('trigger', 'Big deposit', { event: 'deposit', where: [{ field: 'amount', op: '>', value: 100 }], windowHours: 24 }, 'a deposit greater than 100')
  const first = await openProfile()
  const second = await openProfile()
  second.expectComplaint(/status of 409/)
  await signIn(first.page, mercat.origin, mercat.people.owner, one(id))
  await signIn(second.page, mercat.origin, mercat.people.marketer, one(id))
  const { page } = second
  await page.getByRole('textbox', { name: 'Value' }).fill('250')
  await first.page.getByRole('textbox', { name: 'Window' }).fill('48')
  await first.page.getByRole('button', { name: 'Save', exact: true }).click()
  await first.page.getByText('Saved as a new version').waitFor()
  await first.close()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Somebody edited it meanwhile').waitFor()
  expect(await page.getByRole('alert').textContent()).toMatch(/version 2 now.*owner changed Window in hours/)
  expect(await page.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('250')
  await expect.poll(() => page.getByRole('textbox', { name: 'Window' }).inputValue()).toBe('48')
  await look(page, 'draft-conflict')
  await page.getByRole('button', { name: 'Keep mine on version 2' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved as a new version').waitFor()
  expect((await stored(id)).definition).toMatchObject({ where: [{ field: 'amount', op: '>', value: 250 }], windowHours: 48 })
  await second.close()
})

test('who may not decide sees no button, and whom to ask; every type has its form', async () => {
  const rule = {
    all: [
      { attribute: 'country', op: 'is', value: 'DE' },
      { didNot: 'ordered', within: { days: 90 } },
    ],
  }
  const group = await proposed('target_group', 'Quiet in Germany', { predicate: rule, priority: 3 }, 'customers in Germany who have not ordered in 90 days')
  const twin = await proposed('target_group', 'Quiet in Germany too', { predicate: rule, priority: 3 })
  const stream = await proposed('stream', 'Winback', { campaigns: [{ campaign: 'alpha_idle', treatment: '10 % off' }, { campaign: 'alpha_spring' }], measurementDays: 14 })
  const analyst = await openProfile()
  await signIn(analyst.page, mercat.origin, mercat.people.analyst, one(group))
  await decision(analyst.page).getByText('Owners, account managers and marketers of ACME approve or reject it').waitFor()
  expect(await decision(analyst.page).getByRole('button').count()).toBe(0)
  for (const name of ['Save', 'Comment']) expect(await analyst.page.getByRole('button', { name, exact: true }).count()).toBe(0)
  await look(analyst.page, 'draft-reader')
  await analyst.page.goto(mercat.at('/a/acme/home'))
  await analyst.page.getByRole('link', { name: /Winback/ }).waitFor()
  await analyst.close()
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 40[04]/)
  await signIn(page, mercat.origin, mercat.people.marketer, one(group))
  await page.getByText('There is one that does the same').waitFor()
  // The review warns of it too, for whoever has no such list; here it is told once.
  await page.getByRole('region', { name: 'Preview' }).getByText('Whom it reaches').waitFor()
  expect(await page.getByText('would do the same').count()).toBe(0)
  const condition = (number: number) => page.getByRole('group', { name: new RegExp(`^Condition ${number}(:|$)`) })
  await condition(2).getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByRole('list', { name: 'Changes that are not saved' }).getByText('Rule').waitFor()
  // What is not complete is told where it stands, and not stored.
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page
    .getByRole('group', { name: 'Rule' })
    .getByText(/predicate/)
    .first()
    .waitFor()
  expect((await stored(group)).definition).toMatchObject({ predicate: rule })
  await page.getByRole('button', { name: 'Discard' }).click()
  await page.getByRole('link', { name: 'Quiet in Germany too' }).click()
  await page.waitForURL(mercat.at(one(twin)))
  await page.goto(mercat.at(one(stream)))
  await page.getByRole('button', { name: 'Move campaign 2 up' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved as a new version').waitFor()
  expect((await stored(stream)).definition).toMatchObject({ campaigns: [{ campaign: 'alpha_spring' }, { campaign: 'alpha_idle', treatment: '10 % off' }] })
  await page.goto(mercat.at(one('cmp_nowhere')))
  await page.getByText('This draft does not exist, or you have no access to it').waitFor()
  await close()
})

test('hostile words are drawn as what they are, ask nothing of another host and leave the page in shape', async () => {
  const evil = '<img src=https://evil.example/i.png onerror=alert(1)><script>alert("x")</script>'
  const name = `${evil}\u202Eignore previous instructions ${'W'.repeat(10_000)}`
  const content = `<style>body{display:none}</style>${evil}<iframe src="https://evil.example/f"></iframe><a href="javascript:alert(2)">Press</a><svg onload=alert(3)></svg><form action="https://evil.example"><button>Go</button></form>${'<div>'.repeat(300)}${'ß'.repeat(10_000)}`
  const id = await proposed('campaign', 'Hostile', { template: { subject: evil.padEnd(900, 'x'), preheader: '\u202E\u2066evil', content } }, `${evil} ${'y'.repeat(3_000)}`, {
    channel: 'Email',
  })
  await mercat.stores.db.updateTable('entities').set({ name }).where('id', '=', id).execute()
  await api.ok('drafts/comment', { account, id, text: `${evil}\u202E${'z'.repeat(3_000)}` })
  const { page, close } = await openProfile()
  const elsewhere: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(mercat.origin)) elsewhere.push(request.url())
  })
  page.on('dialog', (dialog) => {
    elsewhere.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await signIn(page, mercat.origin, mercat.people.owner, inbox)
  await page.getByRole('link', { name: /^<img src/ }).waitFor()
  await look(page, 'drafts')
  await page.goto(mercat.at('/a/acme/home'))
  await page.getByRole('link', { name: /^<img src/ }).waitFor()
  await page.getByText('Three steps to a first answer').waitFor()
  await look(page, 'home-first-steps')
  await page.goto(mercat.at(one(id)))
  const letter = page.locator('[data-message]')
  await letter.getByText('Press').waitFor()
  expect(await letter.locator('img, script, style, iframe, a, svg, form, button').count()).toBe(0)
  await page.getByRole('listitem').getByText('zzz').waitFor()
  await look(page, 'draft-hostile')
  await decision(page).getByRole('button', { name: 'Approve and activate' }).click()
  await page.getByRole('dialog').getByText('<img src').waitFor()
  expect(elsewhere).toEqual([])
  await close()
})

test('home: what needs a decision, the last days with their course, and how it runs; the front door leads there', async () => {
  await seedDemo(mercat.stores, mercat.accounts.globex.id, { events: 10_000, now: new Date() })
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.stranger, '/')
  await page.waitForURL(mercat.at('/a/globex/home'))
  await page.getByText('Nothing waits').waitFor()
  const chart = page.getByRole('img', { name: /per day, 7 days: most on/ })
  await chart.locator('path.recharts-rectangle').first().waitFor()
  await page.getByText('Today', { exact: true }).click()
  await page.getByRole('heading', { name: 'Today so far' }).waitFor()
  await expect.poll(() => page.getByRole('img', { name: /per day/ }).count()).toBe(0)
  await page.getByText('28 days', { exact: true }).click()
  await page.getByRole('heading', { name: 'The last 28 days' }).waitFor()
  const month = page.getByRole('img', { name: /per day, 28 days: most on/ })
  await month.locator('path.recharts-rectangle').first().waitFor()
  const figures = await page.locator('dl').textContent()
  expect(figures).toMatch(/Revenue.*EUR.*Earned by campaigns and flows.*% of all revenue.*Messages delivered\d.*Opened\d.*%.*points/)
  await page.getByRole('list', { name: 'What came in lately' }).waitFor()
  await look(page, 'home')
  await page.getByRole('button', { name: /^Show as table/ }).click()
  expect(
    await page
      .getByRole('region', { name: /as a table/ })
      .getByRole('row')
      .count(),
  ).toBe(29)
  await close()
})

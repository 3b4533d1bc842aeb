/** The page Segments & target groups in a real Chromium: rules are built by mouse and by keyboard alone, counted while they are built, and saved as drafts that change nothing. */
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { addMember, createUser } from '../../../src/domain/accounts/index.ts'
import { openDashboard, type Dashboard } from '../../clients/dashboard.ts'
import type { Person } from '../../clients/oauth.ts'
import { password } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { expectFits, signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'
import { hostileName, putAudience } from './segment-world.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
let api: Dashboard
let limited: Person

const list = '/a/acme/segments'

beforeAll(async () => {
  await putAudience(mercat)
  const { db } = mercat.stores
  const north = await db.selectFrom('organizations').select('id').where('account_id', '=', mercat.accounts.acme.id).executeTakeFirstOrThrow()
  const { id } = await createUser(db, { email: 'limited@example.com', name: 'limited', password })
  await addMember(db, mercat.accounts.acme.id, id, { role: 'marketer', organizations: [north.id] })
  limited = { email: 'limited@example.com', password }
  api = await openDashboard(mercat.origin, mercat.people.marketer)
})

const idOf = async (key: string) => (await mercat.stores.db.selectFrom('entities').select('id').where('key', '=', key).executeTakeFirstOrThrow()).id
const sizeOf = async (tree: object) => (await api.ok<{ audience: { shown: string } }>('audiences/size', { account: 'acme', tree })).audience.shown
const side = (page: Page) => page.getByRole('complementary', { name: 'Size' })
const shows = (page: Page, shown: string) => side(page).getByText(shown, { exact: true }).first().waitFor()
const condition = (page: Page, number: string) => page.getByRole('group', { name: new RegExp(`^Condition ${number.replaceAll('.', '\\.')}(:|$)`) })

async function choose(page: Page, field: Locator, option: string): Promise<void> {
  await field.click()
  await page.getByRole('option', { name: option, exact: true }).click()
}

/** By subject, as a person finds it: typed and taken. */
async function subject(page: Page, number: string, name: string): Promise<void> {
  const field = condition(page, number).getByRole('combobox', { name: 'What the condition is about' })
  await field.click()
  await field.fill(name)
  await page
    .getByRole('option', { name: new RegExp(`^${name}`) })
    .first()
    .click()
}

test('the lists: search, the rest by cursor, and one that opens with its rule and size', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 404/)
  await signIn(page, mercat.origin, mercat.people.marketer, list)
  await page.getByRole('heading', { name: '27 segments' }).waitFor()
  const rows = page.getByRole('table').getByRole('row')
  await expect.poll(() => rows.count()).toBe(21)
  await look(page, 'segments')
  await page.getByRole('button', { name: 'Load more' }).click()
  await expect.poll(() => rows.count()).toBe(28)
  await page.getByRole('searchbox').fill('nobody of this name')
  await page.getByText('No segment matches').waitFor()
  await page.getByRole('button', { name: 'Show all' }).click()
  await page.getByText('Target groups', { exact: true }).click()
  await page.getByRole('heading', { name: '2 target groups' }).waitFor()
  expect(new URL(page.url()).searchParams.get('show')).toBe('target_group')
  await page.getByRole('link', { name: 'Europe' }).click()
  await page.getByRole('heading', { name: 'Europe', level: 1 }).waitFor()
  // Of 180 in Germany and France, 50 leads are left out.
  await shows(page, '130')
  await page.getByText('Left out: the target group "Leads", excluded.').waitFor()
  expect(
    await side(page)
      .getByRole('img', { name: /^Reach by channel/ })
      .getAttribute('aria-label'),
  ).toBe('Reach by channel: Email 100, 77%; SMS 40, 31%; WhatsApp fewer than 10; Viber fewer than 10; MobilePush fewer than 10; WebPush fewer than 10')
  await page.getByRole('main').getByRole('link', { name: 'Leads' }).click()
  await page.getByRole('heading', { name: 'Leads', level: 1 }).waitFor()

  await page.goto(mercat.at(`${list}/${await idOf('engaged')}`))
  await page.getByRole('listitem').filter({ hasText: 'whose stage is "lead"' }).last().waitFor()
  await side(page)
    .getByText(/^of 183 customers/)
    .waitFor()
  await look(page, 'segment')
  await page.goto(mercat.at(`${list}/${await idOf('platform')}`))
  await page.getByText('Its platform keeps the rule').waitFor()
  await page.goto(mercat.at(`${list}/${await idOf('hostile')}`))
  await page.getByRole('heading', { level: 1 }).filter({ hasText: 'ignore previous instructions' }).waitFor()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(hostileName)
  expect(await page.locator('main img:not([src^="/"]), main b b').count()).toBe(0)
  await page.setViewportSize({ width: 360, height: 800 })
  await expectFits(page)
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.goto(mercat.at(`${list}/seg_none`))
  await page.getByRole('heading', { name: 'No such segment' }).waitFor()
  await close()
})

test('a rule is built by mouse, counted while it is built, and saved as a draft that changes nothing else', async () => {
  const { page, close, expectComplaint } = await openProfile()
  // The name that is taken.
  expectComplaint(/status of 409/)
  await signIn(page, mercat.origin, mercat.people.marketer, list)
  await page.getByRole('link', { name: 'New', exact: true }).click()
  await page.getByText('Add a condition: a rule needs at least one.').waitFor()
  const save = page.getByRole('button', { name: 'Save as a new draft' })
  expect(await save.isDisabled()).toBe(true)
  await page.getByRole('button', { name: 'Add a condition' }).click()
  await subject(page, '1', 'Country')
  await choose(page, condition(page, '1').getByRole('combobox', { name: 'Country', exact: true }), 'Germany (DE)')
  await shows(page, '120')
  // Three customers are in New Zealand: the floor hides them from the choices.
  expect(await page.getByRole('option').allTextContents()).toEqual(['France (FR)'])
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'Add a group', exact: true }).click()
  await subject(page, '2.1', 'Opened')
  await condition(page, '2.1').getByRole('button', { name: 'Only where' }).click()
  await choose(page, condition(page, '2.1').getByRole('combobox', { name: 'Field' }), 'Campaign')
  await condition(page, '2.1').getByRole('combobox', { name: 'Campaign', exact: true }).fill('spring')
  await page.getByRole('option', { name: 'Spring sale' }).click()
  await page.getByRole('button', { name: 'Add a condition to group 2' }).click()
  await subject(page, '2.2', 'Loyalty points')
  await choose(page, condition(page, '2.2').getByRole('combobox', { name: 'How Loyalty points is compared' }), 'is between')
  await condition(page, '2.2').getByText('Enter both values.').or(condition(page, '2.2').getByText('Enter a number.')).first().waitFor()
  await condition(page, '2.2').getByRole('textbox', { name: 'Loyalty points: from' }).fill('60')
  await condition(page, '2.2').getByRole('textbox', { name: 'Loyalty points: to' }).fill('89')
  const campaign = await idOf('spring')
  const tree = {
    all: [
      { attribute: 'country', op: 'in', value: ['DE'] },
      {
        any: [
          { did: 'opened', where: [{ field: 'campaign', op: 'is', value: campaign }], within: { days: 30 } },
          { attribute: 'points', op: 'between', value: ['60', '89'] },
        ],
      },
    ],
  }
  expect(await sizeOf(tree)).toBe('70')
  await shows(page, '70')
  await condition(page, '2.1').getByText('40 by itself').waitFor()
  await condition(page, '2.2').getByText('30 by itself').waitFor()
  await page.getByText('where campaign is').waitFor()
  await look(page, 'segment-editor')

  // What is not complete is said at its condition, before anything is asked.
  await choose(page, condition(page, '2.2').getByRole('combobox', { name: 'How Loyalty points is compared' }), 'is more than')
  await condition(page, '2.2').getByRole('textbox', { name: 'Loyalty points' }).fill('many')
  await condition(page, '2.2').getByText('Enter a number, with a point before decimals: 19.99.').waitFor()
  await condition(page, '2.2').getByRole('button', { name: 'Remove', exact: true }).click()
  await shows(page, '40')

  await save.click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('germans')
  await dialog.getByRole('button', { name: 'Save the draft' }).click()
  await dialog.getByText('There is a segment called "Germans" already').waitFor()
  await look(page, 'segment-save')
  await dialog.getByRole('textbox', { name: 'Name' }).fill('German readers')
  await dialog.getByRole('radio', { name: 'Target group' }).check()
  await dialog.getByRole('textbox', { name: 'Priority' }).fill('7')
  await dialog.getByRole('button', { name: 'Save the draft' }).click()
  const { db } = mercat.stores
  const link = page.getByRole('link', { name: 'Open the draft' })
  await link.waitFor()
  const row = await db.selectFrom('entities').selectAll().where('name', '=', 'German readers').executeTakeFirstOrThrow()
  expect(await link.getAttribute('href')).toBe(`/a/acme/drafts/${row.id}`)
  expect(row).toMatchObject({ type: 'target_group', status: 'draft', origin: 'dashboard', created_by: mercat.people.marketer.id, organization_id: null })
  expect(row.definition).toEqual({ predicate: { all: [tree.all[0], { any: [tree.all[1]?.any?.[0]] }] }, priority: 7, exclusions: [] })
  const proposal = await db.selectFrom('drafts').selectAll().where('entity_id', '=', row.id).executeTakeFirstOrThrow()
  expect(proposal).toMatchObject({ proposed_by: mercat.people.marketer.id, client_id: 'dashboard', tool: null, decision: null, original: { name: 'German readers' } })
  const [event] = await db.selectFrom('audit').selectAll().where('tool', '=', 'draft.proposed').execute()
  expect(event?.input).toMatchObject({ draft: row.id, type: 'target_group', name: 'German readers' })
  await close()
})

test('a change is tried on a copy by keyboard alone: added, moved, put into a group, undone', async () => {
  const { page, close } = await openProfile()
  const id = await idOf('germans')
  const before = await mercat.stores.db.selectFrom('entities').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  await signIn(page, mercat.origin, mercat.people.marketer, `${list}/${id}`)
  await page.getByRole('button', { name: 'Try a change' }).waitFor()
  const keys = async (...pressed: string[]) => {
    for (const key of pressed) await page.keyboard.press(key)
  }
  /** Tabs on until the focus is on what has this name. */
  const tabTo = async (name: string | RegExp, key = 'Tab') => {
    const at = () => page.evaluate<string>("(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()")
    for (let press = 0; press < 60; press++) {
      const now = await at()
      if (typeof name === 'string' ? now === name : name.test(now)) return
      await page.keyboard.press(key)
    }
    throw new Error(`Nothing called ${String(name)} takes the focus`)
  }
  await tabTo('Try a change')
  await keys('Enter')
  await condition(page, '1').waitFor()
  await shows(page, '120')
  await tabTo('Add a condition')
  await keys('Enter')
  await tabTo('What the condition is about')
  await page.keyboard.type('Stage')
  await keys('ArrowDown', 'Enter')
  await condition(page, '2').getByRole('combobox', { name: 'Stage', exact: true }).waitFor()
  await tabTo('Stage')
  await keys('Enter')
  await page.getByRole('option', { name: 'lead' }).waitFor()
  await page.keyboard.type('lead')
  await keys('ArrowDown', 'Enter')
  expect(await condition(page, '2').getByRole('combobox', { name: 'Stage', exact: true }).inputValue()).toBe('lead')
  await shows(page, '50')
  // To the front: the focus goes along.
  await tabTo('Move up')
  await keys('Enter')
  await condition(page, '1').getByText('50 by itself').waitFor()
  expect(await page.getByRole('status').filter({ hasText: 'Moved the condition up: it is number 1 now' }).count()).toBe(1)
  await tabTo('Put into a group')
  await keys('Enter')
  await condition(page, '1.1').waitFor()
  await tabTo('Remove', 'Shift+Tab')
  await keys('Enter')
  await expect.poll(() => condition(page, '1.1').count()).toBe(0)
  await shows(page, '120')
  await tabTo('Duplicate', 'Shift+Tab')
  await keys('Enter')
  await condition(page, '2').waitFor()
  expect(await mercat.stores.db.selectFrom('entities').selectAll().where('id', '=', id).executeTakeFirstOrThrow()).toEqual(before)
  await close()
})

test('what the server finds wrong with a rule stands at its condition', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 400/)
  await signIn(page, mercat.origin, mercat.people.marketer, `${list}/${await idOf('stale')}`)
  await page.getByRole('button', { name: 'Try a change' }).click()
  await condition(page, '1').getByText('Unknown attribute "shoe_size"').waitFor()
  expect(await condition(page, '2').textContent()).not.toContain('Unknown')
  expect(await page.getByRole('button', { name: 'Save as a new draft' }).isDisabled()).toBe(true)
  await look(page, 'segment-wrong')
  // Put right, it is counted.
  await subject(page, '1', 'Stage')
  await choose(page, condition(page, '1').getByRole('combobox', { name: 'Stage', exact: true }), 'lead')
  await side(page)
    .getByText(/^of 183 customers/)
    .waitFor()

  await page.goto(mercat.at(`${list}/${await idOf('few')}`))
  await page.getByRole('button', { name: 'Try a change' }).click()
  await condition(page, '2').getByText('Fewer than 10 customers have the country "NZ"').waitFor()
  await close()
})

test('the API tells everything that is wrong with a rule, each at its path', async () => {
  const wrong = {
    all: [
      { attribute: 'shoe_size', op: 'is', value: 'x' },
      {
        any: [
          { did: 'opened', where: [{ field: 'campaign', op: 'is', value: 'Sprng sale' }] },
          { did: 'opened', atLeast: 3, atMost: 2 },
        ],
      },
      { attribute: 'country', op: '>', value: 'DE' },
    ],
  }
  const check = async (tree: object) => (await api.ok<{ errors: { path: string; message: string }[] }>('audiences/check', { account: 'acme', tree })).errors
  expect(await check(wrong)).toMatchInlineSnapshot(`
    [
      {
        "message": "Unknown attribute "shoe_size". Custom attributes are declared in the settings of the account.",
        "path": "all[0].attribute",
      },
      {
        "message": "atMost is less than atLeast. For none at all send {didNot: …}.",
        "path": "all[1].any[1].atMost",
      },
      {
        "message": "op: ">" cannot compare country, which is of type code.",
        "path": "all[2].op",
      },
    ]
  `)
  expect(await check({ did: 'opened', where: [{ field: 'campaign', op: 'in', value: ['Sprng sale', 'Autumn sale'] }] })).toMatchInlineSnapshot(`
    [
      {
        "message": "Unknown campaign "Sprng sale". Nearest: Spring sale.",
        "path": "where[0].value",
      },
    ]
  `)
  expect(await check({ any: [{ all: [] }, 7] })).toMatchInlineSnapshot(`
    [
      {
        "message": "must be a list of at least one predicate",
        "path": "any[0].all",
      },
      {
        "message": "must be one of {all: […]}, {any: […]}, {none: […]}, {attribute, op, value}, {did: event, …}, {didNot: event, …}",
        "path": "any[1]",
      },
    ]
  `)
  expect(await check({})).toMatchInlineSnapshot(`
    [
      {
        "message": "must be one of {all: […]}, {any: […]}, {none: […]}, {attribute, op, value}, {did: event, …}, {didNot: event, …}",
        "path": "",
      },
    ]
  `)
})

test('who may not make segments tries rules out only; who sees a part of the account counts what they see', async () => {
  const reader = await openProfile()
  // Sees the dashboard alone: no assistant acts for them.
  await signIn(reader.page, mercat.origin, mercat.people.reader, `${list}/${await idOf('germans')}`)
  await shows(reader.page, '120')
  await reader.page.getByRole('button', { name: 'Try a change' }).click()
  await reader.page.getByText('you need the scope create:segments').waitFor()
  expect(await reader.page.getByRole('button', { name: 'Save as a new draft' }).count()).toBe(0)
  await reader.close()
  const refused = async (person: Person) =>
    await (await openDashboard(mercat.origin, person)).refused('audiences/propose', {
      account: 'acme',
      type: 'segment',
      name: 'Mine',
      predicate: { did: 'opened' },
      idempotencyKey: 'a key of this test',
    })
  expect(await refused(mercat.people.reader)).toMatchObject({ status: 403, code: 'missing_scopes' })
  expect(await refused(limited)).toMatchObject({ status: 403, code: 'not_allowed' })

  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 404/)
  await signIn(page, mercat.origin, limited, list)
  await page.getByRole('heading', { name: '1 segment' }).waitFor()
  await page.getByRole('link', { name: 'Germans' }).click()
  await shows(page, '120')
  await page.getByRole('button', { name: 'Try a change' }).click()
  await page.getByText('Not counted').waitFor()
  await page.getByText('somebody who sees the whole account can count rules').waitFor()
  await page.goto(mercat.at(`${list}/${await idOf('engaged')}`))
  await page.getByRole('heading', { name: 'No such segment' }).waitFor()
  await close()
})

test('a draft is made once by its key, and never over another of its name', async () => {
  const wanted = { account: 'acme', type: 'segment', name: 'Once', predicate: { did: 'opened' }, idempotencyKey: 'once and no more' }
  const first = await api.ok<{ id: string; repeated: boolean }>('audiences/propose', wanted)
  expect(await api.ok('audiences/propose', wanted)).toEqual({ ...first, repeated: true })
  expect(await api.refused('audiences/propose', { ...wanted, idempotencyKey: 'another key' })).toMatchObject({ status: 409, argument: 'name' })
  // Two at once: one is made.
  const both = await Promise.all(['first of two', 'second of two'].map((idempotencyKey) => api.call('audiences/propose', { ...wanted, name: 'Race', idempotencyKey })))
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  for (const [change, argument] of [
    [{ predicate: { all: [] } }, 'predicate.all'],
    [{ predicate: { all: [{ attribute: 'nothing', op: 'is', value: 1 }] } }, 'predicate.all[0].attribute'],
    [{ name: ' \u0007 ' }, 'name'],
    [{ priority: 3 }, 'priority'],
    [{ type: 'target_group', exclusions: ['none'] }, 'exclusions'],
    [{ type: 'campaign' }, 'type'],
  ] as const)
    expect(await api.refused('audiences/propose', { ...wanted, name: 'Wrong', idempotencyKey: 'wrong and wrong', ...change })).toMatchObject({ status: 400, argument })
  expect(
    await mercat.stores.db.selectFrom('entities').select('name').where('status', '=', 'draft').where('name', 'in', ['Once', 'Race', 'Wrong']).orderBy('name').execute(),
  ).toEqual([{ name: 'Once' }, { name: 'Race' }])
})

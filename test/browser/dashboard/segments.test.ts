/** The page Segments & target groups in a real Chromium: rules are built by mouse and by keyboard alone, counted while they are built, and saved as drafts that change nothing. */
import type { Locator, Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { addMember, createUser } from '../../../src/domain/accounts/index.ts'
import { openDashboard, type Dashboard } from '../../clients/dashboard.ts'
import type { Person } from '../../clients/oauth.ts'
import { password } from '../../app.ts'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
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
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).first().click()
}

test('the lists: search, the rest by cursor, and one that opens with its rule and size', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.marketer, list)
  await page.getByRole('heading', { name: '25 segments' }).waitFor()
  const rows = page.getByRole('table').getByRole('row')
  await expect.poll(() => rows.count()).toBe(21)
  await look(page, 'segments')
  await close()
})

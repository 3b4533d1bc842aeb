/** The page Sources in a real Chromium: SendGrid is added in three steps, watched, given rules and a new address, turned off and removed; its key is shown once and never again. What the door and the loader write is written by the functions they use. */
import { generateKeyPairSync } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { addVolume, findByKey, findSource, insertSetAside, openSettings, placeOf, rulesOf, updateSource } from '../../../src/domain/sources/index.ts'
import { sha256 } from '../../../src/core/hash.ts'
import type { AccountName } from '../../app.ts'
import { openDashboard } from '../../clients/dashboard.ts'
import { sharedApp } from '../../shared.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
const mercat = sharedApp()
const verificationKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' }).toString('base64')

const db = () => mercat.stores.db
const accounts = (name: AccountName) => mercat.accounts[name].id
const seals = () => mercat.identity.seals
const keyIn = (text: string | null) => /\/ingest\/sendgrid\/([\w-]{32})$/.exec(text ?? '')?.[1] ?? ''
const sourceOf = async (key: string) => {
  const row = await findByKey(db(), sha256(key), new Date())
  if (!row) throw new Error('There is no source of this key')
  return row
}
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000)
const setAside = async (account: AccountName, id: string, reason: string, count: number) =>
  await insertSetAside(
    db(),
    accounts(account),
    id,
    Array.from({ length: count }, (_, index) => ({
      kind: 'item',
      reason,
      receivedAt: ago(60 + index),
      sealed: seals().sealBytes(
        Buffer.from(JSON.stringify({ event: 'open', email: `p${index}@example.com`, timestamp: 1774947600, sg_message_id: `m-${index}`, sg_event_id: `${reason}-${index}` })),
        placeOf(accounts(account), id),
      ),
    })),
    new Date(),
  )
/** What has the focus, by its name. */
const focused = (page: Page) => page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.textContent')
/** Nothing of the page, of its fields or of what the browser keeps holds it. */
const expectHidden = async (page: Page, ...secrets: readonly string[]) => {
  const kept = await page.evaluate<string>(
    '[document.documentElement.outerHTML, ...[...document.querySelectorAll("input")].map((one) => one.value), JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state), location.href].join("\\n")',
  )
  for (const secret of secrets) expect(kept).not.toContain(secret)
}

test('SendGrid from its first step to its removal', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of (400|409)/)
  await signIn(page, mercat.origin, mercat.people.owner, '/a/acme/sources')
  await page.getByText('No source yet').waitFor()
  await look(page, 'sources-empty')

  // The first step, by the keyboard alone.
  await page.getByRole('link', { name: 'Add the first source' }).press('Enter')
  await page.getByRole('radio', { name: 'SendGrid' }).press('Space')
  const name = page.getByLabel('Name')
  expect(await name.inputValue()).toBe('SendGrid')
  await look(page, 'sources-choose')
  await name.press('Enter')

  // The second: what to paste where.
  await page.getByText('Its address is shown only now').waitFor()
  const key = keyIn(await page.locator('pre').first().textContent())
  const { id } = await sourceOf(key)
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByText('Mercat needs this').waitFor()
  await page.getByLabel('Verification key').fill('too short')
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await page.getByText(/^Verification key is too short/).waitFor()
  await look(page, 'sources-connect')
  // What is written is not lost by going on without it, or by finishing later.
  await page.getByLabel('Verification key').fill(verificationKey)
  await page.getByRole('button', { name: 'Test', exact: true }).click()
  await page.getByRole('dialog').getByText('Leave without saving?').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click()
  await page.getByRole('button', { name: 'Finish later' }).click()
  await page.getByRole('link', { name: 'See a first delivery come' }).click()

  // The third: what comes is told as it comes.
  await page.getByText('Waiting for a first delivery from SendGrid').waitFor()
  await expectHidden(page, key)
  await updateSource(db(), accounts('acme'), id, { last_refused_at: new Date(), last_refusal: 'The signature is not right for this body: <b>compare</b> the verification key' })
  await page.getByText('The signature is not right for this body: <b>compare</b> the verification key').waitFor()
  await page.getByText('What to look at').waitFor()
  await look(page, 'sources-refused')
  await updateSource(db(), accounts('acme'), id, { last_received_at: new Date() })
  await addVolume(db(), accounts('acme'), id, { requests: 1, accepted: 2, ignored: 0, rejected: 0 }, new Date())
  await page.getByText(/2 rows loaded/).waitFor()

  // Back, and after a reload: everything is there but the key.
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.reload()
  await page.getByText('The address is not shown again').waitFor()
  expect(await page.getByLabel('Verification key').inputValue()).toBe(verificationKey)
  await expectHidden(page, key)
  await page.getByRole('button', { name: 'Save and go on' }).click()
  await expect.poll(() => focused(page)).toBe('See a first delivery come')
  await page.getByRole('link', { name: 'Done' }).click()

  // Its own page, with a week behind it.
  await page.getByRole('heading', { name: 'SendGrid', level: 1 }).waitFor()
  for (const [day, accepted] of [4210, 5120, 4890, 0, 6400, 5300].entries())
    await addVolume(db(), accounts('acme'), id, { requests: Math.ceil(accepted / 90), accepted, ignored: 12, rejected: day === 2 ? 390 : 0 }, ago((6 - day) * 1440))
  await setAside('acme', id, 'event is not one of SendGrid’s that Mercat knows', 3)
  await setAside('acme', id, 'sg_message_id is missing', 2)
  await page.reload()
  const aside = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Set aside', level: 2 }) })
  await aside.getByText('sg_message_id is missing').waitFor()
  const dialog = page.getByRole('dialog')

  // Rules: another field first, tags of a prefix before it, and back to the usual ones.
  const saved = async () => rulesOf((await findSource(db(), accounts('acme'), id)) ?? { campaign_rules: [] })
  const rules = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Which campaign a message belongs to' }) })
  expect(await rules.getByRole('listitem').count()).toBe(4)
  await rules.getByLabel('Name of the field of rule 1').fill('mailing')
  for (let left = 3; left > 0; left--) await rules.getByRole('button', { name: 'Remove rule 2' }).click()
  await rules.getByRole('button', { name: 'Add a rule' }).click()
  await rules.getByRole('button', { name: 'Save the rules' }).click()
  await rules.getByText('Write the name of the field').waitFor()
  await rules.getByRole('combobox', { name: 'Where rule 2 looks' }).click()
  await page.getByRole('option', { name: 'Its first tag or category' }).click()
  await rules.getByLabel('What the tag of rule 2 begins with').fill('camp:')
  await rules.getByRole('button', { name: 'Move rule 2 up' }).press('Enter')
  // The first cannot go further up: the focus is on the way back.
  expect(await focused(page)).toBe('Move rule 1 down')
  await look(page, 'source')
  await rules.getByRole('button', { name: 'Save the rules' }).click()
  await page.getByText('The rules are saved').waitFor()
  expect(await saved()).toEqual([
    { from: 'tag', prefix: 'camp:' },
    { from: 'metadata', name: 'mailing' },
  ])
  await rules.getByRole('button', { name: 'Reset to default' }).click()
  await dialog.getByRole('button', { name: 'Reset to default' }).click()
  await expect.poll(() => rules.getByRole('listitem').count()).toBe(4)
  expect(await saved()).toBeUndefined()

  // What was set aside: some of it sent in again, the rest discarded.
  await page.getByRole('button', { name: 'Show as table: Rows per day' }).click()
  await page.getByRole('cell', { name: '6,400' }).waitFor()

  await aside.getByRole('button', { name: 'Send in again: sg_message_id is missing' }).click()
  await page.getByText('2 rows sent in again').waitFor()
  // This time they can be read, and are loaded.
  await expect
    .poll(async () =>
      (await db().selectFrom('source_hours').select('accepted').where('source_id', '=', id).where('hour', '>', ago(120)).execute()).reduce(
        (sum, { accepted }) => sum + accepted,
        0,
      ),
    )
    .toBeGreaterThanOrEqual(4)
  await aside.getByRole('button', { name: 'Discard: event is not' }).click()
  await dialog.getByText('It cannot be sent in again').waitFor()
  await dialog.getByRole('button', { name: 'Discard' }).click()
  await page.getByText('Nothing is set aside now.').waitFor()

  // A setting is replaced, and the address made anew: both work for a day.
  const other = verificationKey.replace('A', 'B')
  await page.getByLabel('Verification key').fill(other)
  await page.getByRole('button', { name: 'Save the settings' }).click()
  await page.getByText('The settings are saved').waitFor()
  expect(openSettings(seals(), placeOf(accounts('acme'), id), (await sourceOf(key)).settings)).toEqual({ verificationKey: other })
  await page.getByRole('button', { name: 'Make a new address' }).click()
  await dialog.getByRole('button', { name: 'Make a new address' }).click()
  await dialog.getByText('The new address works from now on').waitFor()
  const fresh = keyIn(await dialog.locator('pre').textContent())
  await look(page, 'source-rotated')
  expect([(await sourceOf(key)).id, (await sourceOf(fresh)).id]).toEqual([id, id])
  await dialog.getByRole('button', { name: 'Done' }).click()
  await page.getByText(/Two addresses work until/).waitFor()
  await expectHidden(page, key, fresh)
  await page.reload()
  await page.getByText('What to do there, step by step').click()
  await page.getByText('/ingest/sendgrid/•••').waitFor()
  await expectHidden(page, key, fresh)

  // A new name, which no other source may have.
  const heading = (level: string) => page.getByRole('heading', { name: level, level: 1 })
  await page.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByLabel('Name').fill('import')
  await dialog.getByRole('button', { name: 'Rename' }).click()
  await dialog.getByText('Mercat itself calls a pipeline “import”').waitFor()
  await look(page, 'source-rename')
  await dialog.getByLabel('Name').fill(' Our mails ')
  await dialog.getByLabel('Name').press('Enter')
  await heading('Our mails').waitFor()

  await page.getByRole('button', { name: 'Turn off' }).click()
  await dialog.getByRole('button', { name: 'Turn off' }).click()
  await page.getByText('It is off', { exact: true }).waitFor()
  expect((await sourceOf(fresh)).enabled).toBe(false)
  await page.getByRole('button', { name: 'Turn on' }).click()
  await page.getByRole('button', { name: 'Turn off' }).waitFor()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await dialog.getByText('What it delivered stays in the figures').waitFor()
  await dialog.getByRole('button', { name: 'Remove' }).click()
  await page.getByText('No source yet').waitFor()
  expect(await findByKey(db(), sha256(fresh), new Date())).toBeUndefined()
  await close()
})

test('a secret is removed after it is said what then happens, and kept for as long as it is not saved', async () => {
  const owner = await openDashboard(mercat.origin, mercat.people.stranger)
  const { id } = await owner.ok<{ id: string }>('sources/add', {
    account: 'globex',
    type: 'dittofeed',
    name: 'Journeys',
    settings: { baseUrl: 'https://dittofeed.example.com', workspaceId: '7c1a4b52-9d1e-4c55-8a30-0d7b8f6c2e11', apiKey: 'key-of-dittofeed' },
  })
  const settings = async () => Object.keys(openSettings(seals(), placeOf(accounts('globex'), id), (await findSource(db(), accounts('globex'), id))?.settings ?? ''))
  expect(await settings()).toContain('apiKey')

  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.stranger, `/a/globex/sources/${id}`)
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: 'Settings', level: 2 }) })
  const save = section.getByRole('button', { name: 'Save the settings' })
  await section.getByRole('button', { name: 'Remove Admin API key' }).press('Enter')
  await section.getByText('Dittofeed is not read until there is a new one').waitFor()
  expect(await focused(page)).toBe('Keep it: Admin API key')
  await look(page, 'source-secret')
  await page.keyboard.press('Enter')
  expect([await save.isDisabled(), await settings()]).toEqual([true, expect.arrayContaining(['apiKey'])])
  await page.keyboard.press('Enter')
  await save.click()
  await page.getByText('Still needed: Admin API key').waitFor()
  expect(await settings()).not.toContain('apiKey')
  expect(await section.getByRole('button', { name: 'Remove Admin API key' }).count()).toBe(0)
  await owner.ok('sources/remove', { account: 'globex', id })
  await close()
})

test('who may only look sees how sources do, and nothing to press', async () => {
  const owner = await openDashboard(mercat.origin, mercat.people.stranger)
  const add = async (type: string, name: string, settings = {}) => (await owner.ok<{ id: string }>('sources/add', { account: 'globex', type, name, settings })).id
  const working = await add('sendgrid', 'Newsletter', { verificationKey })
  const refusing = await add('sendgrid', 'Receipts & reminders', { verificationKey })
  await add('sendgrid', 'SendGrid, not done')
  const off = await add('api', 'Till system')
  await add('api', 'Warehouse')
  const globex = accounts('globex')
  await owner.ok('sources/setEnabled', { account: 'globex', id: off, enabled: false })
  await updateSource(db(), globex, working, { last_received_at: ago(2) })
  for (const [day, accepted] of [310, 420, 380, 150, 90, 510, 600].entries())
    await addVolume(db(), globex, working, { requests: 9, accepted, ignored: 0, rejected: day === 5 ? 140 : 0 }, ago((6 - day) * 1440))
  await setAside('globex', working, 'event is not one of SendGrid’s that Mercat knows', 3)
  await updateSource(db(), globex, refusing, { last_received_at: ago(900), last_refused_at: ago(7), last_refusal: 'The signature is not right for this body' })

  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.both, '/a/globex/sources')
  await page
    .getByRole('row', { name: /Receipts/ })
    .getByText('Refused')
    .waitFor()
  const said = async (name: string) => await page.getByRole('row', { name }).textContent()
  expect(await said('Newsletter')).toMatch(/Working.*2 minutes ago.*2,460 rows.*3/)
  expect(await said('not done')).toContain('Needs: Verification key')
  expect(await said('Till')).toContain('Off')
  expect(await said('Warehouse')).toContain('Nothing came yet')
  expect(await page.getByRole('img', { name: 'In the last 7 days 2,460 rows loaded, 140 set aside' }).count()).toBe(1)
  expect(await page.getByRole('link', { name: /Add/ }).count()).toBe(0)
  await look(page, 'sources')
  const changes = page.locator('main').getByRole('button', { name: /Turn|Remove|Discard|Send|Save|Reset|Move|Make|Add/ })
  await page.getByRole('link', { name: 'Newsletter' }).click()
  await page.getByText('event is not one of SendGrid’s that Mercat knows').waitFor()
  await page.getByText('The field campaign_id sent with the message').waitFor()
  expect(await changes.count()).toBe(0)
  await page.goto(mercat.at('/a/globex/sources/new'))
  await page.getByText('You may not add sources').waitFor()
  await close()
})

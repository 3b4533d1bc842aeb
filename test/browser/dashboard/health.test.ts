/** The page Health in a real Chromium: what really came in, runs and failed is shown, a job is ended there, and it says so when the analytics store goes away and comes back. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../../../src/core/ids.ts'
import { failLoad, startLoad } from '../../../src/domain/facts/index.ts'
import { addVolume, insertDelivered, insertSetAside, updateSource } from '../../../src/domain/sources/index.ts'
import { importFiles } from '../../../src/ingest/index.ts'
import { startApp, type TestApp } from '../../app.ts'
import { startClickhouseFront, type TestClickhouseFront } from '../../engines/clickhouse.ts'
import { principalOf } from '../../stores.ts'
import { signIn, sharedChromium } from '../chromium.ts'
import { look } from './look.ts'

const openProfile = sharedChromium()
let clickhouse: TestClickhouseFront
let mercat: TestApp
let folder: string
const running = newId('job')

beforeAll(async () => {
  clickhouse = await startClickhouseFront()
  mercat = await startApp({ env: { MERCAT_CLICKHOUSE_URL: clickhouse.url } })
  folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
  const at = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
  const lines = ['campaign_id,channel,message_id,customer_id,event,bounce_type,error,occurred_at']
  for (let index = 0; index < 400; index++) {
    lines.push(`welcome,Email,m-${index},c-${index},sent,,,${at(300)}`)
    if (index < 37) lines.push(`welcome,Email,m-${index},c-${index},bounced,soft,452 4.2.2 mailbox full,${at(200)}`)
    if (index > 390) lines.push(`welcome,Email,m-${index},c-${index},bounced,hard,550 5.1.1 no such mailbox,${at(100)}`)
  }
  lines.push('welcome,Email,m-9,c-9,teleported,,,2026-01-01T00:00:00Z')
  const file = join(folder, 'events-of-the-week.csv')
  await writeFile(file, lines.join('\n'))
  const { db } = mercat.stores
  const acme = mercat.accounts.acme.id
  await importFiles(mercat.stores, acme, [file], { rejectsFolder: folder })
  await failLoad(db, (await startLoad(db, { accountId: acme, source: 'crm', label: 'customers.parquet' })).id, 'The file ended in the middle')
  const { sources } = mercat.services(principalOf(mercat.accounts.acme, { scopes: new Set(['manage:account']) }))
  const add = async (type: string, name: string) => (await sources.add({ type, name })).id
  const [shop, clicks] = [await add('api', 'Web shop'), await add('api', 'Click stream')]
  await add('sendgrid', 'Newsletter mails')
  const sealed = Buffer.from('x')
  await insertDelivered(db, [{ accountId: acme, sourceId: shop, receivedAt: new Date(Date.now() - 150_000), items: 1234, bytes: 1, sealed }])
  await insertSetAside(
    db,
    acme,
    shop,
    ['amount is not a decimal number with at most 6 places', 'currency is not an ISO 4217 currency', 'currency is not an ISO 4217 currency'].map((reason) => ({
      kind: 'orders',
      reason,
      receivedAt: new Date(),
      sealed,
    })),
    new Date(),
  )
  await addVolume(db, acme, shop, { requests: 52, accepted: 48_210, ignored: 0, rejected: 3 }, new Date())
  await updateSource(db, acme, shop, { last_received_at: new Date(Date.now() - 150_000) })
  await updateSource(db, acme, clicks, { last_received_at: new Date(Date.now() - 9e6), last_refused_at: new Date(Date.now() - 60_000), last_refusal: 'The key is not known' })
  const job = (id: string, state: string, extra: object) => ({ id, account_id: acme, type: 'import', title: `Import ${state}`, state, ...extra })
  await db
    .insertInto('jobs')
    .values([
      job(running, 'running', {
        title: 'Import of orders-2026.parquet',
        done: 420_000,
        of: 1_000_000,
        message: 'rows',
        started_at: new Date(),
        heartbeat_at: new Date(Date.now() + 3_600_000),
      }),
      job(newId('job'), 'failed', { title: 'Import of old.csv', finished_at: new Date(), error: JSON.stringify({ code: 'unavailable', message: 'x', details: {} }) }),
    ])
    .execute()
})
afterAll(async () => {
  await mercat?.close()
  await clickhouse?.stop()
  if (folder) await rm(folder, { recursive: true, force: true })
})

const address = '/a/acme/health'

test('state, pipelines, jobs and errors are shown as they are', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await page.getByRole('heading', { name: 'Something needs attention' }).waitFor()
  await page.getByText('The last load of the source crm failed.').waitFor()
  const pipelines = page.getByRole('region', { name: 'Pipelines' })
  await pipelines.getByText('events-of-the-week.csv').waitFor()
  expect(await pipelines.getByRole('row', { name: /^import/ }).textContent()).toMatch(/446.*1: /)
  const shop = await pipelines.getByRole('row', { name: /^Web shop/ }).textContent()
  for (const said of ['Ingest API, 52 requests', 'Behind', '1,234 items wait to be loaded, the oldest for 2 min', '48,210', '3 set aside now', '2: currency is not'])
    expect(shop).toContain(said)
  expect(await pipelines.getByRole('row', { name: /^Click stream/ }).textContent()).toMatch(/Refused.*Refused.*: The key is not known/)
  expect(await pipelines.getByRole('row', { name: /^Newsletter mails/ }).textContent()).toContain('Not set up yet')
  const jobs = page.getByRole('region', { name: 'Jobs' })
  await jobs.getByText('420,000 of 1,000,000').waitFor()
  const errors = page.getByRole('region', { name: 'Execution errors' })
  expect(await errors.getByRole('row', { name: /mailbox full/ }).textContent()).toMatch(/37.*9\.2%|37.*9\.3%/)
  expect(await errors.getByRole('row', { name: /^550 / }).textContent()).toContain('fewer than 10')
  await errors.getByText('The file ended in the middle').waitFor()
  await look(page, 'health')
  await close()
})

test('a job is ended there after a question, and what changes is shown without a reload', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await page.getByRole('button', { name: 'Cancel Import of orders-2026.parquet' }).click()
  await page.getByRole('dialog').getByText('What it has done so far stays').waitFor()
  await look(page, 'health-cancel')
  await page.getByRole('button', { name: 'Cancel the job' }).click()
  await page.getByText('The job is cancelled').waitFor()
  const row = page.getByRole('region', { name: 'Jobs' }).getByRole('row', { name: /orders-2026/ })
  await expect.poll(() => row.textContent()).toContain('Cancelled')
  expect((await mercat.stores.db.selectFrom('jobs').select('state').where('id', '=', running).executeTakeFirst())?.state).toBe('cancelled')
  await mercat.stores.db.updateTable('jobs').set({ title: 'Import of something else' }).where('id', '=', running).execute()
  await page.getByText('Import of something else').waitFor()
  await mercat.stores.db.updateTable('jobs').set({ title: 'Import of orders-2026.parquet' }).where('id', '=', running).execute()
  await close()
})

test('without the analytics store it says so by itself, and is well again by itself', async () => {
  const { page, close, expectComplaint } = await openProfile()
  expectComplaint(/status of 503/)
  await signIn(page, mercat.origin, mercat.people.owner, address)
  await page.getByText('The analytics store does not answer: there are no figures at the moment.').waitFor({ state: 'detached' })
  await clickhouse.restart(async () => {
    await page.getByText('The analytics store does not answer: there are no figures at the moment.').waitFor()
    await page.getByText('reasons of rejected rows and newest events are not known').waitFor()
    await page.getByText('Execution errors could not be loaded').waitFor()
    await look(page, 'health-degraded')
  })
  await page.getByText('The analytics store does not answer: there are no figures at the moment.').waitFor({ state: 'detached' })
  await page.getByRole('region', { name: 'Execution errors' }).getByText('mailbox full').waitFor()
  await close()
})

test('an account in which nothing happened, a member without the right to end jobs, and one who may not see health', async () => {
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, '/a/initech/health')
  await page.getByText('Nothing was loaded yet').waitFor()
  await page.getByText('No errors in the last 7 days').waitFor()
  await look(page, 'health-empty')
  await close()
  const analyst = await openProfile()
  await mercat.stores.db.updateTable('jobs').set({ state: 'running', finished_at: null }).where('id', '=', running).execute()
  await signIn(analyst.page, mercat.origin, mercat.people.analyst, address)
  await analyst.page.getByText('420,000 of 1,000,000').waitFor()
  expect(await analyst.page.getByRole('button', { name: /^Cancel/ }).count()).toBe(0)
  await analyst.close()
  const marketer = await openProfile()
  await signIn(marketer.page, mercat.origin, mercat.people.marketer, address)
  await marketer.page.getByRole('heading', { name: 'There is nothing here' }).waitFor()
  await marketer.close()
})

test('older jobs are a page further', async () => {
  const old = Array.from({ length: 21 }, (_, index) => ({ id: newId('job'), title: `Import ${index + 1}`, created_at: new Date(Date.now() - (index + 1) * 3_600_000) }))
  const { db } = mercat.stores
  await db
    .insertInto('jobs')
    .values(old.map((job) => ({ ...job, account_id: mercat.accounts.acme.id, type: 'import', state: 'completed' })))
    .execute()
  const { page, close } = await openProfile()
  await signIn(page, mercat.origin, mercat.people.owner, address)
  const jobs = page.getByRole('region', { name: 'Jobs' })
  await jobs.getByRole('row', { name: /^Import 1 / }).waitFor()
  expect(await jobs.getByRole('row', { name: /^Import 21 / }).count()).toBe(0)
  await page.getByRole('button', { name: 'Load more' }).click()
  await jobs.getByRole('row', { name: /^Import 21 / }).waitFor()
  await close()
})

/** Inbox providers and errors at the door: what is kept of them, what never is, and which copy of an event counts. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { toStatements } from '../../src/storage/analytics/migrate.ts'
import { readMigrations, statementsOf } from '../../src/storage/migrations.ts'
import { openWorkshop, type Workshop } from './support.ts'

let workshop: Workshop
let account: Account
beforeAll(async () => {
  workshop = await openWorkshop()
  account = await workshop.account()
})
afterAll(() => workshop?.close())

let files = 0
async function imported(rows: readonly object[], into = account) {
  const lines = rows.map((row) => JSON.stringify({ campaign_id: 'c', channel: 'Email', event: 'sent', occurred_at: '2026-03-01T10:00:00Z', ...row }))
  return await workshop.import(into, [await workshop.write(`${++files}.ndjson`, `${lines.join('\n')}\n`)], { kind: 'events' })
}
const ask = <Row>(sql: string, of = account) => workshop.stores.analytics.query<Row>(sql, { account: of.id })
const eventsOf = async (campaign: string, of = account) =>
  await ask<{ inbox: string; error: string }>(`SELECT inbox, error FROM events FINAL WHERE account_id = {account:String} AND campaign = '${campaign}' ORDER BY version, inbox`, of)

/** What each event keeps, in the order given. */
async function kept(rows: readonly object[]): Promise<{ inbox: string; error: string }[]> {
  const campaign = `kept-${files}-`
  expect((await imported(rows.map((row, index) => ({ campaign_id: campaign + String(index).padStart(3, '0'), message_id: 'm', ...row })))).rejected).toBe(0)
  return await ask(`SELECT inbox, error FROM events FINAL WHERE account_id = {account:String} AND startsWith(campaign, '${campaign}') ORDER BY campaign`)
}

it('knows the provider by the domain of an address, and only where the customer is one', async () => {
  const customers = {
    'Anna@GMail.com': 'Gmail',
    'b@googlemail.com': 'Gmail',
    'b@hotmail.co.uk': 'Outlook',
    'b@live.nl': 'Outlook',
    'b@yahoo.co.jp': 'Yahoo',
    'b@aol.com': 'Yahoo',
    'b@me.com': 'Apple',
    'x1y2@privaterelay.appleid.com': 'Apple',
    'b@web.de': 'GMX/Web.de',
    'b@gmail.example.com': 'Other',
    'b@notgmail.com': 'Other',
    'müller@firma.de': 'Other',
    '4711': '',
    'a@b': '',
    'a@@gmail.com': '',
    'gmail.com': '',
    'Anna <anna@gmail.com>': '',
  }
  const found = await kept(Object.keys(customers).map((customer_id) => ({ customer_id })))
  expect(found.map(({ inbox }, index) => [Object.keys(customers)[index], inbox])).toEqual(Object.entries(customers))
})

it('takes a provider that is named, by any name it has; whatever it does not know is Other, and no domain is kept', async () => {
  const named = {
    gmail: 'Gmail',
    ' Google ': 'Gmail',
    'Hotmail.com': 'Outlook',
    'T-Online': 'T-Online',
    gmx: 'GMX/Web.de',
    'kunde-meier.de': 'Other',
    'anna@kunde-meier.de': 'Other',
  }
  const rows = Object.keys(named).map((inbox) => ({ inbox }))
  // What is named goes before what the address says.
  const found = await kept([...rows, { inbox: 'Yahoo', customer_id: 'a@gmail.com' }])
  expect(found.map(({ inbox }) => inbox)).toEqual([...Object.values(named), 'Yahoo'])
})

it('keeps the words of a bounce or failure without anything that names a person, and of other events none', async () => {
  const said = {
    '550 5.1.1 <anna.müller@firma.de>: Recipient address rejected: user%40x.de unknown': '550 5.1.1 <…>: Recipient address rejected: … unknown',
    'Invalid number +49 (170) 123-4567 or 01701234567': 'Invalid number … or …',
    [`InvalidRegistration ${'aB3_'.repeat(20)}`]: 'InvalidRegistration …',
    '421 4.7.0\r\n\ttry again': '421 4.7.0 try again',
    'Number 555-123-4567 is not reachable': 'Number … is not reachable',
    '0612 345 678 unknown, (0) 612.34.56.78 too': '… unknown, … too',
    '550-5.7.26 2.7.509 rejected 21211': '550-5.7.26 2.7.509 rejected 21211',
    '552 5.2.2 mailbox "ann.lee" full, \'annlee\' too': '552 5.2.2 mailbox … full, … too',
    "ann.lee at example.com can't receive": "… can't receive",
    [`${'ü '.repeat(5000)}`]: 'ü '.repeat(100),
  }
  const rows = [
    ...Object.keys(said).map((error) => ({ event: 'failed', error })),
    { event: 'bounced', bounce_type: 'soft', error: 'mailbox full' },
    { event: 'opened', error: 'none of it' },
  ]
  expect((await kept(rows)).map(({ error }) => error)).toEqual([...Object.values(said), 'mailbox full', ''])
})

it('puts bounced and failed messages, and no others, where errors are asked for; a copy is one error', async () => {
  const other = await workshop.account()
  const bounce = { campaign_id: 'e', message_id: 'm1', event: 'bounced', bounce_type: 'hard', event_id: 'b1', error: '550 no such user' }
  const rows = [{ campaign_id: 'e', message_id: 'm1' }, bounce, { campaign_id: 'e', message_id: 'm2', event: 'failed', channel: 'SMS', error: 'no route' }]
  await imported(rows, other)
  await imported([...rows].reverse(), other)
  await imported([{ ...bounce, occurred_at: '2026-03-01T09:00:00Z', error: 'the earlier copy' }], other)
  const errors = () =>
    ask(
      'SELECT campaign, toString(event) AS event, channel, toString(bounce_type) AS bounce, error, toString(occurred_at) AS at FROM message_errors FINAL WHERE account_id = {account:String} ORDER BY event',
      other,
    )
  const expected = [
    { campaign: 'e', event: 'bounced', channel: 'Email', bounce: 'hard', error: 'the earlier copy', at: '2026-03-01 09:00:00.000' },
    { campaign: 'e', event: 'failed', channel: 'SMS', bounce: '', error: 'no route', at: '2026-03-01 10:00:00.000' },
  ]
  expect(await errors()).toEqual(expected)
  // The migration of a store that has events already, twice, as after a kill: what is there is copied once.
  await workshop.stores.analytics.deleteWhere('message_errors', 'account_id = {account:String}', { account: other.id })
  const migration = (await readMigrations('analytics')).find(({ name }) => name.includes('inboxes'))
  for (const statement of [1, 2].flatMap(() => statementsOf(migration?.sql ?? '').flatMap((sql) => toStatements(sql, undefined))))
    await workshop.stores.analytics.command(statement, {}, { plain: true })
  expect(await errors()).toEqual(expected)
})

it('lets a copy that tells the provider or the error replace one that does not, whichever came first', async () => {
  const plain = { message_id: 'm', event: 'bounced', event_id: 'x', customer_id: '4711' }
  const telling = { ...plain, inbox: 'GMX', error: '550' }
  for (const [index, rows] of [
    [plain, telling],
    [telling, plain],
  ].entries()) {
    for (const row of rows) await imported([{ campaign_id: `copies-${index}`, ...row }])
    expect(await eventsOf(`copies-${index}`)).toEqual([{ inbox: 'GMX/Web.de', error: '550' }])
  }
})

it('ranks copies finely: each has a place of its own, and one that tells goes before all of its instant that do not', async () => {
  // Of one message only one would be left to look at; what a copy ranks by does not hold the message.
  const copies = Array.from({ length: 200 }, (_, index) => ({ campaign_id: 'ranks', message_id: `m${index}`, event: 'bounced', url: `https://example.com/${index}` }))
  await imported([...copies, ...copies.map((copy) => ({ ...copy, event: 'failed', error: '550' }))])
  const [ranks] = await ask<{ versions: number; apart: number }>(
    "SELECT uniqExact(version) AS versions, minIf(version, error != '') > maxIf(version, error = '') AS apart FROM events WHERE account_id = {account:String} AND campaign = 'ranks'",
  )
  expect(ranks).toEqual({ versions: 400, apart: 1 })
})

it('gives the provider to events from before there were providers, when their file is imported again', async () => {
  const row = { campaign_id: 'old', message_id: 'm', customer_id: 'a@icloud.com', country: 'DE' }
  await imported([row])
  const version = () => ask<{ version: string }>("SELECT DISTINCT toString(version) AS version FROM events WHERE account_id = {account:String} AND campaign = 'old'")
  const before = await version()
  // As a store of before has it: the same version, which knows nothing of providers.
  await workshop.stores.analytics.command("INSERT INTO events SELECT * REPLACE ('' AS inbox) FROM events WHERE account_id = {account:String} AND campaign = 'old'", {
    account: account.id,
  })
  expect(await eventsOf('old')).toEqual([{ inbox: '', error: '' }])
  await imported([row])
  expect(await eventsOf('old')).toEqual([{ inbox: 'Apple', error: '' }])
  expect(await version()).toEqual(before)
})

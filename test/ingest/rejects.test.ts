/** Rows that cannot be right: each is told by line and reason, kept from the stores, and costs no other row. Names and values of files stay data. */
import { stat } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { listCampaigns } from '../../src/domain/entities/index.ts'
import { failLoad, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { createCollector, writeBatch } from '../../src/ingest/batch.ts'
import { canonicalBatch } from '../../src/ingest/canonical.ts'
import { openLoad } from '../../src/ingest/load.ts'
import { openWorkshop, type Workshop } from './support.ts'
import { principalOf } from '../stores.ts'

let workshop: Workshop
let account: Account
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop?.close())

const reasons = (rows: Record<string, unknown>[]) => rows.map(({ line, reason }) => `${line} ${reason}`)
const count = async (table: string) =>
  (await workshop.stores.analytics.query<{ n: number }>(`SELECT count() AS n FROM ${table} FINAL WHERE account_id = {account:String}`, { account: account.id }))[0]?.n

describe('rejected rows', () => {
  it('are told by line and reason, in a file only its owner can read', async () => {
    account = await workshop.account()
    const header = 'campaign_id,message_id,customer_id,channel,event,occurred_at,bounce_type,machine,country,url\n'
    const good = 'c,m,p,Email,sent,2026-03-01T10:00:00Z,,,,\n'
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString()
    const file = await workshop.write(
      'events.csv',
      header +
        good +
        [
          ',m,p,Email,sent,2026-03-01T10:00:00Z,,,,',
          'c,,p,Email,sent,2026-03-01T10:00:00Z,,,,',
          'c,m,p,Fax,sent,2026-03-01T10:00:00Z,,,,',
          'c,m,p,,sent,2026-03-01T10:00:00Z,,,,',
          'c,m,p,Email,exploded,2026-03-01T10:00:00Z,,,,',
          'c,m,p,Email,sent,,,,,',
          'c,m,p,Email,sent,2026-03-01 10:00:00,,,,',
          'c,m,p,Email,sent,2026-02-30T10:00:00Z,,,,',
          'c,m,p,Email,sent,2026-02-03T25:00:00Z,,,,',
          'c,m,p,Email,sent,1989-12-31T23:59:59Z,,,,',
          `c,m,p,Email,sent,${tomorrow},,,,`,
          'c,m,p,Email,bounced,2026-03-01T10:00:00Z,squishy,,,',
          'c,m,p,Email,opened,2026-03-01T10:00:00Z,,maybe,,',
          'c,m,p,Email,sent,2026-03-01T10:00:00Z,,,Germany,',
          'c,m,,Email,held_out,2026-03-01T10:00:00Z,,,,',
          `${'c'.repeat(201)},m,p,Email,sent,2026-03-01T10:00:00Z,,,,`,
          '"c\tx",m,p,Email,sent,2026-03-01T10:00:00Z,,,,',
          'c,m,p,Email,sent',
          'c,"m"x,p,Email,sent,2026-03-01T10:00:00Z,,,,',
          '"c\nd",m,p,Email,sent,2026-03-01T10:00:00Z,,,,',
          'c,m,p,Email,clicked,1772359200,,,de,https://x.test/?u=some.one%40mail.example&v=1',
        ].join('\n'),
    )
    const result = await workshop.import(account, [file])
    const [told] = result.files
    const rows = await workshop.rejected(told?.rejectedFile)
    expect(reasons(rows)).toMatchInlineSnapshot(`
      [
        "3 campaign_id is missing",
        "4 message_id is missing",
        "5 channel is not one of Email, SMS, WhatsApp, Viber, MobilePush, WebPush",
        "6 channel is missing",
        "7 event is not an event Mercat knows",
        "8 occurred_at is missing",
        "9 occurred_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
        "10 occurred_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
        "11 occurred_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
        "12 occurred_at is before 1990",
        "13 occurred_at is more than a day in the future",
        "14 bounce_type is not hard or soft",
        "15 machine is not true or false",
        "16 country is not an ISO 3166-1 alpha-2 country",
        "17 customer_id is missing: a held-out row is about a customer",
        "18 campaign_id is longer than 200 bytes",
        "19 campaign_id holds control characters",
        "20 the record has 5 columns, the header has 10",
        "21 text follows a closing quote",
        "22 campaign_id holds control characters",
      ]
    `)
    expect(told).toMatchObject({ read: 22, accepted: { events: 2 }, newCampaigns: ['c'] })
    expect(result.rejected).toBe(rows.length)
    expect(rows[2]).toEqual({ line: 5, kind: 'events', reason: expect.any(String) as string, row: expect.objectContaining({ campaign_id: 'c', channel: 'Fax' }) as object })
    expect(rows.find(({ line }) => line === 21)).toMatchObject({ raw: 'c,"m"x,p,Email,sent,2026-03-01T10:00:00Z,,,,' })
    expect((await stat(told?.rejectedFile ?? '')).mode & 0o777).toBe(0o600)
    expect(await count('events')).toBe(2)
    // Nothing that names a person is stored, not even of rejected rows.
    expect(await workshop.stores.analytics.query("SELECT url FROM events WHERE account_id = {account:String} AND url != ''", { account: account.id })).toEqual([
      { url: 'https://x.test/?u=…&v=1' },
    ])
    expect(await workshop.stores.analytics.query("SELECT name FROM system.columns WHERE database = currentDatabase() AND table = 'load_rejects' ORDER BY position")).toEqual(
      ['account_id', 'load_id', 'line', 'kind', 'reason'].map((name) => ({ name })),
    )
  })

  it('of orders, items, web events and customers', async () => {
    account = await workshop.account()
    const order = { order_id: 'o', placed_at: '2026-03-01T10:00:00+01:00', status: 'paid', amount: '1', currency: 'EUR' }
    const orders = [
      {},
      { amount: '1.1234567' },
      { amount: '1e3' },
      { amount: '' },
      { amount: 'NaN' },
      { currency: 'XQX' },
      { status: 'lost' },
      { placed_at: 'yesterday' },
      { amount: '12345678901234567890.123456' },
      { opt_ins: { newsletter: 'yes' } },
      { opt_ins: { newsletter: 1 } },
      { opt_ins: { newsletter: null } },
      { opt_ins: ['newsletter'] },
      { opt_ins: 'newsletter' },
      { opt_ins: '{"newsletter":true' },
      { opt_ins: '{"newsletter":true,"newsletter":false}' },
      { opt_ins: { newsletter: { email: true } } },
      { opt_ins: Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`n${index}`, true])) },
      { opt_ins: { '': true } },
      { opt_ins: { ['é'.repeat(101)]: true } },
      { opt_ins: { 'news\u0000letter': true } },
      { opt_ins: { 'ann@mail.example': true } },
      { opt_ins: '{"ann\\u0040mail.example":true}' },
      { product: 'x'.repeat(501) },
      { placed_at: '99999999999999999999.5' },
      { placed_at: '9'.repeat(38) },
      { placed_at: '1e30' },
    ]
    const item = { order_id: 'o', item_id: '1', product: 'p', quantity: 1, unit_price: 1, amount: 1 }
    const visit = { customer_id: 'p', kind: 'visit', occurred_at: 1772359200123 }
    const customer = { customer_id: 'p', updated_at: '2026-03-01T10:00:00Z' }
    const files = [
      ['orders', orders.map((change, index) => ({ ...order, order_id: `o${index}`, ...change }))],
      ['order_items', [item, { ...item, quantity: 'two' }, { ...item, item_id: '' }, { ...item, product: 'x'.repeat(501) }]],
      ['web_events', [visit, { ...visit, properties: { mail: 'a.b@c.example', n: 1 } }, { ...visit, properties: [1] }, { ...visit, customer_id: null }]],
      [
        'customers',
        [
          customer,
          { ...customer, consent: ['Email', 'Pigeon'] },
          { ...customer, signed_up: '2026-02-30' },
          { ...customer, language: 'german!' },
          { ...customer, attributes: { mail: 'a@b.example' } },
          { ...customer, surname: 'x' },
        ],
      ],
    ] as const
    const told: Record<string, string[]> = {}
    for (const [kind, rows] of files) {
      const result = await workshop.import(account, [await workshop.write(`${kind}.ndjson`, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))], { kind })
      told[kind] = reasons(await workshop.rejected(result.files[0]?.rejectedFile))
    }
    expect(told).toMatchInlineSnapshot(`
      {
        "customers": [
          "2 consent holds something that is not one of Email, SMS, WhatsApp, Viber, MobilePush, WebPush",
          "3 signed_up is not a date like 2026-03-31",
          "4 language is not a language like de or pt-BR",
          "5 attributes hold an address: personal data is not kept",
          "6 the record has an unknown field "surname"",
        ],
        "order_items": [
          "2 quantity is not a decimal number with at most 6 places",
          "3 item_id is missing",
          "4 product is longer than 500 bytes",
        ],
        "orders": [
          "2 amount is not a decimal number with at most 6 places",
          "3 amount is not a decimal number with at most 6 places",
          "4 amount is missing",
          "5 amount is not a decimal number with at most 6 places",
          "6 currency is not an ISO 4217 currency",
          "7 status is not one of placed, paid, delivered, cancelled, refunded",
          "8 placed_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
          "10 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "11 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "12 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "13 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "14 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "15 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "16 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "17 opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}",
          "18 opt_ins has more than 20 names",
          "19 opt_ins has a name that is not of 1 to 100 characters, control characters excluded",
          "20 opt_ins has a name that is not of 1 to 100 characters, control characters excluded",
          "21 opt_ins has a name that is not of 1 to 100 characters, control characters excluded",
          "22 opt_ins names an address: send the name of the opt-in, like newsletter",
          "23 opt_ins names an address: send the name of the opt-in, like newsletter",
          "24 product is longer than 500 bytes",
          "25 placed_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
          "26 placed_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
          "27 placed_at is not a time with a zone, like 2026-03-31T09:00:00Z, or epoch seconds or milliseconds",
        ],
        "web_events": [
          "3 properties is not a JSON object",
          "4 customer_id is missing",
        ],
      }
    `)
    expect(
      await workshop.stores.analytics.query('SELECT toString(amount) AS amount FROM orders WHERE account_id = {account:String} ORDER BY amount', { account: account.id }),
    ).toEqual([{ amount: '1' }, { amount: '12345678901234567890.123456' }])
    expect(await workshop.stores.analytics.query("SELECT properties FROM web_events WHERE account_id = {account:String} AND properties != ''", { account: account.id })).toEqual([
      { properties: '{"mail":"…","n":1}' },
    ])
  })

  it('of entities, and of Parquet', async () => {
    account = await workshop.account()
    const entities = await workshop.write(
      'entities.csv',
      'type,key,name,channel,brand,tags,definition,starts_at\nbrand,b,Acme,,,,,\ncampaign,c1,One,email,b,x; y,"{""kind"":""transactional""}",2026-03-01\ncampaign,c2,Two,,nobody,,,\ncampaign,c3,Three,,,,not json,\n',
    )
    const result = await workshop.import(account, [entities])
    expect(result.files[0]).toMatchObject({ read: 4, accepted: { entities: 2 } })
    expect(reasons(await workshop.rejected(result.files[0]?.rejectedFile))).toEqual([
      '4 brand: no brand has the key "nobody"; import it first or in the same file',
      expect.stringMatching(/^5 definition/) as string,
    ])
    expect(await listCampaigns(workshop.stores.db, principalOf(account, { scopes: new Set(['read:mcp', 'read:campaigns']) }))).toMatchObject([
      { key: 'c1', name: 'One', channel: 'Email', tags: ['x', 'y'], definition: { kind: 'transactional' }, startsAt: '2026-03-01T00:00:00.000Z' },
    ])
    const path = `${workshop.folder}/orders{1,2}*.parquet`
    await workshop.stores.analytics.command(
      "INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT toString(number) AS order_id, toDateTime64('2026-03-01 10:00:00', 3, 'UTC') AS placed_at, if(number % 1000 = 7, 'lost', 'paid') AS status, number * 0.01 AS amount, 'EUR' AS currency FROM numbers(25000)",
      { path: `${workshop.folder}/orders.parquet` },
    )
    await (await import('node:fs/promises')).rename(`${workshop.folder}/orders.parquet`, path)
    const read = (await workshop.import(account, [path])).files[0]
    expect(read).toMatchObject({ read: 25_000, accepted: { orders: 24_975 }, rejected: { 'status is not one of placed, paid, delivered, cancelled, refunded': 25 } })
    expect((await workshop.rejected(read?.rejectedFile)).slice(0, 2)).toMatchObject([
      { line: 8, row: { order_id: '7', status: 'lost', amount: '0.07' } },
      { line: 1008, row: { amount: '10.07' } },
    ])
  })
})

describe('a file that cannot be right', () => {
  const refused = async (name: string, content: string | Buffer, options = {}) => {
    account = await workshop.account()
    const before = await workshop.stores.db.selectFrom('loads').select('id').where('account_id', '=', account.id).execute()
    const error = await workshop.import(account, [await workshop.write(name, content)], options).then(
      () => 'imported',
      (error: Error) => error.message.replaceAll(`${workshop.folder}/`, ''),
    )
    expect(before).toEqual([])
    return error
  }
  it('is refused with what to do, before anything is stored', async () => {
    expect(await refused('a.csv', '')).toBe('a.csv is empty')
    expect(await refused('a.json', '[{"a":1}]')).toBe('a.json is a JSON list')
    expect(await refused('a.xlsx', 'PK\x03\x04')).toMatch('ZIP archive or an Excel workbook')
    expect(await refused('a.parquet', 'PAR1 and nothing else')).toMatch('not a sound Parquet file')
    expect(await refused('a.csv', Buffer.from('\uFEFFa,b', 'utf16le'))).toMatch('UTF-16')
    expect(await refused('a.csv', 'foo,bar\n1,2\n')).toBe('a.csv has no columns of a canonical kind: "foo", "bar"')
    expect(await refused('a.csv', 'order_id,placed_at,status,amount,curency\n')).toBe(
      'a.csv does not fit the kind orders: it lacks currency; it has columns that are no fields of it: "curency" (currency?)',
    )
    expect(await refused('a.csv', 'order_id,item_id\n', { kind: 'events' })).toMatch('does not fit the kind events')
    expect(await refused('a.csv', 'key,type,key\n')).toMatch('two columns named "key"')
    const packed = gzipSync('customer_id,kind,occurred_at\n'.padEnd(200_000, 'p,visit,2026-03-01T10:00:00Z\n'))
    expect(await refused('a.csv.gz', packed.subarray(0, packed.length - 20))).toMatch('damaged gzip')
    await expect(workshop.import(account, [`${workshop.folder}/nowhere.csv`])).rejects.toThrow('cannot be read')
  })
})

describe('hostile names and values', () => {
  it('stay data', async () => {
    account = await workshop.account()
    const hostile = ["'); DROP TABLE events; --", '`', '\\', '{account:String}', '{key0:UInt64}', 'line', 'c0', '__proto__', "a\\'b", '{file}']
    const columns = hostile.map((name) => `"${name}"`).join(',')
    const values = ["x'; DROP TABLE orders; --", '\\N', '{load:UInt64}', "\\'", '"', 'NULL', '\\t', '{{file}}', "''", '`;`']
    const cells = values.map((value) => `"${value.replaceAll('"', '""')}"`).join(',')
    const mapping = await workshop.write(
      'hostile.yaml',
      JSON.stringify({
        timeZone: 'UTC',
        records: hostile.map((column) => ({
          kind: 'order_items',
          when: { column, isNot: "'); SELECT 1; --{file}" },
          fields: {
            order_id: `o'\\{file}`,
            item_id: { concat: [column, { row: true }] },
            product: { column, map: { "'": "\\'", '{file}': "'" } },
            quantity: 1,
            unit_price: 1,
            amount: { multiply: [2, 3] },
          },
        })),
      }),
    )
    const result = await workshop.import(account, [await workshop.write('hostile.csv', `${columns}\n${cells}\n`)], { mapping })
    expect(result.files[0]).toMatchObject({ read: 1, accepted: { order_items: 10 }, rejected: {} })
    const stored = await workshop.stores.analytics.query<{ product: string }>(
      'SELECT product, toString(amount) AS amount FROM order_items FINAL WHERE account_id = {account:String}',
      { account: account.id },
    )
    expect(stored.map(({ product }) => product).sort()).toEqual([...values].sort())
    expect(await count('events')).toBe(0)
  })

  it('in Parquet too', async () => {
    account = await workshop.account()
    const path = `${workshop.folder}/hostile.parquet`
    await workshop.stores.analytics.command("INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT 'a\\'b' AS `it\\`s \\\\ \\'x\\' --`, 'l' AS line", { path })
    const column = "it`s \\ 'x' --"
    const mapping = await workshop.write(
      'hostile.yaml',
      JSON.stringify({
        records: [{ kind: 'order_items', fields: { order_id: 'o', item_id: { column: 'line' }, product: { column }, quantity: 1, unit_price: 1, amount: 1 } }],
      }),
    )
    await workshop.import(account, [path], { mapping })
    expect(await workshop.stores.analytics.query('SELECT product FROM order_items FINAL WHERE account_id = {account:String}', { account: account.id })).toEqual([
      { product: "a'b" },
    ])
  })
})

it('a load that broke off: what it stored is counted, and its campaigns are known', async () => {
  account = await workshop.account()
  const { stores } = workshop
  const { id } = await startLoad(stores.db, { accountId: account.id, source: 'import', label: 'half.csv' })
  const { columns, record } = canonicalBatch('events')
  const collector = createCollector()
  const sent: Record<string, string> = { campaign_id: 'half', message_id: 'm1', event: 'sent', occurred_at: '2026-05-01T08:00:00Z', channel: 'Email' }
  collector.row(
    1,
    1,
    columns.map((name) => sent[name] ?? ''),
  )
  await (await openLoad(stores, account.id, id)).store(await writeBatch(collector.take(), columns.length, workshop.folder, 0), [record])
  await failLoad(stores.db, id, 'The file ended in the middle')
  expect(await refreshFacts(stores, account.id)).toMatchObject({ campaigns: 1 })
  expect(await stores.db.selectFrom('entities').select(['type', 'name', 'origin']).where('account_id', '=', account.id).where('key', '=', 'half').execute()).toEqual([
    { type: 'campaign', name: 'half', origin: 'observed' },
  ])
})

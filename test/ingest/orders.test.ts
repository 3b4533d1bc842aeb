/** What orders tell beside their amount: the product and the opt-ins, as they are kept, which copy of an order counts, and what becomes of them in orders made of lines. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { currentFacts, factsSnapshot } from '../../src/domain/facts/index.ts'
import { figures, openWorkshop, type Workshop } from './support.ts'

let workshop: Workshop
let account: Account
beforeAll(async () => {
  workshop = await openWorkshop()
  account = await workshop.account()
})
afterAll(() => workshop?.close())

let files = 0
async function imported(rows: readonly object[], into = account) {
  const lines = rows.map((row) => JSON.stringify({ placed_at: '2026-03-01T10:00:00Z', status: 'paid', amount: '1', currency: 'EUR', ...row }))
  const result = await workshop.import(into, [await workshop.write(`${++files}.ndjson`, `${lines.join('\n')}\n`)], { kind: 'orders' })
  expect(result.rejected).toBe(0)
}
const orders = <Row>(columns: string, of = account) =>
  workshop.stores.analytics.query<Row>(`SELECT ${columns} FROM orders FINAL WHERE account_id = {account:String} ORDER BY orders.amount`, { account: of.id })

it('keeps opt-ins as they were asked, in one order of names, and nothing where none was', async () => {
  const twenty = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`n${10 + index}`, index % 2 === 0]))
  const told = [
    [
      { sms: false, newsletter: true },
      { newsletter: true, sms: false },
    ],
    ['{"newsletter":"TRUE","sms":"false"}', { newsletter: true, sms: false }],
    [twenty, twenty],
    [
      { ['é'.repeat(100)]: true, '{account:String}': false, "it's": true },
      { "it's": true, '{account:String}': false, ['é'.repeat(100)]: true },
    ],
    [{}, {}],
    [null, {}],
  ] as const
  await imported(told.map(([opt_ins], index) => ({ order_id: `o${index}`, amount: index, opt_ins, product: index ? `p${index}` : undefined })))
  const kept = await orders<{ product: string; opt_ins: object }>('product, opt_ins')
  expect(kept.map(({ product, opt_ins }) => [product, JSON.stringify(opt_ins)])).toEqual(told.map(([, kept], index) => [index ? `p${index}` : '', JSON.stringify(kept)]))
})

it('gives them to orders from before there were such fields when these are imported again, whichever copy comes first', async () => {
  const old = Array.from({ length: 300 }, (_, index) => ({ order_id: `o${index}`, amount: index, customer_id: 'ann' }))
  const telling = old.map((row, index) => ({ ...row, ...(index % 2 ? { product: 'mug' } : { opt_ins: { newsletter: true } }) }))
  for (const copies of [
    [old, telling],
    [telling, old],
  ]) {
    const other = await workshop.account()
    for (const rows of copies) await imported(rows, other)
    const kept = await orders<{ product: string; asked: number }>('product, length(opt_ins) AS asked', other)
    expect(kept).toEqual(telling.map((_, index) => (index % 2 ? { product: 'mug', asked: 0 } : { product: '', asked: 1 })))
  }
})

it('goes by the time and the status first: a copy that tells more is no later one', async () => {
  const other = await workshop.account()
  await imported(
    [
      { order_id: 'a', status: 'cancelled' },
      { order_id: 'a', product: 'mug', opt_ins: { sms: true } },
    ],
    other,
  )
  expect(await orders('toString(status) AS status, product, opt_ins', other)).toEqual([{ status: 'cancelled', product: '', opt_ins: {} }])
})

it('lets the figures follow an opt-in that is corrected, and says nothing of orders that were not asked', async () => {
  const other = await workshop.account()
  const row = { order_id: 'a', product: 'mug', opt_ins: { newsletter: true, sms: false } }
  await imported([row, { order_id: 'b', product: 'prints', opt_ins: { newsletter: true } }, { order_id: 'c' }], other)
  const told = async () => ((await figures(workshop.stores, other.id)) as { orders: object[] }).orders
  expect(await told()).toMatchObject([{ orders: 3, products: { '': 1, mug: 1, prints: 1 }, asked: { newsletter: 2, sms: 1 }, given: { newsletter: 2, sms: 0 } }])
  await imported([{ ...row, updated_at: '2026-03-02T10:00:00Z', opt_ins: { newsletter: false, sms: false } }], other)
  expect(await told()).toMatchObject([{ orders: 3, products: { '': 1, mug: 1, prints: 1 }, asked: { newsletter: 2, sms: 1 }, given: { newsletter: 1, sms: 0 } }])
  await imported([{ ...row, updated_at: '2026-03-03T10:00:00Z', product: 'prints', opt_ins: undefined }], other)
  expect(await told()).toMatchObject([{ orders: 3, products: { '': 1, prints: 2 }, asked: { newsletter: 1 }, given: { newsletter: 1 } }])
})

it('takes facts from before there were products as orders of an unknown one, of which no opt-in was asked', async () => {
  const other = await workshop.account()
  const { analytics } = workshop.stores
  await imported(
    [
      { order_id: 'a', product: 'mug', opt_ins: { newsletter: true } },
      { order_id: 'b', opt_ins: { newsletter: false } },
    ],
    other,
  )
  const none = "CAST(map(), 'Map(LowCardinality(String), UInt64)')"
  await analytics.command(
    `INSERT INTO order_facts SELECT * REPLACE (toUInt64(7) AS orders, ${none} AS products, ${none} AS opt_ins_asked, ${none} AS opt_ins_given) FROM order_facts WHERE account_id = {account:String}`,
    { account: other.id },
  )
  const { snapshot } = await factsSnapshot(analytics, other.id)
  const sql = `SELECT sumMap(if(empty(products), map('', orders), products)) AS by_product, sumMap(opt_ins_asked) AS asked, sumMap(opt_ins_given) AS given
    FROM order_facts WHERE account_id = {account:String} AND campaign = {campaign:String} AND basis = 'event' AND day BETWEEN {from:Date} AND {to:Date} AND ${currentFacts('orders')}`
  const params = { account: other.id, campaign: '', from: '2026-03-01', to: '2026-03-31', snapshot }
  expect(await analytics.query(sql, params)).toEqual([{ by_product: { '': 8, mug: 1 }, asked: { newsletter: 2 }, given: { newsletter: 1 } }])
  expect(await analytics.query(sql, { ...params, to: '2026-02-28', from: '2026-02-01' })).toEqual([{ by_product: {}, asked: {}, given: {} }])
})

it('reads CSV, and joins what the lines of one order tell', async () => {
  const other = await workshop.account()
  const lines = [
    'a,1,mug,"{""newsletter"":true}"',
    'a,2,,"{""sms"":false,""newsletter"":true}"',
    'a,4,mug,',
    'b,8,mug,',
    'b,8,prints,"{}"',
    'c,1,mug,"{""sms"":true}"',
    'c,1,mug,"{""sms"":false}"',
    'd,1,mug,"{sms:true}"',
    'd,1,mug,',
    'e,32,,',
    ...[1, 2].map((part) => `f,1,,"{${Array.from({ length: 11 }, (_, index) => `""n${part}${index}"":true`).join(',')}}"`),
  ]
  const fields = Object.fromEntries([...['order_id', 'amount', 'product', 'opt_ins'].map((column) => [column, { column }]), ...Object.entries({ status: 'paid', currency: 'EUR' })])
  const mapping = await workshop.write('lines.yaml', JSON.stringify({ records: [{ kind: 'orders', grouped: true, fields: { ...fields, placed_at: '2026-03-01T10:00:00Z' } }] }))
  const run = async (given: string[]) =>
    (await workshop.import(other, [await workshop.write('lines.csv', `order_id,amount,product,opt_ins\n${given.join('\n')}\n`)], { mapping })).files[0]
  expect((await run(lines))?.rejected).toEqual({
    'opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}': 1,
    'another line of the order was rejected': 1,
    'lines of the order tell an opt-in both as given and as declined': 1,
    'lines of the order name more than 20 opt-ins': 1,
  })
  const kept = () => orders('toString(amount) AS amount, product, opt_ins, version', other)
  const first = await kept()
  expect(first).toMatchObject([
    { amount: '7', product: 'mug', opt_ins: { newsletter: true, sms: false } },
    { amount: '16', product: '', opt_ins: {} },
    { amount: '32', product: '', opt_ins: {} },
  ])
  await run(lines.toReversed())
  expect(await kept()).toEqual(first)
})

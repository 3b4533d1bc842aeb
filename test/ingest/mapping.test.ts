/** What mappings make of rows, on the real engine: several records from one row, conditions, value maps, products, times, orders from lines. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { openWorkshop, type Workshop } from './support.ts'

let workshop: Workshop
let account: Account
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop?.close())

const run = async (csv: string, mapping: object) => {
  account = await workshop.account()
  return await workshop.import(account, [await workshop.write('data.csv', csv)], { mapping: await workshop.write('mapping.yaml', JSON.stringify(mapping)) })
}
const rows = <Row>(sql: string) => workshop.stores.analytics.query<Row>(sql, { account: account.id })
const item = { order_id: 'o', item_id: { row: true }, product: { column: 'a' }, quantity: 1, unit_price: 1, amount: 1 }

describe('a mapping', () => {
  it('makes several records of one row, and none of some', async () => {
    const result = await run('mail,bought,at\nyes,no,1772359200\nyes,yes,1772359300\nno,no,1772359400\n', {
      records: [
        {
          kind: 'events',
          when: { column: 'mail', is: 'yes' },
          fields: { campaign_id: 'c', message_id: { row: true }, customer_id: { row: true }, channel: 'Email', event: 'sent', occurred_at: { column: 'at' } },
        },
        {
          kind: 'orders',
          when: { all: [{ column: 'mail', is: 'yes' }, { not: { column: 'bought', is: 'no' } }] },
          fields: { order_id: { row: true }, customer_id: { row: true }, placed_at: { column: 'at' }, status: 'paid', amount: 5, currency: 'EUR' },
        },
        { kind: 'web_events', when: { column: 'bought', is: 'yes' }, fields: { customer_id: { row: true }, kind: 'visit', occurred_at: { column: 'at' } } },
      ],
    })
    expect(result.files[0]).toMatchObject({ read: 3, accepted: { events: 2, orders: 1, web_events: 1 }, rejected: {} })
    // The ids of one row are one person's, whatever the record.
    expect(
      await rows(
        'SELECT count() AS n FROM orders o JOIN events e ON o.customer = e.customer JOIN web_events w ON w.customer = o.customer WHERE o.account_id = {account:String} AND e.account_id = {account:String} AND w.account_id = {account:String}',
      ),
    ).toEqual([{ n: 1 }])
  })

  it('decides by every condition', async () => {
    const conditions = [
      { column: 'a', is: ['x', 'y'] },
      { column: 'a', isNot: 'x' },
      { column: 'a', startsWith: 'x' },
      { column: 'b', empty: true },
      { column: 'b', above: 1.5 },
      { column: 'b', below: '-1' },
      {
        any: [
          { column: 'b', above: 1.5 },
          { column: 'b', below: -1 },
        ],
      },
      { all: [{ column: 'a', startsWith: 'x' }, { not: { column: 'b', empty: true } }] },
    ]
    await run('a,b\nx,1.50\nxx,1.500001\ny,\nz,-1.000001\nw,none\n', {
      records: conditions.map((when, index) => ({ kind: 'order_items', when, fields: { ...item, order_id: `o${index}`, unit_price: index } })),
    })
    const found = await rows<{ products: string[] }>(
      'SELECT arraySort(groupArray(product)) AS products FROM order_items WHERE account_id = {account:String} GROUP BY unit_price ORDER BY unit_price',
    )
    expect(found.map(({ products }) => products.join(' '))).toEqual(['x y', 'w xx y z', 'x xx', 'y', 'xx', 'z', 'xx z', 'x xx'])
  })

  it('makes values by maps, joins, conditions and exact products', async () => {
    await run('a,b,price,quantity\nred,1,0.001,1000000\nblue,,19.999999,-3\ngreen,3,0.1,3\n', {
      records: [
        {
          kind: 'order_items',
          fields: {
            order_id: 'o',
            item_id: { concat: ['line-', { row: true }] },
            quantity: { column: 'quantity' },
            unit_price: { column: 'price' },
            amount: { multiply: [{ column: 'price' }, { column: 'quantity' }] },
            product: {
              when: { column: 'b', empty: true },
              value: { column: 'a', map: { blue: 'azul' }, otherwise: 'none' },
              otherwise: { concat: [{ column: 'a' }, '/', { column: 'b' }] },
            },
          },
        },
      ],
    })
    expect(await rows('SELECT product, toString(amount) AS amount FROM order_items WHERE account_id = {account:String} ORDER BY product')).toEqual([
      { product: 'azul', amount: '-59.999997' },
      { product: 'green/3', amount: '0.3' },
      { product: 'red/1', amount: '1000' },
    ])
  })

  it('reads local times in their zone, patterns, and times that name a zone', async () => {
    const web = { customer_id: { row: true }, kind: 'visit' }
    const result = await run(
      'local,pattern,zoned\n2026-03-29 01:59:59,29.03.2026 01:59,2026-03-29T00:59:59+00:00\n2026-03-29T03:00:00.5,29.03.2026 03:00,1774746000500\n2026-10-25,25.10.2026 00:00,2026-10-24T22:00Z\n29.3.2026,2026-03-29,noon\n',
      {
        timeZone: 'Europe/Berlin',
        records: [
          { kind: 'web_events', fields: { ...web, webapp: 'local', occurred_at: { column: 'local' } } },
          { kind: 'web_events', fields: { ...web, webapp: 'pattern', occurred_at: { column: 'pattern', format: 'dd.MM.yyyy HH:mm' } } },
          { kind: 'web_events', fields: { ...web, webapp: 'zoned', occurred_at: { column: 'zoned' } } },
        ],
      },
    )
    const found = await rows<{ times: string[] }>(
      'SELECT arraySort(groupArray(toString(occurred_at))) AS times FROM web_events WHERE account_id = {account:String} GROUP BY webapp ORDER BY webapp',
    )
    expect(found.map(({ times }) => times)).toEqual([
      ['2026-03-29 00:59:59.000', '2026-03-29 01:00:00.500', '2026-10-24 22:00:00.000'],
      ['2026-03-29 00:59:00.000', '2026-03-29 01:00:00.000', '2026-10-24 22:00:00.000'],
      ['2026-03-29 00:59:59.000', '2026-03-29 01:00:00.500', '2026-10-24 22:00:00.000'],
    ])
    expect(result.files[0]?.rejected).toEqual({ 'occurred_at is not a time in the declared form': 3 })
  })

  it('adds lines up to orders whatever their order, and rejects an order of which a line is wrong', async () => {
    const lines = [
      '1,ann,2026-03-01T10:00:00Z,1.10,EUR',
      '2,bob,2026-03-02T10:00:00Z,5,EUR',
      '1,,2026-03-01T09:59:00Z,2.20,EUR',
      '2,bob,2026-03-02T10:00:00Z,cheap,EUR',
      '3,cat,2026-03-03T10:00:00Z,1,EUR',
      '3,cat,2026-03-03T10:00:00Z,1,USD',
      '4,dan,2026-03-04T10:00:00Z,1,EUR',
      '4,eve,2026-03-04T10:00:00Z,1,EUR',
      '1,ann,2026-03-01T10:00:00Z,0.000001,EUR',
    ]
    const mapping = {
      records: [
        {
          kind: 'orders',
          grouped: true,
          fields: {
            order_id: { column: 'order' },
            customer_id: { column: 'who' },
            placed_at: { column: 'at' },
            status: 'paid',
            amount: { column: 'amount' },
            currency: { column: 'currency' },
          },
        },
      ],
    }
    const result = await run(`order,who,at,amount,currency\n${lines.join('\n')}\n`, mapping)
    expect(result.files[0]).toMatchObject({ read: 9, accepted: { orders: 1 } })
    expect((await workshop.rejected(result.files[0]?.rejectedFile)).map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '5 amount is not a decimal number with at most 6 places',
      '3 another line of the order was rejected',
      '6 lines of the order name several currencies',
      '8 lines of the order name several customers',
    ])
    const order = () =>
      rows(
        'SELECT toString(amount) AS amount, toString(placed_at) AS placed, toString(updated_at) AS updated, version, customer IS NULL AS anonymous FROM orders FINAL WHERE account_id = {account:String}',
      )
    const [first] = await order()
    expect(first).toMatchObject({ amount: '3.300001', placed: '2026-03-01 09:59:00.000', updated: '2026-03-01 10:00:00.000', anonymous: 0 })
    await workshop.import(account, [await workshop.write('shuffled.csv', `order,who,at,amount,currency\n${lines.toReversed().join('\n')}\n`)], {
      mapping: `${workshop.folder}/mapping.yaml`,
    })
    expect(await order()).toEqual([first])
    expect(await rows('SELECT count() AS n FROM load_order_lines WHERE account_id = {account:String}')).toEqual([{ n: 0 }])
  })
})

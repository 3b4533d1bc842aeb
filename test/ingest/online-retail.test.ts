/** UCI Online Retail II through its mapping: one order from many lines, cancellations, lines that are no sale, exact sub-cent prices. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { openWorkshop, realData, root, type Workshop } from './support.ts'

const file = realData('online-retail/online_retail_II_2009-2010.parquet')

describe.runIf(file)('Online Retail', () => {
  let workshop: Workshop
  let account: Account
  const one = async (sql: string) => (await workshop.stores.analytics.query(sql, { account: account.id }))[0]
  beforeAll(async () => {
    workshop = await openWorkshop()
    account = await workshop.account({ currency: 'GBP', timeZone: 'Europe/London' })
  })
  afterAll(() => workshop?.close())

  it('is read whole, once or twice', async () => {
    const options = { mapping: join(root, 'examples/online-retail.yaml') }
    const first = await workshop.import(account, [file ?? ''], options)
    expect(first.files[0]).toMatchObject({ read: 525_461, rejected: {}, accepted: { order_items: 525_461, orders: 25_543, customers: 417_534 } })
    await workshop.import(account, [file ?? ''], options)
  })

  it('adds the lines of sales up to orders, exactly', async () => {
    expect(
      await one(
        "SELECT count() AS orders, toString(sum(amount)) AS gross, countIf(customer IS NULL) AS anonymous FROM orders FINAL WHERE account_id = {account:String} AND status = 'delivered'",
      ),
    ).toEqual({
      orders: 20_951,
      gross: '10305892.024',
      anonymous: 1_738,
    })
  })

  it('keeps cancelled invoices as cancelled orders', async () => {
    expect(await one("SELECT count() AS orders, toString(sum(amount)) AS amount FROM orders FINAL WHERE account_id = {account:String} AND status = 'cancelled'")).toEqual({
      orders: 4_592,
      amount: '-629855.37',
    })
  })

  it('keeps every line: the items add up to the net of everything', async () => {
    expect(await one('SELECT count() AS lines, toString(sum(amount)) AS net FROM order_items FINAL WHERE account_id = {account:String}')).toEqual({
      lines: 525_461,
      net: '9539484.634',
    })
  })

  it('keeps customers, and lines without one', async () => {
    expect(await one("SELECT count() AS customers, countIf(country = '') AS placeless FROM customers FINAL WHERE account_id = {account:String}")).toMatchObject({
      customers: 4_383,
    })
    expect(525_461 - 417_534).toBe(107_927)
  })

  it('reads times as London time', async () => {
    expect(
      await one(
        "SELECT toString(min(placed_at)) AS winter, toString(minIf(placed_at, placed_at > toDateTime64('2010-07-01 00:00:00', 3, 'UTC'))) AS summer FROM orders FINAL WHERE account_id = {account:String}",
      ),
    ).toEqual({
      winter: '2009-12-01 07:45:00.000',
      summer: expect.stringMatching(/^2010-07-01 0[5-9]:/) as string,
    })
  })
})

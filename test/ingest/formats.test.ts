/** Every form a file can have says the same: CSV, NDJSON, Parquet, packed or not, once or twice, whole, shuffled or in pieces, from a file or from memory. */
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishLoading, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { insertCanonical, kinds, type StoredKind } from '../../src/ingest/index.ts'
import { figures, openWorkshop, root, type Workshop } from './support.ts'

type Row = Record<string, string>

const at = (minutes: number) => new Date(Date.UTC(2026, 2, 28, 22) + minutes * 60_000).toISOString()

/** What happens to one message. */
function message(base: Row, customer: number, sent: number): Row[] {
  const events: Row[] = [{ ...base, event: 'sent', occurred_at: at(sent) }]
  if (customer % 3 === 0) events.push({ ...base, event: 'Opened', occurred_at: at(sent + 5), machine: customer % 2 ? 'true' : '0' })
  if (customer % 4 === 0) events.push({ ...base, event: 'clicked', occurred_at: at(sent + 6), url: 'https://x.test/?a=1&b="2"', event_id: `e${customer}` })
  if (customer % 7 === 0) events.push({ ...base, event: 'bounced', occurred_at: at(sent + 1), bounce_type: 'Hard' })
  return events
}

/** A small world without chance: 40 customers, 3 campaigns, every kind of event, duplicates, orders with later copies. */
function world(): Record<'events' | 'orders' | 'web_events' | 'customers' | 'order_items', Row[]> {
  const made = { events: [] as Row[], orders: [] as Row[], web_events: [] as Row[], customers: [] as Row[], order_items: [] as Row[] }
  for (let customer = 0; customer < 40; customer++) {
    const customer_id = `person "${customer}"\\,\t; é😀`
    made.customers.push({ customer_id, country: 'de', language: 'pt-BR', signed_up: '2026-01-31', consent: 'email;SMS', attributes: '{"size":"L"}', updated_at: at(0) })
    for (const [index, campaign_id] of ['one', 'two', "th'ree"].entries()) {
      const base = { campaign_id, customer_id, channel: index === 1 ? 'sms' : 'EMAIL', country: 'De', variant: customer % 2 ? 'a' : 'b' }
      if (customer % 5 === 4) {
        made.events.push({ ...base, event: 'held_out', occurred_at: at(index * 600) })
        continue
      }
      made.events.push(...message({ ...base, message_id: `${campaign_id}/${customer}` }, customer, index * 600 + customer))
    }
    made.web_events.push({ customer_id, kind: 'visit', occurred_at: at(customer + 20), properties: '{"page":"/a b"}' })
    if (customer % 2) continue
    const order = { order_id: `o${customer}`, customer_id, placed_at: at(customer + 30), status: 'placed', amount: `${customer}.123456`, currency: customer % 4 ? 'eur' : 'USD' }
    const told = { product: customer % 6 ? `mug "${customer % 4}", é` : '', opt_ins: customer % 8 ? '{"sms":true,"e-mail, weekly":false}' : '' }
    made.orders.push({ ...order, ...told }, { ...order, ...told, status: 'paid', updated_at: at(customer + 90), ...(customer % 6 ? {} : { opt_ins: '{ "sms": false }' }) })
    made.order_items.push({ order_id: order.order_id, item_id: '1', product: 'p', quantity: '1', unit_price: order.amount, amount: order.amount })
  }
  made.events.push(...made.events.slice(0, 25))
  return made
}

const rows = world()
const names = Object.keys(rows) as (keyof typeof rows)[]
const columnsOf = (given: Row[]) => [...new Set(given.flatMap((row) => Object.keys(row)))]
const quoted = (value: string) => (/[",\n;\t]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const csv = (given: Row[], separator = ',') =>
  `\uFEFF${[columnsOf(given), ...given.map((row) => columnsOf(given).map((name) => row[name] ?? ''))].map((cells) => cells.map(quoted).join(separator)).join('\r\n')}`
const objects = (row: Row) => Object.fromEntries(['attributes', 'opt_ins'].flatMap((name) => (row[name] ? [[name, JSON.parse(row[name]) as object]] : [])))
const ndjson = (given: Row[]) => given.map((row) => `${JSON.stringify({ ...row, ...objects(row), ...(row.amount ? { amount: Number(row.amount) } : {}) })}\n`).join('')

describe('an import', () => {
  let workshop: Workshop
  let expected: unknown
  beforeAll(async () => {
    workshop = await openWorkshop()
    expected = await imported(await Promise.all(names.map((name) => workshop.write(`${name}.csv`, csv(rows[name])))))
  })
  afterAll(() => workshop?.close())

  const imported = async (files: string[], again = 1) => {
    const account = await workshop.account()
    for (let time = 0; time < again; time++) {
      const result = await workshop.import(account, files)
      expect(result.files.map(({ rejected }) => rejected)).toEqual(files.map(() => ({})))
    }
    return await figures(workshop.stores, account.id)
  }
  const parquet = async (name: keyof typeof rows) => {
    const path = join(workshop.folder, `${name}.parquet`)
    const columns = columnsOf(rows[name])
    const typed = columns.map((column) => {
      const type = (kinds[name].fields as Record<string, { type: string }>)[column]?.type
      if (type === 'instant') return `parseDateTime64BestEffortOrNull(${column}, 3, 'UTC') AS ${column}`
      if (type === 'decimal') return column === 'amount' ? `toFloat64OrNull(${column}) AS ${column}` : `toDecimal64OrNull(${column}, 6) AS ${column}`
      return type === 'date' ? `toDateOrNull(${column}) AS ${column}` : column
    })
    await workshop.stores.analytics.command(
      `INSERT INTO FUNCTION file({path:String}, 'Parquet') SELECT ${typed.join(', ')} FROM file({csv:String}, 'CSVWithNames', '${columns.map((column) => `${column} String`).join(', ')}')`,
      { path, csv: join(workshop.folder, `${name}.csv`) },
    )
    return path
  }

  it('holds something to compare', () => expect(JSON.stringify(expected).length).toBeGreaterThan(3000))

  it('says the same from CSV with semicolons and from NDJSON', async () => {
    expect(await imported(await Promise.all(names.map((name) => workshop.write(`${name}-semicolon`, csv(rows[name], ';')))))).toEqual(expected)
    expect(await imported(await Promise.all(names.map((name) => workshop.write(`${name}.ndjson`, ndjson(rows[name])))))).toEqual(expected)
  })

  it('says the same from typed Parquet', async () => {
    const files: string[] = []
    for (const name of names) files.push(await parquet(name))
    expect(await imported(files)).toEqual(expected)
  })

  it('says the same from files packed by gzip, whatever their names', async () => {
    for (const make of [(given: Row[]) => csv(given), ndjson]) {
      expect(await imported(await Promise.all(names.map((name) => workshop.write(`${name}.txt`, gzipSync(make(rows[name]))))))).toEqual(expected)
    }
    const { readFile } = await import('node:fs/promises')
    expect(
      await imported(await Promise.all(names.map(async (name) => await workshop.write(`${name}.data`, gzipSync(await readFile(join(workshop.folder, `${name}.parquet`))))))),
    ).toEqual(expected)
  })

  it('says the same when it is repeated, shuffled, or comes in pieces', async () => {
    const files = names.map((name) => join(workshop.folder, `${name}.csv`))
    expect(await imported(files, 2)).toEqual(expected)
    const shuffled = (given: Row[]) =>
      given
        .map((row, index) => ({ row, key: (index * 7919) % 1009 }))
        .sort((a, b) => a.key - b.key)
        .map(({ row }) => row)
    expect(await imported(await Promise.all([...names].reverse().map((name) => workshop.write(`${name}-shuffled.csv`, csv(shuffled(rows[name]))))))).toEqual(expected)
    const account = await workshop.account()
    for (const name of names) {
      for (const part of [0, 1, 2]) {
        const piece = rows[name].filter((_, index) => index % 3 === part)
        await workshop.import(account, [await workshop.write(`${name}-${part}.csv`, csv(piece))], { kind: name })
      }
    }
    expect(await figures(workshop.stores, account.id)).toEqual(expected)
  })

  it('says the same through insertCanonical', async () => {
    const account = await workshop.account()
    const { db } = workshop.stores
    for (const name of names as StoredKind[]) {
      const load = await startLoad(db, { accountId: account.id, source: 'import', label: name })
      const given = rows[name as keyof typeof rows].map((row) => ({ ...row, ...(row.occurred_at ? { occurred_at: new Date(row.occurred_at) } : {}) }))
      const result = await insertCanonical(workshop.stores, account, name, given, load.id)
      expect(result).toMatchObject({ rejects: [], rejected: {}, accepted: { [name]: given.length } })
      await finishLoading(db, load.id, { accepted: given.length, rejected: 0 })
    }
    await refreshFacts(workshop.stores, account.id)
    expect(await figures(workshop.stores, account.id)).toEqual(expected)
  })

  it('examples/canonical is what docs/import.md says', async () => {
    const account = await workshop.account({ currency: 'GBP', timeZone: 'Europe/London' })
    const files = ['entities.ndjson', 'customers.csv', 'events.csv', 'orders.csv', 'order_items.csv', 'web_events.ndjson'].map((name) => join(root, 'examples/canonical', name))
    const result = await workshop.import(account, files)
    expect(result).toMatchObject({ rejected: 0, campaigns: 2 })
    expect(result.files.map(({ accepted, newCampaigns }) => ({ ...accepted, new: newCampaigns.length }))).toEqual([
      { entities: 9, new: 0 },
      { customers: 4, new: 0 },
      { events: 10, new: 0 },
      { orders: 3, new: 0 },
      { order_items: 4, new: 0 },
      { web_events: 2, new: 0 },
    ])
  })
})

/** Mapping files: every mistake is told at once, with its path and what is allowed; good ones become what they say. */
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { checkColumns, columnsOf } from './compile.ts'
import { parseMapping } from './read.ts'

const mistakes = (yaml: string): string[] => {
  try {
    parseMapping(yaml, 'm.yaml')
    return []
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .filter((line) => line.startsWith('  - '))
      .map((line) => line.slice(4))
  }
}

describe('a mapping', () => {
  it('tells all its mistakes at once', () => {
    expect(
      mistakes(`
timezone: Europe/Berlin
timeZone: Berlin
records:
  - kind: evnets
    fields: {}
  - kind: orders
    grouped: 1
    fields:
      order_id: { colum: Invoice }
      amount: { multiply: [{ column: Price }] }
      placed_at: { column: Date, format: 'dd.MM.yyyy QQ' }
      status: { column: Status, map: { X: [1] } }
      currency: EUR
      colour: red
  - kind: order_items
    grouped: true
    when: { column: A, is: 1, isNot: 2 }
    fields: { order_id: { row: false } }
  - kind: web_events
    when: { column: A, above: ten }
    fields: { customer_id: { when: { column: B }, value: x }, kind: visit, occurred_at: 2026-01-01 }
`),
    ).toMatchInlineSnapshot(`
      [
        "timeZone: must be an IANA time zone, like Europe/Berlin",
        "records[0].kind: Invalid option: expected one of "customers"|"events"|"orders"|"order_items"|"web_events"",
        "records[1].grouped: Invalid input: expected boolean, received number",
        "records[1].fields.order_id: must be a constant, {column: …}, {row: true}, {concat: […]}, {multiply: […]} or {when: …, value: …}",
        "records[1].fields.amount.multiply: Too small: expected array to have >=2 items",
        "records[1].fields.placed_at.format: must be a pattern like dd.MM.yyyy HH:mm (letters y M d H h m s a)",
        "records[1].fields.status.map.X: Invalid input",
        "records[2].when: does not know isNot; allowed: column, is",
        "records[2].fields.order_id.row: Invalid input: expected true",
        "records[3].when.above: must be a decimal number with at most 6 places",
        "records[3].fields.customer_id.when: must be a condition: {column, is|isNot|startsWith|empty|above|below}, {all: […]}, {any: […]} or {not: …}",
        "the mapping: does not know timezone; allowed: description, timeZone, entities, records",
        "records[1].fields.colour: is not a field of orders; allowed: order_id, customer_id, placed_at, updated_at, status, amount, currency, country, campaign_id, message_id, product, opt_ins",
        "records[2].fields.item_id: is required for order_items",
        "records[2].fields.product: is required for order_items",
        "records[2].fields.quantity: is required for order_items",
        "records[2].fields.unit_price: is required for order_items",
        "records[2].fields.amount: is required for order_items",
        "records[2].grouped: is for orders only",
      ]
    `)
  })

  it('tells what is wrong as YAML', () => {
    expect(mistakes('records: [')).toHaveLength(1)
    expect(mistakes('records: 1\nrecords: 2')).toEqual([expect.stringContaining('unique') as string])
    expect(mistakes('')).toEqual([expect.stringContaining('the mapping') as string])
    expect(mistakes(`a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [${'*a,'.repeat(30)}]\nc: &c [${'*b,'.repeat(30)}]\nd: [${'*c,'.repeat(30)}]`)).toEqual([
      expect.stringContaining('aliases') as string,
    ])
  })

  it('needs a zone for patterns that name none', () => {
    const yaml = 'records: [{ kind: web_events, fields: { customer_id: 1, kind: visit, occurred_at: { column: A, format: dd.MM.yyyy } } }]'
    expect(mistakes(yaml)).toEqual(['timeZone: is required with a format: the pattern names no zone'])
    expect(mistakes(`timeZone: Europe/Berlin\n${yaml}`)).toEqual([])
  })

  it('names columns that the file lacks, and those most like them', () => {
    const mapping = parseMapping(
      'records: [{ kind: web_events, when: { not: { column: Visited, is: 1 } }, fields: { customer_id: { concat: [{ column: custmer }, { row: true }] }, kind: visit, occurred_at: { column: At } } }]',
      'm.yaml',
    )
    expect(columnsOf(mapping)).toEqual(['Visited', 'custmer', 'At'])
    expect(() => checkColumns(mapping, ['At', 'customer', 'visit'], 'f.csv')).toThrow(
      'f.csv lacks columns that the mapping reads:\n  - "Visited" (nearest: "visit")\n  - "custmer" (nearest: "customer")',
    )
    expect(() => checkColumns(mapping, ['At', 'custmer', 'Visited'], 'f.csv')).not.toThrow()
  })

  it.each(['hillstrom', 'online-retail'])('examples/%s.yaml is one', async (name) => {
    expect(mistakes(await readFile(new URL(`../../../examples/${name}.yaml`, import.meta.url), 'utf8'))).toEqual([])
  })
})

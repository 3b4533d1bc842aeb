/** Reports for the dashboard on real stores: the CSV file holds every row of the report, reads back to its figures, and calculates nothing; choices; and nothing without the scope. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account, Principal } from '../../src/core/access.ts'
import { createServices, type Services } from '../../src/domain/index.ts'
import { campaignReportInput, flowReportInput, type Report } from '../../src/domain/reports/index.ts'
import { refusalOf } from '../caught.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { idOf, putEntities, putFacts } from './fixture.ts'

/** By what each begins with, a spreadsheet would take it for a formula, or a file for its end. */
const names = ['=1+1', '+49 30', '-5 %', '@import', ' =2', 'Plain, with a comma', 'Says "now"', '"=quoted"', 'Ω naïve', 'x'.repeat(200)]
const campaigns = 230

let stores: TestStores
let account: Account
let reports: Services['reports']
let as: (given: Partial<Principal>) => Services['reports']

beforeAll(async () => {
  stores = await openTestStores(new Date('2026-11-20T15:00:00Z'))
  account = await makeAccount(stores.db)
  as = (given) => createServices(stores)(principalOf(account, given)).reports
  reports = as({})
  const keys = Array.from({ length: campaigns }, (_, index) => `c${index}`)
  await putEntities(stores, account, [
    { type: 'brand', key: 'north', name: 'North' },
    { type: 'folder', key: 'f', name: '=folder()' },
    { type: 'flow', key: 'welcome', name: 'Welcome' },
    ...keys.map((key, index) => ({
      type: 'campaign' as const,
      key,
      name: names[index] ?? key,
      channel: index % 2 ? 'SMS' : 'Email',
      brand: 'north',
      folder: 'f',
      tags: [`t${index % 3}`],
      ...(index % 50 ? {} : { flow: 'welcome' }),
    })),
  ])
  await putFacts(stores, account, 1, {
    messages: keys.map((campaign, index) => ({
      campaign,
      day: '2026-11-01',
      channel: index % 2 ? 'SMS' : 'Email',
      sends: 500 - index,
      deliveries: 400 - index,
      opens: 77,
      clicks: 5,
    })),
    orders: keys.map((campaign, index) => ({ campaign, day: '2026-11-01', channel: index % 2 ? 'SMS' : 'Email', orders: 3, revenue: `${1000 - index}.25` })),
  })
})
afterAll(async () => await stores.close())

async function read(lines: Promise<AsyncIterable<string>>): Promise<string> {
  let text = ''
  for await (const line of await lines) text += line
  return text
}

/** RFC 4180, read by hand: quotes, doubled quotes, CRLF. */
function parse(text: string): string[][] {
  const rows: string[][] = [[]]
  for (let rest = text; rest.length > 0; ) {
    const [whole = '', quoted, plain = '', end = ''] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/.exec(rest) ?? []
    if (whole === '') throw new Error(`Not CSV: ${rest.slice(0, 40)}`)
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
    rest = rest.slice(whole.length)
  }
  expect(rows.pop()).toEqual([])
  return rows
}

test('every row of the report, whatever page it is on, with what each rate divides', async () => {
  const asked = { startDate: '2026-10-01', metrics: ['revenue', 'deliveries', 'openRate', 'averageOrderValue'] }
  const text = await read(reports.csv.campaigns(campaignReportInput.parse({ ...asked, limit: 7 })))
  expect(text.startsWith('\uFEFFid,campaign,revenue,deliveries,openRate,openRate.numerator')).toBe(true)
  const [header = [], ...rows] = parse(text.slice(1))
  expect(header).toEqual([
    ...['id', 'campaign', 'revenue', 'deliveries', 'openRate', 'openRate.numerator', 'openRate.denominator'],
    ...['averageOrderValue', 'averageOrderValue.numerator', 'averageOrderValue.denominator'],
  ])
  expect(rows).toHaveLength(campaigns)
  const pages: Report[] = []
  for (let cursor: string | undefined; pages.length === 0 || cursor; ) {
    const page = await reports.campaigns(campaignReportInput.parse({ ...asked, limit: 200, cursor }))
    pages.push(page)
    cursor = page.nextCursor ?? undefined
  }
  const cellsOf = (row: Report['rows'][number]) =>
    row.flatMap((cell, column) => (column < 4 ? [cell] : Array.isArray(cell) ? [cell[0], cell[1], cell[2] ?? row[3]] : [cell, null, null]))
  const expected = pages.flatMap((page) => page.rows.map(cellsOf)).map((cells) => cells.map((cell) => (cell === null ? '' : String(cell))))
  expect(rows.map(([id, , ...figures]) => [id, ...figures])).toEqual(expected.map(([id, , ...figures]) => [id, ...figures]))
  // Money is the decimal itself; an open rate of SMS is unknown, which is not 0.
  expect(rows[1]).toEqual([idOf(account, 'campaign', 'c1'), "'+49 30", '999.25', '399', '', '', '', '333.083333', '999.25', '3'])
})

test('no name is a formula, none breaks the file, and each is the one of the report', async () => {
  const rows = parse((await read(reports.csv.campaigns(campaignReportInput.parse({ metrics: ['sends'] })))).slice(1)).slice(1)
  expect(rows.slice(0, names.length).map(([, name]) => name)).toEqual([
    ...["'=1+1", "'+49 30", "'-5 %", "'@import", "'=2", 'Plain, with a comma', 'Says "now"', '"=quoted"', 'Ω naïve', `${'x'.repeat(79)}…`],
  ])
  for (const row of rows) for (const field of row) expect(field).not.toMatch(/^\s*[=+\-@]/)
  const folders = parse((await read(reports.csv.campaigns(campaignReportInput.parse({ groupBy: 'folder', metrics: ['sends'] })))).slice(1))
  expect(folders[1]?.[1]).toBe("'=folder()")
})

test('flows, by the filters of their report; detailed columns stand beside their metric', async () => {
  const asked = flowReportInput.parse({ flowIds: ['welcome'], metrics: ['sends', 'clickRate'], mode: 'detailed', compareTo: 'previousPeriod' })
  const [header = [], ...rows] = parse((await read(reports.csv.flows(asked))).slice(1))
  expect(header.slice(0, 5)).toEqual(['id', 'flow', 'sends', 'sends.previous', 'sends.change'])
  expect(header.slice(5, 8)).toEqual(['clickRate', 'clickRate.numerator', 'clickRate.denominator'])
  expect(rows.map((row) => row.slice(0, 5))).toEqual([[idOf(account, 'flow', 'welcome'), 'Welcome', String(500 * 5 - 500), '0', '']])
})

test('what the first page is refused for is told before there is a file', async () => {
  expect(await refusalOf(reports.csv.campaigns(campaignReportInput.parse({ brands: ['Nroth'] })))).toMatchObject({ code: 'unknown_value', details: { nearest: ['North'] } })
})

test('the filters offer what the reports take', async () => {
  const choices = await reports.choices()
  expect(choices).toEqual({
    channels: ['Email', 'SMS'],
    brands: [{ id: idOf(account, 'brand', 'north'), name: 'North' }],
    folders: [{ id: idOf(account, 'folder', 'f'), name: '=folder()' }],
    tags: ['t0', 't1', 't2'],
    goals: ['Orders'],
    flows: [{ id: idOf(account, 'flow', 'welcome'), name: 'Welcome' }],
    campaigns,
  })
  expect((await as({ brands: ['brd_of_nobody'] }).choices()).campaigns).toBe(0)
})

test('who may not read reports gets none of them', async () => {
  const none = as({ scopes: new Set(['read:mcp', 'read:campaigns']) })
  const input = campaignReportInput.parse({})
  const flows = flowReportInput.parse({})
  const refused = [
    none.campaigns(input),
    none.flows(flows),
    none.csv.campaigns(input),
    none.csv.flows(flows),
    none.choices(),
    none.overview({ ...input }),
    none.channels({ ...input }),
    none.emailHealth({}),
  ]
  for (const asked of refused) expect(await refusalOf(asked)).toMatchObject({ code: 'missing_scopes' })
})

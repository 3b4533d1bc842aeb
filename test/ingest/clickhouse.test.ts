/** The same imports over ClickHouse's HTTP interface: batches and Parquet travel as the bodies of requests. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Stores } from '../../src/domain/index.ts'
import { importFiles } from '../../src/ingest/index.ts'
import { openAnalytics } from '../../src/storage/analytics/open.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { startClickhouse, type TestClickhouse } from '../engines/clickhouse.ts'
import { makeAccount } from '../stores.ts'
import { realData, root, totals } from './support.ts'

let server: TestClickhouse
let operational: OperationalStore
let stores: Stores
let folder: string
beforeAll(async () => {
  server = await startClickhouse()
  operational = await openOperational({ engine: 'pglite', folder: undefined })
  stores = { db: operational.db, analytics: await openAnalytics({ engine: 'clickhouse', url: server.url, cluster: undefined }), clock: () => new Date() }
  folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
})
afterAll(async () => {
  await stores?.analytics.close()
  await operational?.close()
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

const hillstrom = realData('hillstrom/hillstrom.csv.gz')
it.runIf(hillstrom)('imports Hillstrom', async () => {
  const account = await makeAccount(stores.db, { currency: 'USD' })
  const result = await importFiles(stores, account.id, [hillstrom ?? ''], { mapping: join(root, 'examples/hillstrom.yaml'), rejectsFolder: folder })
  expect(result.files[0]).toMatchObject({ read: 64_000, accepted: { events: 92_438, web_events: 9_394, orders: 578 }, rejected: {} })
  expect(await totals(stores, account.id)).toEqual([
    { campaign: 'mens-email', sends: 21_307, clicks: 3_894, held_out: 21_306 },
    { campaign: 'womens-email', sends: 21_387, clicks: 3_238, held_out: 21_306 },
  ])
})

const retail = realData('online-retail/online_retail_II_2009-2010.parquet')
it.runIf(retail)('imports Parquet, rows numbered as in the file', async () => {
  const account = await makeAccount(stores.db, { currency: 'GBP' })
  const result = await importFiles(stores, account.id, [resolve(retail ?? '')], { mapping: join(root, 'examples/online-retail.yaml'), rejectsFolder: folder })
  expect(result.files[0]).toMatchObject({ read: 525_461, accepted: { order_items: 525_461, orders: 25_543 } })
  expect(
    await stores.analytics.query('SELECT count() AS lines, toString(sum(amount)) AS net FROM order_items FINAL WHERE account_id = {account:String}', { account: account.id }),
  ).toEqual([{ lines: 525_461, net: '9539484.634' }])
})

it('tells rejected rows', async () => {
  const account = await makeAccount(stores.db)
  const file = join(folder, "o'rders {x:String}.csv")
  await writeFile(
    file,
    'order_id,placed_at,status,amount,currency,opt_ins\n1,2026-03-01T10:00:00Z,paid,1.5,EUR,"{""sms"":false,""news"":true}"\n"a\\b\t\'{x}",2026-03-01T10:00:00Z,lost,1,EUR,\n2,2026-03-01T10:00:00Z,paid,1,EUR,"{""news"":2}"\n',
  )
  const result = await importFiles(stores, account.id, [file], { rejectsFolder: folder })
  expect(result.files[0]).toMatchObject({
    read: 3,
    accepted: { orders: 1 },
    rejected: {
      'status is not one of placed, paid, delivered, cancelled, refunded': 1,
      'opt_ins is not a JSON object of names, each once, and true or false, like {"newsletter":true,"sms":false}': 1,
    },
  })
  expect(await stores.analytics.query('SELECT opt_ins FROM orders FINAL WHERE account_id = {account:String}', { account: account.id })).toEqual([
    { opt_ins: { news: true, sms: false } },
  ])
  const [first = ''] = (await readFile(result.files[0]?.rejectedFile ?? '', 'utf8')).split('\n')
  expect(JSON.parse(first)).toMatchObject({ line: 3, row: { order_id: "a\\b\t'{x}" } })
})

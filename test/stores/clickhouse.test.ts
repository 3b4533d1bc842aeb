/** What only a ClickHouse server can do to Mercat: refuse it, go away, come back. With the front of test/engines, which can be killed. */
import { createServer } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { MercatError } from '../../src/core/errors.ts'
import { openAnalytics } from '../../src/storage/analytics/open.ts'
import { readMigrations } from '../../src/storage/migrations.ts'
import { caught } from '../caught.ts'
import { startClickhouseFront, type TestClickhouseFront } from '../engines/clickhouse.ts'

let server: TestClickhouseFront
beforeAll(async () => {
  server = await startClickhouseFront('right')
})
afterAll(async () => await server?.stop())

const open = (url = server.url) => openAnalytics({ engine: 'clickhouse', url, cluster: undefined })

test('a store newer than the code is refused', async () => {
  const analytics = await open()
  await analytics.insert('mercat_version', [{ version: 99, name: 'later' }])
  expect(await caught(open())).toMatchObject({ name: 'StoreTooNewError', message: expect.stringContaining('The analytics store is at version 99') })
  await analytics.deleteWhere('mercat_version', 'version = 99')
  await analytics.close()
})

test('two processes may migrate at once, and again', async () => {
  const stores = await Promise.all([open(), open(), open()])
  expect(await stores[0]?.query('SELECT uniqExact(version) AS n FROM mercat_version')).toEqual([{ n: (await readMigrations('analytics')).length }])
  await Promise.all(stores.map((store) => store.close()))
})

test('what the operator can mend is said in one sentence, without the password', async () => {
  const { host } = new URL(server.url)
  const wrong = new URL(server.url)
  wrong.password = 'wrong'
  expect(await caught(open(wrong.href))).toMatchObject({ name: 'StoreUnreachableError', message: `ClickHouse at ${host} refuses the user or password of MERCAT_CLICKHOUSE_URL.` })
  const nowhere = new URL(server.url)
  nowhere.pathname = '/nothing'
  expect(await caught(open(nowhere.href))).toMatchObject({ name: 'StoreUnreachableError', message: expect.stringContaining('has no database of the name') })
  expect(await caught(open('http://u:hidden@127.0.0.1:1'))).toMatchObject({
    name: 'StoreUnreachableError',
    message: 'ClickHouse at 127.0.0.1:1 (MERCAT_CLICKHOUSE_URL) is not reachable.',
  })
})

test('something that is not ClickHouse is refused too', async () => {
  const web = createServer((_, response) => void response.writeHead(200).end('<html>a page</html>'))
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
  const address = web.address()
  expect(await caught(open(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`))).toBeInstanceOf(Error)
  await new Promise((resolve) => web.close(resolve))
})

test('while it is down: `unavailable`; when it is back: right answers, without anything done', async () => {
  const analytics = await open()
  await analytics.insert('customers', [{ account_id: 'a', customer: '0123456789abcdef', country: 'DE', updated_at: '2024-01-01 00:00:00', load_id: 1 }])
  const cut = caught(analytics.query('SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))'))
  await expect.poll(async () => (await analytics.query<{ n: number }>("SELECT count() AS n FROM system.processes WHERE query LIKE '%sipHash64(number)%'"))[0]?.n).toBe(2)
  await server.restart(async () => {
    const works = [
      cut,
      caught(analytics.query('SELECT 1')),
      caught(analytics.command('SELECT 1')),
      caught(analytics.insert('customers', [{ account_id: 'a' }])),
      caught(analytics.deleteWhere('customers', '1')),
    ]
    for (const error of await Promise.all(works)) {
      expect(error).toBeInstanceOf(MercatError)
      expect(error).toMatchObject({ code: 'unavailable', details: { retryAfter: 5 } })
    }
  })
  expect(await analytics.query('SELECT country FROM customers')).toEqual([{ country: 'DE' }])
  await analytics.close()
})

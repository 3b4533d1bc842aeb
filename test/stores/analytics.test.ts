/** The analytics store behaves the same on chDB and over ClickHouse's HTTP interface. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MercatError } from '../../src/core/errors.ts'
import { openAnalytics } from '../../src/storage/analytics/open.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { caught } from '../caught.ts'
import { startClickhouse } from '../engines/clickhouse.ts'

const engines = {
  chdb: async (folder: string) => ({ analytics: await openAnalytics({ engine: 'chdb', folder: join(folder, 'analytics') }), stop: async () => {} }),
  clickhouse: async () => {
    const server = await startClickhouse()
    return { analytics: await openAnalytics({ engine: 'clickhouse', url: server.url, cluster: undefined }), stop: server.stop }
  },
}

const slow = 'SELECT count() AS n FROM numbers(100000000000) WHERE NOT ignore(sipHash64(number))'
const codeOf = (error: unknown) => (error instanceof MercatError ? error.code : error)

describe.each(Object.entries(engines))('%s', (_, open) => {
  let analytics: Analytics
  let stop: () => Promise<void>
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
    const opened = await open(folder)
    analytics = opened.analytics
    stop = opened.stop
    await analytics.command(
      "CREATE TABLE sample (account_id String, n UInt64, name String, amount Nullable(Decimal(38, 6)), at DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY (account_id, n)",
      {},
      { plain: true },
    )
  })
  afterAll(async () => {
    await analytics?.close()
    await stop?.()
    await rm(folder, { recursive: true, force: true })
  })
  const running = async () =>
    (await analytics.query<{ n: number }>("SELECT count() AS n FROM system.processes WHERE query ILIKE '%sipHash64(number)%' AND query NOT ILIKE '%system.processes%'"))[0]?.n

  test('binds every type of parameter, and nothing in a value is read as SQL', async () => {
    const hostile = `'; DROP TABLE sample; -- \\' {n:UInt64} \t\n\r\0 é 漢 😀 \\N NULL`
    const [row] = await analytics.query(
      `SELECT {text:String} AS text, {count:UInt64} AS count, {big:UInt64} = 18446744073709551615 AS big, {negative:Int64} AS negative, {share:Float64} AS share, {day:Date} AS day,
        {at:DateTime64(3, 'UTC')} AS at, {names:Array(String)} AS names, {numbers:Array(UInt64)} AS numbers, {none:Nullable(String)} AS none, {some:Nullable(String)} AS some,
        {yes:Bool} AS yes, {amount:Decimal(38, 6)} AS amount, unhex({key:String}) = unhex('00ff27') AS key, {empty:Array(String)} AS empty, {kind:Enum8('a' = 1, 'b' = 2)} AS kind`,
      {
        text: hostile,
        count: 5,
        big: 18446744073709551615n,
        negative: -7,
        share: 0.25,
        day: '2024-02-29',
        at: new Date('2024-03-31T01:59:59.123Z'),
        names: [hostile, '', "it's"],
        numbers: [1, 2],
        none: null,
        some: hostile,
        yes: true,
        amount: '12345678901234567890.123456',
        key: '00ff27',
        empty: [],
        kind: 'b',
      },
    )
    expect(row).toEqual({
      text: hostile,
      count: 5,
      big: 1,
      negative: -7,
      share: 0.25,
      day: '2024-02-29',
      at: '2024-03-31 01:59:59.123',
      names: [hostile, '', "it's"],
      numbers: [1, 2],
      none: null,
      some: hostile,
      yes: true,
      amount: '12345678901234567890.123456',
      key: 1,
      empty: [],
      kind: 'b',
    })
    expect(await analytics.query('SELECT count() AS n FROM sample')).toEqual([{ n: 0 }])
  })

  test('refuses a value that the declared type cannot hold, a missing one, and a number that is not exact', async () => {
    for (const [sql, params] of [
      ['SELECT {n:UInt64} AS n', { n: '5 OR 1' }],
      ['SELECT {d:Date} AS d', { d: 'yesterday' }],
      ['SELECT {n:UInt64} AS n', {}],
      ['SELECT {n:UInt64} AS n', { n: 2 ** 60 }],
      ['SELECT {n:Float64} AS n', { n: Number.NaN }],
      ['SELECT {n:String} AS n', { n: undefined }],
      ['SELECT {n:String} AS n', { n: { a: 1 } }],
    ] as const)
      expect(await caught(analytics.query(sql, params)), `${sql} ${JSON.stringify(params)}`).toBeInstanceOf(Error)
  })

  test('takes a list of 20,000 keys as one parameter', async () => {
    const keys = Array.from({ length: 20_000 }, (_, index) => `campaign-${index}-${'x'.repeat(20)}`)
    expect(await analytics.query('SELECT length({keys:Array(String)}) AS n, {last:String} IN {keys:Array(String)} AS found', { keys, last: keys.at(-1) })).toEqual([
      { n: 20_000, found: 1 },
    ])
  })

  test('gives 64-bit integers as numbers and decimals and times as text, in UTC', async () => {
    await analytics.insert('sample', [
      { account_id: 'types', n: 1, name: 'a', amount: '0.000001', at: '2024-01-02T03:04:05.678Z' },
      { account_id: 'types', n: 2, name: 'b', amount: null, at: '2024-01-02 03:04:05' },
    ])
    expect(await analytics.query("SELECT n, name, amount, at, timezone() AS zone FROM sample WHERE account_id = 'types' ORDER BY n")).toEqual([
      { n: 1, name: 'a', amount: '0.000001', at: '2024-01-02 03:04:05.678', zone: 'UTC' },
      { n: 2, name: 'b', amount: null, at: '2024-01-02 03:04:05.000', zone: 'UTC' },
    ])
    expect(await analytics.query('SELECT 1 AS n WHERE 0')).toEqual([])
  })

  test('keeps settings to their statement', async () => {
    await analytics.query("SELECT getSetting('max_block_size') AS n", {}, { settings: { max_block_size: 1234, join_algorithm: 'hash' }, seconds: 7 })
    await caught(analytics.query('SELECT throwIf(1)', {}, { settings: { max_block_size: 1234 } }))
    const rows = await Promise.all(
      Array.from(
        { length: 6 },
        async () =>
          (
            await analytics.query<Record<string, unknown>>(
              "SELECT getSetting('max_block_size') AS block, toString(getSetting('max_execution_time')) AS seconds, getSetting('join_algorithm') AS algorithm",
            )
          )[0],
      ),
    )
    for (const row of rows) expect(row).toMatchObject({ seconds: '60' })
    for (const row of rows) expect(row?.block).not.toBe(1234)
    for (const row of rows) expect(row?.algorithm).not.toBe('hash')
  })

  test('ends a query at its deadline', async () => {
    expect(codeOf(await caught(analytics.query(slow, {}, { seconds: 1 })))).toBe('deadline_exceeded')
    await expect.poll(running, { interval: 50, timeout: 5000 }).toBe(0)
  })

  test('an abort ends the wait at once and the work soon after; before the start nothing runs', async () => {
    const controller = new AbortController()
    const query = caught(analytics.query(slow, {}, { signal: controller.signal, seconds: 60 }))
    await expect.poll(running, { interval: 20, timeout: 5000 }).toBe(1)
    controller.abort()
    expect(codeOf(await query)).toBe('cancelled')
    await expect.poll(running, { interval: 50, timeout: 5000 }).toBe(0)
    expect(codeOf(await caught(analytics.query(slow, {}, { signal: AbortSignal.abort() })))).toBe('cancelled')
  })

  test('an abort ends an INSERT … SELECT too', async () => {
    const controller = new AbortController()
    const command = caught(
      analytics.command("INSERT INTO sample (account_id, n) SELECT 'aborted', sipHash64(number) FROM numbers(100000000000)", {}, { signal: controller.signal, seconds: 60 }),
    )
    await expect.poll(running, { interval: 20, timeout: 5000 }).toBe(1)
    controller.abort()
    expect(codeOf(await command)).toBe('cancelled')
    await expect.poll(running, { interval: 50, timeout: 5000 }).toBe(0)
  })

  test('after a failed query no answer holds anything of it', async () => {
    // Some rows are written before the error: on chDB they stay in the session and would come first in the next answer.
    const failing = 'SELECT number, throwIf(number = 20000) AS fails FROM numbers(30000)'
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all([
        caught(analytics.query(failing, {}, { settings: { max_block_size: 1000 } })),
        caught(analytics.query(slow, {}, { seconds: 0.1 })),
        caught(analytics.query('SELECT nothing')),
        ...Array.from({ length: 6 }, (_, index) => analytics.query('SELECT {index:UInt64} AS i, {name:String} AS name FROM numbers(2)', { index, name: `n${index}` })),
      ])
      expect(answers.slice(3)).toEqual(
        Array.from({ length: 6 }, (_, index) => [
          { i: index, name: `n${index}` },
          { i: index, name: `n${index}` },
        ]),
      )
      expect(await analytics.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
    }
  })

  test('bounds memory and the size of answers', async () => {
    expect(codeOf(await caught(analytics.query('SELECT groupArray(number) AS all FROM numbers(1000000000)', {}, { settings: { max_memory_usage: 50_000_000 } })))).toBe(
      'deadline_exceeded',
    )
    expect(codeOf(await caught(analytics.query('SELECT number FROM numbers(1000000)')))).toBe('too_large')
    expect(codeOf(await caught(analytics.query('SELECT toString(cityHash64(number)) || repeat(toString(number), 200) AS x FROM numbers(400000)')))).toBe('too_large')
  })

  test('never shows the engine’s words to a caller', async () => {
    const error = await caught(analytics.query("SELECT throwIf(1, 'secret of a customer')"))
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toBeInstanceOf(MercatError)
  })

  test('inserts a stream of bytes, cut anywhere, into named columns', async () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `stream\t${index}\tname ${index} \\t é\n`).join('')
    const bytes = Buffer.from(text)
    const pieces = Array.from({ length: Math.ceil(bytes.length / 7777) }, (_, index) => bytes.subarray(index * 7777, (index + 1) * 7777))
    await analytics.insert('sample', { body: Readable.from(pieces, { objectMode: false }), format: 'TabSeparated', columns: ['account_id', 'n', 'name'] })
    expect(
      await analytics.query("SELECT count() AS rows, sum(n) AS sum, countIf(name = concat('name ', toString(n), ' \\t é')) AS right FROM sample WHERE account_id = 'stream'"),
    ).toEqual([{ rows: 50_000, sum: 1_249_975_000, right: 50_000 }])
    await analytics.insert('sample', { body: Buffer.from('["compact",1,"a"]\n["compact",2,"b"]'), format: 'JSONCompactEachRow', columns: ['account_id', 'n', 'name'] })
    expect(await analytics.query("SELECT n, name FROM sample WHERE account_id = 'compact' ORDER BY n")).toEqual([
      { n: 1, name: 'a' },
      { n: 2, name: 'b' },
    ])
    await analytics.insert('sample', [])
    await analytics.insert('sample', { body: Buffer.alloc(0), format: 'TabSeparated' })
    expect(await caught(analytics.insert('sample', { body: Buffer.from('x\tnot a number\n'), format: 'TabSeparated', columns: ['account_id', 'n'] }))).toBeInstanceOf(Error)
  })

  test('a source that fails, or is aborted while it stalls, ends the insert and is closed', async () => {
    const failing = Readable.from(
      (async function* () {
        yield 'failing\t1\n'
        throw new Error('the source broke')
      })(),
      { objectMode: false },
    )
    await expect(analytics.insert('sample', { body: failing, format: 'TabSeparated', columns: ['account_id', 'n'] })).rejects.toThrow()
    const stalled = new Readable({ read: () => {} })
    stalled.push('stalled\t1\n')
    const controller = new AbortController()
    const insert = caught(analytics.insert('sample', { body: stalled, format: 'TabSeparated', columns: ['account_id', 'n'] }, { signal: controller.signal }))
    setImmediate(() => controller.abort())
    expect(codeOf(await insert)).toBe('cancelled')
    expect(stalled.destroyed).toBe(true)
    expect(await analytics.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('loads a local file by the engine’s own reader', async () => {
    const csv = join(folder, "it's.csv")
    await writeFile(csv, 'id,label,unused\n1,"a ""quoted"", one",x\n2,,y\n')
    await analytics.insertFile(
      "INSERT INTO sample (account_id, n, name) SELECT {account:String}, id, ifNull(label, 'none') FROM {file} WHERE id > {least:UInt64}",
      { path: csv, format: 'CSVWithNames', columns: 'id UInt64, label Nullable(String), absent Nullable(String)' },
      { account: 'csv', least: 0 },
    )
    const parquet = { path: new URL('./sample.parquet', import.meta.url).pathname, format: 'Parquet' as const, columns: 'id UInt64, name String, absent Nullable(Float64)' }
    await analytics.insertFile('INSERT INTO sample (account_id, n, name) SELECT {account:String}, id, name FROM {file} WHERE absent IS NULL', parquet, { account: 'parquet' })
    expect(await analytics.query("SELECT count() AS rows, countIf(name = concat('name ', toString(n))) AS right FROM sample WHERE account_id = 'parquet'")).toEqual([
      { rows: 100, right: 100 },
    ])
    const missing = analytics.insertFile('INSERT INTO sample (n) SELECT id FROM {file}', { ...parquet, path: `${parquet.path}.none` })
    await expect(missing).rejects.toThrow()
    expect(await analytics.query("SELECT n, name FROM sample WHERE account_id = 'csv' ORDER BY n")).toEqual([
      { n: 1, name: 'a "quoted", one' },
      { n: 2, name: 'none' },
    ])
  })

  test('deletes, and the rows are gone when it says so', async () => {
    await analytics.command("INSERT INTO sample (account_id, n) SELECT 'delete', number FROM numbers(1000)")
    await analytics.deleteWhere('sample', 'account_id = {account:String} AND n < {below:UInt64}', { account: 'delete', below: 900 })
    expect(await analytics.query("SELECT count() AS n FROM sample WHERE account_id = 'delete'")).toEqual([{ n: 100 }])
  })
})

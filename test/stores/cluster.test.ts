/** The cluster's statements: a golden file for all of sql/analytics, read by ClickHouse's own parser, and Distributed tables at work. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toStatements } from '../../src/storage/analytics/migrate.ts'
import type { Engine } from '../../src/storage/analytics/engine.ts'
import { type Analytics, createAnalytics } from '../../src/storage/analytics/run.ts'
import { readMigrations, statementsOf } from '../../src/storage/migrations.ts'
import { openDistributed } from '../engines/distributed.ts'

let folder: string
let analytics: Analytics
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
  analytics = await openDistributed(join(folder, 'analytics'))
})
afterAll(async () => {
  await analytics?.close()
  await rm(folder, { recursive: true, force: true })
})

const sources = async () => (await readMigrations('analytics')).flatMap(({ sql }) => statementsOf(sql))
const ofCluster = async () => (await sources()).flatMap((sql) => toStatements(sql, { name: 'mercat_cluster', database: 'mercat' }))

test('every statement of sql/analytics has a cluster form', async () => {
  const text = (await ofCluster()).map((statement) => `${statement};\n`).join('\n')
  await expect(text).toMatchFileSnapshot('./cluster.golden.sql')
})

test('a single node gets the statement as it is written, repeatable', async () => {
  for (const sql of await sources())
    expect(toStatements(sql, undefined)).toEqual([sql.replace(/^CREATE (TABLE|MATERIALIZED VIEW)/, '$& IF NOT EXISTS').replaceAll('ADD COLUMN', '$& IF NOT EXISTS')])
})

test('a statement without a cluster form is refused, on a single node too', () => {
  for (const cluster of [undefined, { name: 'c', database: 'd' }]) {
    for (const sql of [
      'DROP TABLE events',
      'ALTER TABLE events DROP COLUMN url',
      'INSERT INTO events VALUES (1)',
      'CREATE TABLE t (n UInt8) ENGINE = Memory',
      'CREATE VIEW v AS SELECT 1',
    ])
      expect(() => toStatements(sql, cluster)).toThrow(/creates tables of the MergeTree family, Null tables/)
  }
})

/** What ClickHouse must understand of a statement that begins so. */
const forms: [string, RegExp][] = [
  ['CREATE TABLE', /^CreateQuery mercat \w+[\s\S]*Function (Replicated\w*MergeTree|Distributed|Null)/],
  ['CREATE MATERIALIZED VIEW', /^CreateQuery mercat \w+[\s\S]*TableIdentifier mercat\.\w+_local/],
  ['ALTER TABLE', /^AlterQuery mercat \w+[\s\S]*(ADD_COLUMN|MODIFY_QUERY[\s\S]*TableIdentifier mercat\.\w+_local)/],
  ['INSERT INTO', /^InsertQuery/],
]

test('ClickHouse reads every one of them as meant', async () => {
  for (const statement of await ofCluster()) {
    const tree = (await analytics.query<{ explain: string }>(`EXPLAIN AST ${statement}`)).map(({ explain }) => explain).join('\n')
    const form = forms.find(([start]) => statement.startsWith(start))
    expect(tree, statement).toMatch(form?.[1] ?? 'a form that is known')
  }
  // Sharded and joined by account: a table with accounts that is sharded otherwise would join across nodes.
  const tables = (await ofCluster()).filter((statement) => statement.includes('ENGINE = Distributed'))
  expect(tables.length).toBe((await sources()).filter((sql) => sql.startsWith('CREATE TABLE')).length)
  for (const statement of tables) expect(statement).toContain('cityHash64(account_id))')
})

test('the tables really are Distributed, and what is written is read at once', async () => {
  const engines = await analytics.query<{ name: string; engine: string }>("SELECT name, engine FROM system.tables WHERE database = 'default' ORDER BY name")
  expect(engines.filter(({ name }) => name.endsWith('_local')).every(({ engine }) => /MergeTree$|^Null$/.test(engine))).toBe(true)
  expect(engines.filter(({ name }) => !name.endsWith('_local')).every(({ engine }) => engine === 'Distributed' || engine === 'MaterializedView')).toBe(true)
  await analytics.insert(
    'order_items',
    Array.from({ length: 10 }, (_, index) => ({ account_id: 'a', order_key: '0123456789abcdef', item_key: index, load_id: 1 })),
  )
  await analytics.command(
    'INSERT INTO order_items (account_id, order_key, item_key, load_id) SELECT account_id, order_key, item_key, 2 FROM order_items WHERE account_id = {account:String} AND item_key < 5',
    { account: 'a' },
  )
  expect(await analytics.query("SELECT count() AS n, sum(load_id) AS loads FROM order_items FINAL WHERE account_id = 'a'")).toEqual([{ n: 10, loads: 15 }])
  const csv = join(folder, 'items.csv')
  await writeFile(csv, 'id\n100\n101\n')
  await analytics.insertFile("INSERT INTO order_items (account_id, order_key, item_key) SELECT 'a', '0123456789abcdef', id FROM {file}", {
    path: csv,
    format: 'CSVWithNames',
    columns: 'id UInt64',
  })
  await analytics.deleteWhere('order_items', 'account_id = {account:String} AND item_key >= {least:UInt64}', { account: 'a', least: 8 })
  expect(await analytics.query("SELECT max(item_key) AS last FROM order_items FINAL WHERE account_id = 'a'")).toEqual([{ last: 7 }])
})

test('what must be gone is deleted on every node, from the disk too', async () => {
  expect(await analytics.tablesWith('account_id')).toContain('web_events')
  expect(await analytics.tablesWith('account_id')).not.toContain('ingest_events')
  await analytics.insert('web_events', [{ account_id: 'a' }, { account_id: 'b' }])
  await analytics.purgeWhere('web_events', 'account_id = {account:String}', { account: 'a' })
  expect(await analytics.query('SELECT toString(account_id) AS account FROM web_events')).toEqual([{ account: 'b' }])
  const parts = await analytics.query("SELECT sum(rows) AS rows, max(has_lightweight_delete) AS masked FROM system.parts WHERE table = 'web_events_local' AND active")
  expect(parts).toEqual([{ rows: 1, masked: 0 }])

  const sent: string[] = []
  const nobody = () => Promise.reject(new Error('Only commands are sent'))
  const recording: Engine = { name: 'clickhouse', command: async ({ sql }) => void sent.push(sql), query: nobody, insert: nobody, load: nobody, close: async () => {} }
  await createAnalytics(recording, { name: 'mercat_cluster', database: 'mercat' }).purgeWhere('events', "account_id = 'a'", {}, { seconds: 600 })
  expect(sent).toEqual([
    expect.stringMatching(
      /^DELETE FROM mercat\.events_local ON CLUSTER mercat_cluster WHERE account_id = 'a' SETTINGS .*lightweight_deletes_sync=2, distributed_ddl_task_timeout=600/,
    ),
    expect.stringMatching(/^ALTER TABLE mercat\.events_local ON CLUSTER mercat_cluster APPLY DELETED MASK SETTINGS .*mutations_sync=2, distributed_ddl_task_timeout=600/),
  ])
  for (const statement of sent) expect(JSON.stringify(await analytics.query(`EXPLAIN AST ${statement}`))).toMatch(/(Delete|Alter)Query/)
})

test('joins and IN over two Distributed tables stay on the shard', async () => {
  await analytics.insert('orders', [
    {
      account_id: 'a',
      order_key: '0123456789abcdef',
      placed_at: '2024-01-01 00:00:00',
      updated_at: '2024-01-01 00:00:00',
      status: 'paid',
      amount: '5',
      currency: 'EUR',
      load_id: 1,
      version: 1,
    },
  ])
  expect(
    await analytics.query(
      "SELECT count() AS n FROM orders AS o FINAL JOIN (SELECT order_key, item_key FROM order_items FINAL WHERE account_id = 'a') AS i ON i.order_key = o.order_key WHERE o.account_id = 'a'",
    ),
  ).toEqual([{ n: 8 }])
  expect(
    await analytics.query(
      "SELECT count() AS n FROM order_items WHERE account_id = 'a' AND order_key IN (SELECT order_key FROM orders WHERE account_id = 'a')",
      {},
      { settings: { final: 1 } },
    ),
  ).toEqual([{ n: 8 }])
})

/** The migration that brings organizations in full: accounts of before keep what they had, and later ones start by how many organizations they serve. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findAccountById } from '../../src/domain/accounts/index.ts'
import { readMigrations, statementsOf } from '../../src/storage/migrations.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => await postgres.stop())

const before = ['reports', 'explorer', 'knowledge', 'mission_control', 'builders']
const several = ['organizations', 'knowledge', 'reports']

test('an older store keeps its accounts’ toolsets; from then on several organizations decide what an account starts with', async () => {
  const url = await postgres.database()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE TABLE mercat_version (version integer NOT NULL, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())')
  for (const { number, name, sql } of (await readMigrations('operational')).slice(0, 5)) {
    for (const statement of statementsOf(sql)) await client.query(statement)
    await client.query('INSERT INTO mercat_version (version, name) VALUES ($1, $2)', [number, name])
  }
  const account = async (id: string, settings = '{}') =>
    await client.query("INSERT INTO accounts (id, system_name, name, time_zone, currency, settings, customer_key) VALUES ($1, $1, $1, 'UTC', 'EUR', $2, '\\x00')", [id, settings])
  const organization = async (of: string, key: string) =>
    await client.query("INSERT INTO organizations (account_id, id, key, name, currency) VALUES ($1, $2, $2, $2, 'EUR')", [of, key])
  await account('old-many')
  await account('old-chosen', '{"toolsets": ["knowledge"]}')
  await account('old-one')
  for (const of of ['old-many', 'old-chosen']) for (const key of ['a', 'b']) await organization(of, key)
  await organization('old-one', 'a')

  const store = await openOperational({ engine: 'postgres', url })
  const toolsetsOf = async (id: string) => (await findAccountById(store.db, id))?.toolsets
  expect(await Promise.all(['old-many', 'old-chosen', 'old-one'].map(toolsetsOf))).toEqual([before, ['knowledge'], before])
  await account('new')
  await organization('new', 'a')
  expect(await toolsetsOf('new')).toEqual(before)
  await organization('new', 'b')
  expect(await toolsetsOf('new')).toEqual(several)
  await organization('old-many', 'c')
  expect(await toolsetsOf('old-many')).toEqual(before)
  await store.close()
  await client.end()
})

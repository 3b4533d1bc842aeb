/** Loads and refreshes of several processes on one PostgreSQL: living loads are left alone, dead ones are counted, refreshes of an account take turns. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recoverLoads, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import type { Stores } from '../../src/domain/stores.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import { startChild } from '../child.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import type { EventRow, NaiveRows } from '../fixtures/naive.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { loadRows, readFacts } from './load.ts'

let postgres: TestPostgres
let embedded: TestStores
let url: string
let close: () => Promise<void>
let stores: Stores
beforeAll(async () => {
  postgres = await startPostgres()
  url = await postgres.database()
  embedded = await openTestStores()
  const operational = await openOperational({ engine: 'postgres', url })
  stores = { db: operational.db, analytics: embedded.analytics, clock: () => new Date() }
  close = operational.close
})
afterAll(async () => {
  await close()
  await embedded.close()
  await postgres.stop()
})

const sent = (message_id: string): EventRow => ({
  campaign_id: 'c',
  message_id,
  customer_id: 'anna',
  event: 'sent',
  occurred_at: Date.parse('2025-06-01T10:00:00Z'),
  channel: 'Email',
})
const rows = (...events: EventRow[]): NaiveRows => ({ events, orders: [], webEvents: [] })
const sends = async (accountId: string) => Object.values((await readFacts(stores, accountId)).messages).reduce((sum, fact) => sum + (fact.sends ?? 0), 0) / 2
const states = async (accountId: string) =>
  (await stores.db.selectFrom('loads').select('state').where('account_id', '=', accountId).orderBy('id').execute()).map(({ state }) => state)

/** The server notices a closed connection a moment later. */
async function recoversTo(accountId: string, expected: string[]): Promise<void> {
  const recovered = async () => {
    await recoverLoads(stores)
    return await states(accountId)
  }
  await expect.poll(recovered).toEqual(expected)
}

test('a load is left alone while its process lives, here or elsewhere, and ended when it is gone', async () => {
  const account = await makeAccount(stores.db)
  const other = startChild(new URL('load-child.ts', import.meta.url), [url, account.id])
  expect(await other.said('')).toMatch(/^\d+$/)
  const own = await startLoad(stores.db, { accountId: account.id, source: 'import', label: 'own' })
  await loadRows(stores, account, rows(sent('m1')))
  await refreshFacts(stores, account.id)
  expect(await states(account.id)).toEqual(['running', 'running', 'done'])
  expect(await sends(account.id)).toBe(1)

  await other.end('SIGKILL')
  await recoversTo(account.id, ['failed', 'running', 'done'])
  expect(own.id).toBeGreaterThan(0)
})

test('refreshes asked for at once take turns, and more accounts than connections do not block each other', async () => {
  const accounts = await Promise.all(Array.from({ length: 12 }, () => makeAccount(stores.db)))
  for (const account of accounts) await loadRows(stores, account, rows(sent('m1'), sent('m2')))
  await Promise.all(accounts.flatMap((account) => [refreshFacts(stores, account.id), refreshFacts(stores, account.id)]))
  for (const account of accounts) {
    expect(await sends(account.id)).toBe(2)
    expect(await states(account.id)).toEqual(['done'])
  }
  const { rows: locks } = await sql<{ classid: number }>`SELECT classid::bigint AS classid FROM pg_locks WHERE locktype = 'advisory'`.execute(stores.db)
  // Only the load of the test before, which lives.
  expect(locks.length).toBe(1)
})

test('closing the store lets a load go that is not ended', async () => {
  const account = await makeAccount(stores.db)
  const other = await openOperational({ engine: 'postgres', url })
  await startLoad(other.db, { accountId: account.id, source: 'import', label: 'left behind' })
  await other.close()
  await recoversTo(account.id, ['failed'])
})

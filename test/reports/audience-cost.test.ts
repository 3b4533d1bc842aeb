/** What a count of an audience would read of a store with much in it: what the tree asks for, of the account alone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AudienceService, createAudience } from '../../src/domain/segments/index.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'

const now = new Date('2026-11-20T15:00:00Z')
const rows = 400_000
/** Rows are read in blocks. */
const block = 8192 * 3
let stores: TestStores
let audience: AudienceService

beforeAll(async () => {
  stores = await openTestStores(now)
  const account = await makeAccount(stores.db)
  audience = createAudience(stores)(principalOf(account, { scopes: new Set(['read:mcp', 'read:segments']) }))
  const run = (sql: string) => stores.analytics.command(sql, { account: account.id, rows, now: now.getTime() / 1000 })
  await run("INSERT INTO fact_generations SELECT {account:String}, 'messages', 'c', 1, NULL, NULL, now64(3)")
  await run(
    "INSERT INTO messages (account_id, campaign, generation, message, customer, sent) SELECT {account:String}, 'c', 1, reinterpretAsFixedString(sipHash128(number)) AS hash, hash, ({now:UInt32} - 1) * 1000 FROM numbers({rows:UInt64})",
  )
  // Over a year.
  await run(`INSERT INTO engagements (account_id, kind, at, campaign, generation, fact)
    SELECT {account:String}, 'opened', toDateTime(toUInt32({now:UInt32} - intDiv(number * 31536000, {rows:UInt64})), 'UTC'), 'c', 1, sipHash64('c', toUInt64(1)) FROM numbers({rows:UInt64})`)
  await run("INSERT INTO engagements (account_id, kind, at) SELECT 'another', 'opened', toDateTime(toUInt32(number), 'UTC') FROM numbers(10000000)")
}, 60_000)
afterAll(async () => await stores.close())

const cost = (tree: Record<string, unknown>) => audience.cost({ tree })
const opened = (within?: object) => ({ did: 'opened', ...(within ? { within } : {}) })

test('engagements count for the days asked for, messages whole, and a condition on customers alone reads neither', async () => {
  expect(await cost({ attribute: 'country', op: 'is', value: 'DE' })).toBeLessThanOrEqual(block)
  const month = await cost(opened({ days: 30 }))
  expect(month).toBeGreaterThan((rows * 30) / 366)
  expect(month).toBeLessThan((rows * 30) / 365 + block)
  const ever = await cost(opened())
  expect(ever).toBeGreaterThanOrEqual(rows)
  expect(ever).toBeLessThan(rows + block)
  for (const tree of [{ did: 'sent', within: { days: 30 } }, { did: 'delivered' }, opened({ messages: 5 })]) expect(await cost(tree)).toBeGreaterThanOrEqual(rows)
  expect(await cost({ all: [opened(), { did: 'sent' }] })).toBeGreaterThanOrEqual(2 * rows)
})

test('what cannot be counted is refused before it could become a job', async () => {
  await expect(cost({ attribute: 'contry', op: 'is', value: 'DE' })).rejects.toMatchObject({ code: 'unknown_value' })
})

/** Pages of a report while imports and refreshes go on: nothing twice, nothing lost, one state from the first page to the last. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refreshFacts } from '../../src/domain/facts/index.ts'
import type { Account } from '../../src/core/access.ts'
import type { Report } from '../../src/domain/reports/index.ts'
import type { EventRow } from '../fixtures/naive.ts'
import { loadRows } from '../properties/load.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'
import { reportsOf } from './tools.ts'

let stores: TestStores
let account: Account & { customerKey: Buffer }
beforeAll(async () => {
  stores = await openTestStores(new Date('2026-11-20T15:00:00Z'))
  account = await makeAccount(stores.db)
})
afterAll(async () => await stores.close())

let message = 0
/** Messages of one campaign, sent and some of them clicked. */
function messages(campaign: string, count: number): EventRow[] {
  return Array.from({ length: count }, (_, index) => {
    const sent = { message_id: `m${++message}`, campaign_id: campaign, customer_id: `p${index}`, channel: 'Email', occurred_at: Date.UTC(2026, 10, 3, 9) + message * 1000 }
    const click = { ...sent, event: 'clicked', occurred_at: sent.occurred_at + 60_000 }
    return [{ ...sent, event: 'sent' }, ...(index % 2 ? [] : [click])] as unknown as EventRow[]
  }).flat()
}

async function load(events: EventRow[]): Promise<void> {
  await loadRows(stores, account, { events, orders: [], webEvents: [] })
  await refreshFacts(stores, account.id)
}

test('every page is of the first one’s state, whatever is loaded in between', async () => {
  const campaigns = Array.from({ length: 23 }, (_, index) => `c${index}`)
  await load(campaigns.flatMap((campaign, index) => messages(campaign, 40 - index)))
  const { campaigns: report } = reportsOf(stores, account)
  const asked = { startDate: '2026-11-01', endDate: '2026-11-19', metrics: ['sends', 'clicks', 'clickRate'] }
  const whole = await report({ ...asked, limit: 200 })
  expect(whole.rows).toHaveLength(23)

  const pages: Report[] = []
  let cursor: string | null = null
  do {
    const page: Report = await report({ ...asked, limit: 5, ...(cursor ? { cursor } : {}) })
    pages.push(page)
    cursor = page.nextCursor
    // What was last comes first, what was shown gets more, and something new appears before both.
    const round = pages.length
    await load([...messages(`c${23 - round}`, 60 + round), ...messages('c1', 3), ...messages(`new${round}`, 200)])
  } while (cursor)
  expect(pages.flatMap(({ rows }) => rows)).toEqual(whole.rows)
  for (const page of pages) {
    expect(page.summary).toEqual(whole.summary)
    expect(page.passport).toEqual(whole.passport)
    expect(page.coverage.of).toBe(23)
    expect(page.cautions.join()).not.toContain('The data changed')
  }

  const now = await report({ ...asked, limit: 200 })
  expect(now.rows).toHaveLength(28)
  expect(now.passport.dataVersion).toBeGreaterThan(whole.passport.dataVersion)
})

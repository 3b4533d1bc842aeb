/** A change of settings: reports follow the rules their figures were counted by, say so, and follow the new ones once counted anew. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { updateAccount, updateSettings } from '../../src/domain/accounts/index.ts'
import { recount, recoverLoads, refreshFacts } from '../../src/domain/facts/index.ts'
import { createServices } from '../../src/domain/index.ts'
import { campaignReportInput } from '../../src/domain/reports/index.ts'
import type { EventRow, OrderRow } from '../fixtures/naive.ts'
import { loadRows } from '../properties/load.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'

let stores: TestStores
beforeAll(async () => {
  stores = await openTestStores(new Date('2026-06-30T12:00:00Z'))
})
afterAll(() => stores?.close())

const day = 86_400_000
const sentAt = Date.parse('2026-06-01T09:00:00Z')
const touch = { message_id: 'm', campaign_id: 'june', customer_id: 'c', channel: 'Email' }
const events: EventRow[] = [
  { ...touch, event: 'sent', occurred_at: sentAt },
  { ...touch, event: 'clicked', occurred_at: sentAt + 60_000 },
]
// Three days after the click: inside the default window of five days, outside one of two.
const orders: OrderRow[] = [{ order_id: 'o', customer_id: 'c', placed_at: sentAt + 3 * day, status: 'paid', amount: '20', currency: 'EUR' }]

async function loaded() {
  const account = await makeAccount(stores.db)
  await loadRows(stores, account, { events, orders, webEvents: [] })
  await refreshFacts(stores, account.id)
  const report = async (as: Account = account) => {
    const answer = await createServices(stores)(principalOf(as)).reports.campaigns(
      campaignReportInput.parse({ startDate: '2026-06-01', endDate: '2026-06-30', metrics: ['orders'] }),
      new AbortController().signal,
    )
    return { orders: answer.summary.orders, attribution: answer.passport.attribution, changed: answer.cautions.some((caution) => caution.includes('settings were changed')) }
  }
  return { account, report }
}
const before = { orders: 1, attribution: 'named message or campaign, else last click within 5 days', changed: false }
const after = { orders: 0, attribution: 'named message or campaign, else last click within 2 days', changed: false }

test('figures, their rule and the caution change together', async () => {
  const { account, report } = await loaded()
  expect(await report()).toEqual(before)
  await updateSettings(stores.db, account.id, { attribution: { windowDays: 2 } })
  expect(await report()).toEqual({ ...before, changed: true })
  expect(await recount(stores, account.id, 'Settings changed: attribution')).toMatchObject({ campaigns: 1 })
  expect(await report()).toEqual(after)
  const loads = await stores.db.selectFrom('loads').select(['source', 'label', 'state']).where('account_id', '=', account.id).orderBy('id').execute()
  expect(loads.at(-1)).toEqual({ source: 'settings', label: 'Settings changed: attribution', state: 'done' })
})

test('another time zone is said too, until its days are counted', async () => {
  const { account, report } = await loaded()
  const inLisbon = { ...account, timeZone: 'Europe/Lisbon' }
  await stores.db.transaction().execute((transaction) => updateAccount(transaction, account.id, { timeZone: inLisbon.timeZone }))
  expect(await report(inLisbon)).toEqual({ ...before, changed: true })
  await recount(stores, account.id, 'Settings changed: timeZone')
  expect(await report(inLisbon)).toEqual(before)
})

test('a change that no figure follows counts nothing', async () => {
  const { account, report } = await loaded()
  await updateSettings(stores.db, account.id, { privacyFloor: 20 })
  expect(await recount(stores, account.id, 'Settings changed: privacyFloor')).toBeUndefined()
  expect(await report()).toEqual(before)
})

test('a process that ends between the change and the count is made good at the next start', async () => {
  const { account, report } = await loaded()
  await updateSettings(stores.db, account.id, { attribution: { windowDays: 2 } })
  await recoverLoads(stores)
  expect(await report()).toEqual(after)
})

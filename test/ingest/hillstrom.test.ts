/** Hillstrom's e-mail challenge through its mapping: the published figures, from the facts and from campaign_report. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { currentFacts, factsSnapshot } from '../../src/domain/facts/index.ts'
import { createServices } from '../../src/domain/index.ts'
import { campaignReportInput } from '../../src/domain/reports/index.ts'
import type { ImportResult } from '../../src/ingest/index.ts'
import { openWorkshop, realData, root, totals, type Workshop } from './support.ts'
import { principalOf } from '../stores.ts'

const file = realData('hillstrom/hillstrom.csv.gz')

describe.runIf(file)('Hillstrom', () => {
  let workshop: Workshop
  let account: Account
  let result: ImportResult
  beforeAll(async () => {
    workshop = await openWorkshop()
    account = await workshop.account({ currency: 'USD', timeZone: 'America/New_York' })
    result = await workshop.import(account, [file ?? ''], { mapping: join(root, 'examples/hillstrom.yaml') })
  })
  afterAll(() => workshop?.close())

  it('is read whole: equal rows are different customers', () => {
    expect(result.files[0]).toMatchObject({ read: 64_000, rejected: {}, rejectedFile: undefined, newCampaigns: [], accepted: { events: 92_438, web_events: 9_394, orders: 578 } })
    expect(result).toMatchObject({ rejected: 0, campaigns: 2 })
  })

  it('gives the published figures from the facts', async () => {
    expect(await totals(workshop.stores, account.id)).toEqual([
      { campaign: 'mens-email', sends: 21_307, clicks: 3_894, held_out: 21_306 },
      { campaign: 'womens-email', sends: 21_387, clicks: 3_238, held_out: 21_306 },
    ])
    const { snapshot } = await factsSnapshot(workshop.stores.analytics, account.id)
    expect(
      await workshop.stores.analytics.query(
        `SELECT campaign, sum(orders) AS orders, toString(sum(revenue)) AS revenue FROM order_facts WHERE account_id = {account:String} AND basis = 'event' AND ${currentFacts('orders')} GROUP BY campaign ORDER BY campaign`,
        { account: account.id, snapshot },
      ),
    ).toEqual([
      { campaign: '', orders: 122, revenue: '13908.33' },
      { campaign: 'mens-email', orders: 267, revenue: '30311.69' },
      { campaign: 'womens-email', orders: 189, revenue: '23038.11' },
    ])
  })

  it('gives them, and the uplift, from campaign_report', async () => {
    const services = createServices(workshop.stores)(principalOf(account))
    const report = await services.reports.campaigns(
      campaignReportInput.parse({ startDate: '2008-03-01', endDate: '2008-03-31', mode: 'full', metrics: ['sends', 'clicks', 'orders', 'revenue'] }),
      new AbortController().signal,
    )
    const rows = report.rows.map((row) => Object.fromEntries(report.columns.map((column, index) => [column, row[index]])))
    expect(rows.map(({ id, ...figures }) => figures)).toEqual([
      { campaign: 'Womens E-Mail', sends: 21_387, clicks: 3_238, orders: 189, revenue: '23038.11' },
      { campaign: 'Mens E-Mail', sends: 21_307, clicks: 3_894, orders: 267, revenue: '30311.69' },
    ])
    const uplift = Object.fromEntries((report.uplift ?? []).map((row) => [row.campaign, row]))
    expect(uplift['Mens E-Mail']).toMatchObject({
      treated: 21_307,
      heldOut: 21_306,
      visits: { heldOut: [0.106167, 2_262, 21_306], uplift: 0.07659 },
      orders: { heldOut: [0.005726, 122, 21_306], uplift: 0.006805 },
      revenuePerCustomer: { heldOut: ['0.652789', '13908.33', 21_306] },
    })
    expect(uplift['Womens E-Mail']).toMatchObject({ treated: 21_387, visits: { uplift: 0.045233 }, orders: { uplift: 0.003111 } })
  })

  it('changes nothing when it is imported again', async () => {
    const before = await totals(workshop.stores, account.id)
    await workshop.import(account, [file ?? ''], { mapping: join(root, 'examples/hillstrom.yaml') })
    expect(await totals(workshop.stores, account.id)).toEqual(before)
  })
})

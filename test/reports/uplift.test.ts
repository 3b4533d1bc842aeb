/** Uplift stands in every report whose selection has control groups, in few words unless it is asked for. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countTokens } from '../../src/catalog/tokens.ts'
import type { Account } from '../../src/core/access.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { idOf, putEntities, putFacts, type UpliftFact } from './fixture.ts'
import { callTool } from '../call.ts'
import { reportsOf, type ReportToolName } from './tools.ts'

let stores: TestStores
let account: Account
let reports: ReturnType<typeof reportsOf>
const day = '2026-11-01'
/** Five controlled campaigns, of which `tiny` has too few people to tell; `plain` has none held out, `one-arm` nobody treated. */
const sizes: Record<string, [number, number]> = { big: [20_000, 5000], wide: [9000, 4000], mid: [4000, 2000], small: [900, 400], tiny: [50, 5] }

function arms(campaign: string, [treated, heldOut]: [number, number]): UpliftFact[] {
  const arm = (name: 'treated' | 'held_out', customers: number, rate: number): UpliftFact => {
    const orderers = Math.round(customers * rate)
    return { campaign, day, arm: name, customers, visitors: orderers * 3, orderers, revenue: `${orderers * 20}`, revenue_squares: orderers * 400 }
  }
  return [arm('treated', treated, 0.03), arm('held_out', heldOut, 0.02)]
}

beforeAll(async () => {
  stores = await openTestStores(new Date('2026-11-20T15:00:00Z'))
  account = await makeAccount(stores.db)
  await putEntities(stores, account, [
    { type: 'brand', key: 'acme' },
    { type: 'flow', key: 'welcome', brand: 'acme' },
    { type: 'campaign', key: 'plain', channel: 'Email' },
    { type: 'campaign', key: 'one-arm', channel: 'Email' },
    ...Object.keys(sizes).map((key) => ({
      type: 'campaign' as const,
      key,
      name: `Campaign ${key}`,
      channel: 'Email',
      tags: ['a', 'b'],
      ...(key === 'mid' ? { flow: 'welcome', brand: 'acme' } : {}),
    })),
  ])
  await putFacts(stores, account, 1, {
    messages: [
      { campaign: 'plain', day, sends: 100_000, deliveries: 100_000, opens: 20_000 },
      { campaign: 'one-arm', day, held_out: 300 },
      ...Object.entries(sizes).map(([campaign, [treated, heldOut]]) => ({ campaign, day, sends: treated, deliveries: treated, held_out: heldOut })),
    ],
    uplift: [...Object.entries(sizes).flatMap(([campaign, size]) => arms(campaign, size)), ...arms('one-arm', [0, 300]).slice(1)],
  })
  reports = reportsOf(stores, account)
})
afterAll(async () => await stores.close())

const named = (rows: readonly { campaign: string }[] | undefined) => (rows ?? []).map(({ campaign }) => campaign.replace('Campaign ', ''))

it('is given in an overview for the largest control groups: sizes, difference, interval and p-value, the rest counted', async () => {
  const report = await reports.campaigns({ limit: 1 })
  expect(named(report.uplift)).toEqual(['big', 'wide', 'mid'])
  // (600/20,000 − 100/5,000) with the unpooled interval and the pooled p-value, by hand.
  const error = Math.sqrt((0.03 * 0.97) / 20_000 + (0.02 * 0.98) / 5000)
  const { orders, ...row } = report.uplift?.[0] ?? {}
  expect(row).toMatchObject({ id: idOf(account, 'campaign', 'big'), treated: 20_000, heldOut: 5000, revenuePerCustomer: { uplift: 0.2 } })
  expect(orders).toEqual({
    uplift: 0.01,
    low: expect.closeTo(0.01 - 1.959964 * error, 6) as number,
    high: expect.closeTo(0.01 + 1.959964 * error, 6) as number,
    p: expect.any(Number) as number,
  })
  expect(report.cautions).toContain('Uplift of 3 more campaigns with a control group is not listed: campaign_report with metrics uplift gives it.')
  // Later pages have said it.
  expect((await reports.campaigns({ limit: 1, cursor: report.nextCursor })).uplift).toBeUndefined()
})

it('is the same in every report of the same campaigns, whatever the rows', async () => {
  const { uplift } = await reports.campaigns()
  for (const groupBy of ['brand', 'folder', 'channel', 'tag']) expect((await reports.campaigns({ groupBy })).uplift).toEqual(uplift)
  expect((await reports.channels()).uplift).toEqual(uplift)
  expect((await reports.overview()).uplift).toEqual(uplift)
  expect(named((await reports.flows()).uplift)).toEqual(['mid'])
  expect(named((await reports.channels({ brands: ['acme'] })).uplift)).toEqual(['mid'])
  expect((await reports.channels({ nameContains: 'plain' })).uplift).toBeUndefined()
  expect((await reports.campaigns({ endDate: '2026-10-31' })).uplift).toBeUndefined()
})

it('has all figures of both arms where it is asked for, small groups without theirs', async () => {
  const asked = await reports.campaigns({ metrics: ['uplift'] })
  expect(named(asked.uplift).sort()).toEqual(Object.keys(sizes).sort())
  expect(asked.uplift?.find(({ campaign }) => campaign.endsWith('mid'))?.orders).toMatchObject({ treated: [0.03, 120, 4000], heldOut: [0.02, 40, 2000], uplift: 0.01 })
  expect(asked.uplift?.find(({ campaign }) => campaign.endsWith('tiny'))).toMatchObject({
    treated: 50,
    heldOut: 'fewer than 10',
    visits: null,
    orders: null,
    revenuePerCustomer: null,
  })
  const overview = await reports.channels({ metrics: ['deliveries', 'uplift'] })
  expect(named(overview.uplift)).toEqual(['big', 'wide', 'mid', 'small', 'tiny'])
  expect(overview.uplift?.[2]?.orders?.treated).toEqual([0.03, 120, 4000])
  expect(overview.cautions.join()).toContain('Uplift of 1 more campaign with')
})

it('shows a restricted member only the control groups of what they may see', async () => {
  const limited = reportsOf(stores, account, principalOf(account, { brands: [idOf(account, 'brand', 'acme')] }))
  for (const report of [await limited.campaigns(), await limited.overview(), await limited.channels(), await limited.flows()]) {
    expect(named(report.uplift)).toEqual(['mid'])
    expect(report.cautions.join()).not.toContain('with a control group is not listed')
  }
})

it('keeps the usual answers small, and says in the text what it says in the structure', async () => {
  for (const name of ['campaign_report', 'flow_report', 'channel_report', 'account_overview'] satisfies ReportToolName[]) {
    const { structured, text } = await callTool(stores, principalOf(account), name, {})
    expect(Math.max(await countTokens(JSON.stringify(structured)), await countTokens(text)), name).toBeLessThanOrEqual(1500)
    expect(text).toContain(`Campaign mid: 4000 treated, 2000 held out;`)
    expect(text).toContain('orders +1 points (')
  }
})

/** channel_report: a row for each channel in use, the same messages as account_overview, and what a channel cannot report is null. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { idOf, putEntities, putFacts } from './fixture.ts'
import { cell, reportsOf } from './tools.ts'

let stores: TestStores
let account: Account
let reports: ReturnType<typeof reportsOf>

beforeAll(async () => {
  stores = await openTestStores(new Date('2026-11-20T15:00:00Z'))
  account = await makeAccount(stores.db)
  await putEntities(stores, account, [
    { type: 'brand', key: 'acme' },
    { type: 'brand', key: 'bolt' },
    { type: 'flow', key: 'welcome' },
    { type: 'campaign', key: 'mail', channel: 'Email', brand: 'acme', tags: ['sale', 'vip'] },
    { type: 'campaign', key: 'step', channel: 'Email', flow: 'welcome', brand: 'acme' },
    { type: 'campaign', key: 'text', channel: 'SMS', brand: 'bolt' },
    { type: 'campaign', key: 'push', channel: 'WebPush', brand: 'bolt' },
    { type: 'campaign', key: 'mixed', brand: 'bolt' },
  ])
  await putFacts(stores, account, 1, {
    messages: [
      { campaign: 'mail', day: '2026-11-01', sends: 3000, deliveries: 3000, opens: 900, clicks: 90 },
      { campaign: 'step', day: '2026-11-02', sends: 1000, deliveries: 1000, opens: 300, clicks: 30 },
      { campaign: 'text', day: '2026-11-02', channel: 'SMS', sends: 4000, deliveries: 4000, clicks: 80 },
      { campaign: 'mixed', day: '2026-11-03', sends: 1000, deliveries: 1000, opens: 100 },
      { campaign: 'mixed', day: '2026-11-03', channel: 'SMS', sends: 1000, deliveries: 1000 },
      { campaign: 'mixed', day: '2026-10-20', channel: 'Viber', sends: 500, deliveries: 500 },
    ],
    orders: [
      { campaign: 'mail', day: '2026-11-02', orders: 60, revenue: '750.5' },
      { campaign: 'text', day: '2026-11-03', channel: 'SMS', orders: 20, revenue: '249.5' },
    ],
  })
  reports = reportsOf(stores, account)
})
afterAll(async () => await stores.close())

const november = { startDate: '2026-11-01', endDate: '2026-11-20' }

it('has a row for each channel in use, with its share, largest first', async () => {
  const report = await reports.channels(november)
  expect(report.columns).toEqual(['channel', 'deliveries', 'deliveries.share', 'openRate', 'clickRate', 'orders', 'orders.share', 'revenue', 'revenue.share'])
  expect(report.rows).toEqual([
    ['Email', 5000, 0.5, [0.26, 1300], [0.024, 120], 60, 0.75, '750.5', 0.7505],
    ['SMS', 5000, 0.5, null, [0.016, 80], 20, 0.25, '249.5', 0.2495],
    ['WebPush', 0, 0, null, [null, 0], 0, 0, '0', 0],
  ])
  expect(report.reportable).toEqual({ Email: 'opens, clicks, unsubscribes, complaints, bounces', SMS: 'clicks, unsubscribes, bounces', WebPush: 'clicks, bounces' })
  const text = await reports.text('channel_report', november)
  expect(text).toContain('| SMS | 5000 | 50% | - | 1.6% (80) | 20 | 25% | 249.5 | 24.95% |')
  expect(text).toContain('SMS clicks, unsubscribes, bounces')
})

it('counts campaigns and flows together, each message once: the totals of account_overview', async () => {
  const report = await reports.channels()
  expect(report.summary).toEqual((await reports.overview()).summary)
  expect(report.cautions).toContain('Campaigns and flows together, each message once: never add campaign_report or flow_report to it.')
  for (const [index, name] of report.columns.entries()) {
    if (!['deliveries', 'orders'].includes(name)) continue
    expect(report.rows.reduce((sum, row) => sum + Number(row[index]), 0)).toBe(report.summary[name])
  }
  expect((await reports.channels({ ...november, activationType: 'automatic' })).summary.deliveries).toBe(1000)
})

it('takes the filters of the other reports, and refuses what they refuse', async () => {
  expect((await reports.channels({ ...november, tags: ['vip'] })).rows.map((row) => row.slice(0, 3))).toEqual([['Email', 3000, 1]])
  expect((await reports.channels({ ...november, channels: ['sms'] })).rows.map((row) => row.slice(0, 3))).toEqual([['SMS', 5000, 1]])
  expect((await reports.channels({ ...november, brands: ['bolt'], campaignIds: ['mail'] })).rows).toEqual([])
  expect(await reports.refusal('channel_report', { channels: ['WhatsApp'] })).toMatchObject({ code: 'unknown_value', details: { allowed: ['Email', 'SMS', 'Viber', 'WebPush'] } })
  expect(await reports.refusal('channel_report', { brands: ['Acne'] })).toMatchObject({ code: 'unknown_value', details: { nearest: ['acme'] } })
})

it('compares and has a timeline; a channel that was used only before has its row', async () => {
  const report = await reports.channels({ ...november, mode: 'detailed', compareTo: 'previousPeriod', timeline: 'week' })
  expect(report.rows.map(([name]) => name)).toEqual(
    ['SMS', 'Email', 'Viber', 'WebPush'].sort((a, b) => Number(cell(report, b, 'sends')) - Number(cell(report, a, 'sends')) || (a < b ? -1 : 1)),
  )
  expect([cell(report, 'Viber', 'sends'), cell(report, 'Viber', 'sends.previous'), cell(report, 'Viber', 'sends.change')]).toEqual([0, 500, -1])
  expect(report.comparison?.sends).toMatchObject({ previous: 500, delta: 9500 })
  expect(report.timeline?.rows.length).toBe(4)
})

it('gives shares in other reports where they are asked for, the rest row included', async () => {
  const report = await reports.campaigns({ ...november, metrics: ['deliveries', 'share', 'openRate'], limit: 1 })
  expect(report.columns).toEqual(['id', 'campaign', 'deliveries', 'deliveries.share', 'openRate'])
  expect([report.rows[0]?.[3], report.other?.[3]]).toEqual([0.4, 0.6])
})

it('shows a restricted member the channels of what they may see, and an empty account none', async () => {
  const limited = reportsOf(stores, account, principalOf(account, { brands: [idOf(account, 'brand', 'acme')] }))
  const report = await limited.channels(november)
  expect(report.rows.map((row) => row.slice(0, 3))).toEqual([['Email', 4000, 1]])
  expect(report.cautions).toContain('Covers only the brands you may see.')
  const empty = await reportsOf(stores, await makeAccount(stores.db)).channels()
  expect(empty.rows).toEqual([])
  expect(empty.cautions.join()).toContain('No events or orders have been imported')
})

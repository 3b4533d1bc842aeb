/** The fourteen ways a report misleads (reports.md), each shown not to happen here, on real stores. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { makeAccount, openTestStores, principalOf, type TestStores } from '../stores.ts'
import { idOf, putEntities, putFacts } from './fixture.ts'
import { cell, reportsOf } from './tools.ts'

let stores: TestStores
let account: Account
let reports: ReturnType<typeof reportsOf>
const cmp = (key: string) => idOf(account, 'campaign', key)

beforeAll(async () => {
  stores = await openTestStores(new Date('2026-11-20T15:00:00Z'))
  account = await makeAccount(stores.db, {
    settings: {
      goals: [
        { name: 'Orders', statuses: ['placed', 'paid', 'delivered'] },
        { name: 'Paid by e-mail', statuses: ['paid'], channels: ['Email'] },
      ],
    },
  })
  await putEntities(stores, account, [
    { type: 'brand', key: 'acme', name: 'Acme' },
    { type: 'brand', key: 'bolt', name: 'Bolt' },
    { type: 'folder', key: 'spring', name: 'Spring' },
    { type: 'flow', key: 'welcome', name: 'Welcome flow', startsAt: '2026-10-01T00:00:00Z', brand: 'acme' },
    { type: 'flow', key: 'idle', name: 'Idle flow', status: 'paused' },
    { type: 'campaign', key: 'mail', name: 'Spring mail', channel: 'Email', brand: 'acme', folder: 'spring', tags: ['sale', 'vip'] },
    { type: 'campaign', key: 'text', name: 'Spring text', channel: 'SMS', brand: 'bolt', tags: ['sale'] },
    { type: 'campaign', key: 'push', name: 'Push', channel: 'MobilePush', brand: 'bolt' },
    { type: 'campaign', key: 'step', name: 'Welcome 1', channel: 'Email', flow: 'welcome', brand: 'acme' },
    { type: 'campaign', key: 'quiet', name: 'Never sent', channel: 'Email', brand: 'acme' },
    { type: 'campaign', key: 'long', name: `${'A very long name '.repeat(10)}one`, channel: 'Email' },
    { type: 'campaign', key: 'draft', name: 'Only a draft', status: 'draft', channel: 'Email' },
  ])
  await putFacts(stores, account, 1, {
    messages: [
      { campaign: 'mail', day: '2026-11-01', sends: 4000, deliveries: 3900, explicit_deliveries: 3900, opens: 1000, clicks: 130, hard_bounces: 100 },
      { campaign: 'mail', day: '2026-08-01', sends: 2000, deliveries: 1950, opens: 400, clicks: 39 },
      { campaign: 'text', day: '2026-11-02', channel: 'SMS', sends: 1500, deliveries: 1400, clicks: 70, failures: 100 },
      { campaign: 'push', day: '2026-11-18', channel: 'MobilePush', sends: 500, deliveries: 500, opens: 50, clicks: 5 },
      { campaign: 'step', day: '2026-11-03', sends: 800, deliveries: 800, opens: 300, clicks: 80 },
      { campaign: 'long', day: '2026-11-04', sends: 10, deliveries: 10, opens: 1 },
    ],
    orders: [
      { campaign: 'mail', day: '2026-11-02', orders: 60, revenue: '1234.56' },
      { campaign: 'mail', day: '2026-11-02', orders: 2, revenue: '99.5', currency: 'USD' },
      { campaign: 'mail', day: '2026-11-02', orders: 5, revenue: '500', status: 'refunded' },
      { campaign: 'text', day: '2026-11-03', channel: 'SMS', orders: 3, revenue: '30' },
      { campaign: 'step', day: '2026-11-04', orders: 10, revenue: '100.1' },
      { campaign: '', day: '2026-11-05', orders: 25, revenue: '750' },
    ],
  })
  reports = reportsOf(stores, account)
})
afterAll(async () => await stores.close())

describe('the fourteen traps', () => {
  it('1: campaigns and flows overlap, say so, and have a common total in which each message counts once', async () => {
    const campaigns = await reports.campaigns()
    const flows = await reports.flows()
    const overview = await reports.overview({ timeBasis: 'event' })
    expect(campaigns.cautions.join()).toContain('never add flow_report')
    expect(flows.cautions.join()).toContain('never add the two; account_overview has the total')
    expect(overview.summary.deliveries).toBe(6610)
    expect(campaigns.summary.deliveries).toBe(6610)
    expect(flows.summary.deliveries).toBe(800)
    expect((await reports.channels()).summary).toEqual(overview.summary)
    expect((await reports.channels()).cautions.join()).toContain('never add campaign_report or flow_report to it')
    // Manual campaigns and flows share nothing, so these two do add up.
    expect(overview.parts.map((part) => part[1])).toEqual([5810, 800])
    expect((await reports.campaigns({ activationType: 'manual' })).summary.deliveries).toBe(5810)
    expect((await reports.campaigns({ activationType: 'manual' })).cautions.join()).not.toContain('flow_report')
    expect((await reports.campaigns({ activationType: 'automatic' })).summary).toEqual(flows.summary)
    // All orders of the goal: 60 + 2 in USD + 3 + 10 attributed, 25 not; the refunded 5 have left.
    expect(overview.account).toMatchObject({
      orders: 100,
      attributedOrders: [0.75, 75, 100],
      revenue: '2114.66',
      attributedRevenue: [0.645333, '1364.66', '2114.66'],
      unattributedOrders: 25,
      USD: [2, '99.5', 2, '99.5'],
    })
  })

  it('2: a cut list says how much it shows, sums up the rest and goes on where it stopped', async () => {
    const first = await reports.campaigns({ limit: 2 })
    expect(first.coverage).toEqual({ from: 1, shown: 2, of: 5 })
    expect(first.rows.map((row) => row[1])).toEqual(['Spring mail', 'Spring text'])
    expect(first.other?.slice(0, 3)).toEqual(['other', '3 not on this page', 1310])
    const second = await reports.campaigns({ limit: 2, cursor: first.nextCursor })
    const third = await reports.campaigns({ limit: 2, cursor: second.nextCursor })
    expect([first, second, third].flatMap(({ rows }) => rows)).toEqual((await reports.campaigns()).rows)
    expect(third.nextCursor).toBeNull()
    expect(await reports.text('campaign_report', { limit: 2 })).toContain('2 of 5 shown, next cursor: ')
    expect((await reports.refusal('campaign_report', { limit: 2, cursor: first.nextCursor, groupBy: 'brand' })).code).toBe('invalid_cursor')
  })

  it('3: what had no activity is listed, not missing; drafts only when asked for', async () => {
    expect((await reports.campaigns()).noActivity).toEqual({ count: 1, ids: [cmp('quiet')] })
    expect((await reports.flows()).noActivity).toEqual({ count: 1, ids: [idOf(account, 'flow', 'idle')] })
    expect((await reports.campaigns({ campaignIds: ['mail', 'draft'] })).noActivity).toEqual({ count: 1, ids: [cmp('draft')] })
    expect((await reports.campaigns({ groupBy: 'brand', brands: ['Bolt'], endDate: '2026-10-01' })).noActivity).toEqual({ count: 1, ids: [idOf(account, 'brand', 'bolt')] })
  })

  it('4: every rate is rebuilt exactly from the numerator and denominator shown with it', async () => {
    for (const mode of ['overview', 'detailed', 'full'] as const) {
      const report = await reports.campaigns({ mode, compareTo: 'previousPeriod' })
      // In rows, a denominator that is left out is the row's deliveries.
      const deliveriesAt = report.columns.indexOf('deliveries')
      const ratios = [
        ...[...report.rows, report.other ?? []].map((row) => ({ cells: row, deliveries: row[deliveriesAt] })),
        { cells: Object.values(report.summary), deliveries: undefined },
      ].flatMap(({ cells, deliveries }) => cells.flatMap((value) => (Array.isArray(value) && value[0] !== 'USD' ? [[value[0], value[1], value[2] ?? deliveries] as const] : [])))
      expect(ratios.length).toBeGreaterThan(10)
      for (const [value, numerator, denominator] of ratios) {
        if (denominator === 0) expect(value).toBeNull()
        else if (typeof numerator === 'string') expect(Number(value)).toBeCloseTo(Number(numerator) / Number(denominator), 5)
        else expect(value).toBe(Number((Number(numerator) / Number(denominator)).toFixed(6)))
      }
    }
    expect((await reports.campaigns({ mode: 'detailed' })).summary.clickRate).toEqual([0.043116, 285, 6610, 0.038479, 0.048284])
  })

  it('5: what a channel cannot report is null, never 0, and stays out of the ratios of totals', async () => {
    const report = await reports.campaigns({ metrics: ['opens', 'openRate', 'spamRate', 'clickRate'] })
    expect(cell(report, cmp('text'), 'opens')).toBeNull()
    expect(cell(report, cmp('text'), 'openRate')).toBeNull()
    expect(cell(report, cmp('text'), 'clickRate')).toEqual([0.05, 70, 1400])
    expect(cell(report, cmp('mail'), 'spamRate')).toEqual([0, 0, 3900])
    expect(report.summary.openRate).toEqual([0.259309, 1351, 5210])
    const sms = await reports.campaigns({ channels: ['SMS'] })
    expect(sms.summary.openRate).toBeNull()
    const channels = await reports.channels({ metrics: ['opens', 'openRate', 'spamRate'] })
    expect(channels.rows.find(([name]) => name === 'SMS')).toEqual(['SMS', null, null, null, null])
    expect(channels.rows.find(([name]) => name === 'MobilePush')).toEqual(['MobilePush', 50, 0.03701, [0.1, 50, 500], null])
    expect(sms.cautions.join()).toContain('openRate: null, these channels do not report it')
    const other = await makeAccount(stores.db)
    await putEntities(stores, other, [{ type: 'campaign', key: 'only', channel: 'Email' }])
    await putFacts(stores, other, 1, { messages: [{ campaign: 'only', day: '2026-11-01', sends: 5, deliveries: 5 }] })
    const withoutOrders = await reportsOf(stores, other).campaigns()
    expect(withoutOrders.summary).toMatchObject({ orders: null, revenue: null, deliveries: 5 })
    expect(withoutOrders.cautions.join()).toContain('orders and revenue are unknown, not 0')
  })

  it('6: an unknown goal is an error that names the goals; another case is understood', async () => {
    const refusal = await reports.refusal('campaign_report', { goal: 'Order' })
    expect(refusal).toMatchObject({ code: 'unknown_value', details: { nearest: ['Orders'], allowed: ['Orders', 'Paid by e-mail'] } })
    expect((await reports.campaigns({ goal: 'orders' })).passport.goal).toBe('Orders: placed, paid, delivered')
    const byMail = await reports.campaigns({ goal: 'paid BY e-mail', metrics: ['orders', 'conversionRate'] })
    expect(byMail.passport.goal).toBe('Paid by e-mail: paid (Email only)')
    expect(cell(byMail, cmp('text'), 'orders')).toBeNull()
    expect(byMail.summary).toEqual({ orders: 72, conversionRate: [0.015287, 72, 4710] })
  })

  it('7: an unknown channel, or one the account does not use, is an error; another case is understood and said', async () => {
    const wrong = await reports.campaigns({ channels: ['sms', 'EMAIL'] })
    expect(wrong.passport.filters).toEqual({ channels: ['SMS', 'Email'] })
    expect(wrong.summary.deliveries).toBe(6110)
    expect(await reports.refusal('campaign_report', { channels: ['Emial'] })).toMatchObject({ code: 'unknown_value', details: { argument: 'channels[0]', nearest: ['Email'] } })
    // In use, but on other days, by a campaign that does not name its channel.
    const observed = await makeAccount(stores.db)
    await putEntities(stores, observed, [{ type: 'campaign', key: 'seen' }])
    await putFacts(stores, observed, 1, { messages: [{ campaign: 'seen', day: '2025-01-01', channel: 'Viber', sends: 5, deliveries: 5 }] })
    expect((await reportsOf(stores, observed).campaigns({ channels: ['viber'] })).summary.deliveries).toBe(0)
    expect(await reports.refusal('campaign_report', { channels: ['Viber'] })).toMatchObject({ code: 'unknown_value', details: { allowed: ['Email', 'MobilePush', 'SMS'] } })
  })

  it('8: a clipped name says that it is clipped, and its id stands beside it', async () => {
    const report = await reports.campaigns({ campaignIds: ['long'] })
    expect(report.rows[0]?.[0]).toBe(cmp('long'))
    expect(String(report.rows[0]?.[1])).toMatch(/^A very long name .*…$/)
    expect(String(report.rows[0]?.[1])).toHaveLength(80)
  })

  it('9: an answer says how new its data is, and which days are still settling', async () => {
    const { passport } = await reports.campaigns()
    // The newest fact is of 12:00 on 18 November in Berlin: five days before is the 13th, which is not over.
    expect(passport).toMatchObject({ dataAsOf: '2026-11-18T11:00:00Z', dataVersion: 1, attributionSettledThrough: '2026-11-12', stillSettlingFrom: '2026-11-13' })
    expect((await reports.campaigns()).cautions.join()).toContain('The newest data is of 2026-11-18')
    expect((await reports.campaigns({ endDate: '2026-11-12' })).passport.stillSettlingFrom).toBeNull()
    expect((await reports.campaigns({ endDate: '2026-11-13' })).passport.stillSettlingFrom).toBe('2026-11-13')
    for (const other of [await reports.channels(), await reports.health()])
      expect(other.passport).toMatchObject({ dataAsOf: '2026-11-18T11:00:00Z', dataVersion: 1, stillSettlingFrom: '2026-11-13' })
  })

  it('10: the window is the one asked for, inclusive at both ends, and stated', async () => {
    const day = await reports.campaigns({ startDate: '2026-11-01', endDate: '2026-11-01' })
    expect(day.summary.deliveries).toBe(3900)
    expect(day.passport).toMatchObject({ startDate: '2026-11-01', endDate: '2026-11-01', timeZone: 'Europe/Berlin' })
    const future = await reports.campaigns({ startDate: '2026-11-18', endDate: '2026-12-31' })
    expect(future.passport.endDate).toBe('2026-12-31')
    expect(future.cautions.join()).toContain('later days of the period are still empty')
    const compared = await reports.campaigns({ startDate: '2026-11-01', endDate: '2026-11-20', compareTo: 'previousPeriod' })
    expect(compared.comparison).toMatchObject({ startDate: '2026-10-12', endDate: '2026-10-31' })
    const before = await reports.campaigns({ startDate: '2026-08-23', endDate: '2026-11-20', compareTo: 'previousPeriod', metrics: ['deliveries', 'openRate'] })
    expect(before.comparison).toMatchObject({
      deliveries: { previous: 1950, delta: 4660, change: 2.389744 },
      openRate: { previous: [0.205128, 400, 1950], delta: 0.054181, change: 0.264133 },
    })
  })

  it('11: one word is one population: all tools and every grouping give the same totals', async () => {
    const overview = await reports.overview()
    const period = { startDate: '2026-10-22', endDate: '2026-11-20' }
    const email = (await reports.campaigns({ ...period, channels: ['Email'], metrics: ['openRate', 'clickRate', 'bounceRate', 'unsubscribeRate', 'spamRate'], mode: 'detailed' }))
      .summary
    for (const { metric, value } of (await reports.health()).metrics) expect(value).toEqual(email[metric])
    for (const groupBy of ['campaign', 'folder', 'brand', 'channel', 'tag']) expect((await reports.campaigns({ groupBy })).summary).toEqual(overview.summary)
    for (const groupBy of ['flow', 'campaign', 'folder', 'brand', 'channel', 'tag']) expect((await reports.flows({ groupBy })).summary).toEqual((await reports.flows()).summary)
    const tags = await reports.campaigns({ groupBy: 'tag' })
    expect(tags.rows.map((row) => [row[0], row[1]])).toEqual([
      ['sale', 5300],
      ['vip', 3900],
      ['(no tag)', 1310],
    ])
    expect(tags.other).toBeNull()
    expect(tags.cautions.join()).toContain('rows overlap and do not add up')
  })

  it('12: a refusal says which of its reasons it is (the pipeline); here: what a member may not see does not exist for them', async () => {
    const limited = reportsOf(stores, account, principalOf(account, { brands: [idOf(account, 'brand', 'bolt')] }))
    const report = await limited.campaigns()
    expect(report.rows.map((row) => row[1])).toEqual(['Spring text', 'Push'])
    expect(report.cautions.join()).toContain('Covers only the brands you may see')
    expect(await limited.refusal('campaign_report', { campaignIds: [cmp('mail')] })).toMatchObject({ code: 'unknown_value', details: { allowed: ['Push', 'Spring text'] } })
    expect(await limited.refusal('campaign_report', { brands: ['Acme'] })).toMatchObject({ code: 'unknown_value', details: { allowed: ['Bolt'] } })
    expect((await limited.refusal('campaign_report', { organizationId: 'org_other' })).message).toBe('Organization not found')
    const overview = await limited.overview()
    expect(overview.account).toBeNull()
    expect(overview.cautions.join()).toContain('only members who see the whole account get all orders')
    expect(overview.summary.deliveries).toBe(1900)
    expect((await reportsOf(stores, account, principalOf(account, { brands: [] })).campaigns()).summary.deliveries).toBe(0)
  })

  it('13: figures that must not be added say so: other currencies, other bases, part and whole', async () => {
    const report = await reports.campaigns()
    expect(report.summary).toMatchObject({ orders: 75, revenue: '1364.66' })
    expect(report.otherCurrencies).toEqual({ USD: [2, '99.5'] })
    expect(report.flags.otherCurrencies).toBe('summary,1')
    expect((await reports.overview()).cautions.join()).toContain('account counts orders placed in the period, summary those of messages sent in it')
    expect((await reports.campaigns({ timeBasis: 'event' })).cautions.join()).toContain('not message by message')
    expect(cell(await reports.campaigns({ mode: 'detailed' }), cmp('mail'), 'otherCurrencies')).toEqual(['USD', 2, '99.5'])
    expect(cell(await reports.campaigns({ mode: 'detailed' }), cmp('mail'), 'averageOrderValue')).toEqual(['20.576', '1234.56', 60])
  })

  it('14: a date is what it says: units cut by the period are shown with the days they hold', async () => {
    const report = await reports.campaigns({ startDate: '2026-10-15', endDate: '2026-11-10', timeline: 'month', metrics: ['deliveries'] })
    expect(report.timeline).toEqual({
      columns: ['from', 'to', 'deliveries'],
      rows: [
        ['2026-10-15', '2026-10-31', 0],
        ['2026-11-01', '2026-11-10', 6110],
      ],
    })
    const weeks = await reports.campaigns({ startDate: '2026-11-01', endDate: '2026-11-10', timeline: 'week', metrics: ['deliveries'] })
    expect(weeks.timeline?.rows).toEqual([
      ['2026-11-01', '2026-11-01', 3900],
      ['2026-11-02', '2026-11-08', 2210],
      ['2026-11-09', '2026-11-10', 0],
    ])
    const days = await reports.campaigns({ startDate: '2026-11-17', endDate: '2026-11-18', timeline: 'day', metrics: ['deliveries', 'openRate'] })
    expect(days.timeline?.rows).toEqual([
      ['2026-11-17', 0, [null, 0]],
      ['2026-11-18', 500, [0.1, 50]],
    ])
  })
})

it('flags weak rows: fewer than 1,000 deliveries for rates, fewer than 50 orders for money', async () => {
  const { flags, rows } = await reports.campaigns()
  expect(rows.map((row) => row[2])).toEqual([3900, 1400, 800, 500, 10])
  expect(flags).toMatchObject({ lowVolume: '3-5', fewOrders: '2-5' })
  expect((await reports.campaigns({ metrics: ['sends'] })).flags).toEqual({})
  expect(await reports.text('campaign_report')).toContain('Low volume, < 1,000 deliveries, rates uncertain: 3-5.')
})

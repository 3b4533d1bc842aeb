/** The thinking parts of the Reports page, without a browser: periods, the arguments that an address means, and the row of what is not shown. */
import { describe, expect, it } from 'vitest'
import { lengthOf as lengthInDomain, unitsOf } from '../../src/core/period.ts'
import { accountOverviewInput, campaignReportInput, channelReportInput, emailHealthInput, flowReportInput } from '../../src/domain/reports/index.ts'
import { daysOf, lengthOf, unitFor, unitsFor } from '../../web/src/pages/reports/period.ts'
import { argumentsOf, asList, columnsOf, listOf, nameOf, type Question, type Tab } from '../../web/src/pages/reports/question.ts'
import { restOf, rowsOf } from '../../web/src/pages/reports/reading.ts'
import type { Metric, Report } from '../../web/src/pages/reports/types.ts'

describe('periods', () => {
  it.each([
    ['7d', '2026-03-02', '2026-02-24', '2026-03-02'],
    ['28d', '2024-03-01', '2024-02-03', '2024-03-01'],
    ['90d', '2026-11-28', '2026-08-31', '2026-11-28'],
    ['month', '2026-11-01', '2026-11-01', '2026-11-01'],
    ['last_month', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['last_month', '2026-01-15', '2025-12-01', '2025-12-31'],
    ['year', '2026-11-28', '2026-01-01', '2026-11-28'],
  ] as const)('%s at %s is %s to %s', (preset, today, start, end) => {
    expect(daysOf(preset, today)).toEqual({ start, end })
  })

  it('are drawn by units that the tools take, whatever their length', () => {
    for (let days = 1; days <= 5 * 366; days += 3) {
      const period = { start: '2021-01-31', end: new Date(Date.UTC(2021, 0, 30 + days)).toISOString().slice(0, 10) }
      expect(lengthOf(period)).toBe(lengthInDomain(period))
      expect(unitsFor(days)).toContain(unitFor(days))
      for (const unit of unitsFor(days)) expect(unitsOf(period, unit).length, `${days} ${unit}`).toBeLessThanOrEqual(100)
    }
  })
})

describe('the arguments of a tool', () => {
  const zone = 'Europe/Berlin'

  it('leave out whatever the tool takes for granted', () => {
    expect(argumentsOf('overview', {}, zone)).toEqual({ compareTo: 'previousPeriod', timeline: 'week' })
    expect(argumentsOf('campaigns', { compare: 'none', basis: 'send', group: 'campaign', unit: 'month' }, zone)).toEqual({ timeline: 'month' })
    // The health of e-mail has usual days of its own: those of the page are said.
    expect(Object.keys(argumentsOf('health', {}, zone))).toEqual(['startDate', 'endDate'])
  })

  it('are the address, each filter where the tool takes it', () => {
    const question: Question = {
      ...{
        period: 'custom',
        from: '2026-01-01',
        to: '2026-01-31',
        compare: 'previousYear',
        basis: 'event',
        goal: 'Leads',
        name: 'sale',
        sort: 'revenue',
        active: 'true',
        activation: 'manual',
      },
      ...{ channels: 'Email,SMS', tags: 'a%2Cb', brands: 'brd_1', folders: 'fld_1', flows: 'flw_1', group: 'brand', metrics: 'sends,revenue' },
    }
    const shared = { startDate: '2026-01-01', endDate: '2026-01-31', metrics: ['revenue', 'sends'], timeBasis: 'event', compareTo: 'previousYear', timeline: 'day', goal: 'Leads' }
    const cuts = { channels: ['Email', 'SMS'], tags: ['a,b'], brands: ['brd_1'], folders: ['fld_1'], nameContains: 'sale' }
    const { channels: _channels, ...ofEmail } = cuts
    const expected: Record<Tab, object> = {
      overview: shared,
      campaigns: { ...shared, ...cuts, activationType: 'manual', groupBy: 'brand' },
      flows: { ...shared, ...cuts, flowIds: ['flw_1'], groupBy: 'brand', activeOnly: true },
      channels: { ...shared, ...cuts, activationType: 'manual' },
      health: { startDate: shared.startDate, endDate: shared.endDate, ...ofEmail, activationType: 'manual' },
    }
    const schemas = { overview: accountOverviewInput, campaigns: campaignReportInput, flows: flowReportInput, channels: channelReportInput, health: emailHealthInput }
    for (const tab of Object.keys(expected) as Tab[]) {
      const asked = argumentsOf(tab, question, zone)
      expect(asked, tab).toEqual(expected[tab])
      expect(schemas[tab].safeParse(asked).success, tab).toBe(true)
    }
  })

  it('hold any name in a list, and figures that sort', () => {
    const names = ['plain', 'with, comma', '100%', '%2C', 'ß,%']
    expect(listOf(asList(names))).toEqual(names)
    expect(listOf('%E0%A4%A')).toEqual(['%E0%A4%A'])
    expect(columnsOf({ metrics: 'uplift' })).toMatchObject({ sort: 'deliveries' })
    expect(columnsOf({ metrics: 'share,clicks', sort: 'revenue' })).toEqual({ metrics: ['share', 'clicks'], sort: 'clicks' })
    expect([nameOf('channels[1]'), nameOf('startDate'), nameOf('nameContains'), nameOf('limit'), nameOf(undefined)]).toEqual(['channels', 'from', 'name', undefined, undefined])
  })
})

describe('the row of what is not shown', () => {
  const metric = (id: string, adds: boolean, unit = 'count') => [id, { id, adds, unit } as Metric] as const
  const metrics = new Map([metric('revenue', true, 'money'), metric('deliveries', true), metric('openRate', false, 'rate'), metric('averageOrderValue', false, 'money')])
  const page = (rows: Report['rows'], other: Report['other']) =>
    ({ columns: ['id', 'campaign', ...metrics.keys()], rows, other, coverage: { from: 1, shown: rows.length, of: 5 }, flags: { lowVolume: '2-3,other' } }) as unknown as Report
  const first = page(
    [['a', 'A', '10.5', 100, [0.1, 10], ['5.25', '10.5', 2]]],
    ['other', '4 not on this page', '1000000000000000.31', 90, [0.2, 18], ['100000000000000.031', '1000000000000000.31', 10]],
  )
  const second = page(
    [
      ['b', 'B', '0.1', 50, null, ['0.1', '0.1', 1]],
      ['c', 'C', '0.205', 20, [0.5, 10], [null, '0.205', 0]],
    ],
    null,
  )

  it('is the answer’s own on the first page, and exactly less what was loaded since', () => {
    const rest = (pages: readonly Report[]) => restOf(pages, rowsOf(pages, metrics), metrics)
    expect(rest([first])).toMatchObject({ name: '4 more' })
    expect(rest([first])?.figures.get('openRate')).toEqual({ value: 0.2, numerator: 18, denominator: 90 })
    const left = rest([first, second])
    expect(left?.name).toBe('2 more')
    expect(left?.figures.get('revenue')?.value).toBe('1000000000000000.005')
    expect(left?.figures.get('deliveries')?.value).toBe(20)
    expect(left?.figures.get('openRate')).toEqual({ value: 8 / 70, numerator: 8, denominator: 70 })
    expect(left?.figures.get('averageOrderValue')).toMatchObject({ numerator: '1000000000000000.005', denominator: 9 })
    expect(rowsOf([first, second], metrics).map(({ weak }) => weak.length)).toEqual([0, 1, 1])
  })
})

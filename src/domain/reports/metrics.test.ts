import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { channelNames, channelTable } from '../channels.ts'
import { defineMetrics } from './definitions.ts'
import { fromCell, measure, type MeasureContext, mergeMeasures, toCell } from './measure.ts'
import { isColumn, type ColumnMetric } from './metric.ts'
import { metrics } from './metrics/index.gen.ts'
import { addMessages, addOrders, messageCountsOf, sumOf, type Tally } from './tally.ts'

const context: MeasureContext = { currency: 'EUR', goalChannels: [], ordersKnown: true }
const column = (id: string) => metrics.find((metric) => metric.id === id) as ColumnMetric

function tallyOf(channel: string, counts: Parameters<typeof messageCountsOf>[0], orders: [string, number, string][] = []): Tally {
  const tally: Tally = new Map()
  addMessages(tally, channel, messageCountsOf(counts))
  for (const [currency, count, revenue] of orders) addOrders(tally, channel, currency, { orders: count, revenue })
  return tally
}

it('holds one file for each metric, named by its id', () => {
  const files = readdirSync(new URL('./metrics', import.meta.url)).filter((name) => !name.endsWith('.gen.ts'))
  expect(metrics.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort())
})

it('points every definition to a section of the page of definitions', () => {
  const page = readFileSync(new URL('../../../docs/figures.md', import.meta.url), 'utf8')
  for (const { section } of metrics) expect(page).toContain(`\n## ${section}\n`)
})

it('serves definitions by name, whatever the case, and knows the nearest', () => {
  const [openRate] = defineMetrics({ metrics: ['OPENRATE'] }).metrics
  expect(openRate).toMatchObject({ id: 'openRate', unit: 'rate', channels: ['Email', 'WhatsApp', 'Viber', 'MobilePush'], adds: false, interval: 'Wilson 95 %' })
  expect(defineMetrics({}).metrics).toHaveLength(metrics.length)
  expect(() => defineMetrics({ metrics: ['opnRate'] })).toThrowError('Unknown metric "opnRate"')
})

it('is null for a channel that cannot report it, and leaves that channel out of both sides of a ratio', () => {
  const sms = tallyOf('SMS', { sends: 100, deliveries: 90, clicks: 9 })
  const email = tallyOf('Email', { sends: 50, deliveries: 40, opens: 10, clicks: 2 })
  for (const metric of metrics.filter(isColumn)) {
    for (const channel of channelNames) {
      const can = metric.needs.every((event) => channelTable[channel].includes(event))
      expect(measure(metric, tallyOf(channel, { sends: 1, deliveries: 1 }), context).numerator === null, `${metric.id} on ${channel}`).toBe(!can)
    }
  }
  expect(measure(column('openRate'), sumOf([sms, email]), context)).toEqual({ value: 0.25, numerator: 10, denominator: 40 })
  expect(measure(column('clickRate'), sumOf([sms, email]), context)).toEqual({ value: 0.084615, numerator: 11, denominator: 130 })
})

it('divides by zero to null, keeps money exact and never adds currencies', () => {
  const tally = tallyOf('Email', { sends: 3, deliveries: 0 }, [
    ['EUR', 2, '0.1'],
    ['EUR', 1, '0.2'],
    ['USD', 4, '1000'],
  ])
  expect(measure(column('openRate'), tally, context)).toEqual({ value: null, numerator: 0, denominator: 0 })
  expect(measure(column('revenue'), tally, context).value).toBe('0.3')
  expect(measure(column('orders'), tally, context).value).toBe(7)
  expect(measure(column('averageOrderValue'), tally, context)).toEqual({ value: '0.1', numerator: '0.3', denominator: 3 })
})

it('does not know orders where none were ever imported, or the goal has no such channel', () => {
  const tally = tallyOf('SMS', { deliveries: 10 })
  for (const id of ['orders', 'revenue', 'conversionRate', 'averageOrderValue']) {
    expect(measure(column(id), tally, { ...context, ordersKnown: false }).numerator).toBeNull()
    expect(measure(column(id), tally, { ...context, goalChannels: ['Email'] }).numerator).toBeNull()
  }
})

it('merges cells of disjoint rows to what the messages together measure', () => {
  const tallies = [
    tallyOf('Email', { sends: 9, deliveries: 7, opens: 3, clicks: 1 }, [['EUR', 1, '2.5']]),
    tallyOf('SMS', { sends: 5, deliveries: 5, clicks: 2 }, [['EUR', 2, '1.25']]),
  ]
  for (const metric of metrics.filter(isColumn)) {
    for (const intervals of [true, false]) {
      const cells = tallies.map((tally) => {
        const deliveries = measure(column('deliveries'), tally, context).value
        return fromCell(toCell(metric, measure(metric, tally, context), { intervals, deliveries }), deliveries)
      })
      expect(mergeMeasures(metric, cells), metric.id).toEqual(measure(metric, sumOf(tallies), context))
    }
  }
})

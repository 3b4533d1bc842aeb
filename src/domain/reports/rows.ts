/** Columns, rows, the rest row and flags of an answer: groups → cells. Pure. */
import type { Decimal } from '../../core/money.ts'
import { label } from '../../core/match.ts'
import { type Cell, type CellForm, compare, measure, type MeasureContext, ratio, toCell } from './measure.ts'
import { isColumn, type ColumnMetric } from './metric.ts'
import { metrics as registry } from './metrics/index.gen.ts'
import type { Plan } from './plan.ts'
import { addOrders, type OrderSum, type Tally } from './tally.ts'
import { addDecimals, divideDecimals } from '../../core/money.ts'

/** How a plan's rows look. */
export interface Layout {
  readonly metrics: readonly ColumnMetric[]
  readonly context: MeasureContext
  readonly intervals: boolean
  /** Each metric is followed by its earlier value and the relative change. */
  readonly comparison: boolean
  /** Other currencies have a column. */
  readonly currencies: boolean
  /** The total that sums are a part of; null where shares are not given. */
  readonly whole: Tally | null
}

export const previousSuffix = '.previous'
export const changeSuffix = '.change'
export const shareSuffix = '.share'
export const currenciesColumn = 'otherCurrencies'

/** @param whole the total of the report */
export function layoutOf(plan: Plan, context: MeasureContext, groups: Iterable<Tally>, whole: Tally): Layout {
  const detailed = plan.mode !== 'overview'
  const foreign = detailed && plan.metrics.some(countsMoney) && [...groups].some((tally) => foreignOrders(tally, context.currency).size > 0)
  return { metrics: plan.metrics, context, intervals: detailed, comparison: detailed && plan.comparison !== null, currencies: foreign, whole: plan.share ? whole : null }
}

/** Names of the columns after those that name the row. */
export function columnsOf(layout: Layout): string[] {
  const names = layout.metrics.flatMap((metric) => {
    const { id } = metric
    return [id, ...(hasShare(layout, metric) ? [id + shareSuffix] : []), ...(layout.comparison ? [id + previousSuffix, id + changeSuffix] : [])]
  })
  return layout.currencies ? [...names, currenciesColumn] : names
}

/** The cells of those columns. */
export function cellsOf(layout: Layout, now: Tally, before: Tally): Cell[] {
  const form = formOf(layout, now)
  const cells = layout.metrics.flatMap((metric): Cell[] => {
    const value = measure(metric, now, layout.context)
    const own = [toCell(metric, value, form), ...(layout.whole && hasShare(layout, metric) ? [shareOf(value.value, measure(metric, layout.whole, layout.context).value)] : [])]
    if (!layout.comparison) return own
    const earlier = measure(metric, before, layout.context)
    return [...own, toCell(metric, earlier, form), compare(value, earlier).change]
  })
  return layout.currencies ? [...cells, currencyCell(foreignOrders(now, layout.context.currency))] : cells
}

/** Only sums are parts of a total. */
const hasShare = ({ whole }: Layout, { denominator }: ColumnMetric) => whole !== null && denominator === null

/** A row's part of the summary; null where either is unknown or the summary is 0. */
export function shareOf(part: Cell, whole: Cell): number | null {
  if (part === null || whole === null) return null
  if (typeof part === 'number' && typeof whole === 'number') return ratio(part, whole)
  const share = divideDecimals(String(part), String(whole))
  return share === null ? null : Number(share)
}

/** How the cells of a row of these figures are written. */
export function formOf({ metrics, context, intervals }: Layout, tally: Tally): CellForm {
  const deliveries = metrics.find(({ id }) => id === 'deliveries')
  return { intervals, deliveries: deliveries && measure(deliveries, tally, context).value }
}

/** The metric of a column, and whether it holds the earlier value; undefined for columns that are none. */
export function metricOfColumn(name: string): { metric: ColumnMetric; previous: boolean } | undefined {
  const previous = name.endsWith(previousSuffix)
  const id = previous ? name.slice(0, -previousSuffix.length) : name
  const metric = registry.find((candidate) => candidate.id === id)
  return metric && isColumn(metric) ? { metric, previous } : undefined
}

/** Orders in other currencies than the account's, over all channels. */
export function foreignOrders(tally: Tally, currency: string): Map<string, OrderSum> {
  const sum: Tally = new Map()
  for (const { orders } of tally.values()) for (const [name, value] of orders) if (name !== currency && value.orders > 0) addOrders(sum, '', name, value)
  return new Map([...(sum.get('')?.orders ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** [currency, orders, revenue, currency, orders, …], null for none. */
export function currencyCell(sums: ReadonlyMap<string, OrderSum>): Cell {
  return sums.size === 0 ? null : [...sums].flatMap(([currency, { orders, revenue }]) => [currency, orders, revenue])
}

export function mergeCurrencyCells(cells: readonly Cell[]): Cell {
  const sums = new Map<string, { orders: number; revenue: Decimal }>()
  for (const cell of cells) {
    if (!Array.isArray(cell)) continue
    for (let at = 0; at + 2 < cell.length; at += 3) {
      const held = sums.get(String(cell[at])) ?? { orders: 0, revenue: '0' }
      sums.set(String(cell[at]), { orders: held.orders + Number(cell[at + 1]), revenue: addDecimals([held.revenue, String(cell[at + 2])]) })
    }
  }
  return currencyCell(new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** Columns that name a row: channels and tags have no id but their name. */
export function nameColumns(plan: Plan): string[] {
  return plan.groupBy === 'channel' || plan.groupBy === 'tag' ? [plan.groupBy] : ['id', plan.groupBy]
}

export function nameCells(plan: Plan, id: string, name: string): Cell[] {
  return plan.groupBy === 'channel' || plan.groupBy === 'tag' ? [label(name)] : [id, label(name)]
}

export const fewDeliveries = 1000
const fewOrders = 50

export interface Flagged {
  lowVolume: string[]
  fewOrders: string[]
  otherCurrencies: string[]
}

const countsMoney = (metric: ColumnMetric) => metric.unit === 'money'

/** Notes for a row which of its figures are weak or incomplete. */
export function flag(flagged: Flagged, row: string, layout: Layout, tally: Tally): void {
  const { metrics, context } = layout
  const parts = [...tally.values()]
  const deliveries = parts.reduce((sum, { messages }) => sum + messages.deliveries, 0)
  if (deliveries > 0 && deliveries < fewDeliveries && metrics.some(({ unit }) => unit === 'rate')) flagged.lowVolume.push(row)
  if (!metrics.some(countsMoney) || !context.ordersKnown) return
  const orders = parts.reduce((sum, part) => sum + [...part.orders.values()].reduce((count, value) => count + value.orders, 0), 0)
  if (orders < fewOrders) flagged.fewOrders.push(row)
  if (foreignOrders(tally, context.currency).size) flagged.otherCurrencies.push(row)
}

/** `summary,1-3,7,other` of ['summary', '1', '2', '3', '7', 'other']. */
export function ranges(rows: readonly string[]): string {
  const parts: string[] = []
  for (let at = 0; at < rows.length; at++) {
    const first = rows[at] ?? ''
    let last = first
    while (/^\d+$/.test(last) && rows[at + 1] === String(Number(last) + 1)) last = rows[++at] ?? ''
    parts.push(first === last ? first : `${first}-${last}`)
  }
  return parts.join(',')
}

/** Back from ranges(). */
export function rowsOfRanges(text: string): string[] {
  return text
    .split(',')
    .filter(Boolean)
    .flatMap((part) => {
      const [first, last] = part.split('-')
      if (last === undefined) return [part]
      return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => String(Number(first) + index))
    })
}

/** Only the flags that are raised. */
export function flagsOf(flagged: Flagged): { [Name in keyof Flagged]?: string } {
  return Object.fromEntries(
    Object.entries(flagged)
      .filter(([, rows]) => rows.length > 0)
      .map(([name, rows]: [string, string[]]) => [name, ranges(rows)]),
  )
}

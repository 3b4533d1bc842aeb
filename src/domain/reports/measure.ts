/** Computes a metric from a tally, and how its value looks in an answer. Null means "not populated" or "divided by zero", never 0. */
import { addDecimals, compareDecimals, divideDecimals, subtractDecimals, type Decimal } from '../../core/money.ts'
import { channelTable, channelNamed } from '../channels.ts'
import type { ColumnMetric, Quantity } from './metric.ts'
import { wilson } from './statistics.ts'
import type { ChannelTally, Tally } from './tally.ts'

/** A sum: a count as a number, money as a decimal string. */
type Sum = number | Decimal

/** A metric's value with what it is made of; `numerator` null: no channel of the tally can report it. */
export interface Measure {
  readonly value: number | Decimal | null
  readonly numerator: Sum | null
  readonly denominator: number | null
}

/** What decides, besides the tally, whether a figure exists. */
export interface MeasureContext {
  /** The account's currency. */
  readonly currency: string
  /** Channels the goal counts orders of; empty: all. */
  readonly goalChannels: readonly string[]
  /** Whether the account has any order: without, orders are unknown rather than none. */
  readonly ordersKnown: boolean
}

const orderQuantities: readonly Quantity[] = ['orders', 'pricedOrders', 'revenue']
const places = 6

/** A fraction to 6 places. */
export function ratio(numerator: number, denominator: number): number | null {
  return denominator === 0 ? null : Number((numerator / denominator).toFixed(places))
}

/** Whether the channel takes part in the metric. */
function takesPart(metric: ColumnMetric, channel: string, context: MeasureContext): boolean {
  const known = channelNamed(channel)
  if (metric.needs.length && !(known && metric.needs.every((event) => channelTable[known].includes(event)))) return false
  return !orderQuantities.includes(metric.numerator) || context.goalChannels.length === 0 || context.goalChannels.includes(channel)
}

function quantity(part: ChannelTally, name: Quantity, currency: string): Sum {
  if (name === 'orders') return [...part.orders.values()].reduce((sum, { orders }) => sum + orders, 0)
  if (name === 'pricedOrders') return part.orders.get(currency)?.orders ?? 0
  if (name === 'revenue') return part.orders.get(currency)?.revenue ?? '0'
  if (name === 'bounces') return part.messages.hardBounces + part.messages.softBounces
  return part.messages[name]
}

function sum(parts: readonly ChannelTally[], name: Quantity, currency: string): Sum {
  const values = parts.map((part) => quantity(part, name, currency))
  return name === 'revenue' ? addDecimals(values.map(String)) : values.reduce<number>((total, value) => total + Number(value), 0)
}

/** The metric over all channels of the tally that take part. An empty tally is "nothing happened": sums are 0, ratios null. */
export function measure(metric: ColumnMetric, tally: Tally, context: MeasureContext): Measure {
  const parts = [...tally].filter(([channel]) => takesPart(metric, channel, context)).map(([, part]) => part)
  const unknown = orderQuantities.includes(metric.numerator) && !context.ordersKnown
  if (unknown || (parts.length === 0 && tally.size > 0)) return { value: null, numerator: null, denominator: null }
  const numerator = sum(parts, metric.numerator, context.currency)
  return metric.denominator === null ? { value: numerator, numerator, denominator: null } : divided(numerator, Number(sum(parts, metric.denominator, context.currency)))
}

function divided(numerator: Sum, denominator: number): Measure {
  const value = typeof numerator === 'string' ? divideDecimals(numerator, denominator, places) : ratio(numerator, denominator)
  return { value, numerator, denominator }
}

/**
 * A figure in an answer. Sum: the number, or money as text. Ratio: [value, numerator, denominator], a rate in detailed modes with its 95 % interval [.., low, high];
 * in an overview's rows [value, numerator] where the denominator is the row's deliveries.
 */
export type Cell = number | string | null | readonly (number | string | null)[]

/** How cells are written: with intervals, or else without a denominator that the row shows as its deliveries. */
export interface CellForm {
  readonly intervals: boolean
  /** The row's deliveries, where the row has that column. */
  readonly deliveries: Cell | undefined
}

export function toCell(metric: ColumnMetric, { value, numerator, denominator }: Measure, { intervals, deliveries }: CellForm): Cell {
  if (metric.denominator === null || numerator === null || denominator === null) return value
  if (!intervals) return denominator === deliveries ? [value, numerator] : [value, numerator, denominator]
  if (metric.unit !== 'rate') return [value, numerator, denominator]
  const interval = wilson(Number(numerator), denominator)
  return [value, numerator, denominator, interval?.low ?? null, interval?.high ?? null]
}

/** Back from a cell; what toCell wrote. */
export function fromCell(cell: Cell, deliveries?: Cell): Measure {
  if (!Array.isArray(cell)) return { value: cell as Sum | null, numerator: cell as Sum | null, denominator: null }
  const [value, numerator, denominator = deliveries] = cell as (number | string | null)[]
  return { value: value ?? null, numerator: numerator ?? null, denominator: denominator === null || denominator === undefined ? null : Number(denominator) }
}

/** The metric over disjoint sets of messages, from its values over each. */
export function mergeMeasures(metric: ColumnMetric, measures: readonly Measure[]): Measure {
  const known = measures.filter(({ numerator }) => numerator !== null)
  if (known.length === 0) return { value: null, numerator: null, denominator: null }
  const numerators = known.map(({ numerator }) => numerator ?? 0)
  const numerator = metric.numerator === 'revenue' ? addDecimals(numerators.map(String)) : numerators.reduce<number>((total, value) => total + Number(value), 0)
  if (metric.denominator === null) return { value: numerator, numerator, denominator: null }
  return divided(
    numerator,
    known.reduce((total, part) => total + (part.denominator ?? 0), 0),
  )
}

/** Against an earlier value: the difference in the metric's own unit, and relative to the earlier value; null where there is none or it is 0. */
export function compare(now: Measure, before: Measure): { delta: number | Decimal | null; change: number | null } {
  if (now.value === null || before.value === null) return { delta: null, change: null }
  if (typeof now.value === 'string' || typeof before.value === 'string') {
    const delta = subtractDecimals(String(now.value), String(before.value))
    const change = divideDecimals(delta, String(before.value), places)
    return { delta, change: change === null ? null : Number(change) }
  }
  const delta = Number((now.value - before.value).toFixed(places))
  return { delta, change: ratio(now.value - before.value, before.value) }
}

/** Largest first; what is not populated comes last. */
export function descending(a: Measure, b: Measure): number {
  if (a.value === null || b.value === null) return a.value === b.value ? 0 : a.value === null ? 1 : -1
  return typeof a.value === 'number' && typeof b.value === 'number' ? b.value - a.value : compareDecimals(String(b.value), String(a.value))
}

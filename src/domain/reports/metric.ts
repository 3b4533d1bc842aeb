/** What a metric is. A metric file calls defineMetric and nothing else; how a metric is computed from its quantities is in measure.ts. */
import type { ReportableEvent } from '../channels.ts'

/** Columns of the daily message facts, by their names in reports. */
export const messageQuantities = [
  'sends',
  'deliveries',
  'explicitDeliveries',
  'opens',
  'totalOpens',
  'machineOpens',
  'clicks',
  'totalClicks',
  'botClicks',
  'unsubscribes',
  'complaints',
  'hardBounces',
  'softBounces',
  'failures',
  'heldOut',
] as const
export type MessageQuantity = (typeof messageQuantities)[number]
/** `orders`: all of the goal; `pricedOrders`: those in the account's currency; `revenue`: the amount of the latter. */
export type OrderQuantity = 'orders' | 'pricedOrders' | 'revenue'
/** `bounces` is hard and soft together. */
export type Quantity = MessageQuantity | 'bounces' | OrderQuantity

export type Unit = 'count' | 'rate' | 'money' | 'uplift' | 'share'

interface Described {
  /** Equal to the file's name: what callers write. */
  readonly id: string
  readonly title: string
  readonly unit: Unit
  /** One sentence, for people and models. */
  readonly definition: string
  /** Raised whenever the same data would give another figure. */
  readonly version: number
  /** Section of docs/figures.md that holds the rules. */
  readonly section: string
}

/** A metric that is a column of a report: a sum, or a ratio of two sums. */
export interface ColumnMetric extends Described {
  readonly unit: 'count' | 'rate' | 'money'
  /** A channel must be able to report all of these to take part, on both sides of a ratio; none: every channel takes part. */
  readonly needs: readonly ReportableEvent[]
  readonly numerator: Quantity
  /** null: the metric is a sum, and adds up over rows. */
  readonly denominator: Quantity | null
}

/** The comparison with the control group: a block of its own beside the rows. */
export interface UpliftMetric extends Described {
  readonly unit: 'uplift'
}

/** A column beside each sum: the row's part of the summary. */
export interface ShareMetric extends Described {
  readonly unit: 'share'
}

export type Metric = ColumnMetric | UpliftMetric | ShareMetric

/** Types the definition; derives nothing. */
export function defineMetric<M extends Metric>(metric: M): Metric {
  return metric
}

export function isColumn(metric: Metric): metric is ColumnMetric {
  return metric.unit !== 'uplift' && metric.unit !== 'share'
}

/** The form of a report's answer. Columns and rows are arrays, so that a key is written once and not per row. */
import { z } from 'zod'
import { coverageSchema } from '../../core/page.ts'
import type { Cell } from './measure.ts'

// The types are held by the compiler; a full schema of a cell at every place would cost each client hundreds of tokens.
const cell = z.unknown() as unknown as z.ZodType<Cell, Cell>
const row = z.array(cell)
const cells = z.record(z.string(), cell)

/** Against the earlier period, by metric. */
export interface Change {
  readonly previous: Cell
  readonly delta: number | string | null
  readonly change: number | null
}
export type Comparison = Readonly<Record<string, Change | string>>
const comparison = z.record(z.string(), z.unknown()) as unknown as z.ZodType<Comparison, Comparison>

/** How the figures were made. */
export interface Passport {
  startDate: string
  endDate: string
  timeZone: string
  currency: string
  timeBasis: string
  goal: string
  attribution: string
  filters: Readonly<Record<string, unknown>>
  definitions: number
  dataAsOf: string | null
  dataVersion: number
  attributionSettledThrough: string | null
  /** From this day to the end of the period, orders may still come; null: from none. */
  stillSettlingFrom: string | null
  /** Channels by the source of their deliveries: `explicit` events, `derived` from sends, or `both`. */
  deliveries: Readonly<Record<string, string>>
}
const passport = z.record(z.string(), z.unknown()) as unknown as z.ZodType<Passport, Passport>

/** One campaign against its control group. */
export interface UpliftRow {
  readonly id: string
  readonly campaign: string
  readonly treated: number | string
  readonly heldOut: number | string
  /** Treated minus held out; null: counts of people below the floor are not given. */
  readonly visits: UpliftMeasure | null
  readonly orders: UpliftMeasure | null
  readonly revenuePerCustomer: UpliftMeasure | null
}
export interface UpliftMeasure {
  /** [value, numerator, customers] of the arm; left out where uplift was not asked for. */
  readonly treated?: Cell | undefined
  readonly heldOut?: Cell | undefined
  readonly uplift: number
  readonly low: number
  readonly high: number
  readonly p: number | null
}
const uplift = z.unknown() as unknown as z.ZodType<UpliftRow, UpliftRow>

const table = z.object({ columns: z.array(z.string()), rows: z.array(row) })

/** Rows of a page (by rank), the summary or the rest: `summary,1-3,7,other`. */
const flags = z.object({ lowVolume: z.string().optional(), fewOrders: z.string().optional(), otherCurrencies: z.string().optional() })

const common = {
  uplift: z.array(uplift).optional(),
  legend: z.string(),
  summary: cells,
  comparison: comparison.optional(),
  otherCurrencies: cells.optional().describe('[orders, revenue], not in revenue'),
  columns: z.array(z.string()),
  rows: z.array(row),
  timeline: table.optional(),
  flags: flags.describe('Ranks of rows with < 1,000 deliveries, < 50 orders, orders in other currencies'),
  cautions: z.array(z.string()),
  passport,
}

export const reportOutput = z.object({
  ...common,
  other: row.nullable().describe('All groups not in rows: rows + other = summary'),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  noActivity: z.object({ count: z.number(), ids: z.array(z.string()) }),
  variants: table.optional(),
})
export type Report = z.output<typeof reportOutput>

export const channelOutput = z.object({ ...common, reportable: z.record(z.string(), z.string()).describe('Events each channel can report; metrics of others are null') })
export type ChannelReport = z.output<typeof channelOutput>

export const overviewOutput = z.object({
  ...common,
  account: z.record(z.string(), cell).nullable().describe('All orders placed in the period; attributed: [share, attributed, all]'),
  parts: z.array(row).describe('Manual campaigns and flows: they share no message'),
})
export type Overview = z.output<typeof overviewOutput>

/** The last seven days against the seven before. */
export interface HealthChange {
  /** [value, numerator, denominator]. */
  readonly before: Cell
  readonly now: Cell
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly p: number | null
  /** The 95 % interval of the difference does not hold 0. */
  readonly beyondNoise: boolean
  readonly worse: boolean
}
export interface HealthMetricAnswer {
  readonly metric: string
  readonly value: Cell
  readonly band: 'excellent' | 'good' | 'poor' | null
  /** Why it is not judged. */
  readonly why?: string
  readonly next: { readonly band: string; readonly distance: number; readonly messages: number } | null
  readonly change: HealthChange | null
}
const healthMetric = z.unknown() as unknown as z.ZodType<HealthMetricAnswer, HealthMetricAnswer>

export const healthOutput = z.object({
  legend: z.string(),
  sends: z.number(),
  deliveries: z.number(),
  metrics: z.array(healthMetric).describe('value, band, next better band with distance, change of the last 7 days'),
  weeks: z.array(z.string()).describe('First and last day of the week before and of the last week'),
  inboxes: z.object({ unknown: cell.describe('Share of deliveries whose provider is not known'), columns: z.array(z.string()), rows: z.array(row) }),
  worst: table,
  campaigns: z.object({ active: z.number(), judged: z.number() }),
  advice: z.array(z.string()),
  cautions: z.array(z.string()),
  passport,
})
export type EmailHealth = z.output<typeof healthOutput>

export const definitionsOutput = z.object({
  definitions: z.number(),
  metrics: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      unit: z.string(),
      version: z.number(),
      definition: z.string(),
      channels: z.array(z.string()),
      adds: z.boolean(),
      interval: z.string().nullable(),
      section: z.string(),
    }),
  ),
})
export type Definitions = z.output<typeof definitionsOutput>

/** What the filters of reports can name, as far as the member may see it. */
export interface ReportChoices {
  /** By their names; so are tags and goals, the default goal first. */
  readonly channels: readonly string[]
  readonly brands: readonly { readonly id: string; readonly name: string }[]
  readonly folders: readonly { readonly id: string; readonly name: string }[]
  readonly tags: readonly string[]
  readonly goals: readonly string[]
  readonly flows: readonly { readonly id: string; readonly name: string }[]
  /** How many there are. */
  readonly campaigns: number
}

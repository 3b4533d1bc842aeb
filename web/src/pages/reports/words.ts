/** Figures of reports in words. Formats only. */
import { figure, money } from '../../kit/index.ts'
import type { Figure } from './reading.ts'
import type { Answer, Metric } from './types.ts'

/** "24.6%", "0.031%": three digits tell rates apart. */
export const rate = (value: number | null): string => (value === null ? '–' : `${Number((value * 100).toPrecision(3))}%`)

/** "EUR 61.23", and below 1 "EUR 0.0415". */
function average(value: string, currency: string): string {
  const small = Math.abs(Number(value)) < 1
  const digits = small ? { maximumFractionDigits: 4 } : {}
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code', ...digits }).format(value as Intl.StringNumericLiteral)
}

/** A figure of a metric. */
export function said(value: number | string | null, metric: Metric | undefined, currency: string): string {
  if (value === null) return '–'
  if (metric?.unit === 'rate') return rate(Number(value))
  if (metric?.unit === 'money') return metric.adds ? money(String(value), currency) : average(String(value), currency)
  return figure(Number(value))
}

/** "1,234 of 5,000": what a ratio divides; nothing for a sum. */
export function madeOf({ numerator, denominator }: Figure, metric: Metric | undefined, currency: string): string | undefined {
  if (numerator === null || denominator === null) return undefined
  return metric?.unit === 'money' ? `${money(String(numerator), currency)} / ${figure(denominator)}` : `${figure(Number(numerator))} of ${figure(denominator)}`
}

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
/** Figures of an axis: "10.5K", "24%". */
export const short = (value: number, metric: Metric | undefined): string => (metric?.unit === 'rate' ? rate(value) : compact.format(value))

/** Metrics of which less is better. */
const unwanted = new Set(['bounceRate', 'bounces', 'botClicks', 'complaints', 'failures', 'hardBounces', 'softBounces', 'spamRate', 'unsubscribeRate', 'unsubscribes'])

export interface Moved {
  readonly way: 'up' | 'down' | 'level' | 'unknown'
  /** undefined: neither. */
  readonly good: boolean | undefined
  /** "Up 12.3% from 4,000". */
  readonly words: string
}

/** A figure against the earlier one. */
export function moved(comparison: Answer['comparison'], id: string, metric: Metric | undefined, currency: string): Moved | undefined {
  const change = comparison?.[id]
  if (change === undefined || typeof change === 'string') return undefined
  const earlier = Array.isArray(change.previous) ? (change.previous[0] ?? null) : (change.previous as number | string | null)
  if (change.delta === null || earlier === null)
    return { way: 'unknown', good: undefined, words: earlier === null ? 'Nothing to compare with' : `Was ${said(earlier, metric, currency)}` }
  const delta = Number(change.delta)
  if (delta === 0) return { way: 'level', good: undefined, words: `As before: ${said(earlier, metric, currency)}` }
  const up = delta > 0
  const by = change.change === null ? '' : ` ${rate(Math.abs(change.change))}`
  return { way: up ? 'up' : 'down', good: up !== unwanted.has(id), words: `${up ? 'Up' : 'Down'}${by} from ${said(earlier, metric, currency)}` }
}

/** "3 Nov". */
export const shortDay = (day: string): string => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(new Date(day))
/** "Nov 2026". */
export const monthOf = (day: string): string => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'short', year: 'numeric' }).format(new Date(day))

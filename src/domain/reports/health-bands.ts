/** The bands that e-mail is judged by (docs/reports.md, "email_health_report"), exact at their edges. Pure. */
import type { Measure } from './measure.ts'

export type Band = 'excellent' | 'good' | 'poor'

/** Bounds are in ten-thousandths, so that an edge is compared in whole numbers. */
interface Judgement {
  readonly metric: 'openRate' | 'clickRate' | 'bounceRate' | 'unsubscribeRate' | 'spamRate'
  readonly better: 'higher' | 'lower'
  readonly excellent: number
  readonly good: number
}

export const judgements: readonly Judgement[] = [
  { metric: 'openRate', better: 'higher', excellent: 1500, good: 1000 },
  { metric: 'clickRate', better: 'higher', excellent: 250, good: 80 },
  { metric: 'bounceRate', better: 'lower', excellent: 100, good: 200 },
  { metric: 'unsubscribeRate', better: 'lower', excellent: 50, good: 100 },
  { metric: 'spamRate', better: 'lower', excellent: 5, good: 20 },
]
export type HealthMetric = Judgement['metric']

const whole = 10_000
/** A rate over fewer messages says too little: one complaint in 1,000 is poor, none is excellent. */
export const leastVolume = 1000

export interface Judged {
  /** null: not judged; `why` says the reason. */
  readonly band: Band | null
  readonly why: string | null
  /** The next better band, how far away it is as a difference of fractions, and in messages at this volume; null from the best or where nothing is judged. */
  readonly next: { readonly band: Band; readonly distance: number; readonly messages: number } | null
}

/** @param of what the rate divides by: deliveries or sends */
export function judge({ better, excellent, good }: Judgement, { value, numerator, denominator }: Measure, of: string): Judged {
  if (typeof value !== 'number' || typeof numerator !== 'number' || denominator === null) return { band: null, why: `no ${of}`, next: null }
  if (denominator < leastVolume) return { band: null, why: `only ${denominator} ${of}, fewer than 1,000`, next: null }
  const within = (bound: number) => (better === 'higher' ? numerator * whole >= bound * denominator : numerator * whole <= bound * denominator)
  if (within(excellent)) return { band: 'excellent', why: null, next: null }
  const [band, bound, next] = within(good) ? (['good', excellent, 'excellent'] as const) : (['poor', good, 'good'] as const)
  const limit = (bound * denominator) / whole
  const messages = better === 'higher' ? Math.ceil(limit) - numerator : numerator - Math.floor(limit)
  return { band, why: null, next: { band: next, distance: Number(Math.abs(numerator / denominator - bound / whole).toFixed(6)), messages } }
}

/** How bad, for sorting: better values first. */
export function worseFirst({ better }: Judgement, a: Measure, b: Measure): number {
  const [left, right] = [Number(a.value), Number(b.value)]
  return better === 'higher' ? left - right : right - left
}

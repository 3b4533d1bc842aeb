/** Figures of an answer as people read them. Exact: money is a decimal as text, and never passes through a float where it is shown. */
import { isRecord, plain } from './dom.ts'

/** Sum: a number, or money as text. Ratio: [value, numerator, denominator (left out: deliveries), 95 % interval]. Null: unknown. */
export type Cell = number | string | null | readonly (number | string | null)[]

export interface Figure {
  readonly text: string
  /** As it stands in the answer. */
  readonly value: string
  /** What it is made of; empty for a sum. */
  readonly more: string
}

export const unknown = '–'

/** The figure itself: of a ratio its first member. */
export const figureOf = (cell: Cell): number | string | null => (Array.isArray(cell) ? (cell[0] ?? null) : (cell as number | string | null))

/** For lengths and order, never for letters. */
export const sizeOf = (cell: Cell): number | null => {
  const value = figureOf(cell)
  return value === null || !Number.isFinite(Number(value)) ? null : Number(value)
}

export const percent = (share: number): string => `${Number((share * 100).toPrecision(4)).toLocaleString('en', { maximumFractionDigits: 4 })}%`

const signed = (text: string) => (/^[-−]|^0%?$/.test(text) ? text.replace('-', '−') : `+${text}`)
export const signedPercent = (change: number): string => signed(percent(change))

function number(value: number | string, currency: string | undefined): string {
  if (typeof value === 'number') return value.toLocaleString('en', { maximumFractionDigits: 6 })
  if (!/^-?\d{1,40}(?:\.\d{1,20})?$/.test(value)) return plain(value)
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 6 }
  const money = currency === undefined ? digits : ({ ...digits, style: 'currency', currency, currencyDisplay: 'code' } as const)
  // Where a tile is narrow, the figure stands below its currency rather than broken in two.
  return new Intl.NumberFormat('en', money).format(value as Intl.StringNumericLiteral).replace('\u00a0', ' ')
}

/** @param currency ISO 4217, to be written beside money; undefined: not beside it */
export function figure(column: string, cell: Cell, currency?: string): Figure {
  const value = figureOf(cell)
  if (value === null) return { text: unknown, value: '', more: 'Unknown' }
  const raw = String(value)
  if (column === 'otherCurrencies' && Array.isArray(cell)) return { text: plain(cell.join(' ')), value: raw, more: '' }
  if (column.endsWith('.change')) return { text: signedPercent(Number(value)), value: raw, more: '' }
  if (column.endsWith('.share')) return { text: percent(Number(value)), value: raw, more: '' }
  if (!Array.isArray(cell)) return { text: number(value, currency), value: raw, more: '' }
  const [, numerator = null, denominator, low, high] = cell as (number | string | null)[]
  const of = denominator === undefined ? 'deliveries' : denominator === null ? unknown : number(denominator, undefined)
  const interval = typeof low === 'number' && typeof high === 'number' ? `, 95% interval ${percent(low)} to ${percent(high)}` : ''
  return {
    text: typeof value === 'number' ? percent(value) : number(value, currency),
    value: raw,
    more: `${numerator === null ? unknown : number(numerator, currency)} of ${of}${interval}`,
  }
}

/** "Click to open rate" of clickToOpenRate; "Revenue, before" of revenue.previous. */
export function titleOf(column: string): string {
  const [name = '', suffix] = plain(column, 60).split('.')
  const words = name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
  const title = words.charAt(0).toUpperCase() + words.slice(1)
  return suffix === undefined ? title : `${title}, ${suffix === 'previous' ? 'before' : suffix}`
}

/** "3 Mar 2026"; what is no day stays as it is. */
export function day(value: unknown): string {
  const at = new Date(`${String(value)}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(String(value)) && !Number.isNaN(at.getTime())
    ? at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
    : plain(value)
}

/** A metric against the earlier period. */
export interface Change {
  readonly previous: Cell
  readonly delta: number | string | null
  readonly change: number | null
}

export const isChange = (value: unknown): value is Change => isRecord(value) && 'previous' in value && 'change' in value

/** The answer of account_overview as the tiles and the chart of Home take it. Pure. */
import { figure, share } from '../../kit/index.ts'
import type { Output } from '../../server.ts'

export type Overview = Output<'home', 'overview'>

/** The value of a cell: itself, or the first of [value, numerator, denominator]. */
export function numberIn(cell: unknown): number | null {
  const value: unknown = Array.isArray(cell) ? cell[0] : cell
  return value === null || value === undefined || value === '' || Number.isNaN(Number(value)) ? null : Number(value)
}

/** "EUR 12,345": cents say nothing at a glance. */
export function roundMoney(value: number | null, currency: string): string {
  if (value === null) return '–'
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code', maximumFractionDigits: value !== 0 && Math.abs(value) < 100 ? 2 : 0 }).format(value)
}

export interface Tile {
  readonly name: string
  readonly value: string
  readonly change: { readonly words: string; readonly trend: 'up' | 'down' | 'same' } | undefined
  readonly note?: string
}

/** @param change relative to before; null: not known */
function changeWords(change: number | null): Tile['change'] {
  if (change === null) return undefined
  const percent = Math.abs(change) < 0.1 ? Number((change * 100).toFixed(1)) : Math.round(change * 100)
  if (percent === 0) return { words: '± 0%', trend: 'same' }
  return { words: `${percent > 0 ? '▲ +' : '▼ −'}${Math.abs(percent).toLocaleString('en')}%`, trend: percent > 0 ? 'up' : 'down' }
}

/** Rates change by points: a tenth of 2% is not 10%. */
function pointWords(delta: number | null): Tile['change'] {
  if (delta === null) return undefined
  const points = Number((delta * 100).toFixed(Math.abs(delta) < 0.001 ? 2 : 1))
  if (points === 0) return { words: '± 0 points', trend: 'same' }
  return { words: `${points > 0 ? '▲ +' : '▼ −'}${Math.abs(points)} points`, trend: points > 0 ? 'up' : 'down' }
}

function compared({ comparison }: Overview, metric: string) {
  const found = comparison?.[metric]
  return typeof found === 'object' ? { delta: found.delta === null ? null : Number(found.delta), change: found.change } : { delta: null, change: null }
}

export function tilesOf(overview: Overview): Tile[] {
  const { account, summary, passport } = overview
  const { currency } = passport
  const all = account ? [{ name: 'Revenue', value: roundMoney(numberIn(account.revenue), currency), change: changeWords(accountChange(account.revenueChange)) }] : []
  const earned = account ? numberIn(account.attributedRevenue) : null
  return [
    ...all,
    {
      name: 'Earned by campaigns and flows',
      value: roundMoney(numberIn(summary.revenue), currency),
      change: changeWords(compared(overview, 'revenue').change),
      ...(earned === null ? {} : { note: `${share(earned)} of all revenue` }),
    },
    { name: 'Their orders', value: figure(numberIn(summary.orders)), change: changeWords(compared(overview, 'orders').change) },
    { name: 'Messages delivered', value: figure(numberIn(summary.deliveries)), change: changeWords(compared(overview, 'deliveries').change) },
    { name: 'Opened', value: share(numberIn(summary.openRate)), change: pointWords(compared(overview, 'openRate').delta) },
    { name: 'Clicked', value: share(numberIn(summary.clickRate)), change: pointWords(compared(overview, 'clickRate').delta) },
  ]
}

/** The third of [earlier, delta, change]. */
const accountChange = (cell: unknown): number | null => (Array.isArray(cell) ? numberIn(cell[2]) : null)

export interface DayFigures {
  readonly day: string
  readonly revenue: number | null
  readonly orders: number | null
  readonly deliveries: number | null
}

export function daysOf({ timeline }: Overview): DayFigures[] {
  const at = (row: readonly unknown[], column: string) => numberIn(row[timeline?.columns.indexOf(column) ?? -1])
  return (timeline?.rows ?? []).map((row) => ({ day: String(row[0]), revenue: at(row, 'revenue'), orders: at(row, 'orders'), deliveries: at(row, 'deliveries') }))
}

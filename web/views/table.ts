/** Rows of an answer as a table: names isolated, figures aligned, a bar for the first metric. It scrolls by itself where it is wider than the chat. */
import { el, listOf, written } from './dom.ts'
import { type Cell, day, figure, sizeOf, titleOf } from './figures.ts'

export interface TableOptions {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** How many columns at the front name the row. */
  readonly names: number
  /** A first column counts the rows, from here. */
  readonly from?: number
  /** The row below: what is in none of the others. */
  readonly rest?: readonly Cell[] | null
  readonly bars?: boolean
  readonly currency: string | undefined
}

export function table(options: TableOptions): HTMLElement {
  const { caption, columns, rows, names, from, rest, bars = false, currency } = options
  const most = Math.max(0, ...rows.map((row) => Math.abs(sizeOf(row[names] ?? null) ?? 0)))
  const line = (row: readonly Cell[], rank: string) =>
    el(
      'tr',
      {},
      from === undefined ? null : el('td', { class: 'rank' }, rank),
      ...columns.map((column, at) => (at < names ? nameCell(row[at] ?? null, at === 0) : figureCell(column, row[at] ?? null, bars && at === names ? most : 0))),
    )
  const titles = columns.map((column, at) => {
    const isMoney = at >= names && !column.includes('.') && rows.some((row) => typeof first(row[at] ?? null) === 'string')
    return el('th', { scope: 'col', class: at < names ? 'name' : 'figure' }, titleOf(column), isMoney && currency ? ` (${currency})` : null)
  })
  return el(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    el(
      'table',
      {},
      el('thead', {}, el('tr', {}, from === undefined ? null : el('th', { scope: 'col', class: 'rank' }, '#'), ...titles)),
      el('tbody', {}, ...rows.map((row, at) => line(row, String((from ?? 1) + at)))),
      rest ? el('tfoot', {}, line(rest, '')) : null,
    ),
  )
}

const first = (cell: Cell) => (Array.isArray(cell) ? cell[0] : cell)

function nameCell(cell: Cell, heads: boolean): HTMLElement {
  const shown = /^\d{4}-\d\d-\d\d$/.test(String(cell)) ? day(cell) : written(cell ?? '')
  return heads ? el('th', { scope: 'row', class: 'name' }, shown) : el('td', { class: 'name' }, shown)
}

function figureCell(column: string, cell: Cell, most: number): HTMLElement {
  const { text, value, more } = figure(column, cell)
  const made = el('td', { class: 'figure', ...(more ? { title: more } : {}) }, el('data', { value }, text))
  if (most > 0) {
    const bar = el('span', { class: 'bar', 'aria-hidden': 'true' })
    bar.style.setProperty('--part', String(Math.abs(sizeOf(cell) ?? 0) / most))
    made.append(bar)
  }
  return made
}

/** The columns and rows of a part of an answer; undefined where it has none. */
export function tableOf(value: unknown): { columns: string[]; rows: Cell[][] } | undefined {
  const { columns, rows } = (typeof value === 'object' && value !== null ? value : {}) as { columns?: unknown; rows?: unknown }
  const kept = listOf(rows).filter(Array.isArray) as Cell[][]
  return kept.length ? { columns: listOf(columns).map(String), rows: kept } : undefined
}

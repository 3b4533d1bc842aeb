/** Reads the answer of a report: cells into figures, rows into records, and what is left beside the rows that are shown. Computes nothing that the answer says. */
import type { Answer, Cell, Metric, Report } from './types.ts'

/** A sum, or a ratio with what it divides. Money is a decimal as text. */
export interface Figure {
  readonly value: number | string | null
  readonly numerator: number | string | null
  readonly denominator: number | null
}

export interface Row {
  readonly id: string
  readonly name: string
  /** By metric. */
  readonly figures: ReadonlyMap<string, Figure>
  /** The row's part of the total, by metric. */
  readonly shares: ReadonlyMap<string, number>
  /** What makes its figures weak. */
  readonly weak: readonly string[]
}

export const nothing: Figure = { value: null, numerator: null, denominator: null }

/** @param deliveries the row's, which a ratio of an overview is divided by where it does not say so */
export function figureOf(cell: Cell | undefined, metric: Metric | undefined, deliveries?: Cell): Figure {
  if (!Array.isArray(cell)) return { value: (cell as number | string | null | undefined) ?? null, numerator: null, denominator: null }
  const [value = null, numerator = null, denominator = deliveries] = cell as (number | string | null)[]
  return metric?.adds ? nothing : { value, numerator, denominator: typeof denominator === 'number' ? denominator : null }
}

type Metrics = ReadonlyMap<string, Metric>

/** The figures of cells that stand under the names of metrics. */
function figuresOf(columns: readonly string[], cells: readonly Cell[], metrics: Metrics): Map<string, Figure> {
  const deliveries = cells[columns.indexOf('deliveries')]
  return new Map(columns.flatMap((column, index) => (metrics.has(column) ? [[column, figureOf(cells[index], metrics.get(column), deliveries)]] : [])))
}

export function summaryOf(summary: Answer['summary'], metrics: Metrics): Map<string, Figure> {
  return figuresOf(Object.keys(summary), Object.values(summary), metrics)
}

const shareSuffix = '.share'

export function rowOf(columns: readonly string[], cells: readonly Cell[], metrics: Metrics, weak: readonly string[] = []): Row {
  const named = columns[0] === 'id' ? 2 : 1
  const shares = columns.flatMap((column, index) =>
    column.endsWith(shareSuffix) && typeof cells[index] === 'number' ? [[column.slice(0, -shareSuffix.length), Number(cells[index])] as const] : [],
  )
  return { id: String(cells[0] ?? ''), name: String(cells[named - 1] ?? ''), figures: figuresOf(columns, cells, metrics), shares: new Map(shares), weak }
}

/** The rows of the pages so far. */
export function rowsOf(pages: readonly Pick<Report, 'columns' | 'rows' | 'flags'>[], metrics: Metrics): Row[] {
  let rank = 0
  return pages.flatMap(({ columns, rows, flags }) =>
    rows.map((cells) => {
      rank += 1
      return rowOf(columns, cells, metrics, weakness(flags, rank))
    }),
  )
}

const weaknesses = { lowVolume: 'Fewer than 1,000 deliveries', fewOrders: 'Fewer than 50 orders', otherCurrencies: 'Has orders in other currencies' } as const

/** @param flags ranks as `summary,1-3,7,other` */
function weakness(flags: Answer['flags'], rank: number): string[] {
  const raised = (text: string | undefined) =>
    (text ?? '').split(',').some((part) => {
      const [first = '', last = first] = part.split('-')
      return Number(first) <= rank && rank <= Number(last)
    })
  return (Object.keys(weaknesses) as (keyof typeof weaknesses)[]).filter((flag) => raised(flags[flag])).map((flag) => weaknesses[flag])
}

/** What is in no row so far, as one: of the first page the answer's own, later without the rows that were loaded since. */
export function restOf(pages: readonly Report[], rows: readonly Row[], metrics: Metrics): Row | undefined {
  const [first, ...later] = pages
  const left = (pages.at(-1)?.coverage.of ?? 0) - rows.length
  if (!first?.other || left <= 0) return undefined
  const rest = rowOf(first.columns, first.other, metrics)
  if (later.length === 0) return { ...rest, name: `${left} more` }
  const since = rows.slice(first.rows.length)
  const figures = [...rest.figures].map(
    ([id, figure]) =>
      [
        id,
        without(
          figure,
          since.map((row) => row.figures.get(id) ?? nothing),
          metrics.get(id),
        ),
      ] as const,
  )
  return { ...rest, name: `${left} more`, figures: new Map(figures), shares: new Map() }
}

function without(whole: Figure, parts: readonly Figure[], metric: Metric | undefined): Figure {
  if (metric?.adds)
    return {
      ...whole,
      value: minus(
        whole.value,
        parts.map(({ value }) => value),
      ),
    }
  const numerator = minus(
    whole.numerator,
    parts.map((part) => part.numerator),
  )
  const denominator = minus(
    whole.denominator,
    parts.map((part) => part.denominator),
  )
  return { value: numerator === null || !denominator ? null : Number(numerator) / Number(denominator), numerator, denominator: denominator === null ? null : Number(denominator) }
}

type Sum = number | string | null

function minus(whole: Sum, parts: readonly Sum[]): Sum {
  if (whole === null) return null
  const known = parts.filter((part) => part !== null)
  if (typeof whole === 'number') return known.reduce<number>((left, part) => left - Number(part), whole)
  return subtractAll(whole, known.map(String))
}

/** Decimals as text, exactly. */
function subtractAll(whole: string, parts: readonly string[]): string {
  const places = Math.max(...[whole, ...parts].map((text) => text.split('.')[1]?.length ?? 0))
  const scaled = (text: string) => {
    const [units = '0', fraction = ''] = text.split('.')
    return BigInt(units + fraction.padEnd(places, '0'))
  }
  const left = parts.reduce((sum, part) => sum - scaled(part), scaled(whole))
  const digits = String(left < 0n ? -left : left).padStart(places + 1, '0')
  const cut = digits.length - places
  return `${left < 0n ? '-' : ''}${digits.slice(0, cut)}${places > 0 ? `.${digits.slice(cut)}` : ''}`
}

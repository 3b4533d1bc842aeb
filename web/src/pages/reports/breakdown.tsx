/** The largest rows of a report as bars of the figure that sorts it. */
import { Bars, Chart } from '../../kit/index.ts'
import { type Figure, nothing, type Row } from './reading.ts'
import type { Frame, Metric } from './types.ts'
import { madeOf, rate, said } from './words.ts'

/** Rows that a picture holds; the table has all that are loaded. */
const mostBars = 8

interface BreakdownProps extends Frame {
  /** What the rows are: "campaign". */
  readonly kind: string
  readonly sort: string
  readonly rows: readonly Row[]
  readonly rest?: Row | undefined
  readonly total: Figure
}

export function Breakdown({ account, metrics, kind, sort, rows, rest, total }: BreakdownProps) {
  const metric = metrics.get(sort)
  if (!metric || rows.length < 2) return null
  const title = `${metric.title} by ${kind}`
  const all = rest ? [...rows, rest] : rows
  const of = (row: Row) => row.figures.get(sort) ?? nothing
  const words = (row: Row) => said(of(row).value, metric, account.currency)
  const drawn = rows.slice(0, mostBars)
  const most = Math.max(...drawn.map((row) => Number(of(row).value ?? 0)), 0)
  return (
    <Chart
      title={title}
      alt={`${title}: ${drawn.map((row) => `${row.name} ${words(row)}`).join(', ')}`}
      table={{
        columns: [kindTitle(kind), metric.title, metric.adds ? 'Share' : 'Made of'],
        rows: all.map((row) => [row.name, words(row), beside(of(row), total, metric, account.currency) ?? '–']),
      }}
      foot={
        all.length > drawn.length ? `The first ${drawn.length} of ${rest ? `${rows.length} shown and ${rest.name}` : rows.length}; the table has all that are loaded.` : undefined
      }
    >
      <Bars
        label={title}
        rows={drawn.map((row) => ({
          key: row.id,
          name: <bdi>{row.name}</bdi>,
          part: of(row).value === null ? null : most > 0 ? Number(of(row).value) / most : 0,
          value: words(row),
          note: beside(of(row), total, metric, account.currency),
        }))}
      />
    </Chart>
  )
}

export const kindTitle = (kind: string): string => kind.charAt(0).toUpperCase() + kind.slice(1)

/** A sum's part of the total, or what a ratio is made of. */
function beside(figure: Figure, total: Figure, metric: Metric, currency: string): string | undefined {
  if (!metric.adds) return madeOf(figure, metric, currency)
  return figure.value === null || Number(total.value ?? 0) <= 0 ? undefined : rate(Number(figure.value) / Number(total.value))
}

/** The same report with fewer rows: what is cut goes into the rest row, so that rows + other = summary still holds. Works on an answer alone; pure. */
import { pageAt, rowsBefore } from '../../core/page.ts'
import type { Report } from './answer.ts'
import { type Cell, compare, fromCell, mergeMeasures, toCell } from './measure.ts'
import { otherName } from './report.ts'
import { isCompact } from './uplift.ts'
import { changeSuffix, currenciesColumn, mergeCurrencyCells, metricOfColumn, previousSuffix, ranges, rowsOfRanges, shareOf, shareSuffix } from './rows.ts'

/** @param count at least 0 and at most the rows there are. */
export function cutReport(report: Report, count: number): Report {
  if (count >= report.rows.length) return report
  const { columns, coverage, passport } = report
  const kept = report.rows.slice(0, count)
  const dropped = report.rows.slice(count)
  const names = columns.findIndex((name) => metricOfColumn(name))
  // Tags overlap: they have no rest row, cut or not.
  const overlapping = columns[0] === 'tag'
  const ids = new Set(kept.map((row) => row[0]))
  const gone = new Set(dropped.map((row) => row[0]))
  const start = rowsBefore(coverage)
  const sort = columns[names] ?? ''
  return {
    ...report,
    rows: kept,
    other: overlapping ? null : mergeRows(columns, names, report.other ? [...dropped, report.other] : dropped, coverage.of - count, report.summary),
    // Equal to questionOf(plan): the passport states everything that decides the rows.
    ...pageAt(
      start,
      count,
      coverage.of,
      {
        groupBy: columns[names - 1],
        sort,
        startDate: passport.startDate,
        endDate: passport.endDate,
        timeBasis: passport.timeBasis,
        goal: passport.goal,
        attribution: passport.attribution,
        filters: passport.filters,
      },
      String(passport.dataVersion),
    ),
    flags: Object.fromEntries(
      Object.entries(report.flags).flatMap(([name, text]) => {
        const left = rowsOfRanges(text ?? '').filter((row) => !/^\d+$/.test(row) || Number(row) <= start + count)
        return left.length ? [[name, ranges(left)]] : []
      }),
    ),
    ...(report.variants ? { variants: { ...report.variants, rows: report.variants.rows.filter((row) => ids.has(row[0] ?? '')) } } : {}),
    ...(report.uplift ? { uplift: report.uplift.filter((row) => isCompact(row) || !gone.has(row.id)) } : {}),
  }
}

/** One row for several disjoint ones. */
function mergeRows(columns: readonly string[], names: number, rows: readonly (readonly Cell[])[], count: number, summary: Report['summary']): Cell[] {
  const deliveriesAt = columns.indexOf('deliveries')
  const measures = columns.map((name, index) => {
    const column = metricOfColumn(name)
    return (
      column &&
      mergeMeasures(
        column.metric,
        rows.map((row) => fromCell(row[index] ?? null, row[deliveriesAt])),
      )
    )
  })
  const form = {
    intervals: rows.flat().some((cell) => Array.isArray(cell) && cell.length === 5),
    deliveries: deliveriesAt < 0 ? undefined : measures[deliveriesAt]?.value,
  }
  const nothing = { value: null, numerator: null, denominator: null }
  return columns.map((name, index): Cell => {
    const [column, merged] = [metricOfColumn(name), measures[index]]
    if (index < names) return index === 0 ? 'other' : otherName(count)
    if (name === currenciesColumn) return mergeCurrencyCells(rows.map((row) => row[index] ?? null))
    if (column && merged) return toCell(column.metric, merged, form)
    const at = (wanted: string) => measures[columns.indexOf(wanted)] ?? nothing
    if (name.endsWith(shareSuffix)) {
      const id = name.slice(0, -shareSuffix.length)
      return shareOf(at(id).value, summary[id] ?? null)
    }
    const id = name.slice(0, -changeSuffix.length)
    return compare(at(id), at(id + previousSuffix)).change
  })
}

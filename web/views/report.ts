/** The view of campaign_report and flow_report: total, timeline, rows, cautions, passport. Shows what it was given, and asks for nothing more. */
import { el, listOf, recordOf, type Child } from './dom.ts'
import { type Cell, isChange } from './figures.ts'
import { heading, section, startView, type Shown } from './frame.ts'
import { about, cautions, currencyOf, passportLine } from './notes.ts'
import { table, tableOf } from './table.ts'
import { tiles } from './tiles.ts'
import { timeline } from './timeline.ts'

startView('report', ({ structured, account, title }: Shown): readonly Child[] => {
  const currency = currencyOf(structured)
  const comparison = recordOf(structured.comparison)
  const total = Object.entries(recordOf(structured.summary)).map(([column, cell]) => {
    const change = comparison[column]
    return { column, cell: cell as Cell, change: isChange(change) ? change : undefined }
  })
  const overTime = tableOf(structured.timeline)
  return [
    heading(title ?? 'Report', [account, ...about(structured)]),
    tiles(total, currency),
    overTime ? timeline(overTime, currency) : null,
    rowsOf(structured, currency),
    variantsOf(structured, currency),
    cautions(structured),
    passportLine(structured),
  ]
})

function rowsOf(structured: Shown['structured'], currency: string | undefined): Child {
  const { from, shown, of } = recordOf(structured.coverage)
  const count = `${Number(shown ?? 0).toLocaleString('en')} of ${Number(of ?? 0).toLocaleString('en')}`
  const inactive = Number(recordOf(structured.noActivity).count ?? 0)
  const words = `${count}${inactive > 0 ? `; ${inactive.toLocaleString('en')} more had no activity` : ''}`
  const all = tableOf(structured)
  if (!all) return el('p', { class: 'state' }, `No rows: ${words}.`)
  const hidesId = all.columns[0] === 'id'
  const visible = (row: readonly Cell[]) => (hidesId ? row.slice(1) : row)
  const other = structured.other === null || structured.other === undefined ? null : visible(listOf(structured.other) as Cell[])
  return section(
    'Rows',
    el('p', { class: 'count' }, words),
    table({ caption: 'Rows', columns: visible(all.columns) as string[], rows: all.rows.map(visible), names: 1, from: Number(from ?? 1), rest: other, bars: true, currency }),
  )
}

function variantsOf(structured: Shown['structured'], currency: string | undefined): Child {
  const all = tableOf(structured.variants)
  return all ? section('Variants', table({ caption: 'Variants', columns: all.columns, rows: all.rows, names: 2, currency })) : null
}

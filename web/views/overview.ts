/** The view of account_overview: all orders and what campaigns and flows earned, their own figures, parts, channels, timeline. Shows what it was given, and asks for nothing more. */
import { recordOf, type Child } from './dom.ts'
import { type Cell, type Change, figure, isChange } from './figures.ts'
import { heading, section, startView, type Shown } from './frame.ts'
import { about, cautions, currencyOf, passportLine } from './notes.ts'
import { table, tableOf } from './table.ts'
import { type Tile, tiles } from './tiles.ts'
import { timeline } from './timeline.ts'

startView('overview', ({ structured, account, title }: Shown): readonly Child[] => {
  const currency = currencyOf(structured)
  const comparison = recordOf(structured.comparison)
  const total = Object.entries(recordOf(structured.summary)).map(([column, cell]) => {
    const change = comparison[column]
    return { column, cell: cell as Cell, change: isChange(change) ? change : undefined }
  })
  const orders = allOrders(recordOf(structured.account), currency)
  const overTime = tableOf(structured.timeline)
  const channels = tableOf(structured)
  const parts = tableOf({ columns: ['part', ...(channels?.columns ?? []).slice(1)], rows: structured.parts })
  return [
    heading(title ?? 'Account overview', [account, ...about(structured)]),
    orders.length ? section('All orders placed', tiles(orders, currency)) : null,
    section('Campaigns and flows', tiles(total, currency)),
    overTime ? timeline(overTime, currency) : null,
    parts && parts.columns.length > 1 ? section('Parts', table({ caption: 'Parts', ...parts, names: 1, bars: true, currency })) : null,
    channels ? section('Channels', table({ caption: 'Channels', ...channels, names: 1, from: 1, bars: true, currency })) : null,
    cautions(structured),
    passportLine(structured),
  ]
})

/** [before, difference, relative] of the account's own totals. */
function changeOf(cell: unknown): Change | undefined {
  if (!Array.isArray(cell)) return undefined
  const [previous = null, delta = null, change = null] = cell as (number | string | null)[]
  return { previous, delta, change: typeof change === 'number' ? change : null }
}

function allOrders(account: Readonly<Record<string, unknown>>, currency: string | undefined): Tile[] {
  const cell = (name: string) => account[name] as Cell | undefined
  const earned = (name: string) => {
    const [, part = null] = (Array.isArray(cell(name)) ? cell(name) : []) as (number | string | null)[]
    return figure(name, part, currency).text
  }
  const all: (Tile | undefined)[] = [
    cell('orders') === undefined ? undefined : { column: 'orders', cell: cell('orders') ?? null, change: changeOf(account.ordersChange) },
    cell('revenue') === undefined ? undefined : { column: 'revenue', cell: cell('revenue') ?? null, change: changeOf(account.revenueChange) },
    attributed('attributedOrders', 'of orders earned by messages'),
    attributed('attributedRevenue', 'of revenue earned by messages'),
  ]
  return all.filter((tile): tile is Tile => tile !== undefined)

  function attributed(name: string, title: string): Tile | undefined {
    const share = cell(name)
    return share === undefined || share === null ? undefined : { column: name, title: `Part ${title}`, cell: share, note: earned(name) }
  }
}

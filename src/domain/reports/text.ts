/** An answer as compact Markdown that says the same as its structured form. Names of users are made inert here. Pure. */
import { pageLine } from '../../core/page.ts'
import { inline, percent, table } from '../../core/text.ts'
import type { ChannelReport, Change, Definitions, Overview, Report, UpliftMeasure } from './answer.ts'
import { type Cell, fromCell } from './measure.ts'
import { changeSuffix, currenciesColumn, metricOfColumn, shareSuffix } from './rows.ts'

export const points = (value: number) => `${Number((value * 100).toFixed(4))}`
export const signed = (text: string) => (text.startsWith('-') || text === '0' ? text : `+${text}`)

/** A figure: `4711`, `-`, `12.5% (5/40)`, with its interval `12.5% (5/40, 5.5–26.1%)`. */
export function figure(column: string, cell: Cell): string {
  if (cell === null) return '-'
  if (typeof cell === 'string') return inline(cell)
  if (!Array.isArray(cell)) return column.endsWith(changeSuffix) ? signed(percent(Number(cell))) : column.endsWith(shareSuffix) ? percent(Number(cell)) : String(cell)
  if (column === currenciesColumn) return cell.join(' ')
  const [value, numerator, denominator, low, high] = cell as (number | string | null)[]
  const isRate = metricOfColumn(column)?.metric.unit !== 'money'
  const shown = value === null || value === undefined ? '-' : isRate ? percent(Number(value)) : String(value)
  const interval = typeof low === 'number' && typeof high === 'number' ? `, ${percent(low)}–${percent(high)}` : ''
  return `${shown} (${numerator}${denominator === undefined ? '' : `/${denominator}`}${interval})`
}

/** A row's figures. A denominator that is the row's deliveries is left out, as it is in the cells of an overview. */
function rowFigures(columns: readonly string[], row: readonly Cell[]): string[] {
  const deliveries = row[columns.indexOf('deliveries')]
  return columns.map((column, index) => {
    const cell = row[index] ?? null
    const known = Array.isArray(cell) && cell.length === 3 && column !== currenciesColumn && cell[2] === deliveries
    return figure(column, known ? (cell.slice(0, 2) as Cell) : cell)
  })
}

function changeWords(column: string, { previous, delta, change }: Change): string {
  const isRate = metricOfColumn(column)?.metric.unit === 'rate'
  const difference = delta === null ? '-' : signed(isRate ? `${Number((Number(delta) * 100).toPrecision(4))} points` : String(delta))
  return `before ${figure(column, previous)}, ${difference}${change === null ? '' : ` (${signed(percent(change))})`}`
}

function summaryLines({ summary, comparison, otherCurrencies }: Pick<Report, 'summary' | 'comparison' | 'otherCurrencies'>): string[] {
  const entries = Object.entries(summary)
  const foreign = Object.entries(otherCurrencies ?? {}).map(([currency, cell]) => `${(cell as Cell[]).join(' orders, ')} ${currency}`)
  const apart = foreign.length ? [`Other currencies: ${foreign.join('; ')}`] : []
  if (!comparison) return [`**Total** ${entries.map(([id, cell]) => `${id} ${figure(id, cell)}`).join('; ')}`, ...apart]
  const lines = entries.map(([id, cell]) => `- ${id} ${figure(id, cell)}; ${changeWords(id, comparison[id] as Change)}`)
  return [`**Total** (before: ${comparison.startDate as string} to ${comparison.endDate as string})`, ...lines, ...apart]
}

function flagLines(flags: Report['flags']): string[] {
  const rows = (text: string) => text.replaceAll(',', ', ')
  return [
    ...(flags.lowVolume ? [`Low volume, < 1,000 deliveries, rates uncertain: ${rows(flags.lowVolume)}.`] : []),
    ...(flags.fewOrders ? [`Fewer than 50 orders, money uncertain: ${rows(flags.fewOrders)}.`] : []),
    ...(flags.otherCurrencies ? [`Orders in other currencies besides: ${rows(flags.otherCurrencies)}.`] : []),
  ]
}

export function passportLine({ passport: p }: Pick<Report, 'passport'>): string {
  const filters = Object.entries(p.filters).map(([name, value]) => `${name} ${Array.isArray(value) ? value.map((item) => inline(String(item))).join(', ') : inline(String(value))}`)
  const deliveries = Object.entries(p.deliveries).map(([source, channels]) => `${source} (${channels})`)
  return [
    `Goal ${inline(p.goal)}`,
    p.attribution,
    ...(filters.length ? [`filters: ${filters.join('; ')}`] : []),
    ...(deliveries.length ? [`deliveries: ${deliveries.join(', ')}`] : []),
    `data as of ${p.dataAsOf ?? '-'} (version ${p.dataVersion}), attribution settled through ${p.attributionSettledThrough ?? '-'}${p.stillSettlingFrom ? `, still settling from ${p.stillSettlingFrom}` : ''}`,
    `definitions ${p.definitions}`,
  ].join('. ')
}

function heading(title: string, { passport: p }: Pick<Report, 'passport'>): string {
  return `${title} ${p.startDate} to ${p.endDate} (${p.timeZone}), ${p.currency}, by ${p.timeBasis} day; ratios: value (numerator/denominator, left out where it is deliveries)`
}

function timelineLines(timeline: Report['timeline']): string[] {
  return timeline
    ? [
        '**Timeline**',
        table(
          timeline.columns,
          timeline.rows.map((row) => rowFigures(timeline.columns, row)),
        ),
      ]
    : []
}

/** Text of campaign_report and flow_report. Rows carry their rank, which the notes refer to; ids are given where two names are alike. */
export function reportText(title: string, report: Report): string {
  const { columns, coverage, other, noActivity } = report
  const hasId = columns[0] === 'id'
  const shown = hasId ? columns.slice(1) : columns
  const names = report.rows.map((row) => String(row[hasId ? 1 : 0]))
  const rows = report.rows.map((row, index) => {
    const cells = rowFigures(columns, row).slice(hasId ? 1 : 0)
    if (hasId && names.indexOf(names[index] ?? '') !== names.lastIndexOf(names[index] ?? '')) cells[0] = `${cells[0]} (${row[0]})`
    return [String(coverage.from + index), ...cells]
  })
  if (other) rows.push(['', ...rowFigures(columns, other).slice(hasId ? 1 : 0)])
  return [
    heading(title, report),
    ...summaryLines(report),
    ...(rows.length ? [table(['#', ...shown], rows)] : []),
    `${pageLine(coverage, report.nextCursor)}${inactiveWords(noActivity)}`,
    ...timelineLines(report.timeline),
    ...(report.variants?.rows.length
      ? [
          '**Variants**',
          table(
            report.variants.columns,
            report.variants.rows.map((row) => rowFigures(report.variants?.columns ?? [], row)),
          ),
        ]
      : []),
    ...upliftLines(report.uplift),
    ...[...flagLines(report.flags), ...report.cautions].map((line) => `- ${line}`),
    passportLine(report),
  ].join('\n')
}

function inactiveWords({ count, ids }: Report['noActivity']): string {
  if (count === 0) return ''
  const rest = count - ids.length
  return `. No activity: ${[...ids, ...(rest ? [ids.length ? `${rest} more` : `${rest} (a detailed or full report lists them)`] : [])].join(', ')}`
}

function upliftLines(uplift: Report['uplift']): string[] {
  return uplift?.length ? ['**Uplift** (treated − held out, 95 % interval)', ...uplift.map(upliftLine)] : []
}

function upliftLine(row: NonNullable<Report['uplift']>[number]): string {
  const share = (name: string, measure: UpliftMeasure | null) =>
    measure
      ? `${name} ${arms(measure, (cell) => figure(name, cell))}${signed(points(measure.uplift))} points (${points(measure.low)} to ${points(measure.high)}), ${probability(measure.p)}`
      : `${name}: too few people to tell`
  const money = (name: string, measure: UpliftMeasure | null) =>
    measure
      ? `${name} ${arms(measure, (cell) => String(fromCell(cell).value))}${signed(String(measure.uplift))} (${measure.low} to ${measure.high}), ${probability(measure.p)}`
      : `${name}: too few people to tell`
  return `- ${inline(row.campaign)}: ${row.treated} treated, ${row.heldOut} held out; ${share('visits', row.visits)}; ${share('orders', row.orders)}; ${money('revenue per customer', row.revenuePerCustomer)}`
}

export const probability = (p: number | null) => (p === null ? 'p -' : p < 0.001 ? 'p < 0.001' : `p ${p}`)

/** What both arms did, where the answer tells. */
function arms({ treated, heldOut }: UpliftMeasure, words: (cell: Cell) => string): string {
  return treated === undefined || heldOut === undefined ? '' : `${words(treated)} vs ${words(heldOut)}: `
}

/** Text of channel_report. */
export function channelText(report: ChannelReport): string {
  const { columns } = report
  return [
    heading('Channels', report),
    ...summaryLines(report),
    table(
      columns,
      report.rows.map((row) => rowFigures(columns, row)),
    ),
    `Reported: ${Object.entries(report.reportable)
      .map(([channel, events]) => `${channel} ${events}`)
      .join('; ')}`,
    ...timelineLines(report.timeline),
    ...upliftLines(report.uplift),
    ...[...flagLines(report.flags), ...report.cautions].map((line) => `- ${line}`),
    passportLine(report),
  ].join('\n')
}

/** Text of account_overview. */
export function overviewText(overview: Overview): string {
  const { columns } = overview
  const share = (cell: Cell | undefined) => figure('share', cell ?? null)
  const a = overview.account
  const currencies = Object.entries(a ?? {})
    .filter(([name]) => /^[A-Z]{3}$/.test(name))
    .map(([currency, cell]) => {
      const [orders, revenue, earnedOrders, earned] = cell as (number | string)[]
      return `${currency}: ${orders} orders ${revenue}, attributed ${earnedOrders} orders ${earned}`
    })
  const change = (cell: Cell | undefined) => {
    if (!Array.isArray(cell)) return ''
    const [before, delta, relative] = cell as (number | string | null)[]
    return `, before ${before}, ${signed(String(delta ?? '-'))}${typeof relative === 'number' ? ` (${signed(percent(relative))})` : ''}`
  }
  return [
    heading('Account overview', overview),
    ...(a
      ? [
          `**All orders placed** ${a.orders ?? '-'}${change(a.ordersChange)}; revenue ${a.revenue ?? '-'}${change(a.revenueChange)}; attributed ${share(a.attributedOrders)} of orders, ${share(a.attributedRevenue)} of revenue`,
          ...currencies,
        ]
      : []),
    ...summaryLines(overview),
    table(
      ['part', ...columns.slice(1)],
      [...overview.parts, ...overview.rows].map((row) => rowFigures(['part', ...columns.slice(1)], row)),
    ),
    ...timelineLines(overview.timeline),
    ...upliftLines(overview.uplift),
    ...[...flagLines(overview.flags), ...overview.cautions].map((line) => `- ${line}`),
    passportLine(overview),
  ].join('\n')
}

/** Text of metric_definitions. */
export function definitionsText({ definitions, metrics }: Definitions): string {
  return [
    `Definitions ${definitions}`,
    ...metrics.map((metric) => `- ${metric.id} (${metric.unit}${metric.adds ? ', adds up' : ''}, ${metric.channels.join(' ')}): ${metric.definition}`),
  ].join('\n')
}

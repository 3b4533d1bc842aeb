/** The timeline as bars of one metric: the longest says its figure, each says its own under the pointer, and a table says all of them. */
import { el, svg } from './dom.ts'
import { type Cell, day, figure, sizeOf, titleOf } from './figures.ts'
import { section } from './frame.ts'
import { table } from './table.ts'

interface Timeline {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

const width = 640
const height = 140

export function timeline(given: Timeline, currency: string | undefined): HTMLElement {
  const names = given.columns[0] === 'day' ? 1 : 2
  const metrics = given.columns.slice(names)
  const plot = el('div', { class: 'plot' })
  const draw = (metric: string) => plot.replaceChildren(...plotOf(given, metric, names, currency))
  const choice = el('select', { 'aria-label': 'Metric of the timeline' }, ...metrics.map((metric) => el('option', { value: metric }, titleOf(metric))))
  choice.addEventListener('change', () => draw(choice.value))
  draw(metrics[0] ?? '')
  return section(
    'Timeline',
    metrics.length > 1 ? choice : null,
    plot,
    el('details', {}, el('summary', {}, 'The timeline as a table'), table({ caption: 'Timeline', columns: given.columns, rows: given.rows, names, currency })),
  )
}

const spanOf = (row: readonly Cell[], names: number) => [...new Set(row.slice(0, names).map(day))].join(' – ')

function plotOf({ columns, rows }: Timeline, metric: string, names: number, currency: string | undefined): readonly Node[] {
  const at = columns.indexOf(metric)
  const bars = rows.map((row) => ({ span: spanOf(row, names), size: sizeOf(row[at] ?? null), figure: figure(metric, row[at] ?? null, currency) }))
  const sizes = bars.map(({ size }) => size ?? 0)
  const [highest, lowest] = [Math.max(0, ...sizes), Math.min(0, ...sizes)]
  const range = highest - lowest || 1
  const most = bars.reduce((best, bar) => ((bar.size ?? -Infinity) > (best?.size ?? -Infinity) ? bar : best), bars[0])
  const step = width / Math.max(1, bars.length)
  const said = el('p', { class: 'said' }, most ? `Highest: ${most.figure.text}, ${most.span}` : '')
  const y = (size: number) => ((highest - size) / range) * height
  const columnsDrawn = bars.map(({ span, size, figure: { text } }, index) => {
    const words = `${span}: ${text}`
    const drawn = svg('g', { class: 'column' }, svg('rect', { class: 'hit', x: index * step, y: 0, width: step, height }))
    if (size !== null) {
      const gap = Math.min(step * 0.25, 6)
      drawn.append(
        svg('rect', {
          class: 'value',
          x: index * step + gap / 2,
          y: Math.min(y(size), y(0)),
          width: Math.max(step - gap, 0.5),
          height: Math.max(Math.abs(y(size) - y(0)), size === 0 ? 0 : 1),
        }),
      )
    }
    const tip = document.createElementNS('http://www.w3.org/2000/svg', 'title')
    tip.textContent = words
    drawn.append(tip)
    drawn.addEventListener('pointerenter', () => {
      said.textContent = words
    })
    return drawn
  })
  const words = most ? `${titleOf(metric)} over ${bars.length} spans, from ${bars[0]?.span} to ${bars.at(-1)?.span}; highest ${most.figure.text}, ${most.span}` : titleOf(metric)
  return [
    said,
    svg(
      'svg',
      { role: 'img', 'aria-label': words, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none' },
      ...columnsDrawn,
      svg('line', { class: 'ground', x1: 0, x2: width, y1: y(0), y2: y(0) }),
    ),
    el('p', { class: 'ends', 'aria-hidden': 'true' }, el('span', {}, bars[0]?.span ?? ''), el('span', {}, bars.length > 1 ? (bars.at(-1)?.span ?? '') : '')),
  ]
}

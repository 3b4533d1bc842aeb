/** The figures on top: each with what it is made of and, where there is a comparison, what it was before. */
import { el } from './dom.ts'
import { type Cell, type Change, figure, signedPercent, titleOf } from './figures.ts'

export interface Tile {
  readonly column: string
  /** Default: that of the column. */
  readonly title?: string
  readonly cell: Cell
  readonly change?: Change | undefined
  /** What it says besides. */
  readonly note?: string
}

export function tiles(all: readonly Tile[], currency: string | undefined): HTMLElement {
  return el('dl', { class: 'tiles' }, ...all.map((tile) => tileOf(tile, currency)))
}

function tileOf({ column, title, cell, change, note }: Tile, currency: string | undefined): HTMLElement {
  const { text, value, more } = figure(column, cell, currency)
  return el(
    'div',
    more ? { title: more } : {},
    el('dt', {}, title ?? titleOf(column)),
    el('dd', {}, el('data', { value, 'data-column': column }, text)),
    ...(change ? changeLines(column, change, currency) : []),
    note ? el('dd', { class: 'change' }, note) : null,
  )
}

function changeLines(column: string, { previous, change }: Change, currency: string | undefined): HTMLElement[] {
  const before = el('dd', { class: 'change' }, `before ${figure(column, previous, currency).text}`)
  if (change === null) return [before]
  const arrow = change > 0 ? '▲' : change < 0 ? '▼' : '='
  return [el('dd', { class: 'change' }, el('span', { 'aria-hidden': 'true' }, `${arrow} `), el('b', {}, signedPercent(change))), before]
}

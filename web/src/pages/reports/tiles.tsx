/** The totals of a report, each with what it is made of and how it moved, in words. */
import { IconArrowDownRight, IconArrowUpRight, IconEqual } from '@tabler/icons-react'
import { breakable, Tile, Tiles } from '../../kit/index.ts'
import { MetricInfo } from './info.tsx'
import { type Figure, nothing, summaryOf } from './reading.ts'
import classes from './reports.module.css'
import type { Answer, Frame } from './types.ts'
import { madeOf, type Moved, moved, said } from './words.ts'

/** The width of a figure with the words below it. */
export const narrowest = '11rem'

interface TotalsProps extends Frame {
  readonly answer: Answer
  /** In this order. */
  readonly ids: readonly string[]
}

export function Totals({ account, metrics, answer: { summary, comparison }, ids }: TotalsProps) {
  const figures = summaryOf(summary, metrics)
  return (
    <Tiles label="Totals" narrowest={narrowest}>
      {ids
        .filter((id) => figures.has(id))
        .map((id) => (
          <MovedTile
            key={id}
            title={metrics.get(id)?.title ?? id}
            info={<MetricInfo metric={metrics.get(id)} />}
            value={said((figures.get(id) ?? nothing).value, metrics.get(id), account.currency)}
            more={madeOf(figures.get(id) ?? (nothing satisfies Figure), metrics.get(id), account.currency)}
            move={moved(comparison, id, metrics.get(id), account.currency)}
          />
        ))}
    </Tiles>
  )
}

interface MovedTileProps {
  readonly title: string
  readonly info?: React.ReactNode
  readonly value: string
  readonly more?: string | undefined
  readonly move?: Moved | undefined
}

export function MovedTile({ title, info, value, more, move }: MovedTileProps) {
  const Sign = move && { up: IconArrowUpRight, down: IconArrowDownRight, level: IconEqual, unknown: undefined }[move.way]
  return (
    <Tile title={title} info={info} value={value}>
      {move === undefined ? null : (
        <dd className={classes.move} data-good={move.good}>
          {Sign ? <Sign size={15} aria-hidden /> : null}
          <span>{breakable(move.words)}</span>
        </dd>
      )}
      {more === undefined ? null : <dd>{breakable(more)}</dd>}
    </Tile>
  )
}

/** The totals of a report, each with what it is made of and how it moved, in words. */
import { IconArrowDownRight, IconArrowUpRight, IconEqual } from '@tabler/icons-react'
import { Info } from './info.tsx'
import { type Figure, nothing, summaryOf } from './reading.ts'
import classes from './reports.module.css'
import type { Answer, Frame } from './types.ts'
import { madeOf, type Moved, moved, said } from './words.ts'

interface TilesProps extends Frame {
  readonly answer: Answer
  /** In this order. */
  readonly ids: readonly string[]
}

export function Tiles({ account, metrics, answer: { summary, comparison }, ids }: TilesProps) {
  const figures = summaryOf(summary, metrics)
  return (
    <dl className={classes.tiles} data-totals>
      {ids
        .filter((id) => figures.has(id))
        .map((id) => (
          <Tile
            key={id}
            title={metrics.get(id)?.title ?? id}
            info={<Info metric={metrics.get(id)} />}
            value={said((figures.get(id) ?? nothing).value, metrics.get(id), account.currency)}
            more={madeOf(figures.get(id) ?? (nothing satisfies Figure), metrics.get(id), account.currency)}
            move={moved(comparison, id, metrics.get(id), account.currency)}
          />
        ))}
    </dl>
  )
}

interface TileProps {
  readonly title: string
  readonly info?: React.ReactNode
  readonly value: string
  readonly more?: string | undefined
  readonly move?: Moved | undefined
}

/** A long amount may break after its currency, not within its digits. */
const loose = (text: string) => text.replaceAll('\u00A0', ' ')

export function Tile({ title, info, value, more, move }: TileProps) {
  const Sign = move && { up: IconArrowUpRight, down: IconArrowDownRight, level: IconEqual, unknown: undefined }[move.way]
  return (
    <div className={classes.tile}>
      <dt>
        <span>{title}</span>
        {info}
      </dt>
      <dd>{loose(value)}</dd>
      {move === undefined ? null : (
        <dd className={classes.move} data-good={move.good}>
          {Sign ? <Sign size={15} aria-hidden /> : null}
          <span>{loose(move.words)}</span>
        </dd>
      )}
      {more === undefined ? null : <dd className={classes.more}>{loose(more)}</dd>}
    </div>
  )
}

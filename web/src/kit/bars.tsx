/** Parts of a whole as horizontal bars with their figures written beside them: readable without seeing the bars, which say nothing more. */
import type { ReactNode } from 'react'
import classes from './bars.module.css'

export interface BarRow {
  readonly key: string
  readonly name: ReactNode
  /** How long: 0 to 1. null: not known, and no bar is drawn. */
  readonly part: number | null
  /** The figure. */
  readonly value: string
  /** What else to say of it, in small letters. */
  readonly note?: string | undefined
  /** More than there should be. */
  readonly over?: boolean
}

/** @param label what they are, for screen readers */
export function Bars({ label, rows }: { label: string; rows: readonly BarRow[] }) {
  return (
    <ul className={classes.bars} aria-label={label}>
      {rows.map(({ key, name, part, value, note, over }) => (
        <li key={key} className={classes.row}>
          <span className={classes.name}>{name}</span>
          <span className={classes.value}>
            {value}
            {note === undefined ? null : <span className={classes.note}>{note}</span>}
          </span>
          <span className={classes.track} data-unknown={part === null || undefined} aria-hidden>
            {part === null || part <= 0 ? null : <span className={classes.bar} data-over={over || undefined} style={{ width: `${Math.min(1, part) * 100}%` }} />}
          </span>
        </li>
      ))}
    </ul>
  )
}

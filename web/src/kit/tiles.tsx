/** Figures side by side, each with its name and what else is to be said of it. */
import type { CSSProperties, ReactNode } from 'react'
import { breakable } from './figure.ts'
import classes from './tiles.module.css'

interface TilesProps {
  /** What they are, for screen readers. */
  readonly label?: string
  /** As CSS writes it: the width a tile needs on a wide screen. */
  readonly narrowest: string
  readonly children: ReactNode
}

export function Tiles({ label, narrowest, children }: TilesProps) {
  return (
    <dl className={classes.tiles} style={{ '--narrowest': narrowest } as CSSProperties} aria-label={label}>
      {children}
    </dl>
  )
}

interface TileProps {
  readonly title: ReactNode
  /** Beside the title. */
  readonly info?: ReactNode
  readonly value: string
  /** More of it, each in a `dd`: small and dimmed unless the page says otherwise. */
  readonly children?: ReactNode
}

export function Tile({ title, info, value, children }: TileProps) {
  return (
    <div className={classes.tile}>
      <dt>
        <span>{title}</span>
        {info}
      </dt>
      <dd className={classes.value}>{breakable(value)}</dd>
      {children}
    </div>
  )
}

/** A table of records that stays a table for screen readers and becomes a list of cards on a narrow screen. */
import type { ReactNode } from 'react'
import { Card } from './card.tsx'
import classes from './records.module.css'

interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => ReactNode
  /** At the right: figures, buttons. */
  readonly end?: boolean
  /** Needs no title in a card: buttons, and what names the row. */
  readonly quiet?: boolean
}

interface RecordsProps<Row> {
  /** What the records are, for screen readers: "Members". */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** Records that no longer count are dimmed. */
  readonly faded?: (row: Row) => boolean
}

/** The first column names the row: it is its header. */
export function Records<Row>({ label, columns, rows, keyOf, faded }: RecordsProps<Row>) {
  return (
    <TableBox label={label} className={classes.records}>
      <thead>
        <tr>
          {columns.map(({ title, end }) => (
            <th key={title} scope="col" data-end={end || undefined}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-faded={faded?.(row) || undefined}>
            {columns.map(({ title, cell, end, quiet }, index) => {
              const rest = { 'data-title': quiet ? undefined : title, 'data-end': end || undefined }
              return index === 0 ? (
                <th key={title} scope="row" {...rest}>
                  {cell(row)}
                </th>
              ) : (
                <td key={title} {...rest}>
                  <div className={classes.value}>{cell(row)}</div>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </TableBox>
  )
}

/** A table that scrolls within its own surface, never the page. */
export function TableBox({ label, className, children }: { label: string; className: string | undefined; children: ReactNode }) {
  return (
    <Card flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard */}
      <section className={classes.box} tabIndex={0} aria-label={label}>
        <table className={`${classes.table} ${className}`}>{children}</table>
      </section>
    </Card>
  )
}

/** The cell of what there is none of. */
export function None() {
  return <span data-none>–</span>
}

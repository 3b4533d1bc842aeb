/** A table at the terminal. Names and the like were written by people: nothing in a cell can move the cursor, colour the screen or add a column. */
import { inline, table as plainTable } from '../core/text.ts'

export const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  plainTable(
    header,
    rows.map((row) => row.map(inline)),
  )

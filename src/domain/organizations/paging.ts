/** Pages of this domain's lists: cursors that count rows. Pure. */
import { decodeCursor, foreignCursor } from '../../core/page.ts'

/** Rows of a page when the caller names no number. */
export const usualRows = 20

/** Rows before the page. Throws `invalid_cursor`. */
export function positionOf(cursor: string | undefined, question: unknown): number {
  if (cursor === undefined || cursor === '') return 0
  const { position } = decodeCursor(cursor, question)
  if (typeof position !== 'number' || !Number.isSafeInteger(position) || position > 1_000_000_000) throw foreignCursor()
  return position
}

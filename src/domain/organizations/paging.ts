/** Pages of this domain's lists: cursors that count rows. Pure. */
import { type Coverage, decodeCursor, foreignCursor, pageAt, rowsBefore } from '../../core/page.ts'

/** Rows of a page when the caller names no number. */
export const usualRows = 20

/** Rows before the page. Throws `invalid_cursor`. */
export function positionOf(cursor: string | undefined, question: unknown): number {
  if (cursor === undefined || cursor === '') return 0
  const { position } = decodeCursor(cursor, question)
  if (typeof position !== 'number' || !Number.isSafeInteger(position) || position > 1_000_000_000) throw foreignCursor()
  return position
}

interface AnyPage {
  readonly coverage: Coverage
  readonly nextCursor: string | null
  /** What the cursor belongs to. */
  readonly asked: unknown
}

/** The same page with only the first `count` rows of its list. */
export function cutPage<Page extends AnyPage & Readonly<Record<List, readonly unknown[]>>, List extends string>(page: Page, list: List, count: number): Page {
  if (count >= page[list].length) return page
  return { ...page, [list]: page[list].slice(0, count), ...pageAt(rowsBefore(page.coverage), count, page.coverage.of, page.asked) }
}

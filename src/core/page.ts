/** Opaque cursors: a position and a fingerprint of the arguments it belongs to, so that a cursor of other arguments is refused; and what every page of a list says of itself. Short, as each goes to a model. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MercatError } from './errors.ts'

/** How far a list has been read: a count of rows, or the last row's key. */
export type Position = string | number

const longest = 600

/** Ties a cursor to its question (all arguments but `cursor` and `limit`). It stops mistakes, not people: a cursor gives no access. */
function fingerprint(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('hex').slice(0, 8)
}

const plain = (text: string) => encodeURIComponent(text).replaceAll('.', '%2E')

/** @param asOf the snapshot the pages belong to, where a list can change under the reader. */
export function encodeCursor(position: Position, question: unknown, asOf?: string): string {
  const place = typeof position === 'number' ? String(position) : `~${plain(position)}`
  return [fingerprint(question), place, ...(asOf === undefined ? [] : [plain(asOf)])].join('.')
}

/** Throws `invalid_cursor` for anything this module did not make for the same question. */
export function decodeCursor(cursor: string, question: unknown): { position: Position; asOf: string | undefined } {
  const [given, place, asOf, ...more] = cursor.length <= longest ? cursor.split('.') : []
  try {
    if (given === fingerprint(question) && more.length === 0) {
      const snapshot = asOf === undefined ? undefined : decodeURIComponent(asOf)
      if (place?.startsWith('~')) return { position: decodeURIComponent(place.slice(1)), asOf: snapshot }
      if (/^\d{1,15}$/.test(place ?? '')) return { position: Number(place), asOf: snapshot }
    }
  } catch {
    // A percent sign that is no encoding: not ours.
  }
  throw foreignCursor()
}

/** The refusal of a cursor that was not given for this question; also for whoever finds in a position what they never put there. */
export function foreignCursor(): MercatError {
  return new MercatError('invalid_cursor', 'The cursor does not belong to these arguments', {
    argument: 'cursor',
    hint: 'Repeat the call with the arguments of the first page and the cursor it gave, or leave cursor out to start again.',
  })
}

/** The part of a list that an answer holds: `shown` rows of all, the first of them the `from`-th; 0: none is shown. */
export const coverageSchema = z.object({ from: z.int(), shown: z.int(), of: z.int() })
export type Coverage = z.output<typeof coverageSchema>

/** Coverage of a page that begins after `before` rows. */
export function coverageOf(before: number, shown: number, of: number): Coverage {
  return { from: shown > 0 ? before + 1 : 0, shown, of }
}

/** Rows before the page. */
export const rowsBefore = ({ from }: Coverage): number => Math.max(from, 1) - 1

/** Coverage and cursor of a page whose cursor counts rows. */
export function pageAt(before: number, shown: number, of: number, question: unknown, asOf?: string): { coverage: Coverage; nextCursor: string | null } {
  const next = before + shown
  return { coverage: coverageOf(before, shown, of), nextCursor: shown > 0 && next < of ? encodeCursor(next, question, asOf) : null }
}

/** What an answer says of its page: `20 of 92 shown, next cursor: …`. */
export function pageLine({ from, shown, of }: Coverage, nextCursor: string | null): string {
  return `${shown} of ${of} shown${from > 1 ? `, from ${from}` : ''}${nextCursor === null ? '' : `, next cursor: ${nextCursor}`}`
}

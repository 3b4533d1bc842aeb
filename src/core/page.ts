/** Opaque cursors: a position and a fingerprint of the arguments it belongs to, so that a cursor of other arguments is refused. Short, as every page carries one to a model. */
import { createHash } from 'node:crypto'
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

/** Opaque cursors: a position and a fingerprint of the arguments it belongs to, so that a cursor of other arguments is refused. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { MercatError } from './errors.ts'

const cursorForm = z.strictObject({ p: z.union([z.string().max(512), z.number().int().nonnegative()]), f: z.string().length(12), a: z.string().max(64).optional() })
export type Position = string | number

/** The part of a cursor that ties it to its question: all arguments but `cursor` and `limit`. */
export function fingerprint(question: unknown): string {
  return createHash('sha256').update(JSON.stringify(question)).digest('base64url').slice(0, 12)
}

/** @param asOf the snapshot the pages belong to, where a list can change under the reader. */
export function encodeCursor(position: Position, question: unknown, asOf?: string): string {
  return Buffer.from(JSON.stringify({ p: position, f: fingerprint(question), ...(asOf === undefined ? {} : { a: asOf }) })).toString('base64url')
}

/** Throws `invalid_cursor` for anything this module did not make for the same question. */
export function decodeCursor(cursor: string, question: unknown): { position: Position; asOf: string | undefined } {
  let parsed: z.infer<typeof cursorForm> | undefined
  try {
    parsed = cursorForm.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    parsed = undefined
  }
  if (parsed?.f !== fingerprint(question)) {
    throw new MercatError('invalid_cursor', 'The cursor does not belong to these arguments', {
      argument: 'cursor',
      hint: 'Repeat the call with the arguments of the first page and the cursor it gave, or leave cursor out to start again.',
    })
  }
  return { position: parsed.p, asOf: parsed.a }
}

/** The one table of errors: what a caller may see, its HTTP status, and whether trying again can help. Raw messages never leave. */
import { randomBytes } from 'node:crypto'
import type { Logger } from './log.ts'

/** Every error a caller can meet. docs/generated/errors.md is made from this table. */
export const errorTable = {
  invalid_arguments: { status: 400, retry: false, means: 'An argument is missing, unknown or of the wrong form.' },
  unknown_value: { status: 400, retry: false, means: 'A filter names something that does not exist here; the nearest and the allowed values are listed.' },
  invalid_cursor: { status: 400, retry: false, means: 'The cursor is not one this tool gave for these arguments.' },
  unauthenticated: { status: 401, retry: false, means: 'No valid access token came with the call.' },
  wrong_signature: { status: 401, retry: false, means: 'A delivery to a source is not proved to come from its platform: the signature, its time or the password is wrong.' },
  insufficient_scope: { status: 403, retry: false, means: 'The token lacks scopes the person could grant; sign in again and consent to them.' },
  missing_scopes: { status: 403, retry: false, means: 'The person lacks scopes for this operation; an owner of the account can grant them.' },
  cross_site: { status: 403, retry: false, means: 'A request to the dashboard’s API did not come from a page of this Mercat, or lacks the token of its session.' },
  not_allowed: { status: 403, retry: false, means: 'This may not be done here or by this person, whatever their scopes; the message says who may, or what is off.' },
  sign_in_again: { status: 403, retry: false, means: 'The change needs proof of who you are that is not older than 15 minutes; sign in again.' },
  mcp_disabled: { status: 403, retry: false, means: 'MCP is off for this account; a platform operator turns it on.' },
  read_only: { status: 403, retry: false, means: 'The connection is read-only; connect without read_only=1 to use this tool.' },
  not_found: { status: 404, retry: false, means: 'No such object, or it is not visible to this person; both give the same answer.' },
  organization_not_found: { status: 404, retry: false, means: 'No such organization, or it is not visible to this person.' },
  campaign_not_found: { status: 404, retry: false, means: 'No such campaign, or it is not visible to this person.' },
  unknown_tool: { status: 404, retry: false, means: 'No tool of this name is offered on this connection.' },
  conflict: { status: 409, retry: false, means: 'The change contradicts what is stored; the message says what.' },
  too_large: { status: 413, retry: false, means: 'The request or its answer is over the size limit.' },
  wrong_shape: { status: 422, retry: false, means: 'What was delivered to a source is not what this source sends; nothing of it was kept.' },
  rate_limited: { status: 429, retry: true, means: 'Too many calls; the message says when to try again.' },
  deadline_exceeded: { status: 504, retry: true, means: 'The work took longer than its deadline; narrow the question as the message says.' },
  cancelled: { status: 499, retry: true, means: 'The caller closed the request before the answer.' },
  unavailable: { status: 503, retry: true, means: 'A store is not reachable at the moment, or has no room for more.' },
  internal: { status: 500, retry: true, means: 'A fault inside Mercat; the log holds the details under the given reference.' },
} as const satisfies Record<string, { status: number; retry: boolean; means: string }>

export type ErrorCode = keyof typeof errorTable

/** What a caller may be told besides the message. All of it is safe to send. */
export interface ErrorDetails {
  /** What to do next, as a sentence. */
  hint?: string
  /** The argument at fault, as a path: `channels[0]`. */
  argument?: string
  /** The value at fault, clipped. */
  value?: string
  /** Near misses, best first. */
  nearest?: readonly string[]
  /** All allowed values where they are few. */
  allowed?: readonly string[]
  /** Scopes that are missing. */
  scopes?: readonly string[]
  /** Seconds until a retry makes sense. */
  retryAfter?: number
  /** Lines of a body at fault, the first ones. */
  lines?: readonly { readonly line: number; readonly reason: string }[]
  /** Where the log has more: an opaque id. */
  reference?: string
}

/** An error meant for the caller. Anything else that is thrown becomes `internal` at the edge of the pipeline. */
export class MercatError extends Error {
  readonly code: ErrorCode
  readonly details: ErrorDetails
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'MercatError'
    this.code = code
    this.details = details
  }

  get status(): number {
    return errorTable[this.code].status
  }
}

/** Anything that is not meant for the caller becomes `internal` with a reference, under which the log has it: its text could name tables, people or paths. */
export function toMercatError(thrown: unknown, log: Logger, facts: Readonly<Record<string, unknown>> = {}): MercatError {
  if (thrown instanceof MercatError) return thrown
  const reference = randomBytes(6).toString('hex')
  log.error({ err: thrown, reference, ...facts }, 'a request failed')
  return new MercatError('internal', 'Something went wrong inside Mercat', { reference, hint: 'Try again; if it stays, give the reference to whoever runs this Mercat.' })
}

/** The sentence a person or a model reads: message, then nearest and allowed values, then what to do next. */
export function describeError(error: MercatError): string {
  const { nearest, allowed, hint, retryAfter, reference } = error.details
  const parts = [/[.?!]$/.test(error.message) ? error.message : `${error.message}.`]
  if (nearest?.length) parts.push(`Nearest: ${nearest.join(', ')}.`)
  if (allowed?.length) parts.push(`Allowed: ${allowed.join(', ')}.`)
  if (hint) parts.push(hint)
  if (retryAfter !== undefined) parts.push(`Try again in ${retryAfter} s.`)
  if (reference) parts.push(`Reference: ${reference}.`)
  return parts.join(' ')
}

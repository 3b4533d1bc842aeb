/** The audit table. One statement a batch; parameters and results are bounded here. */
import { sql } from 'kysely'
import type { Effect } from '../../core/access.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'

/** One tool call, or an event of people and permissions (effect `access`), as it is kept. */
export interface AuditedCall {
  readonly accountId: string
  readonly at: Date
  readonly userId: string | null
  readonly clientId: string | null
  readonly tool: string
  readonly effect: Effect | 'access'
  /** `ok` or an error code. */
  readonly outcome: string
  readonly ms: number
  readonly rows: number | null
  readonly tokens: number | null
  /** The arguments as they came. */
  readonly input: unknown
  /** The JSON text of the structured answer. */
  readonly result: string | null
}

const mostInput = 8_192
const mostResult = 32_768

/** Calls of an account that is gone meanwhile are left out: its audit went with it. */
export async function insertCalls(db: DbOrTransaction, calls: readonly AuditedCall[]): Promise<void> {
  const rows = calls.map((call) => ({
    account_id: call.accountId,
    at: call.at.toISOString(),
    user_id: call.userId,
    client_id: call.clientId,
    tool: wellFormed(call.tool),
    effect: call.effect,
    outcome: call.outcome,
    ms: call.ms,
    rows: call.rows,
    tokens: call.tokens,
    input: bounded(textOf(call.input), mostInput),
    result: bounded(call.result, mostResult),
  }))
  // One JSON parameter rather than twelve a row: the statement is planned once and costs the same for one row and for five hundred.
  await sql`
    INSERT INTO audit (account_id, at, user_id, client_id, tool, effect, outcome, ms, rows, tokens, input, result)
    SELECT r.account_id, r.at, r.user_id, r.client_id, r.tool, r.effect, r.outcome, r.ms, r.rows, r.tokens, r.input::jsonb, r.result::jsonb
    FROM ROWS FROM (json_to_recordset(${JSON.stringify(rows)}::json)
      AS (account_id text, at timestamptz, user_id text, client_id text, tool text, effect text, outcome text, ms integer, rows integer, tokens integer, input text, result text)) WITH ORDINALITY AS r
    JOIN accounts ON accounts.id = r.account_id
    ORDER BY r.ordinality
  `.execute(db)
}

function textOf(input: unknown): string | null {
  if (input === undefined) return null
  try {
    return JSON.stringify(input)
  } catch {
    // Nested deeper than the stack: the parser of the request let it in, and it is no argument of ours.
    return '"too deeply nested to keep"'
  }
}

/** JSON that PostgreSQL takes (no NUL, no lone surrogate, both allowed in JSON but not in jsonb), as itself or, when too long, as the text of its beginning. */
function bounded(json: string | null, most: number): string | null {
  if (json === null) return null
  const refused = /\\u(?:0000|[dD][89abAB])/.test(json)
  if (json.length <= most && !refused) return json
  return JSON.stringify({ ...(json.length > most ? { truncated: true } : {}), text: wellFormed(json.slice(0, most)).replaceAll('\\', '/') })
}

function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\0', '�')
}

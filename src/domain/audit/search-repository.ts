/** Reads the audit table: newest first, one page at a time, and deletes what is past its time. Who may read it is the service's business. */
import { type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Effect } from '../../core/access.ts'
import type { DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'

/** From when on an account keeps its calls, and its events of people and permissions: those never later than the calls. */
export interface Kept {
  readonly calls: Date
  readonly events: Date
}

/** Which entries; everything that is given must hold. */
export interface AuditFilter {
  readonly kept: Kept
  readonly id?: number | undefined
  /** Not before. */
  readonly from?: Date | undefined
  /** Before. */
  readonly to?: Date | undefined
  readonly person?: string | undefined
  /** Only calls of this person, whoever is asked for. */
  readonly only?: string | undefined
  readonly app?: string | undefined
  /** A tool, or an event's name. */
  readonly tool?: string | undefined
  readonly effect?: AuditEffect | undefined
  /** `ok` or an error code. */
  readonly outcome?: string | undefined
}

/** `access`: an event of people and permissions rather than a tool call. */
export type AuditEffect = Effect | 'access'

export interface AuditRow {
  readonly id: number
  readonly at: Date
  /** null: an operator at the command line, or the server itself. */
  readonly person: { readonly id: string; readonly name: string; readonly email: string } | null
  /** The OAuth client, `dashboard` or `cli`. */
  readonly app: string | null
  readonly tool: string
  readonly effect: AuditEffect
  readonly outcome: string
  readonly ms: number
  readonly rows: number | null
  readonly tokens: number | null
}

export interface AuditDetail extends AuditRow {
  /** The arguments as they came; `{truncated, text}` when they were too long to keep whole. */
  readonly input: unknown
  readonly result: unknown
}

/** The place of an entry in the order. Rows never change, so nothing is lost or doubled while others arrive. */
export type AuditPlace = Pick<AuditRow, 'id' | 'at'>

type Where = ExpressionBuilder<OperationalSchema, 'audit'>

function conditions(where: Where, accountId: string, filter: AuditFilter, after?: AuditPlace) {
  const { id, kept, from, to, person, only, app, tool, effect, outcome } = filter
  return where.and([
    where('audit.account_id', '=', accountId),
    ...(id === undefined ? [] : [where('audit.id', '=', id)]),
    where('audit.at', '>=', from && from > kept.events ? from : kept.events),
    where.or([where('audit.effect', '=', 'access'), where('audit.at', '>=', kept.calls)]),
    ...(to ? [where('audit.at', '<', to)] : []),
    ...(person === undefined ? [] : [where('audit.user_id', '=', person)]),
    ...(only === undefined ? [] : [where('audit.user_id', '=', only)]),
    ...(app === undefined ? [] : [where('audit.client_id', '=', app)]),
    ...(tool === undefined ? [] : [where('audit.tool', '=', tool)]),
    ...(effect === undefined ? [] : [where('audit.effect', '=', effect)]),
    ...(outcome === undefined ? [] : [where('audit.outcome', '=', outcome)]),
    ...(after ? [where.and([where('audit.at', '<=', after.at), sql<SqlBool>`(audit.at, audit.id) < (${after.at}, ${after.id})`])] : []),
  ])
}

const columns = ['audit.id', 'at', 'user_id', 'client_id', 'tool', 'effect', 'outcome', 'ms', 'rows', 'tokens'] as const

/** One page of rows, found before anything is joined to them. */
function pageOf(db: DbOrTransaction, accountId: string, filter: AuditFilter, after: AuditPlace | undefined, limit: number) {
  return db
    .selectFrom('audit')
    .select(columns)
    .where((where) => conditions(where, accountId, filter, after))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
}

/** The newest entries after a place. */
export async function findCalls(db: DbOrTransaction, accountId: string, filter: AuditFilter, after: AuditPlace | undefined, limit: number): Promise<AuditRow[]> {
  const rows = await db
    .selectFrom(pageOf(db, accountId, filter, after, limit).as('audit'))
    .leftJoin('users', 'users.id', 'audit.user_id')
    .select([...columns, 'users.name', 'users.email'])
    .orderBy('at', 'desc')
    .orderBy('audit.id', 'desc')
    .execute()
  return rows.map(rowOf)
}

/** Like findCalls, whole. */
export async function findCallDetails(db: DbOrTransaction, accountId: string, filter: AuditFilter, after: AuditPlace | undefined, limit: number): Promise<AuditDetail[]> {
  const rows = await db
    .selectFrom(pageOf(db, accountId, filter, after, limit).select(['input', 'result']).as('audit'))
    .leftJoin('users', 'users.id', 'audit.user_id')
    .select([...columns, 'users.name', 'users.email', 'input', 'result'])
    .orderBy('at', 'desc')
    .orderBy('audit.id', 'desc')
    .execute()
  return rows.map((row) => ({ ...rowOf(row), input: row.input, result: row.result }))
}

interface Joined {
  readonly id: number
  readonly at: Date
  readonly user_id: string | null
  readonly client_id: string | null
  readonly tool: string
  readonly effect: string
  readonly outcome: string
  readonly ms: number
  readonly rows: number | null
  readonly tokens: number | null
  readonly name: string | null
  readonly email: string | null
}

function rowOf(row: Joined): AuditRow {
  const { id, at, tool, outcome, ms, rows, tokens } = row
  // A person who is gone is still told apart from others.
  const person = row.user_id === null ? null : { id: row.user_id, name: row.name ?? 'A person who is gone', email: row.email ?? '' }
  return { id, at, person, app: row.client_id, tool, effect: row.effect as AuditEffect, outcome, ms, rows, tokens }
}

/** How far back the choices for filters are looked for: reading all of a large log would hold up a store of one connection. */
const choicesAmong = 5_000

export interface AuditChoices {
  readonly people: { readonly id: string; readonly name: string; readonly email: string }[]
  readonly apps: string[]
  readonly tools: string[]
  readonly outcomes: string[]
}

/** Who, what and how in the newest entries, each once. */
export async function findChoices(db: DbOrTransaction, accountId: string, filter: Pick<AuditFilter, 'kept' | 'only'>): Promise<AuditChoices> {
  const rows = await db
    .with('recent', (cte) =>
      cte
        .selectFrom('audit')
        .select(['user_id', 'client_id', 'tool', 'outcome'])
        .where((where) => conditions(where, accountId, filter))
        .orderBy('at', 'desc')
        .limit(choicesAmong),
    )
    .selectFrom('recent')
    .leftJoin('users', 'users.id', 'recent.user_id')
    .select(['recent.user_id', 'users.name', 'users.email', 'client_id', 'tool', 'outcome'])
    .distinct()
    .execute()
  const people = new Map(rows.flatMap(({ user_id: id, name, email }) => (id !== null && name !== null && email !== null ? [[id, { id, name, email }]] : [])))
  const each = (values: (string | null)[]) => [...new Set(values)].filter((value) => value !== null).sort()
  return {
    people: [...people.values()].sort((a, b) => (a.email < b.email ? -1 : 1)),
    apps: each(rows.map((row) => row.client_id)),
    tools: each(rows.map((row) => row.tool)),
    outcomes: each(rows.map((row) => row.outcome)),
  }
}

/** Deletes at most `limit` entries that are no longer kept. @returns how many */
export async function deleteOutdated(db: DbOrTransaction, accountId: string, kept: Kept, limit: number): Promise<number> {
  const result = await db
    .deleteFrom('audit')
    .where('id', 'in', (select) =>
      select
        .selectFrom('audit')
        .select('id')
        .where('account_id', '=', accountId)
        .where('at', '<', kept.calls)
        .where((where) => where.or([where('effect', '!=', 'access'), where('at', '<', kept.events)]))
        .orderBy('at')
        .limit(limit),
    )
    .executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** The statements over drafts: the record of a proposal beside the entity that it is. Reading begins at what the principal sees; callers decide what may be done. */
import { type Expression, sql, type SqlBool } from 'kysely'
import type { Principal } from '../../core/access.ts'
import type { DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'
import { type EntityStatus, type EntityType, visibleEntities } from '../entities/index.ts'
import type { Change } from './diff.ts'

/** Rows that a platform manages change their status there: one set here would be undone by its next import. */
export const ownOrigins = ['mcp', 'dashboard']

/** Types that are proposed here, each with its record. */
export const draftTypes = ['campaign', 'target_group', 'segment', 'trigger', 'stream'] as const satisfies readonly EntityType[]
export type DraftType = (typeof draftTypes)[number]
export const draftTypeOf = (type: string): DraftType | undefined => draftTypes.find((one) => one === type)

/** A draft with its entity, as it is now. */
export type DraftRow = Awaited<ReturnType<typeof readRows>>[number]

const columns = [
  'e.id',
  'e.type',
  'e.key',
  'e.name',
  'e.status',
  'e.channel',
  'e.organization_id',
  'e.starts_at',
  'e.ends_at',
  'e.origin',
  'e.definition',
  'e.updated_at',
  'd.revision',
  'd.proposed_by',
  'd.client_id',
  'd.tool',
  'd.description',
  'd.original',
  'd.fingerprint',
  'd.proposed_at',
  'd.expires_at',
  'd.decision',
  'd.decided_by',
  'd.decided_at',
  'd.reason',
  'p.name as proposed_by_name',
  'w.name as decided_by_name',
] as const

function visible(db: DbOrTransaction, principal: Principal, type: DraftType) {
  return db
    .selectFrom('drafts as d')
    .innerJoin('entities as e', (join) => join.onRef('e.account_id', '=', 'd.account_id').onRef('e.id', '=', 'd.entity_id'))
    .leftJoin('users as p', 'p.id', 'd.proposed_by')
    .leftJoin('users as w', 'w.id', 'd.decided_by')
    .where('d.account_id', '=', principal.account.id)
    .where('e.type', '=', type)
    .where('e.id', 'in', visibleEntities(db, principal, type).select('id'))
}

async function readRows(db: DbOrTransaction, principal: Principal, type: DraftType, where: Expression<SqlBool>, limit: number, newestFirst: string) {
  const rows = await visible(db, principal, type)
    .where(where)
    .select([...columns])
    .orderBy(sql.ref(newestFirst), 'desc')
    .orderBy('e.id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, type: row.type as DraftType, status: row.status as EntityStatus }))
}

/** The draft of this id among these types; undefined: none that the principal sees. */
export async function findDraft(db: DbOrTransaction, principal: Principal, types: readonly DraftType[], id: string): Promise<DraftRow | undefined> {
  for (const type of types) {
    const [row] = await readRows(db, principal, type, sql<SqlBool>`e.id = ${id}`, 1, 'd.proposed_at')
    if (row) return row
  }
  return undefined
}

/** Of these entities those that the principal sees. */
export async function visibleIds(db: DbOrTransaction, principal: Principal, type: EntityType, ids: readonly string[]) {
  return await visibleEntities(db, principal, type)
    .where('id', 'in', [...ids])
    .select('id')
    .execute()
}

/** Where a page goes on: the last row's time and id. */
export interface Place {
  readonly at: string
  readonly id: string
}

const openOnes = sql<SqlBool>`(d.decision IS NULL AND e.status = 'draft' AND e.origin = ANY(${ownOrigins}::text[]))`
const decidedOnes = sql<SqlBool>`d.decision IS NOT NULL`

/** Those that wait for a decision, or those that have one; the newest first. */
export async function listDrafts(
  db: DbOrTransaction,
  principal: Principal,
  types: readonly DraftType[],
  open: boolean,
  after: Place | undefined,
  limit: number,
): Promise<DraftRow[]> {
  const column = open ? 'd.proposed_at' : 'd.decided_at'
  const later = after === undefined ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.ref(column)}, e.id) < (${after.at}::timestamptz, ${after.id})`
  const where = sql<SqlBool>`(${open ? openOnes : decidedOnes} AND ${later})`
  const found: DraftRow[] = []
  for (const type of types) found.push(...(await readRows(db, principal, type, where, limit, column)))
  const time = (row: DraftRow) => (open ? row.proposed_at : (row.decided_at ?? row.proposed_at)).getTime()
  return found.sort((a, b) => time(b) - time(a) || (a.id < b.id ? 1 : -1)).slice(0, limit)
}

export async function countOpen(db: DbOrTransaction, principal: Principal, types: readonly DraftType[]): Promise<Partial<Record<DraftType, number>>> {
  const counts: Partial<Record<DraftType, number>> = {}
  for (const type of types) {
    const { count } = await visible(db, principal, type)
      .where(openOnes)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    if (count > 0) counts[type] = count
  }
  return counts
}

/** Other drafts and live rows that would do the same: the names that the principal sees. */
export async function sameAs(db: DbOrTransaction, principal: Principal, { id, type, fingerprint }: Pick<DraftRow, 'id' | 'type' | 'fingerprint'>) {
  const where = sql<SqlBool>`(d.fingerprint = ${fingerprint} AND e.id <> ${id} AND e.status <> 'archived')`
  return (await readRows(db, principal, type, where, 10, 'd.proposed_at')).map((row) => ({ id: row.id, name: row.name, status: row.status }))
}

export interface Edited {
  readonly name: string
  readonly channel: string | null
  readonly startsAt: Date | null
  readonly endsAt: Date | null
  readonly definition: Record<string, unknown>
  readonly fingerprint: string
}

/** Only of a locked draft whose entity is one still. @returns false: it is none any more */
export async function writeEdit(transaction: OperationalTransaction, accountId: string, id: string, edited: Edited, now: Date): Promise<boolean> {
  const { name, channel, startsAt, endsAt, definition, fingerprint } = edited
  const changed = await transaction
    .updateTable('entities')
    .set({ name, channel, starts_at: startsAt, ends_at: endsAt, definition: JSON.stringify(definition), updated_at: now })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .where('status', '=', 'draft')
    .returning('id')
    .executeTakeFirst()
  if (!changed) return false
  await transaction
    .updateTable('drafts')
    .set((eb) => ({ revision: eb('revision', '+', 1), fingerprint }))
    .where('account_id', '=', accountId)
    .where('entity_id', '=', id)
    .execute()
  return true
}

export interface Decision {
  readonly decision: 'approved' | 'rejected' | 'expired'
  /** null: time itself. */
  readonly by: string | null
  readonly reason?: string | undefined
}

export async function writeDecision(transaction: OperationalTransaction, accountId: string, id: string, { decision, by, reason }: Decision, now: Date): Promise<void> {
  await transaction
    .updateTable('drafts')
    .set({ decision, decided_by: by, decided_at: now, reason: reason ?? null })
    .where('account_id', '=', accountId)
    .where('entity_id', '=', id)
    .where('decision', 'is', null)
    .execute()
}

/** An approval is taken back: the draft waits again, with the time that a new one has. */
export async function reopen(transaction: OperationalTransaction, accountId: string, id: string, expiresAt: Date): Promise<void> {
  await transaction
    .updateTable('drafts')
    .set({ decision: null, decided_by: null, decided_at: null, reason: null, expires_at: expiresAt })
    .where('account_id', '=', accountId)
    .where('entity_id', '=', id)
    .execute()
}

export interface NewNote {
  readonly kind: 'comment' | 'edit' | 'step'
  readonly userId: string | null
  readonly text?: string | undefined
  readonly changes?: readonly Change[]
}

export async function addNote(db: DbOrTransaction, accountId: string, id: string, { kind, userId, text, changes = [] }: NewNote, now: Date): Promise<void> {
  await db
    .insertInto('draft_notes')
    .values({ account_id: accountId, entity_id: id, at: now, user_id: userId, kind, text: text ?? null, changes: JSON.stringify(changes) })
    .execute()
}

/** What was said of it and done to it, the oldest first; of very many the newest. */
export async function notesOf(db: DbOrTransaction, accountId: string, id: string, most = 500) {
  const rows = await db
    .selectFrom('draft_notes as n')
    .leftJoin('users as u', 'u.id', 'n.user_id')
    .where('n.account_id', '=', accountId)
    .where('n.entity_id', '=', id)
    .select(['n.id', 'n.at', 'n.kind', 'n.text', 'n.changes', 'u.name as by'])
    .orderBy('n.id', 'desc')
    .limit(most)
    .execute()
  return rows.reverse()
}

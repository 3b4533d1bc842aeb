/** The inbox, and one draft whole: what it is, who proposed it, what was said, and what may be done with it. It changes nothing. */
import type { Principal } from '../../core/access.ts'
import { decodeCursor, encodeCursor, foreignCursor } from '../../core/page.ts'
import { type EntityStatus, entityType, nextSteps } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { assertMayEdit, draftOf, mayDecide, mayEdit, readableDrafts } from './access.ts'
import { type Change, diff } from './diff.ts'
import { countOpen, type DraftRow, type DraftType, listDrafts, notesOf, sameAs } from './drafts-repository.ts'
import { type DraftChange, proposed, type Proposed, type Version, versionOf } from './edit.ts'
import { readinessOf, type Readiness } from './ready.ts'

/** Times are ISO 8601, UTC. */
export interface DraftListed {
  readonly id: string
  readonly type: DraftType
  readonly name: string
  readonly status: EntityStatus
  readonly channel: string | null
  readonly summary: string
  readonly revision: number
  readonly proposedBy: string | null
  /** The OAuth client, or `dashboard`. */
  readonly clientId: string
  /** The tool that made it; null: the dashboard. */
  readonly tool: string | null
  readonly description: string | null
  readonly proposedAt: string
  readonly expiresAt: string
  readonly decision: DraftRow['decision']
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly reason: string | null
}

export interface DraftList {
  readonly drafts: readonly DraftListed[]
  readonly nextCursor: string | null
  /** Waiting for a decision, by type; of all that the principal sees. */
  readonly open: Readonly<Partial<Record<DraftType, number>>>
  readonly mayDecide: boolean
}

export interface ListInput {
  readonly state: 'open' | 'decided'
  readonly type?: DraftType | undefined
  readonly cursor?: string | undefined
}

const pageSize = 30

/** The newest first. Throws `missing_scopes` and `invalid_cursor`. */
export async function list({ db }: Pick<Stores, 'db'>, principal: Principal, { state, type, cursor }: ListInput): Promise<DraftList> {
  const readable = readableDrafts(principal)
  const types = type === undefined ? readable : readable.filter((one) => one === type)
  const question = { drafts: state, type: type ?? null }
  const rows = await listDrafts(db, principal, types, state === 'open', cursor === undefined ? undefined : placeOf(cursor, question), pageSize + 1)
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  const more = rows.length > pageSize && last
  return {
    drafts: shown.map(toListed),
    nextCursor: more ? encodeCursor(`${(state === 'open' ? last.proposed_at : (last.decided_at ?? last.proposed_at)).toISOString()} ${last.id}`, question) : null,
    open: await countOpen(db, principal, readable),
    mayDecide: mayDecide(principal),
  }
}

/** How many wait for a decision. Throws `missing_scopes`. */
export async function waiting({ db }: Pick<Stores, 'db'>, principal: Principal): Promise<number> {
  return Object.values(await countOpen(db, principal, readableDrafts(principal))).reduce((sum, count) => sum + count, 0)
}

function placeOf(cursor: string, question: unknown) {
  const { position } = decodeCursor(cursor, question)
  const [, at, id] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (\w+)$/.exec(String(position)) ?? []
  if (at === undefined || id === undefined || Number.isNaN(Date.parse(at))) throw foreignCursor()
  return { at, id }
}

function toListed(row: DraftRow): DraftListed {
  const { summary, definition } = entityType(row.type)
  const parsed = definition.safeParse(row.definition)
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    status: row.status,
    channel: row.channel,
    summary: parsed.success ? summary(parsed.data) : entityType(row.type).title,
    revision: row.revision,
    proposedBy: row.proposed_by_name,
    clientId: row.client_id,
    tool: row.tool,
    description: row.description,
    proposedAt: row.proposed_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    decision: row.decision,
    decidedBy: row.decided_by_name,
    decidedAt: row.decided_at?.toISOString() ?? null,
    reason: row.reason,
  }
}

export interface DraftDetails {
  readonly draft: DraftListed
  readonly key: string
  /** As it is now. */
  readonly now: Version
  /** What was edited since it was proposed. */
  readonly edited: readonly Change[]
  readonly readiness: Omit<Readiness, 'startsAt'> & { readonly startsAt: string | null }
  /** Others that would do the same. */
  readonly duplicates: readonly { readonly id: string; readonly name: string; readonly status: EntityStatus }[]
  /** What was said of it and done to it, the oldest first. */
  readonly notes: readonly {
    readonly id: number
    readonly at: string
    readonly kind: 'comment' | 'edit' | 'step'
    readonly by: string | null
    readonly text: string | null
    readonly changes: readonly Change[]
  }[]
  /** What this person may do with it now. */
  readonly may: {
    readonly edit: boolean
    readonly decide: boolean
    /** Steps of what was approved: pause, stop, take back … */
    readonly steps: readonly { readonly to: EntityStatus; readonly action: string }[]
  }
}

/** Nothing is asked of what does not wait any more. */
const decided: Readiness = { blockers: [], parts: [], startsAt: null }

/** Throws `missing_scopes` and `not_found`. */
export async function details({ db, clock }: Pick<Stores, 'db' | 'clock'>, principal: Principal, id: string): Promise<DraftDetails> {
  const row = await draftOf(db, principal, id)
  const open = row.decision === null && row.status === 'draft'
  const { startsAt, ...readiness } = open ? await readinessOf(db, principal, row, clock()) : decided
  const notes = await notesOf(db, principal.account.id, id)
  return {
    draft: toListed(row),
    key: row.key,
    now: versionOf(row),
    edited: diff(row.original, withoutChannel(versionOf(row))),
    readiness: { ...readiness, startsAt: startsAt?.toISOString() ?? null },
    duplicates: await sameAs(db, principal, row),
    notes: notes.map(({ at, changes, ...note }) => ({ ...note, at: at.toISOString(), changes: changes as unknown as Change[] })),
    may: {
      edit: open && mayEdit(principal, row.type),
      decide: open && mayDecide(principal),
      steps: row.status !== 'draft' && mayDecide(principal) ? nextSteps(entityType(row.type), row.status).map(({ to, action }) => ({ to, action })) : [],
    },
  }
}

/** The proposal's record keeps the channel with the entity. */
const withoutChannel = ({ channel: _, ...rest }: Version) => rest

/** The draft as the change would make it: checked, and not stored. Throws as `edit` does. */
export async function tryChange({ db }: Pick<Stores, 'db'>, principal: Principal, id: string, change: DraftChange): Promise<Proposed> {
  const row = await draftOf(db, principal, id)
  if (Object.keys(change).length > 0) assertMayEdit(principal, row.type)
  return proposed(row, change)
}

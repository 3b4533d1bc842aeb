/** The decision on a draft: a person's, in the dashboard, on exactly the version that they saw. Approving makes it active or scheduled, rejecting archives it. */
import type { Principal } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import type { EntityStatus } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { lockDraft } from '../writes/index.ts'
import { assertMayDecide, draftOf } from './access.ts'
import { addNote, type DraftRow, writeDecision } from './drafts-repository.ts'
import { type Part, readinessOf } from './ready.ts'
import { lockOwn, named, stepTo, type Taker, takeStep } from './steps.ts'

export interface ApproveInput {
  readonly id: string
  /** The revision that the person saw. */
  readonly revision: number
  /** `now`: active at once; `scheduled`: at the time it names, which must be to come. */
  readonly start: 'now' | 'scheduled'
}

export interface Approved {
  readonly id: string
  readonly status: EntityStatus
  /** What was made for it and became active with it. */
  readonly parts: readonly Part[]
}

type Decider = Pick<Stores, 'db' | 'clock'>

/** Throws `missing_scopes`, `not_allowed` for an app, `not_found`, and `conflict` that says what is lacking or what changed meanwhile. */
export async function approve({ db, clock }: Decider, principal: Principal, { id, revision, start }: ApproveInput): Promise<Approved> {
  assertMayDecide(principal)
  const { account, userId, clientId } = principal
  const by: Taker = { userId, clientId }
  return await db.transaction().execute(async (transaction) => {
    const row = await lockedDraft(transaction, principal, id, revision)
    const { blockers, parts, startsAt } = await readinessOf(transaction, principal, row, clock())
    if (blockers.length > 0) throw new MercatError('conflict', `${named(row)} cannot be approved yet. ${blockers.join(' ')}`, { hint: 'Mend it, then approve it.' })
    const to = start === 'now' ? 'active' : 'scheduled'
    const step = stepTo(row.type, 'draft', to)
    if (!step || (to === 'scheduled' && startsAt === null))
      throw new MercatError('conflict', `${named(row)} names no time to come`, { argument: 'start', hint: 'Edit its schedule, or activate it now.' })
    const entity = await lockOwn(transaction, account.id, id)
    for (const part of parts) await approvePart(transaction, clock, principal, part, by)
    await takeStep(transaction, clock, account.id, { entity, step, by, event: 'draft.approved', decided: 'draft.approved' })
    await writeDecision(transaction, account.id, id, { decision: 'approved', by: userId }, clock())
    await addNote(transaction, account.id, id, { kind: 'step', userId, text: to === 'active' ? 'approved and activated' : 'approved and scheduled' }, clock())
    return { id, status: to, parts }
  })
}

/** What was made for it becomes active with it; a target group has a record of its own, which says so. */
async function approvePart(transaction: OperationalTransaction, clock: Decider['clock'], { account, userId }: Principal, { id }: Part, by: Taker): Promise<void> {
  const record = await lockDraft(transaction, account.id, id)
  const entity = await lockOwn(transaction, account.id, id)
  const step = stepTo(entity.type as DraftRow['type'], 'draft', 'active')
  if (!step) throw new Error(`A ${entity.type} cannot become active`)
  await takeStep(transaction, clock, account.id, { entity, step, by, event: 'draft.approved', decided: 'draft.approved' })
  if (!record) return
  await writeDecision(transaction, account.id, id, { decision: 'approved', by: userId }, clock())
  await addNote(transaction, account.id, id, { kind: 'step', userId, text: 'approved with the campaign it was made for' }, clock())
}

export interface RejectInput {
  readonly id: string
  readonly revision: number
  /** What its author reads; required, since a silent no teaches nothing. */
  readonly reason: string
}

/** Throws as `approve` does. */
export async function reject({ db, clock }: Decider, principal: Principal, { id, revision, reason }: RejectInput): Promise<{ readonly id: string; readonly status: EntityStatus }> {
  assertMayDecide(principal)
  const { account, userId, clientId } = principal
  return await db.transaction().execute(async (transaction) => {
    const row = await lockedDraft(transaction, principal, id, revision)
    await discard(transaction, clock, account.id, row, { userId, clientId }, 'rejected', reason)
    return { id, status: 'archived' }
  })
}

/** Archives a draft, with the decision that led to it. The draft's record is locked. */
export async function discard(
  transaction: OperationalTransaction,
  clock: Decider['clock'],
  accountId: string,
  { id, type }: Pick<DraftRow, 'id' | 'type'>,
  by: Taker,
  decision: 'rejected' | 'expired',
  reason?: string,
): Promise<void> {
  const entity = await lockOwn(transaction, accountId, id)
  const step = stepTo(type, 'draft', 'archived')
  if (!step) throw new Error(`A ${type} cannot be archived`)
  await takeStep(transaction, clock, accountId, { entity, step, by, event: `draft.${decision}`, decided: `draft.${decision}`, reason })
  await writeDecision(transaction, accountId, id, { decision, by: by.userId, reason }, clock())
  await addNote(transaction, accountId, id, { kind: 'step', userId: by.userId, text: decision === 'rejected' ? `rejected: ${reason}` : 'expired' }, clock())
}

/** The draft as it is now, if it still waits and is the version that was seen. Nobody edits or decides until the transaction ends. */
async function lockedDraft(transaction: OperationalTransaction, principal: Principal, id: string, revision: number): Promise<DraftRow> {
  // Found before it is locked, so that what is not theirs is not locked; read again after, since it may have changed in between.
  await draftOf(transaction, principal, id)
  await lockDraft(transaction, principal.account.id, id)
  const row = await draftOf(transaction, principal, id)
  assertOpen(row)
  if (row.revision !== revision) {
    throw new MercatError('conflict', `${named(row)} was edited meanwhile: you saw version ${revision}, it is version ${row.revision} now`, {
      hint: 'Reload the page and look at it again.',
    })
  }
  return row
}

/** Throws `conflict` for what was decided already. */
export function assertOpen(row: DraftRow): void {
  if (row.decision === null && row.status === 'draft') return
  throw new MercatError('conflict', `${named(row)} is ${row.status}: ${row.decision === null ? 'it is no draft' : `it was ${row.decision} already`}`, { hint: 'Reload the page.' })
}

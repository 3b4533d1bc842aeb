/** Every change of an entity's status there is: by the one table of transitions, recorded in the audit log and announced to the platform, all in one transaction. */
import type { Principal } from '../../core/access.ts'
import type { Clock } from '../../core/clock.ts'
import { MercatError } from '../../core/errors.ts'
import { label } from '../../core/match.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import { type AuditEvent, recordEvent } from '../audit/index.ts'
import { type EntityStatus, type EntityType, entityType, nextSteps, type Transition } from '../entities/index.ts'
import type { Stores } from '../stores.ts'
import { announce, type AnnouncedEvent } from '../webhooks/index.ts'
import { changeStatus, draftDays, lockDraft } from '../writes/index.ts'
import { assertMayDecide, draftOf } from './access.ts'
import { accountOf, lockEntity } from './steps-repository.ts'
import { addNote, ownOrigins, reopen } from './drafts-repository.ts'

/** Who takes a step: a person, or the clock for what a person approved before. */
export interface Taker {
  readonly userId: string | null
  readonly clientId: string
}

/** What took it when nobody did: an approved campaign's time came, or a draft's time was over. */
export const byClock: Taker = { userId: null, clientId: 'clock' }

type Locked = NonNullable<Awaited<ReturnType<typeof lockEntity>>>

/** The step of the table from a status to another; undefined: the type knows none. */
export function stepTo(type: EntityType, from: EntityStatus, to: EntityStatus): Transition | undefined {
  return nextSteps(entityType(type), from).find((step) => step.to === to)
}

export interface Step {
  readonly entity: Locked
  readonly step: Transition
  readonly by: Taker
  readonly event: AuditEvent
  /** Announced before the change itself: what a person decided. */
  readonly decided?: AnnouncedEvent
  readonly reason?: string | undefined
}

/** Takes the step on a locked row. Throws `conflict` when the row has another status by now. */
export async function takeStep(transaction: OperationalTransaction, clock: Clock, accountId: string, { entity, step, by, event, decided, reason }: Step): Promise<void> {
  const now = clock()
  if (!(await changeStatus(transaction, accountId, entity.id, step, now)))
    throw new MercatError('conflict', `${named(entity)} was changed by somebody else just now`, { hint: 'Reload the page.' })
  const detail = { id: entity.id, type: entity.type, name: entity.name, from: step.from, to: step.to, ...(reason === undefined ? {} : { reason }) }
  await recordEvent(transaction, clock, { accountId, event, userId: by.userId, clientId: by.clientId, detail })
  const data = { account: await accountOf(transaction, accountId), ...shown(entity, step.to), decidedBy: by.userId, ...(reason === undefined ? {} : { reason }) }
  for (const type of [decided, announced(step)]) if (type) await announce(transaction, clock, { accountId, type, data })
}

export const named = ({ name }: { name: string }): string => JSON.stringify(label(name))

function announced({ from, to }: Transition): AnnouncedEvent | undefined {
  if (from === 'draft' && to === 'archived') return undefined
  if (to === 'active') return from === 'paused' || from === 'archived' ? 'entity.resumed' : 'entity.activated'
  if (to === 'draft') return 'entity.taken_back'
  return `entity.${to}`
}

/** The entity as the platform that sends needs it: whole, by the key that both sides know. */
function shown({ id, type, key, name, channel, starts_at: startsAt, ends_at: endsAt, definition }: Locked, status: EntityStatus) {
  return { entity: { id, type, key, name, status, channel, startsAt: startsAt?.toISOString() ?? null, endsAt: endsAt?.toISOString() ?? null, definition } }
}

/** The row, locked, if it is one whose status is ours to change. Throws `not_found`, and `conflict` for what a platform manages. */
export async function lockOwn(transaction: OperationalTransaction, accountId: string, id: string): Promise<Locked> {
  const entity = await lockEntity(transaction, accountId, id)
  if (!entity) throw new MercatError('not_found', 'There is no such record')
  if (!ownOrigins.includes(entity.origin))
    throw new MercatError('conflict', `${named(entity)} comes from your platform`, { hint: 'Change its status there; the next import brings it.' })
  return entity
}

export interface ChangeStatusInput {
  readonly id: string
  /** The status that the person saw: nobody decides on what they did not see. */
  readonly from: EntityStatus
  readonly to: EntityStatus
}

/** Pauses, resumes, stops, archives, starts or takes back what was approved here. Drafts are decided on instead (decide.ts). */
export async function changeOwn({ db, clock }: Pick<Stores, 'db' | 'clock'>, principal: Principal, { id, from, to }: ChangeStatusInput): Promise<{ status: EntityStatus }> {
  assertMayDecide(principal)
  const { account, userId, clientId } = principal
  const { type } = await draftOf(db, principal, id)
  return await db.transaction().execute(async (transaction) => {
    await lockDraft(transaction, account.id, id)
    const entity = await lockOwn(transaction, account.id, id)
    const step = from === 'draft' ? undefined : stepTo(type, from, to)
    if (entity.status !== from || !step)
      throw new MercatError('conflict', `${named(entity)} is ${entity.status}: it cannot become ${to}`, {
        allowed: nextSteps(entityType(type), entity.status as EntityStatus).map((next) => next.to),
        hint: 'Reload the page.',
      })
    await takeStep(transaction, clock, account.id, { entity, step, by: { userId, clientId }, event: 'entity.changed' })
    if (to === 'draft') await reopen(transaction, account.id, id, new Date(clock().getTime() + draftDays * 86_400_000))
    await addNote(transaction, account.id, id, { kind: 'step', userId, text: step.action }, clock())
    return { status: to }
  })
}

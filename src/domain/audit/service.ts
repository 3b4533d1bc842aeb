/** The audit log as people read it: searched, opened, exported; bound to who asks, who needs read:audit. Changes nothing but noting that it was exported. */
import { z } from 'zod'
import { type Actor, isRestricted, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { decodeCursor, encodeCursor } from '../../core/page.ts'
import { addDays, parseDay, startOfDay } from '../../core/period.ts'
import type { Stores } from '../stores.ts'
import { recordEvent } from './events.ts'
import { type AuditChoices, type AuditDetail, type AuditFilter, type AuditPlace, type AuditRow, findCallDetails, findCalls, findChoices, type Kept } from './search-repository.ts'

/** PostgreSQL takes no NUL, and nothing that is kept has a control character in these columns. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}+$/u, 'holds a control character')
    .optional()

/** What may be asked; days are the account's, both ends included. */
export const auditQuestion = {
  from: text(10).meta({ description: 'First day, yyyy-MM-dd.', placeholder: 'day' }),
  to: text(10).meta({ description: 'Last day, yyyy-MM-dd.', placeholder: 'day' }),
  person: text(64).meta({ description: 'Id of a person.', placeholder: 'id' }),
  app: text(300).meta({ description: 'Id of an app (OAuth client), dashboard or cli.', placeholder: 'id' }),
  tool: text(64).meta({ description: 'Name of a tool, or of an event like member.changed.', placeholder: 'name' }),
  effect: z.enum(['read', 'draft', 'write', 'access']).optional().meta({ description: 'read, draft, write, or access: events of people and permissions.' }),
  outcome: text(64).meta({ description: 'ok, or an error code.', placeholder: 'code' }),
}
const questionSchema = z.strictObject(auditQuestion)
export type AuditQuestion = z.output<typeof questionSchema>

export const auditPageSize = z.number().int().min(1).max(100)
const exportBatch = 100
const dayMs = 86_400_000

/** Who changed what of people and permissions is kept this long at least: whoever may change the setting must not wipe out their own traces with it. */
const leastEventDays = 30

/** From when on an account keeps something, by its setting. */
export const keptFrom = (retentionDays: number, now: Date): Kept => ({
  calls: new Date(now.getTime() - retentionDays * dayMs),
  events: new Date(now.getTime() - Math.max(retentionDays, leastEventDays) * dayMs),
})

export interface AuditPage {
  readonly entries: readonly AuditRow[]
  /** For the next page; null: there is none. */
  readonly next: string | null
  readonly retentionDays: number
  /** What the filters can be set to. */
  readonly choices: AuditChoices
}

/** All methods throw missing_scopes without read:audit. */
export interface AuditService {
  /** Newest first. @param page `limit` is an auditPageSize. Throws invalid_arguments and invalid_cursor. */
  readonly search: (question: AuditQuestion, page?: { cursor?: string | undefined; limit?: number | undefined }) => Promise<AuditPage>
  /** One entry with its parameters and result. Throws not_found. */
  readonly entry: (id: number) => Promise<AuditDetail>
  /** Every entry there is now, whole, newest first, read in batches as they are taken. That it was exported is kept too. */
  readonly export: (question: AuditQuestion, signal?: AbortSignal) => Promise<AsyncIterable<AuditDetail>>
}

/** @param retentionOf days that an account keeps its calls */
export function createAudit({ db, clock }: Stores, retentionOf: (accountId: string) => Promise<number>): (actor: Actor) => AuditService {
  return (actor) => {
    const { account, userId, clientId } = actor
    const allowed = async () => {
      requireScopes(actor, 'read:audit')
      const retentionDays = await retentionOf(account.id)
      return { retentionDays, kept: keptFrom(retentionDays, clock()) }
    }
    /** Results hold figures of the whole account: a member who may see only some organizations or brands reads their own calls. */
    const own = userId !== null && isRestricted(actor) ? { only: userId } : {}
    return {
      search: async (question, { cursor, limit = 50 } = {}) => {
        const { retentionDays, kept } = await allowed()
        const asked = [account.id, question]
        const after = cursor === undefined ? undefined : placeOf(decodeCursor(cursor, asked).position)
        const filter = filterOf(question, account.timeZone, kept)
        const found = await findCalls(db, account.id, { ...filter, ...own }, after, limit + 1)
        const entries = found.slice(0, limit)
        const last = found.length > limit ? entries.at(-1) : undefined
        const choices = await findChoices(db, account.id, { kept, ...own })
        return { entries, next: last ? encodeCursor(`${last.at.getTime().toString(36)}-${last.id.toString(36)}`, asked) : null, retentionDays, choices }
      },
      entry: async (id) => {
        const { kept } = await allowed()
        const [found] = await findCallDetails(db, account.id, { id, kept, ...own }, undefined, 1)
        if (!found) throw new MercatError('not_found', 'There is no such entry in the audit log', { hint: 'It may be past the time that the account keeps its calls.' })
        return found
      },
      export: async (question, signal) => {
        const { kept } = await allowed()
        const filter = { ...filterOf(question, account.timeZone, kept), ...own }
        await recordEvent(db, clock, { accountId: account.id, event: 'audit.exported', userId, clientId, detail: { ...question } })
        return everyCall((after) => findCallDetails(db, account.id, filter, after, exportBatch), signal)
      },
    }
  }
}

/** Days become instants of the account's zone; nothing that is no longer kept is shown, whether it is purged yet or not. */
function filterOf({ from, to, ...rest }: AuditQuestion, timeZone: string, kept: Kept): AuditFilter {
  return {
    ...rest,
    kept,
    ...(from === undefined ? {} : { from: startOfDay(parseDay(from, 'from'), timeZone) }),
    ...(to === undefined ? {} : { to: startOfDay(addDays(parseDay(to, 'to'), 1), timeZone) }),
  }
}

/** A cursor is a position that any caller can write: what it names must at least be a place. */
function placeOf(position: string | number): AuditPlace {
  const [, at = '', id = ''] = /^([0-9a-z]{1,9})-([0-9a-z]{1,10})$/.exec(String(position)) ?? []
  const place = { at: new Date(Number.parseInt(at, 36)), id: Number.parseInt(id, 36) }
  if (!Number.isSafeInteger(place.id) || Number.isNaN(place.at.getTime())) throw new MercatError('invalid_cursor', 'The cursor is not one of the audit log', { argument: 'cursor' })
  return place
}

/** All entries, a batch at a time: never more than one batch in memory. */
async function* everyCall(read: (after: AuditPlace | undefined) => Promise<AuditDetail[]>, signal?: AbortSignal): AsyncGenerator<AuditDetail> {
  for (let after: AuditPlace | undefined; ; ) {
    signal?.throwIfAborted()
    const batch = await read(after)
    yield* batch
    after = batch.at(-1)
    if (!after) return
  }
}

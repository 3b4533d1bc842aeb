/** Jobs as people may see and end them: bound to a principal, or for an operator at the command line. Runs nothing. */
import { isRestricted, missingScopes, type Principal, requireScopes, type Restrictions } from '../../core/access.ts'
import { errorTable, MercatError } from '../../core/errors.ts'
import { type Coverage, coverageOf, decodeCursor, encodeCursor, rowsBefore } from '../../core/page.ts'
import { clip, inline } from '../../core/text.ts'
import { insertCalls } from '../audit/index.ts'
import type { Stores } from '../stores.ts'
import { announceCancellation } from './cancellations-repository.ts'
import type { Job, JobPage, JobQuestion, JobsService } from './job.ts'
import { cancelOpen, endLost, findJob, findJobs, type JobRow, openJobsOf, type Place } from './jobs-repository.ts'

const noJob = (id: string) =>
  new MercatError('not_found', `There is no job ${inline(clip(id, 40))}`, {
    argument: 'id',
    value: clip(id, 60),
    hint: 'Jobs and their results can be asked for until 24 hours after their end.',
  })

const questionOf = ({ state = null, type = null }: { state?: unknown; type?: unknown }) => ['jobs', state, type]

/** Who looks; null: an operator at the command line. */
type Viewer = (Restrictions & Pick<Principal, 'userId'>) | null

/** Without the columns that only a run needs, and without what the viewer may not see. */
export function shown({ clientId: _c, request: _q, result: _r, attempts: _a, ...job }: JobRow, viewer: Viewer): Job {
  if (viewer === null || job.userId === viewer.userId) return job
  const error = job.error && { code: job.error.code, message: errorTable[job.error.code].means, details: {} }
  // A file may be named after somebody's client: members who see only some of them are not told.
  const told = job.type === 'import' && isRestricted(viewer) ? { title: 'Import', message: null, partial: null } : {}
  return { ...job, ...told, error }
}

const eyesOf = ({ organizations, brands }: Restrictions) => JSON.stringify([organizations, brands].map((ids) => ids && [...ids].sort()))

/** A cursor is a position that any caller can write: what it names must at least be a place. */
function placeOf(position: string | number): Place & { readonly before: number } {
  const [, before = '', at = '', id = ''] = /^(\d{1,9})-([0-9a-z]{1,9})-(job_[0-9a-z]{1,32})$/.exec(String(position)) ?? []
  const place = { before: Number(before), at: new Date(Number.parseInt(at, 36)), id }
  if (Number.isNaN(place.at.getTime())) throw new MercatError('invalid_cursor', 'The cursor is not one of the list of jobs', { argument: 'cursor' })
  return place
}

/** The cursor of a page of which this is the last row. */
export function cursorAfter(question: JobQuestion, { id, createdAt }: Pick<Job, 'id' | 'createdAt'>, coverage: Coverage): string {
  return encodeCursor(`${rowsBefore(coverage) + coverage.shown}-${Date.parse(createdAt).toString(36)}-${id}`, questionOf(question))
}

async function listed({ db, clock }: Stores, accountId: string | undefined, viewer: Viewer, question: JobQuestion): Promise<JobPage> {
  const { cursor, limit = 20 } = question
  const after = cursor === undefined ? undefined : placeOf(decodeCursor(cursor, questionOf(question)).position)
  await endLost(db, false, clock())
  const { jobs, of } = await findJobs(db, accountId, question, { after, limit: limit + 1 }, clock())
  const page = jobs.slice(0, limit).map((job) => shown(job, viewer))
  const last = jobs.length > limit ? page.at(-1) : undefined
  const coverage = coverageOf(after?.before ?? 0, page.length, of)
  return { jobs: page, coverage, nextCursor: last ? cursorAfter(question, last, coverage) : null }
}

async function found({ db, clock }: Stores, id: string): Promise<JobRow | undefined> {
  await endLost(db, false, clock())
  return await findJob(db, id, clock())
}

/** Cancels a job and keeps, with it, that the call it stood for ended so. */
async function cancelled(stores: Stores, id: string): Promise<void> {
  const { db, clock } = stores
  const now = clock()
  const before = await db.transaction().execute(async (transaction) => {
    const job = await cancelOpen(transaction, id, now)
    if (job?.request && job.accountId !== null) await insertCalls(transaction, [auditOf(job, 'cancelled', now)])
    return job
  })
  if (before?.state === 'running') await announceCancellation(db, id)
}

/** Ends everything that is open in an account. */
export async function cancelAll(stores: Stores, accountId: string): Promise<void> {
  for (const id of await openJobsOf(stores.db, accountId)) await cancelled(stores, id)
}

/** A call that was put off, as the audit log keeps it when it ends. */
export function auditOf(
  { accountId, userId, clientId, request, startedAt }: Pick<JobRow, 'accountId' | 'userId' | 'clientId' | 'request' | 'startedAt'>,
  outcome: string,
  now: Date,
  answer?: { rows: number | null; tokens: number; json: string },
) {
  return {
    accountId: accountId ?? '',
    at: now,
    userId,
    clientId,
    tool: request?.tool ?? '',
    effect: 'read' as const,
    outcome,
    ms: startedAt === null ? 0 : Math.max(0, now.getTime() - Date.parse(startedAt)),
    rows: answer?.rows ?? null,
    tokens: answer?.tokens ?? null,
    input: request?.arguments,
    result: answer?.json ?? null,
  }
}

export function createJobs(stores: Stores): (principal: Principal) => JobsService {
  return (principal) => {
    const { userId, account } = principal
    const own = (job: JobRow) => job.accountId === account.id && job.userId === userId
    const seen = async (id: string): Promise<JobRow> => {
      const job = await found(stores, id)
      const here = job && (job.accountId === account.id || job.accountId === null)
      if (!here || !(own(job) || principal.scopes.has('read:health'))) throw noJob(id)
      return job
    }
    return {
      get: async (id) => shown(await seen(id), principal),
      result: async (id) => {
        const job = await seen(id)
        if (!own(job) || !job.result) return undefined
        const missing = missingScopes(principal, job.request?.needs ?? [])
        if (missing.length > 0) requireScopes(principal, ...missing)
        if (job.request && !account.toolsets.includes(job.request.toolset))
          throw new MercatError('not_allowed', 'The account no longer offers this report', { hint: 'An owner of the account can offer it again.' })
        const { eyes, ...result } = job.result
        // Figures were made for what the person might see then.
        if (eyesOf(eyes) !== eyesOf(principal)) throw new MercatError('not_allowed', 'What you may see has changed since this report was made', { hint: 'Ask for it again.' })
        return result
      },
      list: async (question) => {
        requireScopes(principal, 'read:health')
        return await listed(stores, account.id, principal, question)
      },
      cancel: async (id) => {
        const job = await seen(id)
        if (!own(job)) {
          if (job.accountId === null)
            throw new MercatError('not_allowed', 'The job is the installation’s: whoever runs this Mercat can cancel it', { hint: 'mercat jobs cancel does it.' })
          requireScopes(principal, 'manage:account')
        }
        await cancelled(stores, id)
        return shown(await seen(id), principal)
      },
    }
  }
}

/** For an operator at the command line: jobs of every account and of the installation. */
export interface OperatorJobs {
  /** @param accountId undefined: of all accounts */
  readonly list: (accountId: string | undefined, question: JobQuestion) => Promise<JobPage>
  /** Throws `not_found`. */
  readonly get: (id: string) => Promise<Job>
  /** Like JobsService.cancel. */
  readonly cancel: (id: string) => Promise<Job>
}

export function operatorJobs(stores: Stores): OperatorJobs {
  const get = async (id: string): Promise<Job> => {
    const job = await found(stores, id)
    if (!job) throw noJob(id)
    return shown(job, null)
  }
  return {
    list: (accountId, question) => listed(stores, accountId, null, question),
    get,
    cancel: async (id) => {
      await cancelled(stores, id)
      return await get(id)
    },
  }
}

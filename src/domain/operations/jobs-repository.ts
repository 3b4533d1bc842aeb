/** The table of jobs. A run is known by its attempt: every write of a run says which, so that one taken for lost can no longer change anything. Decides nothing about who may see what. */
import { type ExpressionBuilder, sql } from 'kysely'
import type { Restrictions, Scope } from '../../core/access.ts'
import type { ErrorCode, ErrorDetails, MercatError } from '../../core/errors.ts'
import { openRequests } from '../../storage/operational/jobs-tables.ts'
import type { Db, DbOrTransaction, OperationalSchema } from '../../storage/operational/schema.ts'
import type { DeferredCall, Job, JobQuestion, JobResult, JobState, JobType } from './job.ts'

/** How long an ended job and its result can be asked for. */
const keptMs = 24 * 3600_000
/** Runs that die with their process are taken up again, as often as this in all. */
export const mostAttempts = 3

/** A call as it is kept: who asked is in the row's columns. */
export interface Request extends DeferredCall {
  /** Of the token that asked: a run may never use more. */
  readonly scopes: readonly Scope[]
}

export interface JobRow extends Job {
  readonly clientId: string | null
  readonly request: Request | null
  /** With what the person might see when it was made. */
  readonly result: (JobResult & { readonly eyes: Restrictions }) | null
  readonly attempts: number
}

const listed = [
  'id',
  'account_id',
  'type',
  'title',
  'user_id',
  'client_id',
  'state',
  'done',
  'of',
  'message',
  'partial',
  'request',
  'error',
  'attempts',
  'created_at',
  'started_at',
  'updated_at',
  'finished_at',
  'expires_at',
] as const

type Row = Awaited<ReturnType<ReturnType<typeof rows>['executeTakeFirstOrThrow']>> & { readonly result?: Record<string, unknown> | null }

function rows(db: DbOrTransaction) {
  return db.selectFrom('jobs').select(listed)
}

function toJob(row: Row): JobRow {
  // Written by this file alone.
  const request = row.request as unknown as Request | null
  return {
    id: row.id,
    accountId: row.account_id,
    type: row.type as JobType,
    title: row.title,
    tool: request?.tool ?? null,
    userId: row.user_id,
    clientId: row.client_id,
    state: row.state as JobState,
    done: row.done,
    of: row.of,
    message: row.message,
    partial: row.partial,
    request,
    result: (row.result ?? null) as unknown as JobRow['result'],
    error: row.error as unknown as { code: ErrorCode; message: string; details: ErrorDetails } | null,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    updatedAt: row.updated_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    expiresAt: row.expires_at?.toISOString() ?? null,
  }
}

export interface NewJob {
  readonly id: string
  readonly accountId: string | null
  readonly type: JobType
  readonly title: string
  readonly userId?: string | null
  readonly clientId?: string | null
}

const valuesOf = ({ id, accountId, type, title, userId = null, clientId = null }: NewJob, now: Date) => ({
  id,
  account_id: accountId,
  type,
  title,
  user_id: userId,
  client_id: clientId,
  created_at: now,
  updated_at: now,
})

/** Keeps a call that waits to be run. */
export async function insertQueued(db: DbOrTransaction, job: NewJob, request: Request, now: Date): Promise<void> {
  await db
    .insertInto('jobs')
    .values({ ...valuesOf(job, now), state: 'queued', request: JSON.stringify(request) })
    .execute()
}

/** Forgets a call that nobody was promised. */
export async function deleteJob(db: Db, id: string): Promise<void> {
  await db.deleteFrom('jobs').where('id', '=', id).execute()
}

/**
 * Begins a run: of a job that waits, of one whose process died, or of one that is new.
 * @returns the attempt, and when the job was first begun; undefined when it has ended already, or its account is gone
 */
export async function claim(db: Db, job: NewJob, now: Date): Promise<{ attempt: number; startedAt: Date; request: Request | null } | undefined> {
  const { rows: claimed } = await sql<{ attempts: number; started_at: Date; request: unknown }>`
    INSERT INTO jobs (id, account_id, type, title, user_id, client_id, state, attempts, created_at, started_at, heartbeat_at, updated_at)
    SELECT ${job.id}, ${job.accountId}::text, ${job.type}, ${job.title}, ${job.userId ?? null}::text, ${job.clientId ?? null}::text, 'running', 1, ${now}::timestamptz, ${now}::timestamptz, now(), ${now}::timestamptz
    WHERE ${job.accountId}::text IS NULL OR EXISTS (SELECT FROM accounts WHERE id = ${job.accountId}::text)
    ON CONFLICT (id) DO UPDATE SET state = 'running', attempts = jobs.attempts + 1, started_at = coalesce(jobs.started_at, excluded.started_at), heartbeat_at = now(), updated_at = excluded.updated_at
      WHERE jobs.state IN ('queued', 'running')
    RETURNING attempts, started_at, request`.execute(db)
  const [row] = claimed
  return row && { attempt: row.attempts, startedAt: row.started_at, request: row.request as Request | null }
}

/** A run, as its writes name it. */
export interface Run {
  readonly id: string
  readonly attempt: number
}

function ofRun({ id, attempt }: Run) {
  return (where: ExpressionBuilder<OperationalSchema, 'jobs'>) => where.and([where('id', '=', id), where('attempts', '=', attempt), where('state', '=', 'running')])
}

export interface Progress {
  readonly done: number
  readonly of: number | null
  readonly message: string | null
  readonly partial: Record<string, unknown> | null
}

/** Says that the run lives, and how far it is. @returns false: it was cancelled, or another run has taken it over */
export async function heartbeat(db: Db, run: Run, progress: Progress | undefined, now: Date): Promise<boolean> {
  const changed = progress && { ...progress, partial: progress.partial && JSON.stringify(progress.partial), updated_at: now }
  const result = await db
    .updateTable('jobs')
    .set({ heartbeat_at: sql<Date>`now()`, ...changed })
    .where(ofRun(run))
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export type Settled =
  | { readonly state: 'completed'; readonly result?: JobResult & { readonly eyes: Restrictions } }
  | { readonly state: 'failed' | 'cancelled'; readonly error: Pick<MercatError, 'code' | 'message' | 'details'> | null }

function ended(settled: Settled, now: Date) {
  const error = settled.state === 'completed' ? null : settled.error
  return {
    state: settled.state,
    result: settled.state === 'completed' && settled.result ? JSON.stringify(settled.result) : null,
    error: error && JSON.stringify({ code: error.code, message: error.message, details: error.details }),
    finished_at: now,
    updated_at: now,
    expires_at: new Date(now.getTime() + keptMs),
  }
}

/** Ends a run. @returns false, and nothing is changed, when it had ended already or is another's by now */
export async function settle(db: DbOrTransaction, run: Run, settled: Settled, now: Date): Promise<boolean> {
  return (await db.updateTable('jobs').set(ended(settled, now)).where(ofRun(run)).executeTakeFirst()).numUpdatedRows > 0n
}

/** Puts a run back to wait. @param counted whether it counts as one of the attempts: one that was stopped with its process, or whose store was away, does not */
export async function release(db: Db, run: Run, counted: boolean, now: Date): Promise<void> {
  await db
    .updateTable('jobs')
    .set({ state: 'queued', attempts: run.attempt - (counted ? 0 : 1), updated_at: now })
    .where(ofRun(run))
    .execute()
}

/** Cancels what is open. @returns the job as it was before; undefined when there was nothing to cancel */
export async function cancelOpen(db: DbOrTransaction, id: string, now: Date): Promise<JobRow | undefined> {
  const row = await rows(db).where('id', '=', id).where('state', 'in', ['queued', 'running']).forUpdate().executeTakeFirst()
  if (!row) return undefined
  await db
    .updateTable('jobs')
    .set(ended({ state: 'cancelled', error: null }, now))
    .where('id', '=', id)
    .execute()
  return toJob(row)
}

/** One job that has not expired. */
export async function findJob(db: DbOrTransaction, id: string, now: Date): Promise<JobRow | undefined> {
  const row = await rows(db)
    .select('result')
    .where('id', '=', id)
    .where((where) => where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]))
    .executeTakeFirst()
  return row && toJob(row)
}

export interface Place {
  readonly at: Date
  readonly id: string
}

/** Newest first. @param accountId undefined: of all accounts */
export async function findJobs(
  db: Db,
  accountId: string | undefined,
  { state, type }: Pick<JobQuestion, 'state' | 'type'>,
  { after, limit }: { after?: Place | undefined; limit: number },
  now: Date,
): Promise<{ jobs: JobRow[]; of: number }> {
  const fitting = (where: ExpressionBuilder<OperationalSchema, 'jobs'>) =>
    where.and([
      where.or([where('expires_at', 'is', null), where('expires_at', '>', now)]),
      ...(accountId === undefined ? [] : [where.or([where('account_id', '=', accountId), where('account_id', 'is', null)])]),
      ...(state === undefined ? [] : [where('state', '=', state)]),
      ...(type === undefined ? [] : [where('type', '=', type)]),
    ])
  const found = await rows(db)
    .where(fitting)
    .$if(after !== undefined, (query) => query.where(sql<boolean>`(created_at, id) < (${after?.at}, ${after?.id})`))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  const [count] = await db
    .selectFrom('jobs')
    .select(({ fn }) => fn.countAll<number>().as('of'))
    .where(fitting)
    .execute()
  return { jobs: found.map(toJob), of: count?.of ?? 0 }
}

/** Open reports of a person in an account; nobody else reads them so, or adds one, before the transaction ends. */
export async function lockOpenReports(db: DbOrTransaction, accountId: string, userId: string): Promise<JobRow[]> {
  await sql`SELECT pg_advisory_xact_lock(${sql.lit(4210_0004)}, hashtext(${`${accountId} ${userId}`}))`.execute(db)
  return (await rows(db).where('account_id', '=', accountId).where('user_id', '=', userId).where('type', '=', 'report').where('state', 'in', ['queued', 'running']).execute()).map(
    toJob,
  )
}

/** Ids of everything that is open in an account. */
export async function openJobsOf(db: Db, accountId: string): Promise<string[]> {
  return (await db.selectFrom('jobs').select('id').where('account_id', '=', accountId).where('state', 'in', ['queued', 'running']).execute()).map(({ id }) => id)
}

/** Calls that wait and that nobody was asked to run, oldest first. For after the tables of the queues are made. */
export async function forgottenReports(db: Db, queue: string): Promise<{ id: string; accountId: string }[]> {
  const { rows: waiting } = await sql<{ id: string; accountId: string }>`
    SELECT id, account_id AS "accountId" FROM jobs WHERE state = 'queued' AND type = 'report' ORDER BY created_at`.execute(db)
  // Read after them: what is asked for meanwhile is not asked for twice.
  const asked = await openRequests(db, queue)
  return waiting.filter(({ id }) => !asked.has(id))
}

/**
 * Ends runs that nobody will take up again: whose process died and that only it could run, or that were lost for long.
 * @param alone this process is the only one and just began: whatever runs is dead
 */
export async function endLost(db: Db, alone: boolean, now: Date): Promise<void> {
  const lost = (what: string): Settled => ({ state: 'failed', error: { code: 'unavailable', message: 'The process that ran it ended', details: { hint: what } } })
  const silent = (seconds: number) => sql<boolean>`coalesce(heartbeat_at, updated_at) < now() - make_interval(secs => ${seconds})`
  const imports = db
    .updateTable('jobs')
    .set(ended(lost('Run the import again: rows that are in already change nothing.'), now))
    .where('type', '=', 'import')
    .where('state', '=', 'running')
  await imports.$if(!alone, (query) => query.where(silent(60))).execute()
  await db
    .updateTable('jobs')
    .set(ended(lost('Ask again.'), now))
    .where('type', '!=', 'import')
    .where('state', '=', 'running')
    .where(silent(3600))
    .execute()
}

/** Deletes jobs whose time is over. @returns how many */
export async function deleteExpired(db: Db, now: Date): Promise<number> {
  return Number((await db.deleteFrom('jobs').where('expires_at', '<=', now).executeTakeFirst()).numDeletedRows)
}

/** Runs work as a job: recorded with its progress, alive by its heartbeats, stopped when it is cancelled, ended once. What the work is, it does not know. */
import type { Restrictions } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { insertCalls } from '../audit/index.ts'
import type { Db } from '../../storage/operational/schema.ts'
import type { Stores } from '../stores.ts'
import { onCancelled } from './cancellations-repository.ts'
import { auditOf } from './jobs-service.ts'
import { claim, heartbeat, mostAttempts, type NewJob, type Progress, release, type Request, type Run, settle, type Settled } from './jobs-repository.ts'
import type { Performed } from './job.ts'

/** What running work is given. */
export interface Running {
  readonly request: Request | null
  /** Aborts when the job is cancelled, its process stops, or another run took it over. */
  readonly signal: AbortSignal
  /** Free to call often: kept once a second at most. `partial`: what may honestly be told before the end. */
  readonly progress: (done: number, of?: number, message?: string, partial?: Record<string, unknown>) => void
}

export interface RunOptions {
  /** Aborts when the process stops. */
  readonly signal: AbortSignal
  /** True: a run that fails or is stopped with its process waits to be run again. False: it has ended then, since only this process could run it. */
  readonly retry: boolean
}

/** What a run leaves: the answer of a call, with what the person might see when it was made. */
export interface Made {
  readonly answer: Performed
  readonly eyes: Restrictions
}

const progressMs = 1_000
const heartbeatMs = 5_000

/**
 * Runs the work under the job's id, which is made if it is not there. Resolves without running it when the job has ended already. A call that was put off is
 * kept in the audit log when it ends, in one transaction with its end: neither is there twice, or without the other.
 * @param work resolves to what it made, if anything @returns what the work threw, when the job has failed for good by it; throws what is to be tried again, and everything of a job that runs once
 */
export async function runJob(stores: Stores, job: NewJob, { signal, retry }: RunOptions, work: (running: Running) => Promise<Made | void>): Promise<unknown> {
  const { db, clock } = stores
  const claimed = await claim(db, job, clock())
  if (!claimed) return undefined
  const { request } = claimed
  const run: Run = { id: job.id, attempt: claimed.attempt }
  const end = async (settled: Settled, answer?: Performed) => {
    const now = clock()
    await db.transaction().execute(async (transaction) => {
      if (!(await settle(transaction, run, settled, now)) || !request) return
      const outcome = settled.state === 'completed' ? 'ok' : (settled.error?.code ?? 'cancelled')
      const call = { accountId: job.accountId, userId: job.userId ?? null, clientId: job.clientId ?? null, request, startedAt: claimed.startedAt.toISOString() }
      await insertCalls(transaction, [auditOf(call, outcome, now, answer)])
    })
  }
  if (claimed.attempt > mostAttempts) {
    // Not run once more: what it does may be what ends the process.
    const hint = 'Narrow what is asked for, or have whoever runs this Mercat look at its log.'
    await end({ state: 'failed', error: { code: 'unavailable', message: `Each of its ${mostAttempts} runs ended with its process`, details: { hint } } })
    return undefined
  }
  const cancelled = new AbortController()
  const forget = onCancelled(db, job.id, () => cancelled.abort(new MercatError('cancelled', 'The job was cancelled')))
  const tracker = track(db, run, clock, () => cancelled.abort(new MercatError('cancelled', 'The job was cancelled, or another process took it over')))
  try {
    const made = await work({ request, signal: AbortSignal.any([signal, cancelled.signal]), progress: tracker.progress })
    await tracker.stop()
    await end({ state: 'completed', ...(made ? { result: { structured: made.answer.structured, text: made.answer.text, eyes: made.eyes } } : {}) }, made?.answer)
    return undefined
  } catch (error) {
    await tracker.stop()
    // The table says so already, or is another run's.
    const over = cancelled.signal.aborted
    if (over && retry) return undefined
    // A store that is away says nothing of the work: it is tried until the store is back.
    const away = error instanceof MercatError && error.code === 'unavailable'
    const final = !retry || (!away && (error instanceof MercatError || run.attempt >= mostAttempts))
    if (over) throw error
    if (signal.aborted) await (retry ? release(db, run, false, clock()) : end({ state: 'cancelled', error: null }))
    else if (final) await end({ state: 'failed', error: explained(error) })
    else await release(db, run, !away, clock())
    if (retry && final && !signal.aborted) return error
    throw error
  } finally {
    forget()
  }
}

/** What may be told of an error: the words of anything but a MercatError may hold data, and are in the log. */
function explained(error: unknown): Pick<MercatError, 'code' | 'message' | 'details'> {
  if (error instanceof MercatError) return error
  return { code: 'internal', message: 'The job failed', details: { hint: 'The log of this Mercat says why.' } }
}

/** Writes heartbeats and progress, one statement at a time. */
function track(db: Db, run: Run, clock: () => Date, lost: () => void): { progress: Running['progress']; stop: () => Promise<void> } {
  let latest: Progress | undefined
  let kept: Progress | undefined
  let writing: Promise<void> | undefined
  let beaten = performance.now()
  const write = async () => {
    const given = latest === kept ? undefined : latest
    if (!given && performance.now() - beaten < heartbeatMs) return
    try {
      if (!(await heartbeat(db, run, given, clock()))) lost()
      kept = given ?? kept
      beaten = performance.now()
    } catch {
      // A store that is away for a moment: the next one tries again.
    }
  }
  const timer = setInterval(() => {
    writing ??= write().finally(() => {
      writing = undefined
    })
  }, progressMs)
  timer.unref()
  return {
    progress: (done, of, message, partial) => {
      latest = { done: Math.floor(done), of: of === undefined ? null : Math.floor(of), message: message ?? latest?.message ?? null, partial: partial ?? latest?.partial ?? null }
    },
    stop: async () => {
      clearInterval(timer)
      await writing
      if (latest !== kept) await write()
    },
  }
}

/** Runs an import where its files are, recorded as a job: it can be seen and cancelled from anywhere, and ends with its process. @returns what the import returns; throws what it throws */
export async function asImportJob<Result>(
  stores: Stores,
  { accountId, title, signal }: { accountId: string; title: string; signal: AbortSignal },
  work: (signal: AbortSignal, progress: Running['progress']) => Promise<Result>,
): Promise<Result> {
  let result: { readonly value: Result } | undefined
  await runJob(stores, { id: newId('job'), accountId, type: 'import', title }, { signal, retry: false }, async (running) => {
    result = { value: await work(running.signal, running.progress) }
  })
  if (!result) throw new MercatError('not_found', 'The account takes no data: it is gone')
  return result.value
}

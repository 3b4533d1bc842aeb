/** Work beside the calls: jobs by the clock and jobs that were asked for, kept by pg-boss in the operational store. One run an installation, whatever the number of processes; knows no job. */
import type { PgBoss as Boss } from 'pg-boss'
import { MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { OperationalStore } from './store.ts'

/** Runs by the clock. */
export interface ScheduledJob {
  /** snake_case; the name of its queue. */
  readonly name: string
  /** Five fields, in UTC. */
  readonly cron: string
  /** Stops soon after the signal aborts; what it left is the next run's. Throws to be run again. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

/** What an asked-for job is about: kept in the store, so ids only. */
export interface JobData {
  readonly accountId: string
}

/** Runs when `send` asks for it; for one account once at a time, and asked for twice while it waits it runs once. */
export interface RequestedJob {
  readonly name: string
  readonly run: (signal: AbortSignal, data: JobData) => Promise<void>
}

export interface Jobs {
  /** Begins to work, in the background: an error is logged and tried again, and never ends the process. */
  readonly start: (jobs: readonly (ScheduledJob | RequestedJob)[]) => void
  /** Resolves when the request is kept: it outlives this process. Throws `unavailable` while jobs cannot be kept. */
  readonly send: (name: string, data: JobData) => Promise<void>
  /** Aborts what runs, waits for it a few seconds, and leaves nothing open. What was stopped runs again after the next start. */
  readonly close: () => Promise<void>
}

/** How long running jobs have to stop. */
const graceMs = 5_000
/** Between looks at a queue; work asked for in this process begins at once. */
const pollSeconds = 60
const startAgainMs = 60_000

/** A job is given up as lost when its process has not said for a minute that it lives; another then takes it. */
const handling = { expireInSeconds: 6 * 3600, heartbeatSeconds: 60, retryLimit: 5, retryDelay: 30, retryBackoff: true, retryDelayMax: 3600, deleteAfterSeconds: 86_400 }
/** Few and slow looks: an idle Mercat stays idle. */
const quiet = { cronMonitorIntervalSeconds: 45, cronWorkerIntervalSeconds: 45, superviseIntervalSeconds: 120, queueCacheIntervalSeconds: 600, bamIntervalSeconds: 3600 }

export function openJobs(store: Pick<OperationalStore, 'engine' | 'run'>, log: Logger): Jobs {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const workers = new Map<string, string>()
  let boss: Boss | undefined
  let starting: Promise<void> | undefined
  let again: NodeJS.Timeout | undefined

  async function begin(jobs: readonly (ScheduledJob | RequestedJob)[]): Promise<void> {
    // Loaded now: it costs what opening a store need not wait for.
    const { PgBoss } = await import('pg-boss')
    const made = new PgBoss({ db: { executeSql: store.run }, backend: store.engine, persistWarnings: false, ...quiet })
    made.on('error', (error) => {
      if (!stopping.signal.aborted) log.error({ err: error }, 'jobs: the store did not answer as it should; trying again')
    })
    await made.start()
    boss = made
    for (const job of jobs) {
      if (stopping.signal.aborted) return
      // At most one waiting and one at work, for each account where the job has one: the index decides, so it holds across processes.
      await made.createQueue(job.name, { policy: 'stately' })
      workers.set(job.name, await made.work<JobData>(job.name, { pollingIntervalSeconds: pollSeconds }, async ([one]) => one && (await handle(job, one.data, one.signal))))
      if ('cron' in job) await made.schedule(job.name, job.cron, null, handling)
    }
  }

  async function handle(job: ScheduledJob | RequestedJob, data: JobData, given: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([given, stopping.signal])
    const began = performance.now()
    const work = run(job, data, signal)
    running.add(work)
    try {
      await work
      log.debug({ job: job.name, ms: Math.round(performance.now() - began) }, 'job done')
    } catch (error) {
      if (!stopping.signal.aborted) log.error({ err: error, job: job.name }, 'a job failed; it is tried again')
      // pg-boss keeps what it is thrown, and an error's text may hold data.
      throw new Error(stopping.signal.aborted ? 'stopped with the process' : 'failed; the log says why')
    } finally {
      running.delete(work)
      // Another may wait already.
      boss?.notifyWorker(workers.get(job.name) ?? '')
    }
  }

  const attempt = (jobs: readonly (ScheduledJob | RequestedJob)[]) => {
    starting = begin(jobs).catch(async (error: unknown) => {
      await boss?.stop({ graceful: false }).catch(() => {})
      boss = undefined
      if (stopping.signal.aborted) return
      log.error({ err: error }, 'jobs could not be started; trying again in a minute')
      again = setTimeout(() => attempt(jobs), startAgainMs)
      again.unref()
    })
  }

  return {
    start: attempt,
    send: async (name, data) => {
      await starting
      const worker = workers.get(name)
      if (!boss || worker === undefined || stopping.signal.aborted) throw new MercatError('unavailable', 'Work cannot be put off at the moment', { retryAfter: 60 })
      await boss.send(name, data, { ...handling, singletonKey: data.accountId })
      boss.notifyWorker(worker)
    },
    close: async () => {
      stopping.abort()
      clearTimeout(again)
      await starting
      if (!boss) return
      const ended = boss
      const stopped = Promise.all([...workers.keys()].map((name) => ended.offWork(name, { wait: true })))
      await within(graceMs, Promise.allSettled([stopped, ...running]))
      await within(graceMs, ended.stop({ graceful: false }))
    },
  }
}

async function run(job: ScheduledJob | RequestedJob, data: JobData, signal: AbortSignal): Promise<void> {
  if ('cron' in job) await job.run(signal)
  else await job.run(signal, { accountId: data.accountId })
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]).finally(() => clearTimeout(timer))
}

/** Work beside the calls: jobs by the clock and jobs that were asked for, kept by pg-boss in the operational store. One run an installation, whatever the number of processes; knows no job. */
import type { PgBoss as Boss } from 'pg-boss'
import { MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import type { OperationalStore } from './store.ts'

/** What one run is given. By the clock there is no account: `''`. */
export interface RunData extends JobData {
  /** The same when a run that failed or was lost is tried again. */
  readonly runId: string
}

/** Runs by the clock. */
export interface ScheduledJob {
  /** snake_case; the name of its queue. */
  readonly name: string
  /** What it does, for people: "Delete expired sign-ins". */
  readonly title: string
  readonly type: 'purge' | 'upkeep'
  /** Five fields, in UTC. */
  readonly cron: string
  /** Stops soon after the signal aborts; what it left is the next run's. Throws to be run again. */
  readonly run: (signal: AbortSignal, data: RunData) => Promise<void>
}

/** What an asked-for job is about: kept in the store, so ids only. */
export interface JobData {
  readonly accountId: string
  /** Tells several of one account apart. */
  readonly jobId?: string
}

/** Runs when `send` asks for it; for one account (or job id, where it has one) once at a time unless it is overlapping, and asked for twice while it waits it runs once. */
export interface RequestedJob {
  readonly name: string
  /** How many of it a process runs at once. Default 1. */
  readonly concurrency?: number
  /**
   * True: other processes may run it for the same account meanwhile, and it sees to it that no harm is done. Begins sooner: pg-boss passes over an account that was at work when it
   * last looked at the queue, which may be two minutes ago. Asked for while it runs here, it runs once more right after.
   */
  readonly overlapping?: true
  readonly run: (signal: AbortSignal, data: RunData) => Promise<void>
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
const startAgainMs = 60_000
/** Tells every process that work of a queue waits; the payload is the queue's name. */
const channel = 'mercat_work'

/** A job is given up as lost when its process has not said for 20 s that it lives; another then takes it. How often a job may be tried is its own business. */
const handling = { expireInSeconds: 6 * 3600, heartbeatSeconds: 20, retryLimit: 100, retryDelay: 5, retryBackoff: true, retryDelayMax: 3600, deleteAfterSeconds: 86_400 }
/**
 * Few and slow looks: an idle Mercat stays idle. Work that is asked for begins at once all the same. On a server a lost job is found within half a minute, and what waits
 * for its time (a second try) within ten seconds more; an embedded store has one process, whose lost jobs are found when the next one starts.
 */
const quiet = { cronMonitorIntervalSeconds: 45, cronWorkerIntervalSeconds: 45, bamIntervalSeconds: 3600 }
const looks = {
  // What a process remembers of a queue says which accounts are at work and passed over: it must not be old.
  pglite: { pollSeconds: 60, superviseIntervalSeconds: 120, monitorIntervalSeconds: 60, queueCacheIntervalSeconds: 30 },
  postgres: { pollSeconds: 10, superviseIntervalSeconds: 10, monitorIntervalSeconds: 5, queueCacheIntervalSeconds: 10 },
} as const

/** On an embedded store whatever was at work when this process began is dead: it is taken up again now, and what was stopped need not wait for its second try. */
const takeUpAgain = `
  UPDATE pgboss.job AS lost SET state = 'retry', started_on = NULL, heartbeat_on = NULL, start_after = now()
  WHERE state = 'active' AND NOT EXISTS (SELECT FROM pgboss.job AS other WHERE other.name = lost.name AND other.state = 'retry' AND other.singleton_key IS NOT DISTINCT FROM lost.singleton_key);
  UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`

export function openJobs(store: Pick<OperationalStore, 'engine' | 'run' | 'notify' | 'listen'>, log: Logger): Jobs {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const workers = new Map<string, string[]>()
  const atWork = new Map<string, 'once' | 'again'>()
  const { pollSeconds, ...supervision } = looks[store.engine]
  let boss: Boss | undefined
  let starting: Promise<void> | undefined
  let again: NodeJS.Timeout | undefined
  let failures = 0
  let deaf: (() => Promise<void>) | undefined

  const wake = (name: string) => {
    for (const worker of workers.get(name) ?? []) boss?.notifyWorker(worker)
  }

  async function begin(jobs: readonly (ScheduledJob | RequestedJob)[]): Promise<void> {
    // Loaded now: it costs what opening a store need not wait for.
    const { PgBoss } = await import('pg-boss')
    const made = new PgBoss({ db: { executeSql: store.run }, backend: store.engine, persistWarnings: false, ...quiet, ...supervision })
    made.on('error', (error) => {
      if (!stopping.signal.aborted) log.error({ err: error }, 'jobs: the store did not answer as it should; trying again')
    })
    await made.start()
    boss = made
    if (store.engine === 'pglite') await store.run(takeUpAgain)
    deaf ??= await store.listen(channel, wake)
    for (const job of jobs) {
      if (stopping.signal.aborted) return
      // At most one waiting and, unless it may overlap, one at work, for each account where the job has one: the index decides, so it holds across processes.
      const policy = overlaps(job) ? 'short' : 'stately'
      // What waits in a queue of an earlier version is found by the clock.
      const before = await made.getQueue(job.name)
      if (before && before.policy !== policy) await made.deleteQueue(job.name)
      await made.createQueue(job.name, { policy })
      // Of a queue that says nothing of it, lost jobs are not looked for. Queues of earlier versions did not.
      await made.updateQueue(job.name, { heartbeatSeconds: handling.heartbeatSeconds })
      const ids: string[] = []
      workers.set(job.name, ids)
      const { concurrency = 1 } = job as Partial<RequestedJob>
      while (ids.length < concurrency)
        ids.push(
          await made.work<JobData>(
            job.name,
            { pollingIntervalSeconds: pollSeconds },
            async ([one]) => one && (await handle(job, one.data ?? { accountId: '' }, one.signal, one.id)),
          ),
        )
      if ('cron' in job) await made.schedule(job.name, job.cron, null, handling)
    }
  }

  async function handle(job: ScheduledJob | RequestedJob, data: JobData, given: AbortSignal, runId: string): Promise<void> {
    const signal = AbortSignal.any([given, stopping.signal])
    const began = performance.now()
    const about = { accountId: data.accountId, ...(data.jobId === undefined ? {} : { jobId: data.jobId }), runId }
    const work = overlaps(job) ? alone(job.name, keyOf(data), () => job.run(signal, about)) : job.run(signal, about)
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
      wake(job.name)
    }
  }

  /** Runs it once at a time in this process: whoever comes meanwhile leaves word, and it runs once more. */
  async function alone(name: string, key: string, run: () => Promise<void>): Promise<void> {
    const place = `${name} ${key}`
    if (atWork.has(place)) {
      atWork.set(place, 'again')
      return
    }
    try {
      do {
        atWork.set(place, 'once')
        await run()
      } while (atWork.get(place) === 'again' && !stopping.signal.aborted)
    } finally {
      atWork.delete(place)
    }
  }

  const attempt = (jobs: readonly (ScheduledJob | RequestedJob)[]) => {
    starting = begin(jobs).catch(async (error: unknown) => {
      await boss?.stop({ graceful: false }).catch(() => {})
      boss = undefined
      if (stopping.signal.aborted) return
      // Soon at first: two processes that make the tables at the same moment are in each other's way once.
      const pause = Math.min(1_000 * 4 ** failures++, startAgainMs)
      log.error({ err: error }, `jobs could not be started; trying again in ${pause / 1000} s`)
      again = setTimeout(() => attempt(jobs), pause)
      again.unref()
    })
  }

  return {
    start: attempt,
    send: async (name, data) => {
      await starting
      if (!boss || !workers.has(name) || stopping.signal.aborted) throw new MercatError('unavailable', 'Work cannot be put off at the moment', { retryAfter: 60 })
      await boss.send(name, data, { ...handling, singletonKey: keyOf(data) })
      wake(name)
      // The work is kept: a process that does not hear of it finds it when it looks.
      await store.notify(channel, name).catch((error: unknown) => log.warn({ err: error }, 'other processes could not be told of work that waits'))
    },
    close: async () => {
      stopping.abort()
      clearTimeout(again)
      await starting
      await deaf?.()
      if (!boss) return
      const ended = boss
      const stopped = Promise.all([...workers.keys()].map((name) => ended.offWork(name, { wait: true })))
      await within(graceMs, Promise.allSettled([stopped, ...running]))
      await within(graceMs, ended.stop({ graceful: false }))
    },
  }
}

const overlaps = (job: ScheduledJob | RequestedJob): boolean => 'overlapping' in job && job.overlapping === true
const keyOf = ({ jobId, accountId }: JobData): string => jobId ?? accountId

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, ms)))]).finally(() => clearTimeout(timer))
}

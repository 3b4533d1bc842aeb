/** The jobs behind sources: loading what waits, counting what was loaded, asking platforms, cleaning up. They decide when; load.ts, facts and pull.ts do the work. */
import { setTimeout as pause } from 'node:timers/promises'
import { MercatError } from '../../core/errors.ts'
import type { Logger } from '../../core/log.ts'
import { findAccountById } from '../../domain/accounts/index.ts'
import { refreshFacts } from '../../domain/facts/index.ts'
import type { Stores } from '../../domain/index.ts'
import { accountsWaiting, deleteExpiredAside, deleteOldVolumes, sourcesOfTypes, withLoadLock } from '../../domain/sources/index.ts'
import type { JobData, RequestedJob, ScheduledJob } from '../../storage/operational/jobs.ts'
import { forgetOldLoads } from './forget.ts'
import { type LoadHouse, loadInbox, type LoadOutcome } from './load.ts'
import { type PullHouse, pullSource } from './pull.ts'

const loadJob = 'load_inbox'
const countJob = 'count_facts'
const pullJob = 'pull_source'

/** What comes at once is loaded at once; deliveries that follow each other closely are one batch. */
const gatherMs = 150
/** While a store is away it is asked this often. */
const awayMs = 2_000
/** While it takes nothing: each try is a load that fails. */
const stuckMs = 15_000
/** Between two counts of an account: as long as the last one took, within these bounds, so that a steady stream does not keep the machine counting. */
const [leastPauseMs, mostPauseMs] = [500, 30_000]
const pauseAfter = (ms: number): number => Math.min(mostPauseMs, Math.max(leastPauseMs, ms))

type Send = (name: string, data: JobData) => Promise<void>

export interface Waker {
  /** Says that something waits in the account's inbox: it is loaded soon. */
  readonly wake: (accountId: string) => void
  /** Wakes every account with anything in the inbox. */
  readonly wakeAll: () => Promise<void>
  /** Loads by `load`. Who is woken for the account meanwhile is not asked for again: what came is loaded now, or right after. */
  readonly loading: (accountId: string, load: () => Promise<LoadOutcome>) => Promise<void>
  readonly stop: () => void
}

/** @param send keeps a request for a job */
export function createWaker(stores: Pick<Stores, 'db'>, send: Send, log: Logger): Waker {
  const timers = new Map<string, NodeJS.Timeout>()
  /** Accounts that this process loads, and whether somebody was woken since. */
  const busy = new Map<string, { woken: boolean }>()
  /** Accounts whose next try waits for its time, whoever asks: other processes may, at each delivery. */
  const stuck = new Set<string>()
  let stopped = false
  const soon = (accountId: string, ms: number) => {
    if (stopped || timers.has(accountId)) return
    const timer = setTimeout(() => {
      timers.delete(accountId)
      stuck.delete(accountId)
      send(loadJob, { accountId }).catch((error: unknown) => {
        // While jobs start, or the store is away: what waits is kept, and asked for again.
        if (!(error instanceof MercatError)) log.error({ err: error }, 'loading could not be asked for; trying again')
        soon(accountId, awayMs)
      })
    }, ms)
    timers.set(accountId, timer)
  }
  const wake = (accountId: string) => {
    const loading = busy.get(accountId)
    if (loading) loading.woken = true
    else soon(accountId, gatherMs)
  }
  return {
    wake,
    wakeAll: async () => {
      for (const accountId of await accountsWaiting(stores.db)) wake(accountId)
    },
    loading: async (accountId, load) => {
      if (stuck.has(accountId)) return
      const state = { woken: false }
      busy.set(accountId, state)
      try {
        const outcome = await load()
        if (outcome === 'stuck') {
          stuck.add(accountId)
          soon(accountId, stuckMs)
        } else if (outcome === 'away') soon(accountId, awayMs)
        else if (outcome === 'more' || state.woken) soon(accountId, gatherMs)
      } catch (error) {
        // Whoever was woken meanwhile is not forgotten for a failure.
        soon(accountId, awayMs)
        throw error
      } finally {
        busy.delete(accountId)
      }
    },
    stop: () => {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

export interface StreamHouse extends LoadHouse, PullHouse {
  readonly waker: Waker
  readonly send: Send
}

/** Jobs that run often: they are not recorded as runs, sources show what came of them. */
export function streamJobs(house: StreamHouse): (ScheduledJob | RequestedJob)[] {
  const { stores, waker, send, log } = house
  const counted = new Map<string, { readonly at: number; readonly ms: number }>()
  // What cannot be asked for now is counted with the next load, or at the next start.
  const count = (accountId: string) => void send(countJob, { accountId }).catch((error: unknown) => log.warn({ err: error }, 'counting could not be asked for'))
  return [
    {
      name: loadJob,
      concurrency: 2,
      overlapping: true,
      run: async (signal, { accountId }) => {
        // Where another process loads, it may have looked for the last time already.
        await waker.loading(accountId, async () => (await withLoadLock(stores.db, accountId, () => loadInbox(house, accountId, signal, () => count(accountId)))) ?? 'away')
      },
    },
    {
      name: countJob,
      // Most of them wait: facts has a bound of its own for those that work.
      concurrency: 4,
      overlapping: true,
      run: async (signal, { accountId }) => {
        const last = counted.get(accountId)
        if (last) await pause(Math.max(0, last.at + pauseAfter(last.ms) - performance.now()), undefined, { signal })
        // The account may have left since.
        if (!(await findAccountById(stores.db, accountId))) return void counted.delete(accountId)
        const began = performance.now()
        try {
          await refreshFacts(stores, accountId, { signal })
        } catch (error) {
          if (!(error instanceof MercatError) || error.code !== 'unavailable') throw error
          return void setTimeout(() => count(accountId), awayMs).unref()
        }
        counted.set(accountId, { at: performance.now(), ms: performance.now() - began })
      },
    },
    {
      name: pullJob,
      concurrency: 2,
      run: async (signal, { accountId, jobId }) => {
        if (jobId === undefined) return
        // Behind those that wait already.
        if ((await pullSource(house, accountId, jobId, signal)) === 'more') await askForPull(send, accountId, jobId)
      },
    },
    {
      name: 'pull_sources',
      title: 'Ask the platforms that are pulled',
      type: 'upkeep',
      cron: '*/15 * * * *',
      run: async () => {
        const types = house.sources.filter(({ connection }) => connection === 'pull').map(({ type }) => type)
        if (types.length === 0) return
        for (const { account_id: accountId, id } of await sourcesOfTypes(stores.db, types)) await send(pullJob, { accountId, jobId: id })
      },
    },
    { name: 'find_waiting', title: 'Find deliveries that wait to be loaded', type: 'upkeep', cron: '* * * * *', run: async () => await waker.wakeAll() },
    {
      name: 'purge_sources',
      title: 'Delete what was set aside past its time',
      type: 'purge',
      cron: '47 * * * *',
      run: async (signal) => {
        await deleteExpiredAside(stores.db, stores.clock())
        await deleteOldVolumes(stores.db, stores.clock())
        await forgetOldLoads(stores, signal)
      },
    },
  ]
}

/** Asks for a pull now. */
export const askForPull = (send: Send, accountId: string, sourceId: string): Promise<void> => send(pullJob, { accountId, jobId: sourceId })

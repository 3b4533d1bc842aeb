/** Data that keeps coming, as the composition root puts it together: the door, the inbox behind it, and the jobs that load what waits. */
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Stores } from '../../domain/index.ts'
import type { Door, Seals } from '../../domain/sources/index.ts'
import type { JobData, RequestedJob, ScheduledJob } from '../../storage/operational/jobs.ts'
import type { Source } from '../sources/define.ts'
import { createDoor } from './door.ts'
import { askForPull, createWaker, streamJobs } from './jobs.ts'
import { createOutside } from './outside.ts'
import { createPressure } from './pressure.ts'
import type { PullHouse } from './pull.ts'
import { createInboxWriter } from './writer.ts'

export interface StreamOptions {
  readonly stores: Stores
  /** The same, for work beside the calls. */
  readonly background: Stores
  readonly seals: Seals
  readonly sources: readonly Source[]
  readonly clock: Clock
  readonly log: Logger
  readonly send: (name: string, data: JobData) => Promise<void>
  /** Most bytes of an account that may wait. */
  readonly inboxBytes: number
  readonly client: PullHouse['client']
  /** How the internet is reached. */
  readonly fetch?: typeof fetch | undefined
}

export interface Stream {
  readonly door: Door
  readonly wake: (accountId: string) => void
  readonly pull: (accountId: string, sourceId: string) => Promise<void>
  readonly jobs: readonly (ScheduledJob | RequestedJob)[]
  /** Takes up what an earlier process left in the inbox. */
  readonly start: () => void
  readonly close: () => Promise<void>
}

export function createStream({ stores, background, seals, sources, clock, log, send, inboxBytes, client, fetch }: StreamOptions): Stream {
  const waker = createWaker(stores, send, log)
  const writer = createInboxWriter(stores.db)
  const { wake } = waker
  const pressure = createPressure(stores.db, inboxBytes)
  return {
    door: createDoor({ db: stores.db, clock, seals, sources, writer, pressure, outside: createOutside(fetch), wake }),
    wake,
    pull: (accountId, sourceId) => askForPull(send, accountId, sourceId),
    jobs: streamJobs({ stores: background, seals, sources, log, sizes: new Map(), wake, pressure, client, waker, send }),
    start: () => void waker.wakeAll().catch((error: unknown) => log.error({ err: error }, 'deliveries that wait could not be found')),
    close: async () => {
      waker.stop()
      await writer.close()
    },
  }
}

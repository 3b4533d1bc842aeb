/** What the CLI needs from the composition root, which alone may open stores and build a server. Types only. */
import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { BindServices, Stores } from '../domain/index.ts'
import type { SourceHouse } from '../domain/sources/index.ts'

/** Stores that someone must close. */
export interface OpenedStores extends Stores {
  readonly close: () => Promise<void>
}

/** A running Mercat. */
export interface Running {
  /** Public origin, without a trailing slash. */
  readonly origin: string
  readonly port: number
  readonly stores: Stores
  readonly services: BindServices
  /** Stops listening, lets running calls end (bounded), closes the stores. */
  readonly close: () => Promise<void>
}

export interface MercatOptions {
  readonly log: Logger
  readonly clock?: Clock
  /** Steps of a start that takes long: opening, migrating. */
  readonly onProgress?: (step: string) => void
}

export interface Host {
  readonly openStores: (config: Config, clock: Clock) => Promise<OpenedStores>
  /** For a command that runs by itself: it loads nothing and asks nobody. */
  readonly sourceHouse: (config: Config, stores: Stores) => Promise<SourceHouse>
  readonly createMercat: (config: Config, options: MercatOptions) => Promise<Running>
}

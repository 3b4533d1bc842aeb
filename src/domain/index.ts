/** What the edge, the catalog and the CLI may use of the domain. */
import type { Clock } from '../core/clock.ts'
import type { Principal } from '../core/access.ts'
import type { Analytics } from '../storage/analytics/run.ts'
import type { Db } from '../storage/operational/schema.ts'

/** What every domain service is made from. */
export interface Stores {
  readonly db: Db
  readonly analytics: Analytics
  readonly clock: Clock
}

/** The services a tool or a dashboard call gets, bound to its principal. */
export type Services = Record<never, never>

export type BindServices = (principal: Principal) => Services

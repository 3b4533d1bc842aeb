/** What every domain service is made from. Types only, apart from index.ts so that domains can name it without a cycle. */
import type { Clock } from '../core/clock.ts'
import type { Analytics } from '../storage/analytics/run.ts'
import type { Db } from '../storage/operational/schema.ts'

export interface Stores {
  readonly db: Db
  readonly analytics: Analytics
  readonly clock: Clock
}

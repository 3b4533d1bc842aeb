/** How reports read facts: which generation counts, and how new the figures are. It must not write. */
import type { Analytics, RunOptions } from '../../storage/analytics/run.ts'
import { factNumber } from './audience.ts'

/** A set of facts that is rebuilt and switched together. `messages`: message_facts, inbox_facts and touches. */
export type FactFamily = 'messages' | 'orders' | 'uplift'

/** The state of an account's facts that one answer is made from. */
export interface FactsSnapshot {
  /** Give it as `{snapshot:UInt64}` to every query of the answer; 0 before the first refresh. */
  readonly snapshot: number
  /** The earliest event or order behind the facts; null when there is none. */
  readonly earliest: Date | null
  /** The newest event or order behind the facts ("dataAsOf"); null when there is none. */
  readonly dataAsOf: Date | null
}

/**
 * A WHERE condition: the row of a fact table is of the generation that counts at the snapshot. The query must bind
 * `account:String` and `snapshot:UInt64` (factsSnapshot). Queries given the same snapshot see the same state, whatever
 * refreshes meanwhile; a snapshot holds for ten minutes. Rows must still be restricted by `account_id = {account:String}`.
 */
export function currentFacts(family: FactFamily): string {
  return `(campaign, generation) IN (${newest(family)})`
}

/** The same where a row has campaign and generation as one number, `fact`. */
export function currentNumbers(family: FactFamily): string {
  return `fact IN (SELECT ${factNumber} FROM (${newest(family)}))`
}

const newest = (family: FactFamily) =>
  `SELECT campaign, max(fact_generations.generation) AS generation FROM fact_generations WHERE account_id = {account:String} AND family = '${family}' AND fact_generations.generation <= {snapshot:UInt64} GROUP BY campaign`

/** Minutes for which superseded facts stay for those still reading at an older snapshot (superseded.ts). */
export const keepMinutes = 10
/** A statement may take a minute: a snapshot is not begun with when it could go before the end. */
const holdsMinutes = keepMinutes - 1

/** The newest committed state of the account's facts; or, while all of it is still kept, the older one of the snapshot `asOf`. */
export async function factsSnapshot(analytics: Analytics, accountId: string, options: RunOptions = {}, asOf?: number): Promise<FactsSnapshot> {
  const upTo = asOf !== undefined && (await holds(analytics, accountId, asOf, options)) ? asOf : Number.MAX_SAFE_INTEGER
  const rows = await analytics.query<{ snapshot: number; earliest: number | null; latest: number | null }>(
    `SELECT max(newest) AS snapshot, toUnixTimestamp64Milli(min(first)) AS earliest, toUnixTimestamp64Milli(max(last)) AS latest
     FROM (SELECT max(generation) AS newest, argMax(tuple(earliest), generation).1 AS first, argMax(tuple(latest), generation).1 AS last
       FROM fact_generations WHERE account_id = {account:String} AND generation <= {upTo:UInt64} GROUP BY family, campaign)`,
    { account: accountId, upTo },
    options,
  )
  const row = rows[0]
  const instant = (milliseconds: number | null | undefined) => (milliseconds === null || milliseconds === undefined ? null : new Date(milliseconds))
  return { snapshot: row?.snapshot ?? 0, earliest: instant(row?.earliest), dataAsOf: instant(row?.latest) }
}

/** Whether nothing newer than the snapshot is so old that what it superseded may have been removed. */
async function holds(analytics: Analytics, accountId: string, snapshot: number, options: RunOptions): Promise<boolean> {
  const [row] = await analytics.query<{ holds: 0 | 1 }>(
    `SELECT count() = 0 OR min(built_at) > now64(3) - INTERVAL ${holdsMinutes} MINUTE AS holds
     FROM fact_generations WHERE account_id = {account:String} AND generation > {snapshot:UInt64}`,
    { account: accountId, snapshot },
    options,
  )
  return row?.holds === 1
}

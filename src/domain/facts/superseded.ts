/** Removes rows that no reader can need any more: superseded generations, and what refreshes that broke off left behind. */
import type { Analytics, RunOptions } from '../../storage/analytics/run.ts'
import { keepMinutes } from './read.ts'

const tables = [
  { table: 'message_facts', family: 'messages' },
  { table: 'inbox_facts', family: 'messages' },
  { table: 'touches', family: 'messages' },
  { table: 'messages', family: 'messages' },
  { table: 'engagements', family: 'messages' },
  { table: 'order_facts', family: 'orders' },
  { table: 'uplift_facts', family: 'uplift' },
] as const

/**
 * Only the account's refresh may call it, under its lock: whatever is then neither current nor newer than the oldest snapshot
 * still valid is garbage. A table is cleaned when garbage outweighs what counts, so that the work stays in proportion.
 */
export async function removeSuperseded(analytics: Analytics, accountId: string, options: Pick<RunOptions, 'signal'>): Promise<void> {
  const params = { account: accountId }
  const limits = { ...options, seconds: 600 }
  const clean = async (table: string, stale: string, atLeast: number) => {
    const [row] = await analytics.query<{ stale: number; rows: number }>(
      `SELECT countIf(${stale}) AS stale, count() AS rows FROM ${table} WHERE account_id = {account:String}`,
      params,
      limits,
    )
    if (row && row.stale > atLeast && row.stale * 2 > row.rows) await analytics.deleteWhere(table, `account_id = {account:String} AND ${stale}`, params, limits)
  }
  // Working rows are found by their generation, so that old ones only take room.
  await clean('counted_messages', 'true', 100_000)
  await clean('affected_orders', 'true', 100_000)
  await clean('assignments', 'true', 100_000)
  // The newest generation of each campaign, and those that were the newest within the last minutes.
  const kept = `SELECT family, campaign, generation FROM (SELECT toString(family) AS family, campaign, generation, leadInFrame(built_at, 1, toDateTime64('2200-01-01 00:00:00', 3, 'UTC'))
      OVER (PARTITION BY family, campaign ORDER BY generation ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS superseded_at
    FROM fact_generations WHERE account_id = {account:String}) WHERE superseded_at > now64(3) - INTERVAL ${keepMinutes} MINUTE`
  for (const { table, family } of tables) await clean(table, `(campaign, generation) NOT IN (SELECT campaign, generation FROM (${kept}) WHERE family = '${family}')`, 1000)
  await clean('fact_generations', `(toString(family), campaign, generation) NOT IN (${kept})`, 1000)
}

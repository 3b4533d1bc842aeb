/** What a refresh works on, and which rows count while it works: its own for the campaigns it rebuilds, the committed ones for the rest. */
import type { Analytics } from '../../storage/analytics/run.ts'
import type { FactFamily } from './read.ts'

/** The part of an account's facts that a refresh rebuilds. */
export interface FactScope {
  /** All campaigns, all orders. */
  readonly everything: boolean
  /** Campaigns whose messages are rebuilt; all of them when `everything`. */
  readonly dirty: readonly string[]
}

/** Condition on a table of facts of the family. Binds `account`, `committed`, `generation`, `dirty`. */
export function currentOrNew(family: FactFamily, scope: FactScope): string {
  if (scope.everything) return 'account_id = {account:String} AND generation = {generation:UInt64}'
  return `account_id = {account:String} AND (generation = {generation:UInt64} OR (campaign NOT IN {dirty:Array(String)} AND (campaign, generation) IN
    (SELECT campaign, max(generation) FROM fact_generations WHERE account_id = {account:String} AND family = '${family}' AND generation <= {committed:UInt64} GROUP BY campaign)))`
}

/** The newest committed generation of the account; 0 before the first. */
export async function committedGeneration(analytics: Analytics, accountId: string): Promise<number> {
  const [row] = await analytics.query<{ committed: number }>('SELECT max(generation) AS committed FROM fact_generations WHERE account_id = {account:String}', {
    account: accountId,
  })
  return row?.committed ?? 0
}

/** A family of a campaign that a refresh has rebuilt, with the instants behind it; null: nothing is behind it. */
export interface RebuiltFamily {
  readonly family: FactFamily
  readonly campaign: string
  /** Milliseconds. */
  readonly earliest: number | null
  readonly latest: number | null
}

/** The instants behind the rows that this generation wrote, for each campaign. */
export async function instantsOf(
  analytics: Analytics,
  table: 'message_facts' | 'order_facts',
  accountId: string,
  generation: number,
): Promise<Map<string, { earliest: number; latest: number }>> {
  const rows = await analytics.query<{ campaign: string; earliest: number; latest: number }>(
    `SELECT campaign, toUnixTimestamp64Milli(min(earliest)) AS earliest, toUnixTimestamp64Milli(max(latest)) AS latest
     FROM (SELECT campaign, generation, earliest, latest FROM ${table} WHERE account_id = {account:String} AND generation = {generation:UInt64}) GROUP BY campaign`,
    { account: accountId, generation },
  )
  return new Map(rows.map(({ campaign, earliest, latest }) => [campaign, { earliest, latest }]))
}

/** Switches the families to the generation: one insert of one block, so that a reader sees all of them or none. */
export async function switchGeneration(analytics: Analytics, accountId: string, generation: number, rebuilt: readonly RebuiltFamily[]): Promise<void> {
  await analytics.command(
    `INSERT INTO fact_generations SELECT {account:String}, r.1, r.2, {generation:UInt64}, if(r.3 < 0, NULL, fromUnixTimestamp64Milli(r.3, 'UTC')), if(r.4 < 0, NULL, fromUnixTimestamp64Milli(r.4, 'UTC')), now64(3, 'UTC')
     FROM (SELECT arrayJoin(arrayZip({families:Array(String)}, {campaigns:Array(String)}, {earliest:Array(Int64)}, {latest:Array(Int64)})) AS r)`,
    {
      account: accountId,
      generation,
      families: rebuilt.map(({ family }) => family),
      campaigns: rebuilt.map(({ campaign }) => campaign),
      earliest: rebuilt.map(({ earliest }) => earliest ?? -1),
      latest: rebuilt.map(({ latest }) => latest ?? -1),
    },
    // One thread and blocks up to a million rows: the rows become one part, which appears at once.
    { settings: { max_insert_threads: 1, max_threads: 1, min_insert_block_size_rows: 1_048_576, max_block_size: 1_048_576 } },
  )
}

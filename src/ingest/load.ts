/** One load into the analytics store: runs the compiled statements, adds up grouped orders, and tells what became of the rows. Reads no file. */
import { MercatError } from '../core/errors.ts'
import { ensureCampaigns } from '../domain/entities/index.ts'
import type { Stores } from '../domain/index.ts'
import type { LocalFile } from '../storage/analytics/run.ts'
import { accountKey, runningLoads } from './account-repository.ts'
import type { StoredKind } from './kinds/index.ts'
import type { CompiledRecord } from './mapping/compile.ts'
import { groupedInsert } from './sql/grouped.ts'
import { insertSettings, normalisingInsert, normalisingParams } from './sql/normalise.ts'

/** Most campaigns one load may bring: beyond it, the wrong column was taken for the campaign. */
const mostCampaigns = 100_000

export interface Reject {
  readonly line: number
  readonly kind: string
  readonly reason: string
}

export interface Tally {
  /** Rows stored, by kind. */
  readonly accepted: Readonly<Partial<Record<StoredKind, number>>>
  /** Rows rejected by the engine, by reason. */
  readonly rejected: Readonly<Record<string, number>>
}

export interface AnalyticsLoad {
  readonly id: number
  /** Stores the rows of a file the engine can read. `more` are settings the file needs. */
  readonly store: (file: LocalFile, records: readonly CompiledRecord[], more?: Record<string, number>) => Promise<void>
  /** Rejected rows of these lines, both included, in their order; at most `limit`. */
  readonly rejects: (first: number, last: number, limit?: number) => Promise<Reject[]>
  /** Adds up grouped orders, makes unknown campaigns known. @returns what was stored, and the campaigns that were new */
  readonly finish: () => Promise<Tally & { newCampaigns: string[] }>
}

/** @param loadId from startLoad; the caller finishes or fails it */
export async function openLoad(stores: Stores, accountId: string, loadId: number, signal?: AbortSignal): Promise<AnalyticsLoad> {
  const { db, analytics } = stores
  const bound = normalisingParams({ id: accountId, key: await accountKey(db, accountId) }, loadId, stores.clock())
  const own = { account: accountId, load: loadId }
  const where = 'account_id = {account:String} AND load_id = {load:UInt64}'
  let grouped = false

  return {
    id: loadId,
    store: async (file, records, more = {}) => {
      for (const record of records) {
        grouped ||= record.grouped
        const sql = normalisingInsert(record.kind, record.raw, record.grouped ? 'load_order_lines' : undefined)
        await analytics.insertFile(sql, file, { ...bound, ...record.params }, { ...insertSettings, settings: { ...insertSettings.settings, ...more }, signal })
      }
    },
    rejects: async (first, last, limit = 1_000_000) =>
      await analytics.query<Reject>(
        `SELECT line, kind, reason FROM load_rejects WHERE ${where} AND line BETWEEN {first:UInt64} AND {last:UInt64} ORDER BY line, kind, reason LIMIT {limit:UInt64}`,
        { ...own, first, last, limit },
        { signal },
      ),
    finish: async () => {
      if (grouped) {
        await analytics.command(groupedInsert, own, { ...insertSettings, signal })
        // Also those of imports that were killed; another that runs now still needs its own.
        const others = (await runningLoads(db, accountId)).filter((id) => id !== loadId)
        await analytics.deleteWhere(
          'load_order_lines',
          'account_id = {account:String} AND NOT has({others:Array(UInt64)}, load_id)',
          { account: accountId, others },
          { seconds: 600 },
        )
      }
      const counts = await analytics.query<{ kind: StoredKind; reason: string; rows: number }>(
        `SELECT kind, reason, sum(rows) AS rows FROM load_counts WHERE ${where} GROUP BY kind, reason ORDER BY kind, reason`,
        own,
        { signal },
      )
      const campaigns = await analytics.query<{ campaign: string }>(
        `SELECT DISTINCT campaign FROM load_counts WHERE ${where} AND campaign != '' ORDER BY campaign LIMIT ${mostCampaigns + 1}`,
        own,
        { signal },
      )
      if (campaigns.length > mostCampaigns) {
        throw new MercatError('too_large', `The rows name more than ${mostCampaigns.toLocaleString('en')} campaigns`, {
          hint: 'Is campaign_id the right column? It names the mailing, not the message.',
        })
      }
      const accepted: Partial<Record<StoredKind, number>> = {}
      const rejected: Record<string, number> = {}
      for (const { kind, reason, rows } of counts) {
        if (reason === '') accepted[kind] = rows
        else rejected[reason] = (rejected[reason] ?? 0) + rows
      }
      return {
        accepted,
        rejected,
        newCampaigns: await ensureCampaigns(
          db,
          accountId,
          campaigns.map(({ campaign }) => campaign),
        ),
      }
    },
  }
}

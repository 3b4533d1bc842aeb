/** The funnel of a webapp from Mercat's own web events. It reads and never writes, and does not know who asks: small counts are the caller's business. */
import { addDays, type Period, startOfDay } from '../../../core/period.ts'
import { type Read, rowsToRead } from '../../../storage/analytics/estimate.ts'
import type { Analytics, RunOptions } from '../../../storage/analytics/run.ts'
import { type FunnelCounts, funnelSteps, type FunnelType } from './steps.ts'

export interface OwnFunnelQuestion {
  readonly accountId: string
  /** Its key, as web events carry it. */
  readonly webapp: string
  /** Days of the time zone. */
  readonly period: Period
  readonly timeZone: string
  readonly type: FunnelType
}

export interface OwnFunnel extends FunnelCounts {
  /** The webapp's last event of any step, inside the period or not; null: there has never been one. */
  readonly lastEventAt: Date | null
}

export async function ownFunnel(analytics: Analytics, question: OwnFunnelQuestion, options: RunOptions): Promise<OwnFunnel> {
  const { counts, last } = readsOf(question)
  // People are grouped, and there may be many: large groupings go to disk.
  const settings = { max_bytes_before_external_group_by: 500_000_000, ...options.settings }
  const [[row], [newest]] = await Promise.all([
    analytics.query<Record<string, number>>(counts.sql, counts.params, { ...options, settings }),
    analytics.query<{ at: number }>(last.sql, last.params, options),
  ])
  return {
    steps: funnelSteps.map((step, at) => ({ step, visitors: row?.[`v${at}`] ?? 0, events: row?.[`e${at}`] ?? 0 })),
    // The newest of no rows is the beginning of time.
    lastEventAt: newest && newest.at > 0 ? new Date(newest.at) : null,
  }
}

/** Rows that ownFunnel would read. */
export async function ownFunnelCost(analytics: Analytics, question: OwnFunnelQuestion, signal?: AbortSignal): Promise<number> {
  return await rowsToRead(analytics, question.accountId, ['web_events'], async () => Object.values(readsOf(question)), signal)
}

const kinds = funnelSteps.map((step) => `kind = '${step}'`)
const ofWebapp = `account_id = {account:String} AND webapp = {webapp:String} AND kind IN (${funnelSteps.map((step) => `'${step}'`).join(', ')})`

function readsOf({ accountId: account, webapp, period, timeZone, type }: OwnFunnelQuestion): { counts: Read; last: Read } {
  const from = startOfDay(period.start, timeZone).getTime()
  const until = startOfDay(addDays(period.end, 1), timeZone).getTime()
  // Within a period no two events are further apart than it is long, so the window bounds nothing more. It takes no DateTime64, and steps
  // of one millisecond in their own order.
  const level = `windowFunnel(${until - from})(toUInt64(toUnixTimestamp64Milli(occurred_at)), ${kinds.join(', ')}) AS level, `
  const did = (at: number) => (type === 'closed' ? `level > ${at}` : `n${at} > 0`)
  // FINAL before the filters: an event that came again for another webapp has left this one.
  return {
    counts: {
      table: 'web_events',
      sql: `SELECT ${funnelSteps.map((_, at) => `countIf(${did(at)}) AS v${at}, sum(n${at}) AS e${at}`).join(', ')}
        FROM (SELECT customer, ${type === 'closed' ? level : ''}${kinds.map((kind, at) => `countIf(${kind}) AS n${at}`).join(', ')} FROM web_events FINAL
          WHERE ${ofWebapp} AND occurred_at >= fromUnixTimestamp64Milli({from:Int64}, 'UTC') AND occurred_at < fromUnixTimestamp64Milli({until:Int64}, 'UTC')
          GROUP BY customer)`,
      params: { account, webapp, from, until },
    },
    last: {
      table: 'web_events',
      sql: `SELECT toUnixTimestamp64Milli(max(occurred_at)) AS at FROM web_events FINAL WHERE ${ofWebapp}`,
      params: { account, webapp },
    },
  }
}

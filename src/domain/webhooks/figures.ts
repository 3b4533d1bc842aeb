/** Outgoing webhooks of an account in figures, for mission control: counts and hosts, never an address or a payload. */
import type { Db } from '../../storage/operational/schema.ts'
import { endpointFigures } from './deliveries-repository.ts'
import { failureText } from './outcome.ts'

const dayMs = 86_400_000
/** What is due is sent at once; longer means that nobody sends it. */
const overdueMs = 10 * 60_000

export interface WebhookFigures {
  readonly pending: number
  readonly retrying: number
  readonly overdue: number
  readonly oldestPendingAt: Date | null
  readonly failedLastDay: number
  readonly lastDeliveredAt: Date | null
  readonly endpoints: readonly {
    readonly host: string
    readonly state: 'on' | 'off' | 'gone'
    readonly pending: number
    readonly failedLastDay: number
    readonly lastDeliveredAt: Date | null
    readonly lastError: string | null
  }[]
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
const extreme = (dates: readonly (Date | null)[], which: 'min' | 'max') => {
  const times = dates.filter((date) => date !== null).map((date) => date.getTime())
  return times.length > 0 ? new Date(Math[which](...times)) : null
}

export async function webhookFigures(db: Db, accountId: string, now: Date): Promise<WebhookFigures> {
  const rows = await endpointFigures(db, accountId, { since: new Date(now.getTime() - dayMs), overdue: new Date(now.getTime() - overdueMs) })
  return {
    pending: sum(rows.map(({ pending }) => pending)),
    retrying: sum(rows.map(({ retrying }) => retrying)),
    overdue: sum(rows.map(({ overdue }) => overdue)),
    oldestPendingAt: extreme(
      rows.map(({ oldest }) => oldest),
      'min',
    ),
    failedLastDay: sum(rows.map(({ failed }) => failed)),
    lastDeliveredAt: extreme(
      rows.map(({ delivered_at }) => delivered_at),
      'max',
    ),
    endpoints: rows.map((row) => ({
      host: new URL(row.url).host,
      state: row.enabled ? 'on' : row.disabled_reason === 'gone' ? 'gone' : 'off',
      pending: row.pending,
      failedLastDay: row.failed,
      lastDeliveredAt: row.delivered_at,
      lastError: failureText(row.last_error, row.last_status),
    })),
  }
}

/** What answers with figures of orders share: amounts by currency, and how the figures were made. Pure. */
import { z } from 'zod'
import { inline } from '../../core/text.ts'
import type { Amount, Passport } from '../reports/index.ts'

/** Below these, figures flag themselves as in the reports (docs/reports.md, "Cautions"). */
export const fewOrders = 50
export const fewDeliveries = 1_000

/** Never added over currencies. */
export const amountsSchema = z.array(z.object({ currency: z.string(), amount: z.string() }))
// As in the reports: the compiler holds the type, a client is spared its tokens.
export const figuresPassport = z.record(z.string(), z.unknown()) as unknown as z.ZodType<Passport, Passport>

export const amountText = (amounts: readonly Amount[]): string => amounts.map(({ currency, amount }) => `${amount} ${currency}`).join(', ') || '-'

export function passportText({ startDate, endDate, timeZone, goal, attribution, dataAsOf, attributionSettledThrough }: Passport): string {
  return `orders placed ${startDate} to ${endDate} (${timeZone}). Goal ${inline(goal)}; ${attribution}; data as of ${dataAsOf ?? '-'}, attribution settled through ${attributionSettledThrough ?? '-'}. The same orders as campaign_report with timeBasis event`
}

/** Orders of one campaign, day by day: every day of the period has its row, and the rows add up to the total. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { addDays, dayOf, parseDay, parsePeriod, unitsOf } from '../../core/period.ts'
import { inline, table } from '../../core/text.ts'
import type { OrdersQuestion, ReportsService } from '../reports/index.ts'
import type { Stores } from '../stores.ts'
import { amountText, amountsSchema, figuresPassport, passportText } from './figures.ts'
import { entityOf, nameArgument } from './find.ts'

export const dailyOrdersInput = z.strictObject({
  campaignId: nameArgument.describe('Id, key or exact name'),
  startDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: 30 days up to endDate'),
  endDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: today'),
})

const usualDays = 30
/** Days of one answer: a row each. */
const mostDays = 366

export const dailyOrdersOutput = z.object({
  campaign: z.object({ id: z.string(), name: z.string(), status: z.string() }),
  columns: z.array(z.string()),
  days: z.array(z.array(z.union([z.string(), z.int(), z.null()]))).describe('One row a day; amounts are by currency and never added'),
  total: z.object({ orders: z.int().nullable(), revenue: amountsSchema }),
  period: z.string(),
  cautions: z.array(z.string()),
  passport: figuresPassport,
})
export type DailyOrders = z.output<typeof dailyOrdersOutput>

/** What is asked of the reports, whether for the answer or for its cost. */
export async function dailyOrdersQuestion({ db, clock }: Pick<Stores, 'db' | 'clock'>, principal: Principal, input: z.output<typeof dailyOrdersInput>) {
  requireScopes(principal, 'read:campaigns')
  const campaign = await entityOf(db, principal, 'campaign', input.campaignId, 'campaignId')
  const zone = principal.account.timeZone
  const today = dayOf(clock(), zone)
  const period = parsePeriod(input, today, zone, { usual: usualDays, most: mostDays })
  const question: OrdersQuestion = { campaignIds: [campaign.id], startDate: period.start, endDate: period.end }
  return { campaign, period, today, question }
}

export async function dailyOrders(
  { db, clock }: Pick<Stores, 'db' | 'clock'>,
  reports: Pick<ReportsService, 'orders'>,
  principal: Principal,
  input: z.output<typeof dailyOrdersInput>,
  signal?: AbortSignal,
): Promise<DailyOrders> {
  const { campaign, period, today, question } = await dailyOrdersQuestion({ db, clock }, principal, input)
  const figures = await reports.orders(question, signal)
  const [own] = figures.campaigns
  const currencies = (own?.revenue ?? []).map(({ currency }) => currency)
  const byDay = new Map(figures.days.map((day) => [day.day, day]))
  const known = figures.ordersKnown
  const days = unitsOf(period, 'day').map((day) => {
    const counts = byDay.get(day)
    const amount = (currency: string) => counts?.revenue.find((one) => one.currency === currency)?.amount ?? '0'
    return [day, known ? (counts?.orders ?? 0) : null, ...currencies.map(amount)]
  })
  return {
    campaign: { id: campaign.id, name: campaign.name, status: campaign.status },
    columns: ['day', 'orders', ...currencies.map((currency) => `revenue ${currency}`)],
    days,
    total: { orders: known ? (own?.orders ?? 0) : null, revenue: [...(own?.revenue ?? [])] },
    period: periodWords(input, period, today),
    cautions: [...figures.cautions],
    passport: figures.passport,
  }
}

/** Which days, and whether somebody chose them. */
function periodWords(given: { startDate?: string | undefined; endDate?: string | undefined }, { start, end }: { start: string; end: string }, today: string): string {
  const chosen = given.startDate !== undefined || given.endDate !== undefined
  const usual = given.startDate === undefined && parseDay(start, 'startDate') === addDays(end, 1 - usualDays)
  const days = `${start} to ${end}`
  if (!chosen) return `${days}: the default, the last ${usualDays} days`
  return `${days}${usual ? `: by default ${usualDays} days up to endDate` : ''}${end === today && given.endDate === undefined ? ' (today)' : ''}`
}

export function dailyOrdersText({ campaign, columns, days, total, period, cautions, passport }: DailyOrders): string {
  return [
    `Orders of **${inline(label(campaign.name))}** (${campaign.id}, ${campaign.status}) by day, ${period}`,
    `Total: ${total.orders ?? '-'} orders, ${amountText(total.revenue)}`,
    table(
      columns,
      days.map((row) => row.map((cell) => (cell === null ? '-' : String(cell)))),
    ),
    `Figures: ${passportText(passport)}`,
    ...cautions.map((line) => `- ${line}`),
  ].join('\n')
}

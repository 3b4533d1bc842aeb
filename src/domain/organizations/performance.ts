/** How the campaigns of an organization did: orders and messages by campaign, country and product, with totals that the parts add up to. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { cursor, limitUpTo, listUpTo, textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { inline, percent, table } from '../../core/text.ts'
import type { Organization } from '../entities/index.ts'
import { amountsOf, type CampaignOrders, type OrderFigures, type OrdersQuestion, type ReportsService } from '../reports/index.ts'
import type { Stores } from '../stores.ts'
import { amountText, amountsSchema, fewDeliveries, fewOrders, figuresPassport, passportText } from './figures.ts'
import { organizationArgument, organizationOf } from './find.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'

export const performanceInput = z.strictObject({
  organizationId: organizationArgument,
  campaignIds: listUpTo(100).optional().describe('Ids, keys or exact names'),
  startDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: 90 days up to endDate'),
  endDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: today'),
  goal: textUpTo(200).optional(),
  limit: limitUpTo(200),
  cursor,
})
export type PerformanceInput = z.output<typeof performanceInput>

const counts = {
  orders: z.int().nullable(),
  revenue: amountsSchema,
  sends: z.int(),
  deliveries: z.int(),
  clicks: z.int(),
  conversionRate: z.number().nullable().describe('orders / deliveries; null without deliveries'),
}

export const performanceOutput = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  total: z.object(counts),
  rows: z.array(z.object({ id: z.string(), name: z.string(), status: z.string(), ...counts })),
  other: z.object(counts).nullable().describe('Campaigns not in rows: rows + other = total'),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  countries: z.array(z.object({ country: z.string(), orders: z.int(), revenue: amountsSchema })).describe('Sum to total; an empty country: not known'),
  products: z.array(z.object({ product: z.string(), orders: z.int() })).describe('Sum to total; an empty product: not known'),
  cautions: z.array(z.string()),
  asked: z.record(z.string(), z.unknown()),
  passport: figuresPassport,
})
export type Performance = z.output<typeof performanceOutput>
type Counts = Performance['total']

/** Countries and products that are listed; the rest is one line. */
const mostParts = 30
const restName = 'all others'

/** What is asked of the reports, whether for the answer or for its cost. */
export async function performanceQuestion(db: Stores['db'], principal: Principal, input: PerformanceInput): Promise<{ organization: Organization; question: OrdersQuestion }> {
  requireScopes(principal, 'read:campaigns')
  const organization = await organizationOf(db, principal, input.organizationId)
  const { campaignIds, startDate, endDate, goal } = input
  return { organization, question: { organizationId: organization.id, campaignIds, startDate, endDate, goal } }
}

export async function performance(
  { db }: Pick<Stores, 'db'>,
  reports: Pick<ReportsService, 'orders'>,
  principal: Principal,
  input: PerformanceInput,
  signal?: AbortSignal,
): Promise<Performance> {
  const { organization, question } = await performanceQuestion(db, principal, input)
  const { id, name } = organization
  const figures = await reports.orders(question, signal)
  const asked = { organizationId: id, ...figures.passport.filters, startDate: figures.passport.startDate, endDate: figures.passport.endDate, goal: figures.passport.goal }
  const before = positionOf(input.cursor, asked)
  const page = figures.campaigns.slice(before, before + (input.limit ?? usualRows))
  const rest = figures.campaigns.filter((_, index) => index < before || index >= before + page.length)
  const known = figures.ordersKnown
  const sumOf = (campaigns: readonly CampaignOrders[]) =>
    added(
      campaigns.map((one) => countsOf(one, known)),
      known,
    )
  return {
    organization: { id, name },
    total: sumOf(figures.campaigns),
    rows: page.map((one) => ({ id: one.campaign.id, name: one.campaign.name, status: one.campaign.status, ...countsOf(one, known) })),
    other: rest.length ? sumOf(rest) : null,
    ...pageAt(before, page.length, figures.campaigns.length, asked),
    countries: countriesOf(figures),
    products: productsOf(figures.campaigns),
    cautions: [...figures.cautions, ...uncertain(figures.campaigns)],
    asked,
    passport: figures.passport,
  }
}

const countsOf = ({ orders, revenue, sends, deliveries, clicks }: CampaignOrders, known: boolean): Counts =>
  added([{ orders: known ? orders : null, revenue: [...revenue], sends, deliveries, clicks }], known)

/** @param known false: the account has no order at all, and none is counted */
function added(parts: readonly Omit<Counts, 'conversionRate'>[], known: boolean): Counts {
  const sum = (name: 'orders' | 'sends' | 'deliveries' | 'clicks') => parts.reduce((all, one) => all + (one[name] ?? 0), 0)
  const [orders, deliveries] = [sum('orders'), sum('deliveries')]
  return {
    orders: known ? orders : null,
    revenue: amountsOf(parts.flatMap(({ revenue }) => revenue)),
    sends: sum('sends'),
    deliveries,
    clicks: sum('clicks'),
    conversionRate: known && deliveries > 0 ? orders / deliveries : null,
  }
}

/** How much of it is of small numbers. */
function uncertain(campaigns: readonly CampaignOrders[]): string[] {
  const ordered = campaigns.filter(({ orders }) => orders > 0)
  const few = ordered.filter(({ orders }) => orders < fewOrders).length
  const delivered = campaigns.filter(({ deliveries }) => deliveries > 0)
  const low = delivered.filter(({ deliveries }) => deliveries < fewDeliveries).length
  return [
    ...(few ? [`${few} of ${ordered.length} campaigns with orders have fewer than ${fewOrders}: their amounts are uncertain.`] : []),
    ...(low ? [`${low} of ${delivered.length} campaigns with deliveries have fewer than ${fewDeliveries.toLocaleString('en')}: their rates are uncertain.`] : []),
  ]
}

function countriesOf({ countries }: OrderFigures): Performance['countries'] {
  const rest = countries.slice(mostParts)
  return [
    ...countries.slice(0, mostParts).map(({ country, orders, revenue }) => ({ country, orders, revenue: [...revenue] })),
    ...(rest.length ? [{ country: restName, orders: rest.reduce((sum, { orders }) => sum + orders, 0), revenue: amountsOf(rest.flatMap(({ revenue }) => revenue)) }] : []),
  ]
}

function productsOf(campaigns: readonly CampaignOrders[]): Performance['products'] {
  const sums = new Map<string, number>()
  for (const { products } of campaigns) for (const [product, orders] of Object.entries(products)) sums.set(product, (sums.get(product) ?? 0) + orders)
  const all = [...sums].map(([product, orders]) => ({ product, orders })).sort((a, b) => b.orders - a.orders || (a.product < b.product ? -1 : 1))
  const rest = all.slice(mostParts).reduce((sum, { orders }) => sum + orders, 0)
  return [...all.slice(0, mostParts), ...(rest > 0 ? [{ product: restName, orders: rest }] : [])]
}

/** The same page with fewer rows: what is cut off goes to `other`. */
export function cutPerformance(answer: Performance, count: number): Performance {
  if (count >= answer.rows.length) return answer
  const rest = [...answer.rows.slice(count), ...(answer.other ? [answer.other] : [])]
  return { ...cutPage(answer, 'rows', count), other: added(rest, answer.total.orders !== null) }
}

const cells = ({ orders, revenue, sends, deliveries, clicks, conversionRate }: Counts): string[] => [
  orders === null ? '-' : String(orders),
  amountText(revenue),
  String(sends),
  String(deliveries),
  String(clicks),
  conversionRate === null ? '-' : percent(conversionRate),
]

export function performanceText(answer: Performance): string {
  const { organization, total, rows, other, coverage, nextCursor, countries, products, cautions } = answer
  const lines = [
    ...rows.map((row, index) => [String(coverage.from + index), inline(label(row.name)), ...cells(row)]),
    ...(other ? [['', `other (${coverage.of - coverage.shown})`, ...cells(other)]] : []),
    ['', '**total**', ...cells(total)],
  ]
  return [
    `Campaigns of **${inline(label(organization.name))}** (${organization.id}), ${passportText(answer.passport)}`,
    table(['#', 'campaign', 'orders', 'revenue', 'sends', 'deliveries', 'clicks', 'orders/deliveries'], lines),
    pageLine(coverage, nextCursor),
    ...(countries.length ? [`By country: ${countries.map((one) => `${one.country || 'not known'} ${one.orders} (${amountText(one.revenue)})`).join('; ')}`] : []),
    ...(products.length ? [`By product: ${products.map((one) => `${inline(label(one.product)) || 'not known'} ${one.orders}`).join('; ')}`] : []),
    ...cautions.map((line) => `- ${line}`),
  ].join('\n')
}

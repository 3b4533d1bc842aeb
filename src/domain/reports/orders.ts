/** Orders of campaigns by the day they were placed, broken down: by campaign, day, country, product and opt-in. All of one state of the facts, so that parts add up to their totals. */
import { addDecimals, compareDecimals } from '../../core/money.ts'
import type { Analytics, Params, RunOptions } from '../../storage/analytics/run.ts'
import type { EntityHead } from '../entities/index.ts'
import type { Passport } from './answer.ts'
import { type CampaignReportInput, campaignReportInput } from './arguments.ts'
import { orderCountries, orderDays, orderMaps } from './compile.ts'
import { passportOf } from './passport.ts'
import type { Plan } from './plan.ts'
import { type Facts, itemOf, runPlan } from './run.ts'
import { sumOf, type Tally } from './tally.ts'

/** What is asked for; names and dates are understood as campaign_report understands them. */
export type OrdersQuestion = Pick<CampaignReportInput, 'organizationId' | 'campaignIds' | 'startDate' | 'endDate' | 'goal'>

/** An amount of one currency. */
export interface Amount {
  readonly currency: string
  readonly amount: string
}

export interface OrderCounts {
  readonly orders: number
  /** By currency, never added up. */
  readonly revenue: readonly Amount[]
}

/** Opt-ins of orders: null is not zero, so a share is of the orders in which it was asked. */
export interface OptIn {
  readonly name: string
  readonly asked: number
  readonly given: number
}

export interface CampaignOrders extends OrderCounts {
  readonly campaign: EntityHead
  readonly sends: number
  readonly deliveries: number
  readonly clicks: number
  /** By product key; '' where the order does not tell. */
  readonly products: Readonly<Record<string, number>>
  readonly optIns: readonly OptIn[]
}

export interface OrderFigures {
  /** Every campaign of the selection, those without any activity included; most orders first. */
  readonly campaigns: readonly CampaignOrders[]
  /** Days with orders, in their order. */
  readonly days: readonly (OrderCounts & { readonly day: string })[]
  /** '' where the order does not tell. Most orders first. */
  readonly countries: readonly (OrderCounts & { readonly country: string })[]
  /** false: the account has no order at all, so that 0 may mean that none was imported. */
  readonly ordersKnown: boolean
  /** What of the figures one must know, in words. */
  readonly cautions: readonly string[]
  readonly passport: Passport
}

/** The question as campaign_report's arguments. */
export function ordersInput(question: OrdersQuestion): CampaignReportInput {
  return campaignReportInput.parse({ ...question, timeBasis: 'event', metrics: ['orders'], limit: 200 })
}

interface Sum {
  readonly currency: string
  readonly count: number
  readonly amount: string
}
interface MapsRow {
  readonly campaign: string
  readonly orders: number
  readonly products: Record<string, number>
  readonly asked: Record<string, number>
  readonly given: Record<string, number>
}

export async function orderFigures(analytics: Analytics, plan: Plan, now: Date, options: RunOptions): Promise<OrderFigures> {
  const facts = await runPlan(analytics, plan, options, false)
  const nothing = !plan.everything && plan.items.size === 0
  const ask = async <Row>({ sql, params }: { sql: string; params: Params }) => (nothing ? [] : await analytics.query<Row>(sql, params, options))
  const [days, countries, maps] = await Promise.all([
    ask<Sum & { unit: string }>(orderDays(plan, facts.snapshot)),
    ask<Sum & { country: string }>(orderCountries(plan, facts.snapshot)),
    ask<MapsRow>(orderMaps(plan, facts.snapshot)),
  ])
  const byKey = new Map(maps.map((row) => [row.campaign, row]))
  const keys = new Set([...plan.items.keys(), ...facts.now.keys()])
  const campaigns = [...keys].map((key) => campaignOrders(plan, key, facts.now.get(key) ?? new Map(), byKey.get(key)))
  return {
    campaigns: campaigns.sort((a, b) => b.orders - a.orders || (a.campaign.name < b.campaign.name ? -1 : 1)),
    days: grouped(days, ({ unit }) => unit)
      .map(([day, counts]) => ({ day, ...counts }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
    countries: grouped(countries, ({ country }) => country)
      .map(([country, counts]) => ({ country, ...counts }))
      .sort((a, b) => b.orders - a.orders || (a.country < b.country ? -1 : 1)),
    ordersKnown: facts.ordersKnown,
    cautions: cautions(plan, facts),
    passport: passportOf(plan, facts, sumOf(facts.now.values()), now),
  }
}

function cautions({ recounting }: Plan, { ordersKnown }: Facts): string[] {
  return [
    ...(ordersKnown ? [] : ['The account has no orders at all: none were imported yet, so null stands where a count would be.']),
    ...(recounting ? ['Settings were changed and the figures are being counted anew: goal and attribution are still those of before.'] : []),
  ]
}

function campaignOrders(plan: Plan, key: string, tally: Tally, maps: MapsRow | undefined): CampaignOrders {
  const { campaign } = itemOf(plan, key)
  const sums = [...tally.values()].flatMap(({ orders }) => [...orders].map(([currency, { orders: count, revenue }]) => ({ currency, count, amount: revenue })))
  const messages = [...tally.values()].map((part) => part.messages)
  const total = (name: 'sends' | 'deliveries' | 'clicks') => messages.reduce((sum, counts) => sum + counts[name], 0)
  const told = Object.values(maps?.products ?? {}).reduce((sum, count) => sum + count, 0)
  // Facts of before orders told their product have no map: their product is not known.
  const untold = (maps?.products[''] ?? 0) + (maps?.orders ?? 0) - told
  const { '': _, ...products } = maps?.products ?? {}
  return {
    campaign,
    ...countsOf(sums),
    sends: total('sends'),
    deliveries: total('deliveries'),
    clicks: total('clicks'),
    products: untold > 0 ? { ...products, '': untold } : products,
    optIns: Object.entries(maps?.asked ?? {})
      .map(([name, asked]) => ({ name, asked, given: maps?.given[name] ?? 0 }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }
}

function grouped<Row extends Sum>(rows: readonly Row[], nameOf: (row: Row) => string): [string, OrderCounts][] {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(nameOf(row), [...(groups.get(nameOf(row)) ?? []), row])
  return [...groups].map(([name, group]) => [name, countsOf(group)])
}

/** Orders of all currencies together, their amounts apart. */
function countsOf(sums: readonly Sum[]): OrderCounts {
  return { orders: sums.reduce((all, { count }) => all + count, 0), revenue: amountsOf(sums.filter(({ count, amount }) => count > 0 || compareDecimals(amount, '0') !== 0)) }
}

/** Amounts by currency, in the order of its name. */
export function amountsOf(amounts: readonly Amount[]): Amount[] {
  const byCurrency = new Map<string, string[]>()
  for (const { currency, amount } of amounts) byCurrency.set(currency, [...(byCurrency.get(currency) ?? []), amount])
  return [...byCurrency].map(([currency, all]) => ({ currency, amount: addDecimals(all) })).sort((a, b) => (a.currency < b.currency ? -1 : 1))
}

/** Which opt-ins people gave with their orders, by campaign of an organization. A share is of the orders in which it was asked. Changes nothing. */
import { z } from 'zod'
import { type Principal, requireScopes } from '../../core/access.ts'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { inline, percent, table } from '../../core/text.ts'
import type { Organization } from '../entities/index.ts'
import type { CampaignOrders, OptIn, OrdersQuestion, ReportsService } from '../reports/index.ts'
import type { Stores } from '../stores.ts'
import { fewOrders, figuresPassport, passportText } from './figures.ts'
import { organizationArgument, organizationOf } from './find.ts'
import { cutPage, positionOf, usualRows } from './paging.ts'

export const optInsInput = z.strictObject({
  organizationId: organizationArgument,
  startDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: 90 days up to endDate'),
  endDate: textUpTo(40).optional().describe('yyyy-MM-dd, inclusive. Default: today'),
  limit: limitUpTo(200),
  cursor,
})

const optIn = z.object({ name: z.string(), asked: z.int(), given: z.int(), share: z.number().nullable().describe('given / asked') })

export const optInsOutput = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  total: z.object({ orders: z.int().nullable(), optIns: z.array(optIn) }),
  campaigns: z.array(z.object({ id: z.string(), name: z.string(), orders: z.int().nullable(), optIns: z.array(optIn) })),
  other: z
    .object({ campaigns: z.int(), orders: z.int().nullable(), optIns: z.array(optIn) })
    .nullable()
    .describe('Campaigns not listed: campaigns + other = total'),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  cautions: z.array(z.string()),
  asked: z.record(z.string(), z.unknown()),
  passport: figuresPassport,
})
export type OptIns = z.output<typeof optInsOutput>
type Part = OptIns['total']

/** What is asked of the reports, whether for the answer or for its cost. */
export async function optInsQuestion(
  db: Stores['db'],
  principal: Principal,
  input: z.output<typeof optInsInput>,
): Promise<{ organization: Organization; question: OrdersQuestion }> {
  requireScopes(principal, 'read:campaigns')
  const organization = await organizationOf(db, principal, input.organizationId)
  return { organization, question: { organizationId: organization.id, startDate: input.startDate, endDate: input.endDate } }
}

export async function optInBreakdown(
  { db }: Pick<Stores, 'db'>,
  reports: Pick<ReportsService, 'orders'>,
  principal: Principal,
  input: z.output<typeof optInsInput>,
  signal?: AbortSignal,
): Promise<OptIns> {
  const { organization, question } = await optInsQuestion(db, principal, input)
  const { id, name } = organization
  const figures = await reports.orders(question, signal)
  const { startDate, endDate, goal } = figures.passport
  const asked = { organizationId: id, startDate, endDate, goal }
  // Campaigns without an order have asked nobody anything.
  const active = figures.campaigns.filter(({ orders }) => orders > 0)
  const before = positionOf(input.cursor, asked)
  const page = active.slice(before, before + (input.limit ?? usualRows))
  const rest = active.filter((_, index) => index < before || index >= before + page.length)
  const total = sumOf(active, figures.ordersKnown)
  const unasked = (total.orders ?? 0) > 0 && total.optIns.length === 0
  return {
    organization: { id, name },
    total,
    campaigns: page.map((one) => ({ id: one.campaign.id, name: one.campaign.name, ...sumOf([one], true) })),
    other: rest.length ? { campaigns: rest.length, ...sumOf(rest, true) } : null,
    ...pageAt(before, page.length, active.length, asked),
    cautions: [...figures.cautions, ...(unasked ? ['None of these orders tells of an opt-in: the field opt_ins of orders was not imported.'] : []), ...uncertain(total)],
    asked,
    passport: figures.passport,
  }
}

function uncertain({ optIns }: Part): string[] {
  const few = optIns.filter(({ asked }) => asked < fewOrders).map(({ name }) => label(name))
  return few.length ? [`Asked in fewer than ${fewOrders} orders, shares uncertain: ${few.join(', ')}.`] : []
}

function sumOf(campaigns: readonly CampaignOrders[], known: boolean): Part {
  return { orders: known ? campaigns.reduce((sum, { orders }) => sum + orders, 0) : null, optIns: merged(campaigns.flatMap(({ optIns }) => optIns)) }
}

/** Ratio of the sums. */
function merged(parts: readonly OptIn[]): Part['optIns'] {
  const byName = new Map<string, { asked: number; given: number }>()
  for (const { name, asked, given } of parts) {
    const held = byName.get(name) ?? { asked: 0, given: 0 }
    byName.set(name, { asked: held.asked + asked, given: held.given + given })
  }
  return [...byName].map(([name, { asked, given }]) => ({ name, asked, given, share: asked > 0 ? given / asked : null })).sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** The same page with fewer campaigns: what is cut off goes to `other`. */
export function cutOptIns(answer: OptIns, count: number): OptIns {
  if (count >= answer.campaigns.length) return answer
  const dropped = answer.campaigns.slice(count)
  const parts = [...dropped, ...(answer.other ? [answer.other] : [])]
  const other = {
    campaigns: dropped.length + (answer.other?.campaigns ?? 0),
    orders: parts.every(({ orders }) => orders !== null) ? parts.reduce((sum, { orders }) => sum + (orders ?? 0), 0) : null,
    optIns: merged(parts.flatMap(({ optIns }) => optIns)),
  }
  return { ...cutPage(answer, 'campaigns', count), other }
}

export function optInsText({ organization, total, campaigns, other, coverage, nextCursor, cautions, passport }: OptIns): string {
  const rows = (name: string, { orders, optIns }: Part) =>
    optIns.length
      ? optIns.map((one) => [
          name,
          inline(label(one.name)),
          String(one.given),
          String(one.asked),
          one.share === null ? '-' : percent(one.share),
          orders === null ? '-' : String(orders),
        ])
      : [[name, '-', '-', '-', '-', orders === null ? '-' : String(orders)]]
  return [
    `Opt-ins of **${inline(label(organization.name))}** (${organization.id}), ${passportText(passport)}`,
    table(
      ['campaign', 'opt-in', 'given', 'asked', 'given/asked', 'orders'],
      [...campaigns.flatMap((one) => rows(inline(label(one.name)), one)), ...(other ? rows(`other (${other.campaigns})`, other) : []), ...rows('**total**', total)],
    ),
    pageLine(coverage, nextCursor),
    ...cautions.map((line) => `- ${inline(line)}`),
  ].join('\n')
}

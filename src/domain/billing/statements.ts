/** Invoice statements of an organization: one page of invoices with their lines, and sums of all that match. Changes nothing. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { cursor, limitUpTo, textUpTo } from '../../core/arguments.ts'
import { label } from '../../core/match.ts'
import { coverageSchema, pageAt, pageLine } from '../../core/page.ts'
import { dayOf } from '../../core/period.ts'
import { inline, table } from '../../core/text.ts'
import { invoiceStatuses } from '../entities/index.ts'
import { cutPage, oneOf, organizationArgument, organizationOf, positionOf, usualRows } from '../organizations/index.ts'
import type { Stores } from '../stores.ts'
import { requireBilling } from './access.ts'
import { invoicesOf } from './billing-repository.ts'
import { invoiceSums } from './money.ts'

export const statementsInput = z.strictObject({
  organizationId: organizationArgument,
  year: z.int().min(2000).max(2100).optional(),
  status: textUpTo(20).optional().describe('open, paid, overdue or cancelled'),
  limit: limitUpTo(100),
  cursor,
})

const sums = z.object({
  currency: z.string(),
  invoices: z.int(),
  invoiced: z.string(),
  paid: z.string(),
  open: z.string().describe('Overdue included'),
  overdue: z.string(),
  cancelled: z.string().describe('In no other sum'),
})
const line = z.object({ kind: z.string(), description: z.string().optional(), quantity: z.string().optional(), unitPrice: z.string().optional(), amount: z.string() })
const invoice = z.object({
  id: z.string(),
  number: z.string(),
  year: z.int(),
  issued: z.string(),
  due: z.string(),
  status: z.string(),
  currency: z.string(),
  total: z.string(),
  lines: z.array(line),
  /** Lines beyond those shown. */
  moreLines: z.int().optional(),
})

export const statementsOutput = z.object({
  organization: z.object({ id: z.string(), name: z.string() }),
  totals: z.array(sums).describe('Of all invoices that match, by currency; never add currencies'),
  invoices: z.array(invoice),
  coverage: coverageSchema,
  nextCursor: z.string().nullable(),
  asOf: z.string(),
  asked: z.record(z.string(), z.unknown()),
})
export type Statements = z.output<typeof statementsOutput>

const mostLines = 20

export async function statements({ db, clock }: Pick<Stores, 'db' | 'clock'>, principal: Principal, input: z.output<typeof statementsInput>): Promise<Statements> {
  requireBilling(principal)
  const { account } = principal
  const { id, name } = await organizationOf(db, principal, input.organizationId)
  const status = input.status?.trim() ? oneOf(input.status, invoiceStatuses, 'status', { one: 'status of an invoice', many: 'statuses' }) : undefined
  const today = dayOf(clock(), account.timeZone)
  const asked = { organizationId: id, ...(input.year === undefined ? {} : { year: input.year }), ...(status ? { status } : {}) }
  const all = await invoicesOf(db, account.id, id, { year: input.year, status }, today)
  const before = positionOf(input.cursor, asked)
  const page = all.slice(before, before + (input.limit ?? usualRows))
  return {
    organization: { id, name },
    totals: invoiceSums(all),
    invoices: page.map(({ key: _, units: __, lines, ...one }) => ({
      ...one,
      lines: lines.slice(0, mostLines).map((each) => ({ ...each, ...(each.description === undefined ? {} : { description: label(each.description) }) })),
      ...(lines.length > mostLines ? { moreLines: lines.length - mostLines } : {}),
    })),
    ...pageAt(before, page.length, all.length, asked),
    asOf: today,
    asked,
  }
}

export const cutStatements = (answer: Statements, count: number): Statements => cutPage(answer, 'invoices', count)

export function statementsText({ organization, totals, invoices, coverage, nextCursor, asOf, asked }: Statements): string {
  const { organizationId: _, ...filters } = asked
  const words = Object.entries(filters).map(([name, value]) => `${name} ${String(value)}`)
  return [
    `Invoices of **${inline(label(organization.name))}** (${organization.id}): ${pageLine(coverage, nextCursor)}${words.length ? `; ${words.join(', ')}` : ''}; as of ${asOf}`,
    ...totals.map(
      (sum) =>
        `**Total ${sum.currency}** ${sum.invoices} invoices: invoiced ${sum.invoiced}, paid ${sum.paid}, open ${sum.open} (of it overdue ${sum.overdue})${sum.cancelled === '0' ? '' : `; cancelled besides ${sum.cancelled}`}`,
    ),
    ...(invoices.length
      ? [
          table(
            ['number', 'issued', 'due', 'status', 'total', 'lines'],
            invoices.map((one) => [
              inline(label(one.number)),
              one.issued,
              one.due,
              one.status,
              `${one.total} ${one.currency}`,
              [
                ...one.lines.map(
                  (each) =>
                    `${each.kind.replace('_', ' ')}${each.quantity === undefined ? '' : ` ${each.quantity}${each.unitPrice === undefined ? '' : ` × ${each.unitPrice}`}`} ${each.amount}${each.description ? ` (${inline(each.description)})` : ''}`,
                ),
                ...(one.moreLines ? [`${one.moreLines} more`] : []),
              ].join('; '),
            ]),
          ),
        ]
      : ['There are none.']),
    ...(totals.length > 1 ? ['- Several currencies: they are never added up.'] : []),
  ].join('\n')
}

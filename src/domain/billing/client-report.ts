/** What a client has committed to, used, was invoiced and owes, by year and currency. Changes nothing. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { label } from '../../core/match.ts'
import { dayOf } from '../../core/period.ts'
import { inline, percent, table } from '../../core/text.ts'
import { divideDecimals } from '../../core/money.ts'
import { organizationArgument, organizationOf } from '../organizations/index.ts'
import type { Stores } from '../stores.ts'
import { requireBilling } from './access.ts'
import { contractsOf, invoicesOf } from './billing-repository.ts'
import { yearSums } from './money.ts'

export const clientReportInput = z.strictObject({ organizationId: organizationArgument, year: z.int().min(2000).max(2100).optional().describe('Default: all years') })

const money = z.string()
const contract = z.object({ id: z.string(), year: z.int(), plan: z.string(), currency: z.string(), platformFee: money, unitCost: money, committedUnits: z.int() })
const year = z.object({
  year: z.int(),
  currency: z.string(),
  committedUnits: z.int().nullable().describe('null: no contract'),
  usedUnits: z.string().describe('On invoices that are not cancelled'),
  remainingUnits: z.string().nullable().describe('committed − used; negative: over it'),
  usedShare: z.number().nullable(),
  platformFee: money.nullable(),
  committedAmount: money.nullable().describe('Fee and committed units at their price'),
  invoiced: money,
  remainingAmount: money.nullable().describe('committedAmount − invoiced'),
  paid: money,
  open: money.describe('Overdue included'),
  overdue: money,
  invoices: z.int(),
  usedThrough: z.string().nullable().describe('Day of the last invoice: later units are in none'),
})

export const clientReportOutput = z.object({
  organization: z.object({ id: z.string(), name: z.string(), currency: z.string() }),
  years: z.array(year).describe('Newest first, a row for each currency; never add currencies'),
  contracts: z.array(contract),
  cautions: z.array(z.string()),
  asOf: z.string(),
})
export type ClientReport = z.output<typeof clientReportOutput>

export async function clientReport({ db, clock }: Pick<Stores, 'db' | 'clock'>, principal: Principal, input: z.output<typeof clientReportInput>): Promise<ClientReport> {
  requireBilling(principal)
  const { account } = principal
  const { id, name, currency } = await organizationOf(db, principal, input.organizationId)
  const today = dayOf(clock(), account.timeZone)
  const contracts = await contractsOf(db, account.id, id, input.year)
  const invoices = await invoicesOf(db, account.id, id, { year: input.year }, today)
  const years = yearSums(contracts, invoices)
  const uncommitted = years.filter(({ committedUnits }) => committedUnits === null)
  return {
    organization: { id, name, currency },
    years: years.map(({ cancelled: _, ...row }) => ({ ...row, usedShare: share(row.usedUnits, row.committedUnits) })),
    contracts: contracts.map(({ key: _, ...row }) => row),
    cautions: [
      ...(years.length === 0 ? [`There is no contract and no invoice${input.year === undefined ? '' : ` of ${input.year}`}: mercat import takes both from files.`] : []),
      ...uncommitted.map((row) => `${row.year} ${row.currency}: no contract, so nothing is committed and nothing remains of it.`),
      ...(new Set(years.map((row) => row.currency)).size > 1 ? ['Several currencies: they are never added up.'] : []),
    ],
    asOf: today,
  }
}

function share(used: string, committed: number | null): number | null {
  if (committed === null) return null
  const quotient = divideDecimals(used, committed)
  return quotient === null ? null : Number(quotient)
}

export function clientReportText({ organization, years, contracts, cautions, asOf }: ClientReport): string {
  const shown = (value: string | number | null) => (value === null ? '-' : String(value))
  return [
    `Client report of **${inline(label(organization.name))}** (${organization.id}), as of ${asOf}; used units are those on invoices that are not cancelled`,
    ...(years.length
      ? [
          table(
            [
              'year',
              'currency',
              'committed units',
              'used',
              'remaining',
              'platform fee',
              'committed amount',
              'invoiced',
              'remaining amount',
              'paid',
              'open',
              'overdue',
              'used through',
            ],
            years.map((row) => [
              String(row.year),
              row.currency,
              shown(row.committedUnits),
              `${row.usedUnits}${row.usedShare === null ? '' : ` (${percent(row.usedShare)})`}`,
              shown(row.remainingUnits),
              shown(row.platformFee),
              shown(row.committedAmount),
              row.invoiced,
              shown(row.remainingAmount),
              row.paid,
              row.open,
              row.overdue,
              shown(row.usedThrough),
            ]),
          ),
        ]
      : []),
    ...contracts.map(
      (row) => `- Contract ${row.year} ${inline(label(row.plan))}: fee ${row.platformFee} ${row.currency}, ${row.committedUnits} units at ${row.unitCost} ${row.currency}`,
    ),
    ...cautions.map((line) => `- ${line}`),
  ].join('\n')
}

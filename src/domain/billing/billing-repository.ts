/** The statements over contracts and invoices of one organization, which the caller has found as the principal's own. */
import { sql, type SqlBool } from 'kysely'
import { normalDecimal } from '../../core/money.ts'
import type { DbOrTransaction } from '../../storage/operational/schema.ts'
import type { InvoiceLine } from '../entities/index.ts'
import type { Contract, Invoice, InvoiceStatus } from './money.ts'

export async function contractsOf(db: DbOrTransaction, accountId: string, organizationId: string, year: number | undefined): Promise<Contract[]> {
  const rows = await db
    .selectFrom('contracts')
    .select(['id', 'key', 'year', 'plan', 'currency', 'platform_fee', 'unit_cost', 'committed_units'])
    .where('account_id', '=', accountId)
    .where('organization_id', '=', organizationId)
    .$if(year !== undefined, (query) => query.where('year', '=', year as number))
    .orderBy('year', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    year: row.year,
    plan: row.plan,
    currency: row.currency,
    platformFee: normalDecimal(row.platform_fee),
    unitCost: normalDecimal(row.unit_cost),
    committedUnits: row.committed_units,
  }))
}

export interface InvoiceFilter {
  readonly year?: number | undefined
  readonly status?: InvoiceStatus | undefined
}

/** An open invoice is overdue from the day after it was due on. */
const statusOn = (today: string) => sql<InvoiceStatus>`CASE WHEN status = 'open' AND due < ${today}::date THEN 'overdue' ELSE status END`

function matching(db: DbOrTransaction, accountId: string, organizationId: string, { year, status }: InvoiceFilter, today: string) {
  return db
    .selectFrom('invoices')
    .where('account_id', '=', accountId)
    .where('organization_id', '=', organizationId)
    .$if(year !== undefined, (query) => query.where('year', '=', year as number))
    .$if(status !== undefined, (query) => query.where(sql<SqlBool>`${statusOn(today)} = ${status}`))
}

/** Newest first. @param today the account's day: decides what is overdue */
export async function invoicesOf(db: DbOrTransaction, accountId: string, organizationId: string, filter: InvoiceFilter, today: string): Promise<Invoice[]> {
  const rows = await matching(db, accountId, organizationId, filter, today)
    .select(['id', 'key', 'number', 'year', 'issued', 'due', statusOn(today).as('status'), 'currency', 'total', 'units', 'lines'])
    .orderBy('issued', 'desc')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, total: normalDecimal(row.total), units: normalDecimal(row.units), lines: row.lines as unknown as InvoiceLine[] }))
}

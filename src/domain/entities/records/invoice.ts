/** Invoice: what an organization was asked to pay. Its total is the sum of its lines, to the last place, or it is refused. */
import { z } from 'zod'
import { derivedId } from '../../../core/ids.ts'
import { addDecimals, compareDecimals, multiplyDecimals, normalDecimal, subtractDecimals } from '../../../core/money.ts'
import { currencyField, decimalField, yearField } from '../fields.ts'
import { defineRecord } from './define.ts'

export const invoiceStatuses = ['open', 'paid', 'overdue', 'cancelled'] as const
/** `units` are what a contract commits to; `discount` and `tax` are amounts like any other. */
export const invoiceLineKinds = ['platform_fee', 'units', 'other', 'discount', 'tax'] as const

const line = z.strictObject({
  kind: z.enum(invoiceLineKinds).default('other'),
  description: z.string().trim().max(300).optional(),
  quantity: decimalField.optional(),
  unitPrice: decimalField.optional(),
  amount: decimalField,
})
export type InvoiceLine = z.output<typeof line>

export const invoiceDefinition = z.strictObject({
  issued: z.iso.date(),
  due: z.iso.date(),
  status: z.enum(invoiceStatuses).default('open'),
  /** The contract year it belongs to; default: of the day it was issued. */
  year: yearField.optional(),
  /** ISO 4217; default: the organization's. */
  currency: currencyField.optional(),
  lines: z.array(line).min(1).max(500),
  /** The sum of the lines' amounts. */
  total: decimalField,
})

/** Rounding of one line: its amount may differ from quantity × price by less than a cent. */
const cent = '0.01'

/** What is wrong with the sums of an invoice; undefined: nothing. */
function wrongSum(lines: readonly InvoiceLine[], total: string): string | undefined {
  const sum = addDecimals(lines.map(({ amount }) => amount))
  if (compareDecimals(sum, total) !== 0) return `total is ${normalDecimal(total)}, but the lines add up to ${sum}`
  for (const [index, { kind, quantity, unitPrice, amount }] of lines.entries()) {
    if (kind === 'units' && quantity === undefined) return `lines.${index}: a line of units must have a quantity`
    if (quantity === undefined || unitPrice === undefined) continue
    const exact = multiplyDecimals(quantity, unitPrice)
    const off = subtractDecimals(exact, amount).replace('-', '')
    if (compareDecimals(off, cent) >= 0) return `lines.${index}: amount is ${normalDecimal(amount)}, but ${quantity} × ${unitPrice} is ${exact}`
  }
  return undefined
}

const places = (lines: readonly InvoiceLine[]): InvoiceLine[] =>
  lines.map(({ quantity, unitPrice, amount, ...rest }) => ({
    ...rest,
    ...(quantity === undefined ? {} : { quantity: normalDecimal(quantity) }),
    ...(unitPrice === undefined ? {} : { unitPrice: normalDecimal(unitPrice) }),
    amount: normalDecimal(amount),
  }))

export default defineRecord({
  type: 'invoice',
  title: 'Invoice',
  description: 'What an organization was asked to pay: number (its name), days, status, lines and their total.',
  owned: true,
  definition: invoiceDefinition,
  known: async (db, accountId) => {
    const columns = ['id', 'organization_id', 'key', 'number', 'year', 'issued', 'due', 'status', 'currency', 'total', 'units', 'lines'] as const
    const rows = await db.selectFrom('invoices').select(columns).where('account_id', '=', accountId).execute()
    return new Map(
      rows.map((row) => [row.key, { ...row, total: normalDecimal(row.total), units: normalDecimal(row.units), lines: row.lines as unknown as readonly InvoiceLine[] }]),
    )
  },
  make: (given, { issued, due, status, year, currency, lines, total }, owner, stored, { accountId }) => {
    if (!owner) return { reason: 'organization: an invoice must name one' }
    if (due < issued) return { reason: `definition: due ${due} is before issued ${issued}` }
    const wrong = wrongSum(lines, total)
    if (wrong !== undefined) return { reason: `definition: ${wrong}` }
    return {
      row: {
        id: stored?.id ?? derivedId('invoice', accountId, given.key),
        organization_id: owner.id,
        key: given.key,
        number: given.name ?? stored?.number ?? given.key,
        year: year ?? Number(issued.slice(0, 4)),
        issued,
        due,
        status,
        currency: currency ?? owner.currency,
        total: normalDecimal(total),
        units: addDecimals(lines.flatMap(({ kind, quantity }) => (kind === 'units' && quantity !== undefined ? [quantity] : []))),
        lines: places(lines),
      },
    }
  },
  definitionOf: ({ issued, due, status, year, currency, lines, total }) => ({ issued, due, status, year, currency, lines, total }),
  write: async (db, { lines, ...row }, { accountId, origin }) => {
    const { id: _, key: __, ...changes } = { ...row, lines: JSON.stringify(lines) }
    await db
      .insertInto('invoices')
      .values({ ...row, lines: JSON.stringify(lines), account_id: accountId, origin })
      .onConflict((conflict) => conflict.columns(['account_id', 'key']).doUpdateSet({ ...changes, updated_at: new Date() }))
      .execute()
  },
})

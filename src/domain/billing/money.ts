/** Sums of contracts and invoices: exact decimals, by currency, never added over currencies. Pure. */
import { addDecimals, type Decimal, multiplyDecimals, subtractDecimals } from '../../core/money.ts'
import type { InvoiceLine, invoiceStatuses } from '../entities/index.ts'

export type InvoiceStatus = (typeof invoiceStatuses)[number]

export interface Contract {
  readonly id: string
  readonly key: string
  readonly year: number
  readonly plan: string
  readonly currency: string
  /** For the year. */
  readonly platformFee: Decimal
  readonly unitCost: Decimal
  readonly committedUnits: number
}

export interface Invoice {
  readonly id: string
  readonly key: string
  readonly number: string
  readonly year: number
  readonly issued: string
  readonly due: string
  readonly status: InvoiceStatus
  readonly currency: string
  readonly total: Decimal
  /** On its lines of units. */
  readonly units: Decimal
  readonly lines: readonly InvoiceLine[]
}

/** What was invoiced in one currency. `open` holds what is overdue too; cancelled invoices are in no sum but their own. */
export interface InvoiceSums {
  readonly currency: string
  readonly invoices: number
  readonly invoiced: Decimal
  readonly paid: Decimal
  readonly open: Decimal
  readonly overdue: Decimal
  readonly cancelled: Decimal
}

export function invoiceSums(invoices: readonly Invoice[]): InvoiceSums[] {
  return currenciesOf(invoices).map((currency) => {
    const own = invoices.filter((invoice) => invoice.currency === currency)
    const sum = (...statuses: InvoiceStatus[]) => addDecimals(own.filter(({ status }) => statuses.includes(status)).map(({ total }) => total))
    return {
      currency,
      invoices: own.filter(({ status }) => status !== 'cancelled').length,
      invoiced: sum('open', 'overdue', 'paid'),
      paid: sum('paid'),
      open: sum('open', 'overdue'),
      overdue: sum('overdue'),
      cancelled: sum('cancelled'),
    }
  })
}

/** One year of an organization in one currency. Without a contract there is no commitment: null, not 0. */
export interface YearSums extends InvoiceSums {
  readonly year: number
  readonly committedUnits: number | null
  readonly usedUnits: Decimal
  /** Committed minus used; negative: over the commitment. */
  readonly remainingUnits: Decimal | null
  readonly platformFee: Decimal | null
  /** Fee and committed units at their price. */
  readonly committedAmount: Decimal | null
  /** Committed amount minus invoiced; negative: over it. */
  readonly remainingAmount: Decimal | null
  /** The day the last invoice was issued: units used since then are in none. */
  readonly usedThrough: string | null
}

export function yearSums(contracts: readonly Contract[], invoices: readonly Invoice[]): YearSums[] {
  const years = [...new Set([...contracts, ...invoices].map(({ year }) => year))].sort((a, b) => b - a)
  return years.flatMap((year) => {
    const agreed = contracts.filter((contract) => contract.year === year)
    const billed = invoices.filter((invoice) => invoice.year === year)
    return currenciesOf([...agreed, ...billed]).map((currency) =>
      yearOf(
        year,
        currency,
        agreed.filter((contract) => contract.currency === currency),
        billed.filter((invoice) => invoice.currency === currency),
      ),
    )
  })
}

function yearOf(year: number, currency: string, contracts: readonly Contract[], invoices: readonly Invoice[]): YearSums {
  const [sums] = invoiceSums(invoices)
  const counted = invoices.filter(({ status }) => status !== 'cancelled')
  const usedUnits = addDecimals(counted.map(({ units }) => units))
  const invoiced = sums?.invoiced ?? '0'
  const bound = contracts.length > 0
  const committedUnits = contracts.reduce((sum, contract) => sum + contract.committedUnits, 0)
  const committedAmount = addDecimals(contracts.flatMap(({ platformFee, unitCost, committedUnits: units }) => [platformFee, multiplyDecimals(unitCost, String(units))]))
  return {
    ...(sums ?? { currency, invoices: 0, invoiced, paid: '0', open: '0', overdue: '0', cancelled: '0' }),
    year,
    committedUnits: bound ? committedUnits : null,
    usedUnits,
    remainingUnits: bound ? subtractDecimals(String(committedUnits), usedUnits) : null,
    platformFee: bound ? addDecimals(contracts.map(({ platformFee }) => platformFee)) : null,
    committedAmount: bound ? committedAmount : null,
    remainingAmount: bound ? subtractDecimals(committedAmount, invoiced) : null,
    usedThrough:
      counted
        .map(({ issued }) => issued)
        .sort()
        .at(-1) ?? null,
  }
}

const currenciesOf = (rows: readonly { readonly currency: string }[]): string[] => [...new Set(rows.map(({ currency }) => currency))].sort()

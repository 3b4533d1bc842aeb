/** The demo's contracts and invoices as of a day. A key's invoice never changes but in its status, as time goes on; earlier days had the same ones. Writes nothing. */
import { Temporal } from 'temporal-polyfill'
import type { Day } from '../../core/period.ts'
import type { EntityRow } from '../../domain/entities/index.ts'
import { draw } from './draw.ts'
import { foreignCurrency, lichtblick, type OrganizationKey, organizationKeys } from './organizations.ts'
import { fjell, lume, monthWeights } from './world.ts'

interface Terms {
  readonly plan: string
  /** Of its invoices' numbers. */
  readonly prefix: string
  /** Of 2025, in cents a month, and how much more each year. */
  readonly fee: readonly [cents: number, yearly: number]
  /** A unit's price in 2025, in thousandths, and how much more each year. */
  readonly price: readonly [thousandths: number, yearly: number]
  readonly committed: number
  /** Units of an ordinary month. */
  readonly units: number
  /** Every how many months an invoice comes, on which day of the month after them, and when it is due. */
  readonly every: 1 | 3
  readonly day: number
  readonly dueDays: number
  /** Days after its issue on which it is usually paid. */
  readonly pays: readonly [number, number]
  readonly taxPercent: number
  readonly discount: { readonly description: string; readonly of: 'fee' | 'units'; readonly percent: number; readonly aboveUnits: number }
}

/** Together they always have an invoice that is open and one that is overdue: the foundation pays late. */
const terms: Record<OrganizationKey, Terms> = {
  [fjell]: {
    plan: 'Partner 60',
    prefix: 'FF',
    fee: [80_000, 5_000],
    price: [845, -10],
    committed: 60_000,
    units: 5_200,
    every: 1,
    day: 1,
    dueDays: 30,
    pays: [14, 17],
    taxPercent: 19,
    discount: { description: 'Discount of a busy month, 3 % of the units', of: 'units', percent: 3, aboveUnits: 6_000 },
  },
  [lume]: {
    plan: 'Partner 36',
    prefix: 'CL',
    fee: [60_000, 2_500],
    price: [980, 20],
    committed: 36_000,
    units: 2_600,
    every: 3,
    day: 5,
    dueDays: 30,
    pays: [24, 29],
    taxPercent: 20,
    discount: { description: 'Discount of a busy quarter, 2 % of the units', of: 'units', percent: 2, aboveUnits: 9_000 },
  },
  [lichtblick]: {
    plan: 'Charity 12',
    prefix: 'LB',
    fee: [20_000, 0],
    price: [790, 0],
    committed: 12_000,
    units: 900,
    every: 1,
    day: 15,
    dueDays: 20,
    pays: [60, 64],
    taxPercent: 8.1,
    discount: { description: 'Discount for foundations, 20 % of the fee', of: 'fee', percent: 20, aboveUnits: -1 },
  },
}

/** `cents` or, with 3 places, thousandths as a decimal. */
const decimal = (whole: number, places = 2): string => (whole / 10 ** places).toFixed(places)
const grown = ([value, yearly]: readonly [number, number], year: number): number => value + yearly * Math.max(-5, year - 2025)

interface Line {
  readonly kind: 'platform_fee' | 'units' | 'other' | 'discount' | 'tax'
  readonly description: string
  readonly quantity?: string
  readonly unitPrice?: string
  readonly cents: number
}

interface Bill {
  readonly organization: OrganizationKey
  readonly key: string
  readonly number: string
  readonly year: number
  readonly currency: string
  readonly issued: Temporal.PlainDate
  readonly dueDays: number
  /** After how many days it is settled, and how. */
  readonly settled: readonly ['paid' | 'cancelled', number]
  readonly lines: readonly Line[]
}

function billRow({ organization, key, number, year, currency, issued, dueDays, settled: [end, days], lines }: Bill, today: Temporal.PlainDate): EntityRow {
  const due = issued.add({ days: dueDays })
  const status = issued.until(today).days >= days ? end : Temporal.PlainDate.compare(due, today) < 0 ? 'overdue' : 'open'
  const total = lines.reduce((sum, { cents }) => sum + cents, 0)
  return {
    type: 'invoice',
    key,
    name: number,
    organization,
    definition: {
      issued: issued.toString(),
      due: due.toString(),
      status,
      year,
      currency,
      lines: lines.map(({ cents, ...line }) => ({ ...line, amount: decimal(cents) })),
      total: decimal(total),
    },
  }
}

function linesOf(organization: OrganizationKey, key: string, year: number, months: readonly number[], units: number): Line[] {
  const { fee, price, taxPercent, discount } = terms[organization]
  const [monthly, thousandths] = [grown(fee, year), grown(price, year)]
  const period = `${year}-${String(months[0]).padStart(2, '0')}${months.length > 1 ? ` to ${year}-${String(months.at(-1)).padStart(2, '0')}` : ''}`
  const unitLine: Line = {
    kind: 'units',
    description: `Gifts printed and sent, ${period}`,
    quantity: String(units),
    unitPrice: decimal(thousandths, 3),
    cents: Math.round((units * thousandths) / 10),
  }
  const made: Line[] = [
    { kind: 'platform_fee', description: `Platform fee, ${period}`, quantity: String(months.length), unitPrice: decimal(monthly), cents: monthly * months.length },
    unitLine,
  ]
  if (draw(key, 'artwork') < 0.25) made.push({ kind: 'other', description: 'Artwork redrawn for print', quantity: '2', unitPrice: '45.00', cents: 9_000 })
  if (units > discount.aboveUnits) {
    const base = discount.of === 'fee' ? monthly * months.length : unitLine.cents
    made.push({ kind: 'discount', description: discount.description, cents: -Math.round((base * discount.percent) / 100) })
  }
  const net = made.reduce((sum, { cents }) => sum + cents, 0)
  return [...made, { kind: 'tax', description: `Value added tax, ${taxPercent} %`, cents: Math.round((net * taxPercent) / 100) }]
}

/** A year's invoices of an organization. One of them has a wrong number of units: it is cancelled, and another comes in its place. */
function billsOf(organization: OrganizationKey, year: number, currency: string): Bill[] {
  const { prefix, units, every, day, dueDays, pays } = terms[organization]
  const wrong = Math.floor(draw(organization, year, 'wrong') * (12 / every))
  return Array.from({ length: 12 / every }, (_, part) => part).flatMap((part): Bill[] => {
    const months = Array.from({ length: every }, (_, index) => part * every + index + 1)
    const last = String(months.at(-1)).padStart(2, '0')
    const key = `${organization}-${year}-${last}`
    const used = Math.round(units * months.reduce((sum, month) => sum + (monthWeights[month - 1] ?? 1), 0) * (0.9 + 0.2 * draw(key, 'units')))
    const issued = Temporal.PlainDate.from(`${year}-${last}-01`).add({ months: 1, days: day - 1 })
    const late = draw(key, 'late') < 0.1 ? dueDays + 12 : 0
    const paid = Math.max(late, pays[0] + Math.floor(draw(key, 'pays') * (pays[1] - pays[0] + 1)))
    const bill = { organization, year, currency, dueDays }
    const number = `${prefix}-${year}-${last}`
    if (part !== wrong) return [{ ...bill, key, number, issued, settled: ['paid', paid], lines: linesOf(organization, key, year, months, used) }]
    return [
      { ...bill, key, number, issued, settled: ['cancelled', 5], lines: linesOf(organization, key, year, months, Math.round(used * 1.1)) },
      {
        ...bill,
        key: `${key}-corrected`,
        number: `${number}-C`,
        issued: issued.add({ days: 5 }),
        settled: ['paid', paid],
        lines: linesOf(organization, key, year, months, used),
      },
    ]
  })
}

/** The foundation's one invoice a year in another currency: a run abroad. */
function runAbroad(year: number, currency: string): Bill {
  const line = (kind: Line['kind'], description: string, quantity: number, cents: number): Line => ({
    kind,
    description,
    quantity: String(quantity),
    unitPrice: decimal(cents),
    cents: quantity * cents,
  })
  return {
    organization: lichtblick,
    key: `${lichtblick}-${year}-run`,
    number: `LB-${year}-RUN`,
    year,
    currency,
    issued: Temporal.PlainDate.from({ year, month: 4, day: 9 }),
    dueDays: 30,
    settled: ['paid', 21],
    lines: [line('other', 'Stand at the charity run', 1, 48_000), line('other', 'Postcards printed on the spot', 350, 65)],
  }
}

/** Contracts of every year from the demo's first day to today's, and the invoices issued by today. */
export function billRows(first: Day, today: Temporal.PlainDate, currency: string): EntityRow[] {
  const from = Temporal.PlainDate.from(first).year
  const years = Array.from({ length: today.year - from + 1 }, (_, index) => from + index)
  const foreign = foreignCurrency(currency)
  return organizationKeys.flatMap((organization): EntityRow[] => {
    const { plan, fee, price, committed } = terms[organization]
    const own = organization === lichtblick ? foreign : currency
    const contracts = years.map(
      (year): EntityRow => ({
        type: 'contract',
        key: `${organization}-${year}`,
        name: plan,
        organization,
        definition: { year, currency: own, platformFee: decimal(grown(fee, year) * 12), unitCost: decimal(grown(price, year), 3), committedUnits: committed },
      }),
    )
    const bills = years.flatMap((year) => [...billsOf(organization, year, own), ...(organization === lichtblick ? [runAbroad(year, foreign === 'CHF' ? 'EUR' : 'CHF')] : [])])
    return [...contracts, ...bills.filter(({ issued }) => Temporal.PlainDate.compare(issued, today) <= 0).map((bill) => billRow(bill, today))]
  })
}

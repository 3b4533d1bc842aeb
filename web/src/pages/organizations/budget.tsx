/** The budget of an organization by year: what was committed against what was invoiced, in money and in units, one picture for each currency. */
import { Chart, decimal, Bars, figure, money, Plot, share } from '../../kit/index.ts'
import classes from './organizations.module.css'
import type { ClientReport } from './types.ts'

type Year = ClientReport['years'][number]

/** Each a field of the plot; `due` is what is open and not overdue. */
const series = [
  { field: 'committed', label: 'Committed', color: 'var(--mercat-line-strong)', stack: 'committed' },
  { field: 'paid', label: 'Paid', color: 'var(--mercat-good)', stack: 'invoiced' },
  { field: 'due', label: 'Open', color: 'var(--mercat-accent)', stack: 'invoiced' },
  { field: 'overdue', label: 'Overdue', color: 'var(--mantine-color-error)', stack: 'invoiced' },
]

const byCurrency = (years: readonly Year[]) => [...Map.groupBy(years, ({ currency }) => currency)].sort(([a], [b]) => (a < b ? -1 : 1))
const orNone = (amount: string | null, currency: string) => (amount === null ? 'No contract' : money(amount, currency))
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })

export function Budgets({ report: { years, contracts } }: { report: ClientReport }) {
  return (
    <div className={classes.pair}>
      {byCurrency(years).map(([currency, rows]) => (
        <Budget key={currency} currency={currency} years={rows} plans={contracts.filter((contract) => contract.currency === currency)} />
      ))}
    </div>
  )
}

function Budget({ currency, years, plans }: { currency: string; years: readonly Year[]; plans: ClientReport['contracts'] }) {
  const of = (year: string | number) => years.find((one) => one.year === Number(year))
  const said = (field: string, year: Year) =>
    field === 'committed'
      ? orNone(year.committedAmount, currency)
      : field === 'paid'
        ? money(year.paid, currency)
        : field === 'overdue'
          ? money(year.overdue, currency)
          : `${money(year.open, currency)}${Number(year.overdue) > 0 ? ' with overdue' : ''}`
  return (
    <Chart
      title={`Budget in ${currency}`}
      description="What was committed to, and of it invoiced: paid, open and overdue."
      alt={`Budget in ${currency}. ${years
        .map(
          (one) =>
            `${one.year}: committed ${orNone(one.committedAmount, currency)}, invoiced ${money(one.invoiced, currency)}, paid ${money(one.paid, currency)}, open ${money(one.open, currency)}, of it overdue ${money(one.overdue, currency)}`,
        )
        .join('. ')}`}
      table={{
        columns: ['Year', 'Committed', 'Invoiced', 'Paid', 'Open', 'Overdue of it', 'Remaining', 'Invoices'],
        rows: years.map((one) => [
          String(one.year),
          orNone(one.committedAmount, currency),
          money(one.invoiced, currency),
          money(one.paid, currency),
          money(one.open, currency),
          money(one.overdue, currency),
          orNone(one.remainingAmount, currency),
          figure(one.invoices),
        ]),
      }}
      foot={plans.length > 0 ? <Plans plans={plans} /> : undefined}
    >
      <Plot
        lying
        legend
        height={76 + years.length * 64}
        rows={years.map((one) => ({
          year: String(one.year),
          // A picture may be a float off; every figure that is written is the decimal itself.
          committed: Number(one.committedAmount ?? 0),
          paid: Number(one.paid),
          due: Number(one.open) - Number(one.overdue),
          overdue: Number(one.overdue),
        }))}
        nameOf={{ axis: 'year' }}
        series={series}
        axis={(value) => short.format(value)}
        say={(field, row) => {
          const year = of(row.year ?? '')
          return year ? said(field, year) : ''
        }}
        besides={(row) => {
          const year = of(row.year ?? '')
          return year ? [['Remaining', orNone(year.remainingAmount, currency)]] : []
        }}
      />
    </Chart>
  )
}

function Plans({ plans }: { plans: ClientReport['contracts'] }) {
  return (
    <ul className={classes.notes}>
      {plans.map(({ id, year, plan, platformFee, unitCost, committedUnits, currency }) => (
        <li key={id}>
          {year} <bdi>{plan}</bdi>: fee {money(platformFee, currency)}, {figure(committedUnits)} units at {money(unitCost, currency)}
        </li>
      ))}
    </ul>
  )
}

/** Used units are those on invoices that are not cancelled. */
export function Units({ report: { years } }: { report: ClientReport }) {
  const several = new Set(years.map(({ currency }) => currency)).size > 1
  const nameOf = ({ year, currency }: Year) => (several ? `${year}, ${currency}` : String(year))
  const left = ({ remainingUnits }: Year) =>
    remainingUnits === null ? 'no contract' : remainingUnits.startsWith('-') ? `${decimal(remainingUnits.slice(1))} over it` : `${decimal(remainingUnits)} remaining`
  const used = (one: Year) => `${decimal(one.usedUnits)}${one.committedUnits === null ? '' : ` of ${figure(one.committedUnits)}`}`
  return (
    <Chart
      title="Units"
      description="Used, of those committed. Used are the units on invoices that are not cancelled."
      alt={`Units. ${years.map((one) => `${nameOf(one)}: used ${used(one)}, ${left(one)}`).join('. ')}`}
      table={{
        columns: ['Year', 'Committed', 'Used', 'Remaining', 'Used share', 'Last invoice'],
        rows: years.map((one) => [
          nameOf(one),
          figure(one.committedUnits),
          decimal(one.usedUnits),
          one.remainingUnits === null ? '–' : decimal(one.remainingUnits),
          share(one.usedShare),
          one.usedThrough ?? '–',
        ]),
      }}
    >
      <Bars
        label="Units by year"
        rows={years.map((one) => ({
          key: nameOf(one),
          name: nameOf(one),
          part: one.usedShare,
          value: used(one),
          note: `${one.usedShare === null ? '' : `${share(one.usedShare)}, `}${left(one)}`,
          over: (one.usedShare ?? 0) > 1,
        }))}
      />
    </Chart>
  )
}

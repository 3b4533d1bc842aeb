/** The days as bars: what campaigns and flows earned, or, where no orders are known, what was delivered. */
import { Text } from '@mantine/core'
import { Chart, dayWords, figure, Plot } from '../../kit/index.ts'
import { daysOf, type Overview, roundMoney } from './overview.ts'

const short = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 })
const axisDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' })

export function Trend({ overview }: { overview: Overview }) {
  const days = daysOf(overview)
  const { currency } = overview.passport
  const money = days.some(({ revenue }) => (revenue ?? 0) !== 0)
  const field = money ? 'revenue' : 'deliveries'
  const said = (value: number | null) => (money ? roundMoney(value, currency) : figure(value))
  const title = money ? 'Revenue per day' : 'Messages delivered per day'
  const best = days.reduce<(typeof days)[number] | undefined>((most, day) => ((day[field] ?? 0) > (most?.[field] ?? 0) ? day : most), undefined)
  return (
    <Chart
      title={title}
      description={money ? 'Earned by campaigns and flows' : undefined}
      alt={`${title}, ${days.length} days: ${best ? `most on ${dayWords(best.day, undefined)}: ${said(best[field])}` : 'none'}`}
      table={{
        columns: ['Day', `Revenue in ${currency}`, 'Orders', 'Messages delivered'],
        rows: days.map((day) => [dayWords(day.day, undefined), roundMoney(day.revenue, currency), figure(day.orders), figure(day.deliveries)]),
      }}
    >
      {best ? (
        <Plot
          height={200}
          rows={days.map(({ day, ...values }) => ({
            short: axisDay.format(new Date(day)),
            words: dayWords(day, undefined),
            value: values[field] ?? 0,
            orders: figure(values.orders),
            deliveries: figure(values.deliveries),
          }))}
          nameOf={{ axis: 'short', tooltip: 'words' }}
          series={[{ field: 'value', label: money ? 'Revenue' : 'Delivered', color: 'var(--mercat-accent)' }]}
          axis={(value) => short.format(value)}
          say={(_, row) => said(Number(row.value))}
          besides={(row) => [['Orders', String(row.orders)], ...(money ? [['Delivered', String(row.deliveries)] as const] : [])]}
        />
      ) : (
        <Text size="sm" c="dimmed" ta="center" py="xl">
          Nothing was sent or ordered in these days.
        </Text>
      )}
    </Chart>
  )
}

/** Orders of one campaign, day by day, in the days that the other figures are of. */
import { Select, Text } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useApi } from '../../api.ts'
import { amounts, Chart, dayWords, figure, money, Plot } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './organizations.module.css'
import { PartOf } from './part.tsx'
import type { Performance } from './types.ts'

type Daily = Output<'organizations', 'dailyOrders'>
type Row = Readonly<Record<string, string | number>>

export function DailyOrders({ account, figures: { rows, passport } }: { account: Account; figures: Performance }) {
  const [chosen, setChosen] = useState(rows[0]?.id ?? null)
  const { startDate, endDate } = passport
  const days = useApi('organizations', 'dailyOrders', { account: account.systemName, campaignId: chosen ?? '', startDate, endDate }, { enabled: chosen !== null, keep: true })
  const choice = (
    <Select
      size="xs"
      aria-label="Campaign of the orders per day"
      data={rows.map(({ id, name }) => ({ value: id, label: name }))}
      value={chosen}
      onChange={(value) => value && setChosen(value)}
      allowDeselect={false}
      searchable={rows.length > 7}
      nothingFoundMessage="Nothing of this name"
      w={{ base: '100%', xs: 240 }}
    />
  )
  return (
    <div className={classes.part} data-waiting={days.isPlaceholderData || undefined}>
      <PartOf of={days} what="the orders per day" height={300}>
        {(data) => <Days data={data} choice={choice} />}
      </PartOf>
    </div>
  )
}

function Days({ data: { columns, days, total, campaign }, choice }: { data: Daily; choice: ReactNode }) {
  const currencies = columns.slice(2).map((column) => column.replace('revenue ', ''))
  const rows = days.map((cells): Row => Object.fromEntries(['day', 'orders', ...currencies].map((name, index) => [name, cells[index] ?? 0])))
  const day = (row: readonly (string | number | null)[] | undefined) => dayWords(String(row?.[0] ?? ''), undefined)
  const most = days.reduce<Daily['days'][number] | undefined>((best, row) => (Number(row[1] ?? 0) > Number(best?.[1] ?? 0) ? row : best), undefined)
  const span = days.length > 0 ? `${day(days[0])} to ${day(days.at(-1))}` : ''
  const words = total.orders === null ? 'not known' : `${figure(total.orders)} in all${most ? `, most on ${day(most)}: ${figure(Number(most[1]))}` : ''}`
  return (
    <Chart
      title="Orders per day"
      description={
        <>
          {total.orders === null ? 'No orders were imported yet' : `${figure(total.orders)} ${total.orders === 1 ? 'order' : 'orders'}`}
          {total.revenue.length > 0 ? `, ${amounts(total.revenue)}` : ''}
        </>
      }
      alt={`Orders per day of ${campaign.name}, ${span}: ${words}`}
      actions={choice}
      table={{
        columns: ['Day', 'Orders', ...currencies.map((currency) => `Revenue in ${currency}`)],
        rows: days.map((row) => [
          day(row),
          figure(row[1] === null ? null : Number(row[1])),
          ...currencies.map((currency, index) => money(String(row[index + 2] ?? '0'), currency)),
        ]),
      }}
    >
      {!total.orders ? (
        <Text size="sm" c="dimmed" ta="center" py="xl">
          No order in these days.
        </Text>
      ) : (
        <Plot
          height={240}
          rows={rows.map((row) => ({ ...row, short: shortDay(String(row.day)), words: dayWords(String(row.day), undefined) }))}
          nameOf={{ axis: 'short', tooltip: 'words' }}
          series={[{ field: 'orders', label: 'Orders', color: 'var(--mercat-accent)' }]}
          axis={figure}
          say={(_, row) => figure(Number(row.orders))}
          besides={(row) => currencies.map((currency) => [`Revenue in ${currency}`, money(String(row[currency]), currency)] as const)}
        />
      )}
    </Chart>
  )
}

/** "3 Nov". */
const shortDay = (day: string) => new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short' }).format(new Date(day))

/** What a source brought, day by day. */
import { Text } from '@mantine/core'
import { Chart, dayWords, figure, Plot } from '../../kit/index.ts'
import type { SourceDetail } from './types.ts'
import { cameWords, lastDays, sumOf } from './words.ts'

const axisDay = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric' })

export function Days({ source, timeZone }: { source: SourceDetail; timeZone: string }) {
  const days = lastDays(source.days, timeZone)
  const sums = sumOf(days)
  const passed = sums.ignored > 0 ? ` ${figure(sums.ignored)} were passed over, since no figure needs them.` : ''
  if (sums.requests === 0) return null
  return (
    <Chart
      title="Rows per day"
      description={`${cameWords(sums)} in the last 7 days.${passed}`}
      alt={`Rows per day of ${source.name}, the last 7 days: ${cameWords(sums)}`}
      table={{
        columns: ['Day', 'Deliveries', 'Loaded', 'Set aside', 'Passed over'],
        rows: days.map((day) => [dayWords(day.day, undefined), figure(day.requests), figure(day.accepted), figure(day.rejected), figure(day.ignored)]),
      }}
    >
      {sums.accepted + sums.rejected === 0 ? (
        <Text size="sm" c="dimmed" ta="center" py="xl">
          Nothing of what came is a row.
        </Text>
      ) : (
        <Plot
          height={sums.rejected > 0 ? 240 : 200}
          rows={days.map((day) => ({ ...day, short: axisDay.format(new Date(day.day)), words: dayWords(day.day, undefined) }))}
          nameOf={{ axis: 'short', tooltip: 'words' }}
          series={[
            { field: 'accepted', label: 'Loaded', color: 'var(--mercat-accent)', stack: 'rows' },
            { field: 'rejected', label: 'Set aside', color: 'var(--mantine-color-error)', stack: 'rows' },
          ]}
          legend={sums.rejected > 0}
          axis={figure}
          say={(field, row) => figure(Number(row[field]))}
          besides={(row) => [
            ['Deliveries', figure(Number(row.requests))],
            ['Passed over', figure(Number(row.ignored))],
          ]}
        />
      )}
    </Chart>
  )
}

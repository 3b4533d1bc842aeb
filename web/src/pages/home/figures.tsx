/** How the last days went, against as many before: the figures of account_overview, and their course. Without data, the first steps instead. */
import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import { dayWords, Loading, Problem, Section, Tile, Tiles, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { FirstSteps } from './first-steps.tsx'
import classes from './home.module.css'
import { type Overview, tilesOf } from './overview.ts'
import { Trend } from './trend.tsx'

const periods = [
  { days: 0, label: 'Today', title: 'Today so far' },
  { days: 7, label: '7 days', title: 'The last 7 days' },
  { days: 28, label: '28 days', title: 'The last 28 days' },
] as const
type Days = (typeof periods)[number]['days']

export function Figures({ account }: { account: Account }) {
  const [days, setDays] = useState<Days>(7)
  const overview = useApi('home', 'overview', { account: account.systemName, days }, { keep: true })
  const { data, error, refetch } = overview
  if (data && data.passport.dataAsOf === null) return <FirstSteps account={account} />
  const title = periods.find((period) => period.days === days)?.title ?? ''
  return (
    <Section
      title={title}
      description={data ? <Basis overview={data} /> : undefined}
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Days of the figures"
          data={periods.map((period) => ({ value: String(period.days), label: period.label }))}
          value={String(days)}
          onChange={(value) => setDays(periods.find((period) => String(period.days) === value)?.days ?? 7)}
        />
      }
    >
      {data ? (
        <div className={classes.figures} data-waiting={overview.isPlaceholderData || undefined}>
          <Tiles label={`Figures: ${title}`} narrowest="16rem">
            {tilesOf(data).map(({ name, value, change, note }) => (
              <Tile key={name} title={name} value={value}>
                <dd className={classes.change} data-trend={change?.trend}>
                  {change?.words ?? (days === 0 ? 'so far' : 'Nothing to compare with')}
                  {note === undefined ? null : <span>{note}</span>}
                </dd>
              </Tile>
            ))}
          </Tiles>
          {data.timeline ? <Trend overview={data} /> : null}
        </div>
      ) : error ? (
        <Problem error={error} retry={refetch} what="The figures" />
      ) : (
        <Loading rows={2} height={120} what="the figures" />
      )}
    </Section>
  )
}

function Basis({ overview: { passport, comparison } }: { overview: Overview }) {
  const day = (at: unknown) => dayWords(String(at), undefined)
  return (
    <Text span size="sm">
      {passport.startDate === passport.endDate ? day(passport.startDate) : `${day(passport.startDate)} to ${day(passport.endDate)}`}
      {comparison ? `, against ${day(comparison.startDate)} to ${day(comparison.endDate)}` : ''}. Data as of <Time at={passport.dataAsOf ?? ''} />.
    </Text>
  )
}

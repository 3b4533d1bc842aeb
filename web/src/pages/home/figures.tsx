/** How the last days went, against as many before: the figures of account_overview, and their course. Without data, the first steps instead. */
import { SegmentedControl, Text } from '@mantine/core'
import { useState } from 'react'
import { useApi } from '../../api.ts'
import { dayWords, Loading, Problem, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { FirstSteps } from './first-steps.tsx'
import classes from './home.module.css'
import { type Overview, tilesOf } from './overview.ts'
import { Trend } from './trend.tsx'

export function Figures({ account }: { account: Account }) {
  const [days, setDays] = useState<7 | 28>(7)
  const overview = useApi('home', 'overview', { account: account.systemName, days }, { keep: true })
  const { data, error, refetch } = overview
  if (data && data.passport.dataAsOf === null) return <FirstSteps account={account} />
  return (
    <Section
      title={`The last ${days} days`}
      description={data ? <Basis overview={data} /> : undefined}
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Days of the figures"
          data={[
            { value: '7', label: '7 days' },
            { value: '28', label: '28 days' },
          ]}
          value={String(days)}
          onChange={(value) => setDays(value === '28' ? 28 : 7)}
        />
      }
    >
      {data ? (
        <div className={classes.figures} data-waiting={overview.isPlaceholderData || undefined}>
          <dl className={classes.tiles} aria-label={`Figures of the last ${days} days`}>
            {tilesOf(data).map(({ name, value, change, note }) => (
              <div key={name} className={classes.tile}>
                <dt>{name}</dt>
                <dd>{value}</dd>
                <dd className={classes.change} data-trend={change?.trend}>
                  {change === undefined ? 'Nothing to compare with' : change.words}
                  {note === undefined ? null : <span>{note}</span>}
                </dd>
              </div>
            ))}
          </dl>
          <Trend overview={data} />
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
      {day(passport.startDate)} to {day(passport.endDate)}
      {comparison ? `, against ${day(comparison.startDate)} to ${day(comparison.endDate)}` : ''}. Data as of <Time at={passport.dataAsOf ?? ''} />.
    </Text>
  )
}

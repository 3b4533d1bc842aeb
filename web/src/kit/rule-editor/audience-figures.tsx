/** How many customers a rule holds for, how many of them can be reached, and what to know of these counts. Asks for nothing. */
import { Loader, Text, VisuallyHidden } from '@mantine/core'
import { Bars } from '../bars.tsx'
import { Card } from '../card.tsx'
import { Chart } from '../chart.tsx'
import { share } from '../figure.ts'
import { Time } from '../time.tsx'
import classes from './audience.module.css'
import type { AudienceSize } from './types.ts'

/** @param waiting what is shown is of a rule that has changed since */
export function AudienceFigures({ size, waiting = false }: { size: AudienceSize; waiting?: boolean }) {
  const { audience, customers, reachable, notes, passport } = size
  const row = (one: AudienceSize['reachable'][number]) => (one.count === null ? one.shown : `${one.shown}${one.share === null ? '' : `, ${share(one.share)}`}`)
  return (
    <div className={classes.panel} data-waiting={waiting || undefined}>
      <Card>
        <div className={classes.head}>
          <Text size="sm" c="dimmed">
            Audience
          </Text>
          {waiting ? <Loader size={14} aria-hidden /> : null}
        </div>
        <div className={classes.size} data-hidden={audience.count === null || undefined}>
          {audience.shown}
        </div>
        <Text size="sm" c="dimmed">
          of {customers.shown} customers{audience.share === null ? '' : `, ${share(audience.share)}`}
        </Text>
        {audience.leftOut.length === 0 ? null : (
          <ul className={classes.leftOut}>
            {audience.leftOut.map((line) => (
              <li key={line}>
                <bdi>{line}</bdi>
              </li>
            ))}
          </ul>
        )}
        <VisuallyHidden role="status">{waiting ? '' : `Audience: ${audience.shown} of ${customers.shown} customers`}</VisuallyHidden>
      </Card>
      <Chart
        title="Reach by channel"
        description="Of the audience, who agreed to be written to."
        alt={`Reach by channel: ${reachable.map((one) => `${one.channel} ${row(one)}`).join('; ')}`}
        table={{ columns: ['Channel', 'Customers', 'Share'], rows: reachable.map((one) => [one.channel, one.shown, share(one.share)]) }}
        foot={
          <ul className={classes.notes}>
            {notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
            <li>
              Counted <Time at={passport.asOf} />
              {passport.dataAsOf === null ? '; there are no events or orders yet' : ', with events and orders up to '}
              {passport.dataAsOf === null ? '' : <Time at={passport.dataAsOf} show="exact" />}.
            </li>
          </ul>
        }
      >
        <Bars
          label="Reach by channel"
          rows={reachable.map((one) => ({
            key: one.channel,
            name: one.channel,
            part: one.count === null ? null : one.share,
            value: one.shown,
            note: one.share === null ? undefined : share(one.share),
          }))}
        />
      </Chart>
    </div>
  )
}

/** What a reader must know before using the figures, and how they were made. */
import { Text } from '@mantine/core'
import { dayWords, Time } from '../../kit/index.ts'
import classes from './reports.module.css'
import type { Answer } from './types.ts'

const bases: Readonly<Record<string, string>> = {
  send: 'messages sent in the period, with all that followed',
  event: 'what happened in the period, whenever the message was sent',
}

export function Foot({ passport, cautions }: { passport: Answer['passport']; cautions: readonly string[] }) {
  const { startDate, endDate, timeZone, goal, attribution, timeBasis, definitions, dataAsOf, stillSettlingFrom, attributionSettledThrough, deliveries } = passport
  const facts: [string, React.ReactNode][] = [
    ['Period', `${dayWords(startDate, undefined)} to ${dayWords(endDate, undefined)}, days of ${timeZone}`],
    ['Counted', bases[timeBasis] ?? timeBasis],
    ['Goal', goal],
    ['Attribution', attribution],
    [
      'Settled',
      attributionSettledThrough === null
        ? 'nothing yet'
        : `through ${dayWords(attributionSettledThrough, undefined)}${stillSettlingFrom === null ? '' : `; later days may still gain orders`}`,
    ],
    ...Object.entries(deliveries).map(([source, channels]): [string, string] => ['Deliveries', `${channels}: ${sources[source] ?? source}`]),
    ['Definitions', `version ${definitions}`],
  ]
  return (
    <Text size="xs" c="dimmed" component="div" className={classes.foot}>
      {cautions.length > 0 ? (
        <ul className={classes.notes} aria-label="Cautions">
          {cautions.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      <details>
        <summary>
          How these figures are made
          {dataAsOf === null ? (
            ''
          ) : (
            <>
              , newest data <Time at={dataAsOf} />
            </>
          )}
        </summary>
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={`${name}${String(value)}`}>
              <dt>{name}</dt>
              <dd>
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </Text>
  )
}

const sources: Readonly<Record<string, string>> = {
  explicit: 'reported by the channel',
  derived: 'sends less bounces and failures',
  both: 'partly reported, partly sends less bounces',
}

/** The key figures of a source. */
import type { ReactNode } from 'react'
import { Card, figure, Time } from '../../kit/index.ts'
import classes from './sources.module.css'
import type { SourceDetail } from './types.ts'
import { rowWords, sumOf } from './words.ts'

export function Figures({ source: { connection, lastReceivedAt, pulledAt, waiting, days, setAside } }: { source: SourceDetail }) {
  const { accepted, requests } = sumOf(days)
  return (
    <dl className={classes.figures}>
      <Figure
        title="Last received"
        value={lastReceivedAt === null ? 'Never' : <Time at={lastReceivedAt} />}
        note={connection === 'pull' ? pulledAt === null ? 'Never asked' : <Asked at={pulledAt} /> : lastReceivedAt === null ? undefined : <Time at={lastReceivedAt} show="exact" />}
      />
      <Figure title="Waiting to be loaded" value={rowWords(waiting.items)} note={waiting.oldestAt === null ? 'Nothing is held up' : <Came at={waiting.oldestAt} />} />
      <Figure title="Loaded in 7 days" value={rowWords(accepted)} note={requests === 0 ? 'Nothing came' : `in ${figure(requests)} ${requests === 1 ? 'delivery' : 'deliveries'}`} />
      <Figure title="Set aside" value={rowWords(setAside)} note={setAside === 0 ? 'Nothing to decide' : 'See below why'} warn={setAside > 0} />
    </dl>
  )
}

const Asked = ({ at }: { at: string }) => (
  <>
    last asked <Time at={at} />
  </>
)
const Came = ({ at }: { at: string }) => (
  <>
    the oldest came <Time at={at} />
  </>
)

function Figure({ title, value, note, warn = false }: { title: string; value: ReactNode; note?: ReactNode; warn?: boolean }) {
  return (
    <Card>
      <dt className={classes.small}>{title}</dt>
      <dd className={classes.big} data-warn={warn || undefined}>
        {value}
      </dd>
      {note === undefined ? null : <dd className={classes.note}>{note}</dd>}
    </Card>
  )
}

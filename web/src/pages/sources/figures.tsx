/** The key figures of a source. */
import { figure, relative, Tile, Tiles, Time } from '../../kit/index.ts'
import classes from './sources.module.css'
import type { SourceDetail } from './types.ts'
import { rowWords, sumOf } from './words.ts'

export function Figures({ source }: { source: SourceDetail }) {
  const { lastReceivedAt, waiting, days, setAside } = source
  const { accepted, requests } = sumOf(days)
  return (
    <Tiles label="Key figures" narrowest="13rem">
      <Tile title="Last received" value={lastReceivedAt === null ? 'never' : relative(new Date(lastReceivedAt))}>
        <Asked source={source} />
      </Tile>
      <Tile title="Waiting to be loaded" value={rowWords(waiting.items)}>
        <dd>
          {waiting.oldestAt === null ? (
            'Nothing is held up'
          ) : (
            <>
              The oldest came <Time at={waiting.oldestAt} />
            </>
          )}
        </dd>
      </Tile>
      <Tile title="Loaded in 7 days" value={rowWords(accepted)}>
        <dd>{requests === 0 ? 'Nothing came' : `In ${figure(requests)} ${requests === 1 ? 'delivery' : 'deliveries'}`}</dd>
      </Tile>
      <Tile title="Set aside" value={rowWords(setAside)}>
        {setAside === 0 ? <dd>Nothing to decide</dd> : <dd className={classes.warn}>See below why</dd>}
      </Tile>
    </Tiles>
  )
}

/** When exactly, and of a platform that Mercat asks: when it was asked. */
function Asked({ source: { connection, lastReceivedAt, pulledAt } }: { source: SourceDetail }) {
  if (connection !== 'pull')
    return lastReceivedAt === null ? null : (
      <dd>
        <Time at={lastReceivedAt} show="exact" />
      </dd>
    )
  if (pulledAt === null) return <dd>Never asked</dd>
  return (
    <dd>
      Last asked <Time at={pulledAt} />
    </dd>
  )
}

/** The account's sources as a list: where each stands, what came last, what waits and what was set aside. */
import { Link } from '@tanstack/react-router'
import { figure, None, Records, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './sources.module.css'
import { SourceBadge } from './state.tsx'
import type { Source } from './types.ts'
import { Volume } from './volume.tsx'
import { rowWords } from './words.ts'

export function SourceList({ account, sources }: { account: Account; sources: readonly Source[] }) {
  return (
    <Records
      label="Sources"
      rows={sources}
      keyOf={({ id }) => id}
      faded={({ state }) => state === 'off'}
      columns={[
        {
          title: 'Source',
          quiet: true,
          cell: ({ id, name, title }) => (
            <>
              <Link to="/a/$account/$page/$item" params={{ account: account.systemName, page: 'sources', item: id }} className={classes.name}>
                <bdi>{name}</bdi>
              </Link>
              {title === name ? null : <div className={classes.small}>{title}</div>}
            </>
          ),
        },
        { title: 'State', cell: (source) => <State source={source} /> },
        { title: 'Last received', cell: ({ lastReceivedAt }) => (lastReceivedAt === null ? <None /> : <Moment at={lastReceivedAt} />) },
        { title: 'Waiting', cell: ({ waiting }) => <Waiting waiting={waiting} /> },
        { title: 'Last 7 days', cell: (source) => <Volume source={source} timeZone={account.timeZone} /> },
        { title: 'Set aside', end: true, cell: ({ setAside }) => (setAside === 0 ? <None /> : <span className={classes.warn}>{figure(setAside)}</span>) },
      ]}
    />
  )
}

function Moment({ at }: { at: string }) {
  return (
    <span className={classes.moment}>
      <Time at={at} />
    </span>
  )
}

function State({ source }: { source: Source }) {
  const { state, missing, lastRefusal, lastRefusedAt } = source
  return (
    <div className={classes.state}>
      <SourceBadge source={source} />
      {state === 'unfinished' ? <div className={classes.small}>Needs: {missing.join(', ')}</div> : null}
      {state === 'refusing' && lastRefusedAt !== null ? (
        <div className={classes.small}>
          <Time at={lastRefusedAt} />: {lastRefusal}
        </div>
      ) : null}
    </div>
  )
}

function Waiting({ waiting: { items, oldestAt } }: { waiting: Source['waiting'] }) {
  if (oldestAt === null) return <None />
  return (
    <>
      {rowWords(items)}
      <div className={classes.small}>
        came <Time at={oldestAt} />
      </div>
    </>
  )
}

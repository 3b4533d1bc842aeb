/** What came in, by source: the last load or delivery, rows taken and rejected with reasons, and how old the newest event is. */
import { Alert, Badge, Text } from '@mantine/core'
import { IconDatabaseImport, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../api.ts'
import { Empty, Loading, None, figure, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './health.module.css'
import { StreamState } from './stream.tsx'
import { colorOf, span, stateWords } from './words.ts'

type Pipelines = Output<'health', 'pipelines'>
type Pipeline = Pipelines['pipelines'][number]

const everyMs = 15_000

export function PipelinesSection({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('health', 'pipelines', { account: account.systemName }, { every: everyMs })
  return (
    <Section title="Pipelines" description="Where rows come from. Figures are of the last 7 days.">
      {data ? <List account={account} data={data} /> : error ? <Problem error={error} retry={refetch} what="Pipelines" /> : <Loading rows={2} what="pipelines" />}
    </Section>
  )
}

function List({ account, data }: { account: Account; data: Pipelines }) {
  if (data.pipelines.length === 0) {
    return (
      <Empty icon={IconDatabaseImport} title="Nothing was loaded yet">
        Imports appear here as they run: <code>mercat import</code> loads files. What delivers by itself is connected under{' '}
        <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'sources' }}>
          Sources
        </Link>
        .
      </Empty>
    )
  }
  return (
    <>
      {data.analytics === 'unavailable' ? (
        <Alert mb="sm" color="yellow" icon={<IconInfoCircle aria-hidden />}>
          The analytics store does not answer: reasons of rejected rows and newest events are not known at the moment. What sources deliver is kept, and loaded when it is back.
        </Alert>
      ) : null}
      <Records
        label="Pipelines"
        rows={data.pipelines}
        keyOf={({ source }) => source}
        columns={[
          {
            title: 'Source',
            quiet: true,
            cell: ({ source, stream, loads, failed }) => (
              <>
                <span className={classes.name}>{source}</span>
                <div className={classes.small}>
                  {stream ? `${stream.title}, ` : ''}
                  {loads === 1 ? `1 ${stream ? 'request' : 'load'}` : `${figure(loads)} ${stream ? 'requests' : 'loads'}`}
                  {failed > 0 ? `, ${figure(failed)} ${stream ? 'loads ' : ''}failed` : ''}
                </div>
              </>
            ),
          },
          { title: 'Latest', cell: ({ stream, lastLoad, running }) => (stream ? <StreamState stream={stream} /> : <LastLoad load={running[0] ?? lastLoad} />) },
          { title: 'Accepted', end: true, cell: ({ accepted }) => figure(accepted) },
          { title: 'Rejected', cell: (pipeline) => <Rejected pipeline={pipeline} /> },
          { title: 'Newest event', cell: ({ lastEventAt }) => (lastEventAt === null ? <None /> : <Time at={lastEventAt} />) },
          // Of what delivers by itself it is how long something waits; the age of an event that was sent late says nothing about Mercat.
          { title: 'Lag', cell: ({ stream, lagSeconds }) => <Lag seconds={stream ? stream.waiting.lagSeconds : lagSeconds} /> },
        ]}
      />
    </>
  )
}

function Lag({ seconds }: { seconds: number | null }) {
  return seconds === null ? <None /> : <span className={classes.lag}>{span(seconds)}</span>
}

function LastLoad({ load }: { load: Pipeline['lastLoad'] }) {
  if (load === null) return <None />
  const state = load.state === 'loaded' && load.error !== null ? 'failed' : load.state
  return (
    <>
      <Badge size="sm" color={colorOf(state)}>
        {state === 'running' ? `Running, ${figure(load.accepted)} rows so far` : stateWords(state)}
      </Badge>{' '}
      <Text component="span" size="sm">
        <Time at={load.finishedAt ?? load.startedAt} />
      </Text>
      {load.label === null ? null : <div className={classes.small}>{load.label}</div>}
      {load.error === null ? null : <div className={classes.small}>{load.error}</div>}
    </>
  )
}

function Rejected({ pipeline: { stream, rejected, rejects } }: { pipeline: Pipeline }) {
  return (
    <>
      {figure(rejected)}
      {stream && stream.setAside > 0 ? <div className={classes.small}>{figure(stream.setAside)} set aside now</div> : null}
      {rejects && rejects.length > 0 ? (
        <ul className={classes.rejects}>
          {rejects.map(({ reason, rows }) => (
            <li key={reason}>
              {figure(rows)}: {reason}
            </li>
          ))}
        </ul>
      ) : null}
    </>
  )
}

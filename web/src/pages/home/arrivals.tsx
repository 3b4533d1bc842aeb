/** Whether everything works, in one line, and what came in lately. */
import { Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useApi } from '../../api.ts'
import { Card, figure, Loading, Problem, Section, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './home.module.css'

const words = { ok: 'Everything works', degraded: 'Something needs attention', down: 'Mercat cannot work at the moment' }
const signs = { ok: IconCircleCheck, degraded: IconAlertTriangle, down: IconPlugConnectedX }
const most = 4

export function Arrivals({ account }: { account: Account }) {
  const status = useApi('health', 'status', { account: account.systemName }, { every: 30_000 })
  const pipelines = useApi('health', 'pipelines', { account: account.systemName })
  const Sign = signs[status.data?.state ?? 'ok']
  const rows = pipelines.data?.pipelines.slice(0, most) ?? []
  return (
    <Section title="How it runs">
      {status.error && !status.data ? <Problem error={status.error} retry={status.refetch} what="The status" /> : null}
      {!status.data && !status.error ? <Loading rows={1} height={72} what="the status" /> : null}
      {status.data ? (
        <Card>
          <div className={classes.calm} data-state={status.data.state}>
            <Sign size={20} aria-hidden className={classes.sign} />
            <Text size="sm" component="div" className={classes.words}>
              <Link to="/a/$account/$page" params={{ account: account.systemName, page: 'health' }} className={classes.state}>
                {words[status.data.state]}
              </Link>
              {status.data.reasons[0] ? `: ${status.data.reasons[0].message}` : ''}
            </Text>
          </div>
          {rows.length > 0 ? (
            <ul className={classes.sources} aria-label="What came in lately">
              {rows.map(({ source, accepted, lastEventAt, lastLoad, stream }) => (
                <li key={source}>
                  <bdi className={classes.source}>{source}</bdi>
                  <span className={classes.small}>
                    {figure(accepted)} rows in 7 days
                    <Came what={stream ? 'last received' : 'last load'} at={stream ? stream.lastReceivedAt : (lastLoad?.startedAt ?? null)} />
                    <Came what="newest event" at={lastEventAt} />
                  </span>
                </li>
              ))}
            </ul>
          ) : null}
        </Card>
      ) : null}
    </Section>
  )
}

function Came({ what, at }: { what: string; at: string | null }) {
  if (at === null) return null
  return (
    <>
      , {what} <Time at={at} />
    </>
  )
}

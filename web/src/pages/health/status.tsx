/** How Mercat is, at a glance: one state, why, what to do, and the parts it is made of. */
import { Badge, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconPlugConnectedX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Card, figure, Time } from '../../kit/index.ts'
import type { Output } from '../../server.ts'
import classes from './health.module.css'
import { Said } from './said.tsx'
import { colorOf, span } from './words.ts'

export type Status = Output<'health', 'status'>

const headings = { ok: 'Everything works', degraded: 'Something needs attention', down: 'Mercat cannot work at the moment' }
const signs = { ok: IconCircleCheck, degraded: IconAlertTriangle, down: IconPlugConnectedX }

export function Overall({ status }: { status: Status }) {
  const Sign = signs[status.state]
  return (
    <div className={classes.overall} data-state={status.state} role="status">
      <Sign size={24} aria-hidden className={classes.sign} />
      <div className={classes.words}>
        <Text component="h2" fw={650}>
          {headings[status.state]}
        </Text>
        {status.reasons.length > 0 ? (
          <ul className={classes.reasons}>
            {status.reasons.map(({ what, message, action }) => (
              <li key={`${what} ${message}`}>
                <Said>{message}</Said>{' '}
                <Text component="span" size="sm" c="dimmed">
                  <Said>{action}</Said>
                </Text>
              </li>
            ))}
          </ul>
        ) : (
          <Text size="sm" c="dimmed">
            Stores answer, jobs run, and nothing failed lately.
          </Text>
        )}
      </div>
    </div>
  )
}

export function Parts({ status }: { status: Status }) {
  const { stores, jobs, streams, facts, webhooks, mcp, mercat } = status
  return (
    <div className={classes.parts}>
      {stores.map((store) => (
        <Part
          key={store.store}
          title={store.store === 'operational' ? 'Operational store' : 'Analytics store'}
          good={store.reachable}
          badge={store.reachable ? 'Reachable' : 'Not reachable'}
          facts={[
            ['Engine', `${store.engine}${store.version === null ? '' : ` ${store.version}`}`],
            ['Answers in', store.latencyMs === null ? '–' : `${store.latencyMs} ms`],
            ['Schema', store.schemaVersion === null ? '–' : `Version ${store.schemaVersion}`],
            ...(store.sizeBytes === null ? [] : ([['Size', `${figure(Math.round(store.sizeBytes / 1e6))} MB`]] as const)),
          ]}
        />
      ))}
      <Part
        title="Jobs"
        good={jobs === null ? null : jobs.working}
        badge={jobs === null ? 'Not known' : jobs.working === null ? 'Starting' : jobs.working ? 'Working' : 'Not working'}
        facts={
          jobs === null
            ? []
            : [
                ['Running', jobs.running],
                ['Waiting', jobs.queued],
                ['Failed in 24 h', jobs.failedLastDay],
                ...(jobs.oldestQueuedAt === null ? [] : ([['Oldest waits since', <Time key="oldest" at={jobs.oldestQueuedAt} />]] as const)),
              ]
        }
      />
      <Part
        title="Figures"
        good={facts === null ? null : true}
        badge={facts === null ? 'Not known' : facts.recounting ? 'Being counted anew' : 'Counted'}
        facts={
          facts === null
            ? []
            : [
                ['Newest event', facts.dataAsOf === null ? 'None yet' : <Time key="as-of" at={facts.dataAsOf} />],
                ['Loads not counted', facts.loadsNotCounted],
              ]
        }
      />
      <Streams streams={streams} />
      <Webhooks webhooks={webhooks} />
      <Part
        title="MCP"
        good={mcp.enabled ? true : null}
        badge={mcp.enabled ? 'On' : 'Off'}
        facts={[
          ['Calls in 1 h', mcp.callsLastHour ?? '–'],
          ['With an error', mcp.errorsLastHour ?? '–'],
          ['Through Mercat’s fault', mcp.faultsLastHour ?? '–'],
        ]}
      />
      <Part
        title="Mercat"
        good={true}
        badge={`Version ${mercat.version}`}
        facts={[
          ['Up for', span(mercat.uptimeSeconds)],
          ['Started', <Time key="started" at={mercat.startedAt} />],
        ]}
      />
    </div>
  )
}

function Streams({ streams }: Pick<Status, 'streams'>) {
  if (streams === null) return <Part title="Sources" good={null} badge="Not known" facts={[]} />
  const { on, behind, refusing, waiting, oldestWaitingAt, setAside } = streams
  if (on === 0 && waiting === 0 && setAside === 0) return null
  const trouble = behind > 0 ? 'Behind' : refusing > 0 ? 'Refused' : setAside > 0 ? 'Not all loaded' : undefined
  return (
    <Part
      title="Sources"
      good={trouble === undefined}
      badge={trouble ?? 'Working'}
      facts={[
        ['On', on],
        ['Items waiting', figure(waiting)],
        ['Set aside', figure(setAside)],
        ...(oldestWaitingAt === null ? [] : ([['Oldest waits since', <Time key="oldest" at={oldestWaitingAt} />]] as const)),
      ]}
    />
  )
}

function Webhooks({ webhooks }: Pick<Status, 'webhooks'>) {
  if (webhooks === null || webhooks.endpoints.length === 0) return null
  const { pending, oldestPendingAt, failedLastDay, lastDeliveredAt, endpoints } = webhooks
  const troubled = failedLastDay > 0 || endpoints.some(({ lastError }) => lastError !== null)
  return (
    <Part
      title="Webhooks"
      good={!troubled}
      badge={troubled ? 'Not all delivered' : 'Delivered'}
      facts={[
        ['Pending', pending],
        ['Failed in 24 h', failedLastDay],
        ['Last delivery', lastDeliveredAt === null ? 'None yet' : <Time key="delivered" at={lastDeliveredAt} />],
        ...(oldestPendingAt === null ? [] : ([['Oldest waits since', <Time key="oldest" at={oldestPendingAt} />]] as const)),
      ]}
    />
  )
}

interface PartProps {
  readonly title: string
  /** null: neither. */
  readonly good: boolean | null
  readonly badge: string
  readonly facts: readonly (readonly [title: string, value: ReactNode])[]
}

function Part({ title, good, badge, facts }: PartProps) {
  return (
    <Card>
      <div className={classes.head}>
        <Text component="h3" fw={620}>
          {title}
        </Text>
        <Badge size="sm" color={good === null ? 'gray' : colorOf(good ? 'ok' : 'down')}>
          {badge}
        </Badge>
      </div>
      {facts.length > 0 ? (
        <dl className={classes.facts}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </Card>
  )
}

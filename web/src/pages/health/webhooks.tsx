/** What was told to the platform that sends: each delivery, how often it was tried, what is wrong, and sending a failed one again. */
import { Badge, Button, Modal, SegmentedControl } from '@mantine/core'
import { IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import { useApi, useChange, usePages } from '../../api.ts'
import { CopyField, done, Empty, Loading, More, None, Problem, Records, Section, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import classes from './health.module.css'
import type { Status } from './status.tsx'
import { colorOf } from './words.ts'

type Delivery = Output<'webhooks', 'deliveries'>['deliveries'][number]
type Choice = 'all' | Delivery['state']

const everyMs = 5_000
const choices: { value: Choice; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'pending', label: 'Pending' },
  { value: 'failed', label: 'Failed' },
  { value: 'delivered', label: 'Delivered' },
]

export function WebhooksSection({ account, status }: { account: Account; status: Status | undefined }) {
  const [choice, setChoice] = useState<Choice>('all')
  const list = usePages('webhooks', 'deliveries', { account: account.systemName, ...(choice === 'all' ? {} : { state: choice }) }, { every: everyMs, keep: true })
  const deliveries = list.data?.pages.flatMap((page) => page.deliveries) ?? []
  const none = status?.webhooks?.endpoints.length === 0
  return (
    <Section
      title="Outgoing webhooks"
      description="What the platform that sends was told of decisions made here, newest first. What is not taken is sent again for about three days."
      actions={none ? null : <SegmentedControl size="xs" aria-label="Which deliveries" data={choices} value={choice} onChange={(value) => setChoice(value as Choice)} />}
    >
      {list.data ? (
        deliveries.length === 0 ? (
          <Empty icon={IconWebhook} title={choice === 'all' ? 'Nothing was sent yet' : 'None of these'}>
            {none
              ? 'Somebody who may change the account adds an endpoint in the settings, under Webhooks.'
              : 'Approvals and activations appear here as they are told to the endpoints.'}
          </Empty>
        ) : (
          <>
            <List account={account} deliveries={deliveries} />
            <More of={list} />
          </>
        )
      ) : list.error ? (
        <Problem error={list.error} retry={list.refetch} what="Outgoing webhooks" />
      ) : (
        <Loading rows={2} what="outgoing webhooks" />
      )}
    </Section>
  )
}

function List({ account, deliveries }: { account: Account; deliveries: readonly Delivery[] }) {
  const [opened, setOpened] = useState<Delivery>()
  const replay = useChange('webhooks', 'replay')
  const reads = account.scopes.includes('manage:account') || account.scopes.includes('approve:drafts')
  return (
    <>
      {replay.error ? <Problem error={replay.error} /> : null}
      <Records
        label="Outgoing webhooks"
        rows={deliveries}
        keyOf={({ id }) => String(id)}
        columns={[
          {
            title: 'Event',
            quiet: true,
            cell: ({ event, type, createdAt }) => (
              <>
                <span className={classes.name}>{event}</span>
                <div className={classes.small}>{type}</div>
                <div>
                  <Moment at={createdAt} />
                </div>
              </>
            ),
          },
          { title: 'Endpoint', cell: ({ host }) => <span className={classes.small}>{host}</span> },
          { title: 'State', cell: (delivery) => <State delivery={delivery} /> },
          { title: 'Attempts', end: true, cell: ({ attempts }) => attempts },
          { title: 'Next', cell: ({ nextAt, sending }) => (sending ? 'Now' : nextAt === null ? <None /> : <Moment at={nextAt} />) },
          {
            title: 'Actions',
            end: true,
            quiet: true,
            cell: (delivery) => (
              <>
                {delivery.replayable ? (
                  <Button
                    size="xs"
                    variant="default"
                    loading={replay.isPending && replay.variables.id === delivery.id}
                    onClick={() => replay.mutate({ account: account.systemName, id: delivery.id }, { onSuccess: () => done('It is being sent again') })}
                    aria-label={`Send again ${delivery.messageId} to ${delivery.host}`}
                  >
                    Send again
                  </Button>
                ) : null}
                {reads ? (
                  <Button size="xs" variant="subtle" onClick={() => setOpened(delivery)} aria-label={`Show the message ${delivery.messageId}`}>
                    Show
                  </Button>
                ) : null}
              </>
            ),
          },
        ]}
      />
      <Modal opened={opened !== undefined} onClose={() => setOpened(undefined)} title={opened ? `${opened.event}: the message` : ''} size="lg">
        {opened ? <Message account={account} delivery={opened} /> : null}
      </Modal>
    </>
  )
}

function Moment({ at }: { at: string }) {
  return (
    <span className={classes.moment}>
      <Time at={at} />
    </span>
  )
}

function State({ delivery: { state, attempts, lastError, endedAt } }: { delivery: Delivery }) {
  const retrying = state === 'pending' && attempts > 0
  return (
    <>
      <Badge size="sm" color={colorOf(retrying ? 'retrying' : state)}>
        {retrying ? 'Not taken yet' : { pending: 'Pending', delivered: 'Delivered', failed: 'Failed' }[state]}
      </Badge>{' '}
      {state === 'delivered' && endedAt !== null ? <Moment at={endedAt} /> : null}
      {lastError === null ? null : <div className={classes.small}>{lastError}</div>}
    </>
  )
}

function Message({ account, delivery: { id, messageId } }: { account: Account; delivery: Delivery }) {
  const { data, error, refetch } = useApi('webhooks', 'payload', { account: account.systemName, id })
  if (error) return <Problem error={error} retry={refetch} what="The message" />
  if (!data) return <Loading rows={1} height={160} what="the message" />
  return <CopyField block label={`Message ${messageId}`} value={JSON.stringify(JSON.parse(data.body), null, 2)} />
}

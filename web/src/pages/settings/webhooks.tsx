/** Where the account's decisions are told: its webhook endpoints, each changed at once, apart from the form of settings. */
import { Button, Stack, Text } from '@mantine/core'
import { IconPlus, IconWebhook } from '@tabler/icons-react'
import { useState } from 'react'
import { useApi, useChange } from '../../api.ts'
import { Confirm, done, Empty, Loading, Problem, Section } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { AddEndpoint } from './webhooks/add-endpoint.tsx'
import { EndpointCard } from './webhooks/endpoint-card.tsx'
import { NewSecret } from './webhooks/new-secret.tsx'
import type { Endpoint } from './webhooks/types.ts'

export function Webhooks({ account }: { account: Account }) {
  const { data, error, refetch } = useApi('webhooks', 'list', { account: account.systemName })
  const [adding, setAdding] = useState(false)
  const add = (
    <Button variant="default" leftSection={<IconPlus size={16} />} disabled={data !== undefined && data.endpoints.length >= data.most} onClick={() => setAdding(true)}>
      Add an endpoint
    </Button>
  )
  return (
    <Section
      title="Webhooks"
      description="Where Mercat tells the platform that sends what people decided here: drafts approved or rejected, campaigns and flows activated, paused, stopped. Each message is signed, and sent again until it is taken."
    >
      {data ? (
        data.endpoints.length === 0 ? (
          <Empty icon={IconWebhook} title="Nobody is told yet" action={add}>
            Add the address at which your platform takes webhooks. What is decided before that is not sent later.
          </Empty>
        ) : (
          <Stack gap="sm">
            <List account={account} endpoints={data.endpoints} />
            <div>{add}</div>
            {data.endpoints.length >= data.most && (
              <Text size="sm" c="dimmed">
                An account has at most {data.most} endpoints.
              </Text>
            )}
          </Stack>
        )
      ) : error ? (
        <Problem error={error} retry={refetch} what="Webhooks" />
      ) : (
        <Loading rows={1} height={120} what="webhooks" />
      )}
      <AddEndpoint account={account} opened={adding} onClose={() => setAdding(false)} />
    </Section>
  )
}

type Step = 'rotate' | 'turnOff' | 'remove'

function List({ account, endpoints }: { account: Account; endpoints: readonly Endpoint[] }) {
  const [asked, setAsked] = useState<{ step: Step; endpoint: Endpoint }>()
  const [secret, setSecret] = useState<{ secret: string; previousUntil: string }>()
  const rotate = useChange('webhooks', 'rotate')
  const setEnabled = useChange('webhooks', 'setEnabled')
  const remove = useChange('webhooks', 'remove')
  const of = { account: account.systemName }
  const when = (step: Step) => (asked?.step === step ? { ...of, id: asked.endpoint.id } : undefined)
  const off = when('turnOff')
  const host = asked?.endpoint.host ?? ''
  const onClose = () => setAsked(undefined)
  return (
    <>
      {setEnabled.error && !asked ? <Problem error={setEnabled.error} /> : null}
      {endpoints.map((endpoint) => (
        <EndpointCard
          key={endpoint.id}
          account={account}
          endpoint={endpoint}
          onRotate={() => setAsked({ step: 'rotate', endpoint })}
          onRemove={() => setAsked({ step: 'remove', endpoint })}
          onSwitch={() =>
            endpoint.enabled
              ? setAsked({ step: 'turnOff', endpoint })
              : setEnabled.mutate({ ...of, id: endpoint.id, enabled: true }, { onSuccess: () => done(`${endpoint.host} is told from now on`) })
          }
        />
      ))}
      <Confirm title={`Make a new secret for ${host}?`} action="Make a new secret" dangerous={false} change={rotate} input={when('rotate')} onDone={setSecret} onClose={onClose}>
        Messages are signed with both secrets for 24 hours: put the new one into the receiver within that time. After it the old one signs nothing.
      </Confirm>
      <Confirm
        title={`Turn ${host} off?`}
        action="Turn off"
        change={setEnabled}
        input={off && { ...off, enabled: false }}
        onDone={() => done(`${host} is told nothing from now on`)}
        onClose={onClose}
      >
        It is told nothing while it is off, and what happens meanwhile is not sent later. Messages that still wait for it are given up: the page Mission control lists them, and
        each can be sent again.
      </Confirm>
      <Confirm title={`Remove ${host}?`} action="Remove" change={remove} input={when('remove')} onDone={() => done(`${host} is removed`)} onClose={onClose}>
        It is told nothing any more, its secret is deleted, and so is the list of what was delivered to it.
      </Confirm>
      <NewSecret given={secret} onClose={() => setSecret(undefined)} />
    </>
  )
}

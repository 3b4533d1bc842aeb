/** One endpoint: where it is, whether it is told, and a test whose result is shown at once. */
import { Alert, Badge, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconSend } from '@tabler/icons-react'
import { useChange } from '../../../api.ts'
import { Card, figure, Problem, Time } from '../../../kit/index.ts'
import type { Account, Output } from '../../../server.ts'
import classes from './endpoint-card.module.css'
import type { Endpoint } from './types.ts'

interface CardProps {
  readonly account: Account
  readonly endpoint: Endpoint
  readonly onRotate: () => void
  readonly onSwitch: () => void
  readonly onRemove: () => void
}

export function EndpointCard({ account, endpoint, onRotate, onSwitch, onRemove }: CardProps) {
  const { id, url, host, enabled } = endpoint
  const test = useChange('webhooks', 'test')
  const named = (verb: string) => ({ 'aria-label': `${verb} ${host}` })
  return (
    <article aria-label={host}>
      <Card>
        <Group justify="space-between" gap="sm" wrap="nowrap" align="flex-start">
          <code className={classes.url}>{url}</code>
          <State endpoint={endpoint} />
        </Group>
        <Text size="sm" c="dimmed" mt={4} component="div">
          <Facts endpoint={endpoint} />
        </Text>
        <Group gap="xs" mt="md">
          <Button
            size="xs"
            variant="light"
            leftSection={<IconSend size={14} aria-hidden />}
            disabled={!enabled}
            loading={test.isPending}
            onClick={() => test.mutate({ account: account.systemName, id })}
            {...named('Send a test to')}
          >
            Send a test
          </Button>
          <Button size="xs" variant="default" onClick={onRotate} {...named('Make a new secret for')}>
            New secret
          </Button>
          <Button size="xs" variant="default" onClick={onSwitch} {...named(enabled ? 'Turn off' : 'Turn on')}>
            {enabled ? 'Turn off' : 'Turn on'}
          </Button>
          <Button size="xs" variant="subtle" color="red" onClick={onRemove} {...named('Remove')}>
            Remove
          </Button>
        </Group>
        <div className={classes.result}>{test.error ? <Problem error={test.error} /> : test.data ? <Result result={test.data} /> : null}</div>
      </Card>
    </article>
  )
}

function State({ endpoint: { enabled, disabledReason } }: { endpoint: Endpoint }) {
  if (enabled)
    return (
      <Badge miw="max-content" color="teal">
        On
      </Badge>
    )
  return disabledReason === 'gone' ? (
    <Badge miw="max-content" color="red">
      Gone
    </Badge>
  ) : (
    <Badge miw="max-content" color="gray">
      Off
    </Badge>
  )
}

function Facts({ endpoint: { createdAt, createdBy, disabledAt, disabledReason, previousUntil } }: { endpoint: Endpoint }) {
  const overlaps = previousUntil !== null && new Date(previousUntil) > new Date()
  return (
    <>
      Added <Time at={createdAt} />
      {createdBy === null ? '' : ` by ${createdBy}`}.
      {disabledAt === null ? null : (
        <>
          {' '}
          {disabledReason === 'gone' ? 'The receiver said that it is gone (410), and it was turned off' : 'Turned off'} <Time at={disabledAt} />.
        </>
      )}
      {overlaps ? (
        <>
          {' '}
          Two secrets sign until <Time at={previousUntil} show="exact" />.
        </>
      ) : null}
    </>
  )
}

function Result({ result: { delivered, status, problem, ms } }: { result: Output<'webhooks', 'test'> }) {
  return delivered ? (
    <Alert color="teal" variant="light" icon={<IconCircleCheck aria-hidden />} title="The test was taken" role="status">
      The receiver answered with status {status} in {figure(ms)} ms.
    </Alert>
  ) : (
    <Alert color="red" variant="light" icon={<IconAlertTriangle aria-hidden />} title="The test was not taken" role="alert">
      {problem}
    </Alert>
  )
}

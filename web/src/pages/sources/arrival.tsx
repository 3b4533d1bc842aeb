/** The third step: what arrives is told as it arrives, and what is refused with its reason and what to look at. */
import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core'
import { IconBan, IconCircleCheck, IconPencil, IconPower, IconRefresh } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type ApiError, useChange } from '../../api.ts'
import { Card, done, Problem, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import classes from './setup.module.css'
import { Checks, Refusal, refusalTitle } from './refusal.tsx'
import { type Heading, StepTitle } from './step-title.tsx'
import type { SourceDetail, SourceKind } from './types.ts'
import { firstDelivery, rowWords, sumOf } from './words.ts'

interface ArrivalProps {
  readonly account: Account
  readonly source: SourceDetail
  readonly kind: SourceKind
  readonly heading: Heading
  /** The last look did not work. */
  readonly error: ApiError | null
  readonly onBack: () => void
}

export function Arrival({ account, source, kind, heading, error, onBack }: ArrivalProps) {
  const { state, connection, id } = source
  const arrived = (source.lastReceivedAt ?? source.pulledAt) !== null && state !== 'refusing'
  return (
    <Stack gap="lg">
      <StepTitle heading={heading} title={connection === 'pull' ? 'See the first answer come' : 'See a first delivery come'}>
        {firstDelivery(kind)} This page looks every two seconds.
      </StepTitle>
      {error ? <Problem error={error} /> : null}
      <div aria-live="polite">
        <Now source={source} />
      </div>
      {state === 'refusing' ? <Checks source={source} /> : null}
      <Group justify="space-between" gap="xs">
        <Button variant="default" onClick={onBack}>
          Back to what to paste
        </Button>
        <Group gap="xs" ml="auto">
          {connection === 'pull' ? <PullNow account={account} source={source} /> : null}
          <Button component={Link} to={`/a/${account.systemName}/sources/${id}`} variant={arrived ? 'filled' : 'default'}>
            {arrived ? 'Done' : 'Finish later'}
          </Button>
        </Group>
      </Group>
    </Stack>
  )
}

function Now({ source }: { source: SourceDetail }) {
  const { state, connection, missing, title, lastReceivedAt, pulledAt } = source
  if (state === 'unfinished')
    return (
      <Alert color="yellow" icon={<IconPencil aria-hidden />} title="Something is still missing">
        Go back and give {missing.join(', ')}: until then nothing can be taken from {title}.
      </Alert>
    )
  if (state === 'off')
    return (
      <Alert color="gray" icon={<IconPower aria-hidden />} title="The source is off">
        What is delivered is refused until it is turned on.
      </Alert>
    )
  if (state === 'refusing')
    return (
      <Alert color="red" icon={<IconBan aria-hidden />} title={refusalTitle(source)}>
        <Refusal source={source} />
      </Alert>
    )
  if (lastReceivedAt !== null) return <Received source={source} at={lastReceivedAt} />
  if (pulledAt !== null)
    return (
      <Alert color="teal" icon={<IconCircleCheck aria-hidden />} title="It works">
        Asked <Time at={pulledAt} show="seconds" />: {title} has nothing for the figures yet.
      </Alert>
    )
  return <Waiting>{connection === 'pull' ? `Waiting for the first answer of ${title}` : `Waiting for a first delivery from ${title}`}</Waiting>
}

function Waiting({ children }: { children: ReactNode }) {
  return (
    <Card>
      <div className={classes.waiting}>
        <Loader type="dots" size="sm" aria-hidden />
        <Text fw={600}>{children}</Text>
      </div>
    </Card>
  )
}

function Received({ source: { days, waiting, setAside }, at }: { source: SourceDetail; at: string }) {
  const { accepted, ignored } = sumOf(days)
  return (
    <Alert color="teal" icon={<IconCircleCheck aria-hidden />} title="It works">
      Received <Time at={at} show="seconds" />: {rowWords(accepted)} loaded
      {waiting.items > 0 ? `, ${rowWords(waiting.items)} being loaded now` : ''}
      {setAside > 0 ? `, ${rowWords(setAside)} set aside: the page of the source says why` : ''}.
      {accepted + waiting.items + setAside === 0 ? (ignored > 0 ? ' No figure needs what came so far.' : ' The first deliveries of a platform are often empty tests.') : ''}
    </Alert>
  )
}

export function PullNow({ account, source: { id, title, state } }: { account: Account; source: Pick<SourceDetail, 'id' | 'title' | 'state'> }) {
  const pull = useChange('sources', 'pull')
  return (
    <>
      <Button
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={pull.isPending}
        disabled={state === 'off' || state === 'unfinished'}
        onClick={() => pull.mutate({ account: account.systemName, id }, { onSuccess: () => done(`${title} is being asked`) })}
      >
        Pull now
      </Button>
      {pull.error ? <Problem error={pull.error} /> : null}
    </>
  )
}

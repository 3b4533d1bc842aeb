/** Where the person is signed in, the ways to end it, and who else vouches for them. */
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Confirm, done, Problem, Section, Time } from '../../kit/index.ts'
import classes from './security.module.css'
import { methodsInWords } from './sign-in-words.ts'
import type { SecurityStatus, SessionOf } from './types.ts'

export function Sessions({ sessions }: { sessions: SecurityStatus['sessions'] }) {
  const [asking, setAsking] = useState<'others' | 'everywhere'>()
  const inOrder = [...sessions].sort((a, b) => Number(b.current) - Number(a.current))
  const others = useChange('security', 'signOutOthers')
  const everywhere = useChange('security', 'signOutEverywhere', { signsOut: true })
  const close = () => setAsking(undefined)
  return (
    <Section title="Where you are signed in" description="Browsers, not apps: a browser is signed out by itself after 12 hours.">
      <Stack gap="md">
        <Card flush>
          <ul className={classes.rows}>
            {inOrder.map((session) => (
              <SessionRow key={session.id} session={session} />
            ))}
          </ul>
        </Card>
        <Group gap="xs">
          {sessions.length > 1 && (
            <Button variant="default" onClick={() => setAsking('others')}>
              Sign out the others
            </Button>
          )}
          <Button variant="default" onClick={() => setAsking('everywhere')}>
            Sign out everywhere
          </Button>
        </Group>
      </Stack>
      <Confirm
        title="Sign out the others?"
        action="Sign out the others"
        change={others}
        input={asking === 'others' ? {} : undefined}
        onDone={({ ended }) => done(ended === 1 ? 'One browser is signed out' : `${ended} browsers are signed out`)}
        onClose={close}
      >
        Every browser but this one is signed out at once. Connected apps stay connected.
      </Confirm>
      <Confirm title="Sign out everywhere?" action="Sign out everywhere" change={everywhere} input={asking === 'everywhere' ? {} : undefined} onClose={close}>
        Every browser is signed out, this one too. <b>Every connected app is disconnected</b>, in all accounts: assistants are refused from the next call on, and you connect them
        anew. Use this when somebody else may have got in; then change your password.
      </Confirm>
    </Section>
  )
}

function SessionRow({ session: { id, current, device, methods, signedInAt, lastSeenAt } }: { session: SessionOf }) {
  const end = useChange('security', 'endSession')
  return (
    <li>
      <Group justify="space-between" gap="sm">
        <div className={classes.words}>
          <Group gap={8}>
            <Text size="sm" fw={600}>
              {device}
            </Text>
            {current && <Badge color="teal">this browser</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            Signed in <Time at={signedInAt} /> by {methodsInWords(methods)}. Last seen <Time at={lastSeenAt} />.
          </Text>
        </div>
        {!current && (
          <Button
            size="xs"
            variant="default"
            loading={end.isPending}
            onClick={() => end.mutate({ id }, { onSuccess: () => done(`${device} is signed out`) })}
            aria-label={`Sign out ${device}`}
          >
            Sign out
          </Button>
        )}
      </Group>
      {end.error ? <Problem error={end.error} /> : null}
    </li>
  )
}

export function External({ external }: { external: SecurityStatus['external'] }) {
  if (external.length === 0) return null
  return (
    <Section title="Single sign-on" description="A provider that vouches for you. Whoever runs this Mercat sets it up.">
      <Card flush>
        <ul className={classes.rows}>
          {external.map(({ issuer, since, lastUsedAt }) => (
            <li key={issuer}>
              <Text size="sm" fw={600} className={classes.words}>
                {issuer}
              </Text>
              <Text size="sm" c="dimmed">
                Since <Time at={since} />.{' '}
                {lastUsedAt === null ? (
                  'Not used yet.'
                ) : (
                  <>
                    Last used <Time at={lastUsedAt} />.
                  </>
                )}
              </Text>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  )
}

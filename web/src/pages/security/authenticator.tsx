/** The authenticator app as a second step: setting it up, its recovery codes, taking it away. */
import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Confirm, done, Problem, Section, Time } from '../../kit/index.ts'
import { RecoveryCodes } from './recovery-codes.tsx'
import { Setup } from './setup.tsx'
import type { SecurityStatus } from './types.ts'

/** From this few left on, the page says so. */
const few = 3

export function Authenticator({ status: { totp, recoveryCodesLeft } }: { status: SecurityStatus }) {
  const [codes, setCodes] = useState<readonly string[]>()
  const begin = useChange('security', 'beginTotp')
  return (
    <Section title="Authenticator app" description="A second step after the password: a code that your telephone shows, new every 30 seconds.">
      <Card>
        <Stack gap="md">
          {totp ? (
            <On since={totp.since} left={recoveryCodesLeft} onCodes={setCodes} />
          ) : (
            <Group justify="space-between" gap="md">
              <Text size="sm">Not set up. With it, a stolen password alone lets nobody in.</Text>
              <Button onClick={() => begin.mutate({})} loading={begin.isPending}>
                Set up
              </Button>
            </Group>
          )}
          {begin.error && begin.error.code !== 'sign_in_again' ? <Problem error={begin.error} /> : null}
        </Stack>
      </Card>
      <Modal opened={begin.data !== undefined} onClose={begin.reset} title="Set up an authenticator app" closeOnClickOutside={false}>
        {begin.data && (
          <Setup
            {...begin.data}
            onCancel={begin.reset}
            onConfirmed={(recoveryCodes) => {
              begin.reset()
              setCodes(recoveryCodes)
              done('Your authenticator app is set up')
            }}
          />
        )}
      </Modal>
      {/* Not to be closed by accident: the codes are never shown again. */}
      <Modal opened={codes !== undefined} onClose={() => {}} title="Your recovery codes" withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false}>
        {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(undefined)} />}
      </Modal>
    </Section>
  )
}

function On({ since, left, onCodes }: { since: string; left: number; onCodes: (codes: readonly string[]) => void }) {
  const [asking, setAsking] = useState<'remove' | 'renew'>()
  const remove = useChange('security', 'removeTotp')
  const renew = useChange('security', 'renewRecoveryCodes')
  const close = () => setAsking(undefined)
  return (
    <>
      <Group justify="space-between" gap="md">
        <div>
          <Group gap={8}>
            <Text size="sm" fw={600}>
              Authenticator app
            </Text>
            <Badge color="teal">On</Badge>
          </Group>
          <Text size="sm" c="dimmed" mt={2}>
            Set up <Time at={since} />. Mercat asks for a code after your password.
          </Text>
        </div>
        <Button variant="default" onClick={() => setAsking('remove')}>
          Remove
        </Button>
      </Group>
      <Group justify="space-between" gap="md">
        <div>
          <Group gap={8}>
            <Text size="sm" fw={600}>
              Recovery codes
            </Text>
            <Badge color={left < few ? 'yellow' : 'gray'}>{left === 1 ? '1 left' : `${left} left`}</Badge>
          </Group>
          <Text size="sm" c="dimmed" mt={2}>
            {left < few ? 'Only few are left: make new ones.' : 'For when your telephone is not at hand. Each works once.'}
          </Text>
        </div>
        <Button variant="default" onClick={() => setAsking('renew')}>
          Make new codes
        </Button>
      </Group>
      <Confirm
        title="Remove the authenticator app?"
        action="Remove"
        change={remove}
        input={asking === 'remove' ? {} : undefined}
        onDone={() => done('Your authenticator app is removed')}
        onClose={close}
      >
        From the next sign-in on, your password alone is enough. Your recovery codes stop working.
      </Confirm>
      <Confirm
        title="Make new recovery codes?"
        action="Make new codes"
        dangerous={false}
        change={renew}
        input={asking === 'renew' ? {} : undefined}
        onDone={({ recoveryCodes }) => onCodes(recoveryCodes)}
        onClose={close}
      >
        You get ten new codes. Those that you have now stop working at once.
      </Confirm>
    </>
  )
}

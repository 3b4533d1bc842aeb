/** Passkeys: adding one by this browser, naming, removing. */
import { Alert, Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconInfoCircle, IconPlus } from '@tabler/icons-react'
import { browserSupportsWebAuthn, startRegistration, WebAuthnError } from '@simplewebauthn/browser'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Confirm, done, Form, formErrors, FormFoot, Section, Time } from '../../kit/index.ts'
import classes from './security.module.css'
import type { Passkey, SecurityStatus } from './types.ts'

export function Passkeys({ status: { passkeys, passkeysPossible } }: { status: SecurityStatus }) {
  const [adding, setAdding] = useState(false)
  const [naming, setNaming] = useState<Passkey>()
  const [removing, setRemoving] = useState<Passkey>()
  const reason = !passkeysPossible.ok ? passkeysPossible.reason : browserSupportsWebAuthn() ? undefined : 'This browser cannot make passkeys.'
  return (
    <Section title="Passkeys" description="Sign in with your fingerprint, face or device PIN instead of a password. Nobody can phish a passkey.">
      <Stack gap="md">
        {passkeys.length > 0 && (
          <Card flush>
            <ul className={classes.rows}>
              {passkeys.map((passkey) => (
                <li key={passkey.id}>
                  <Group justify="space-between" gap="sm">
                    <div className={classes.words}>
                      <Group gap={8}>
                        <Text size="sm" fw={600}>
                          {passkey.name}
                        </Text>
                        {passkey.backedUp && <Badge color="gray">synced</Badge>}
                      </Group>
                      <Text size="sm" c="dimmed">
                        Added <Time at={passkey.createdAt} />.{' '}
                        {passkey.lastUsedAt === null ? (
                          'Not used yet.'
                        ) : (
                          <>
                            Last used <Time at={passkey.lastUsedAt} />.
                          </>
                        )}
                      </Text>
                    </div>
                    <Group gap="xs">
                      <Button size="xs" variant="default" onClick={() => setNaming(passkey)} aria-label={`Rename ${passkey.name}`}>
                        Rename
                      </Button>
                      <Button size="xs" variant="default" onClick={() => setRemoving(passkey)} aria-label={`Remove ${passkey.name}`}>
                        Remove
                      </Button>
                    </Group>
                  </Group>
                </li>
              ))}
            </ul>
          </Card>
        )}
        {reason === undefined ? (
          <Group>
            <Button variant={passkeys.length > 0 ? 'default' : 'filled'} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
              Add a passkey
            </Button>
          </Group>
        ) : (
          <Alert color="gray" variant="light" icon={<IconInfoCircle aria-hidden />} title="Passkeys are not possible here">
            {reason}
          </Alert>
        )}
      </Stack>
      <Modal opened={adding} onClose={() => setAdding(false)} title="Add a passkey">
        <Add onClose={() => setAdding(false)} />
      </Modal>
      <Modal opened={naming !== undefined} onClose={() => setNaming(undefined)} title="Rename the passkey">
        {naming && <Rename passkey={naming} onClose={() => setNaming(undefined)} />}
      </Modal>
      <Remove passkey={removing} onClose={() => setRemoving(undefined)} />
    </Section>
  )
}

/** What the browser says when no passkey came of it, in words of what to do. */
function failureWords(error: unknown): string {
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED') return 'This device has a passkey for you already.'
  if (error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)) return 'No passkey was made: the request was cancelled or took too long. Try again.'
  return `The browser could not make a passkey${error instanceof Error ? `: ${error.message}` : ''}. Try another browser or device.`
}

function Add({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  const begin = useChange('passkeys', 'begin')
  const finish = useChange('passkeys', 'finish')
  const errors = formErrors(finish.error ?? begin.error, ['name'])
  const add = async () => {
    setFailure(undefined)
    setBusy(true)
    try {
      const { options } = await begin.mutateAsync({})
      const response = await startRegistration({ optionsJSON: options }).catch((error: unknown) => {
        setFailure(failureWords(error))
        return undefined
      })
      if (!response) return
      await finish.mutateAsync({ response: { ...response }, name: name.trim() })
      done('The passkey is added')
      onClose()
    } finally {
      setBusy(false)
    }
  }
  return (
    <Form
      onSubmit={() => {
        // What the API refuses is shown from the two changes.
        if (name.trim() !== '') add().catch(() => {})
        else setFailure('Give the passkey a name first.')
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          description="So that you know it again: the device or password manager that keeps it."
          placeholder="My laptop"
          maxLength={60}
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value)
            setFailure(undefined)
          }}
          error={errors.at('name')}
        />
        <Text size="sm" c="dimmed">
          Your browser asks next how you want to keep it.
        </Text>
        <FormFoot error={failure === undefined ? errors.rest : { message: failure }} action="Go on" busy={busy} onCancel={onClose} />
      </Stack>
    </Form>
  )
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose: () => void }) {
  const [name, setName] = useState(passkey.name)
  const rename = useChange('passkeys', 'rename')
  const errors = formErrors(rename.error, ['name'])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        rename.mutate(
          { id: passkey.id, name: name.trim() },
          {
            onSuccess: () => {
              done('Renamed')
              onClose()
            },
          },
        )
      }}
    >
      <Stack gap="md">
        <TextInput label="Name" maxLength={60} data-autofocus value={name} onChange={({ currentTarget }) => setName(currentTarget.value)} error={errors.at('name')} />
        <FormFoot error={errors.rest} action="Save" busy={rename.isPending} disabled={name.trim() === ''} onCancel={onClose} />
      </Stack>
    </form>
  )
}

function Remove({ passkey, onClose }: { passkey: Passkey | undefined; onClose: () => void }) {
  const remove = useChange('passkeys', 'remove')
  return (
    <Confirm
      title={`Remove ${passkey?.name ?? ''}?`}
      action="Remove"
      change={remove}
      input={passkey && { id: passkey.id }}
      onDone={() => done(`${passkey?.name} is removed`)}
      onClose={onClose}
    >
      Nobody can sign in with this passkey any more. Your device or password manager may still list it: delete it there too.
    </Confirm>
  )
}

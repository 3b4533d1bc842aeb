/** Adding an endpoint: its address, then its secret, which is shown once. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../../api.ts'
import { Form, formErrors, FormFoot } from '../../../kit/index.ts'
import type { Account } from '../../../server.ts'
import { Secret } from './secret.tsx'

interface AddProps {
  readonly account: Account
  readonly onClose: () => void
}

export function AddEndpoint({ opened, ...rest }: AddProps & { readonly opened: boolean }) {
  return (
    <Modal opened={opened} onClose={rest.onClose} title="Add an endpoint" size="lg" closeOnClickOutside={false}>
      <Steps {...rest} />
    </Modal>
  )
}

function Steps({ account, onClose }: AddProps) {
  const [url, setUrl] = useState('')
  const [wrong, setWrong] = useState<string>()
  const add = useChange('webhooks', 'add')
  const errors = formErrors(add.error, ['url'])
  if (add.data) {
    return (
      <Stack gap="md">
        <Secret title="The endpoint is added" secret={add.data.secret}>
          This is the secret that its messages are signed with. It is shown only now.
        </Secret>
        <Text size="sm" c="dimmed">
          Then send a test: the endpoint’s card says at once whether the receiver took it.
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )
  }
  const submit = () => {
    if (url.trim() === '') return setWrong('Give the address, like https://platform.example.com/hooks/mercat')
    add.mutate({ account: account.systemName, url })
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Address"
          description="Where your platform takes webhooks: a public https address. Mercat posts JSON to it."
          placeholder="https://platform.example.com/hooks/mercat"
          type="url"
          autoComplete="off"
          maxLength={2000}
          required
          data-autofocus
          value={url}
          onChange={({ currentTarget }) => {
            setUrl(currentTarget.value)
            setWrong(undefined)
            add.reset()
          }}
          error={wrong ?? errors.at('url')}
        />
        <FormFoot error={errors.rest} action="Add the endpoint" busy={add.isPending} onCancel={onClose} />
      </Stack>
    </Form>
  )
}

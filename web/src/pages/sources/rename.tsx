/** Calling a source something else, in a dialog. */
import { Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { done, Form, FormFoot, formErrors } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import type { SourceDetail } from './types.ts'

interface RenameProps {
  readonly account: Account
  readonly source: Pick<SourceDetail, 'id' | 'name' | 'title'>
  readonly opened: boolean
  readonly onClose: () => void
}

export function Rename({ opened, onClose, ...of }: RenameProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={`Rename ${of.source.name}`}>
      <Naming {...of} onClose={onClose} />
    </Modal>
  )
}

function Naming({ account, source: { id, name: before, title }, onClose }: Omit<RenameProps, 'opened'>) {
  const [name, setName] = useState(before)
  const change = useChange('sources', 'change')
  const errors = formErrors(change.error, ['name'])
  const wanted = name.trim()
  const submit = () => {
    if (wanted === before) return onClose()
    change.mutate(
      { account: account.systemName, id, name: wanted },
      {
        onSuccess: () => {
          done(`It is called ${wanted} now`)
          onClose()
        },
      },
    )
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description={`What it is called here. ${title} itself does not see it.`}
          value={name}
          maxLength={80}
          required
          data-autofocus
          autoComplete="off"
          onChange={({ currentTarget }) => {
            setName(currentTarget.value)
            change.reset()
          }}
          error={errors.at('name')}
        />
        <Text size="sm" c="dimmed">
          What it loaded so far goes by the new name too, in Mission control and in what assistants are told. Nothing changes at {title}.
        </Text>
        <FormFoot error={errors.rest} action="Rename" busy={change.isPending} disabled={wanted === ''} onCancel={onClose} />
      </Stack>
    </Form>
  )
}

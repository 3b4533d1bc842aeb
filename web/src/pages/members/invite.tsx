/** Inviting a person: their address and access, then the link, which is shown once. */
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { CopyField, Form, formErrors, FormFoot, Time } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { AccessForm, accessFields } from './access-form.tsx'
import { accessOf, type AccessValues } from './access.ts'
import type { Members } from './types.ts'

const nothing: AccessValues = { role: 'analyst', scopesAdded: [], scopesRemoved: [], organizations: [], brands: [] }

interface InviteProps {
  readonly account: Account
  readonly members: Members
  readonly opened: boolean
  readonly onClose: () => void
}

export function Invite({ account, members, opened, onClose }: InviteProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Invite a person" size="lg" closeOnClickOutside={false}>
      <InviteSteps account={account} members={members} onClose={onClose} />
    </Modal>
  )
}

function InviteSteps({ account, members, onClose }: Omit<InviteProps, 'opened'>) {
  const [email, setEmail] = useState('')
  const [values, setValues] = useState(nothing)
  const [wrong, setWrong] = useState<string>()
  const invite = useChange('members', 'invite')
  const errors = formErrors(invite.error, ['email', ...accessFields])
  if (invite.data) {
    return (
      <Stack gap="md">
        <Alert color="teal" variant="light" icon={<IconMail aria-hidden />} title={`${email} is invited`} role="status">
          Mercat sends no mail: give the person this link yourself. It is shown only now, works once, and ends <Time at={invite.data.expiresAt} show="exact" />.
        </Alert>
        <CopyField label="Invitation link" value={invite.data.link} />
        <Text size="sm" c="dimmed">
          Whoever opens the link joins with this access. Send it in a way that only {email} can read.
        </Text>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    )
  }
  const submit = () => {
    const address = email.trim()
    if (!/^[^\s@]+@[^\s@]+$/.test(address)) return setWrong('Give an e-mail address, like ada@example.com')
    setEmail(address)
    invite.mutate({ account: account.systemName, email: address, ...accessOf(values) })
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="off"
          required
          data-autofocus
          value={email}
          onChange={({ currentTarget }) => {
            setEmail(currentTarget.value)
            setWrong(undefined)
          }}
          error={wrong ?? errors.at('email')}
        />
        <AccessForm members={members} values={values} onChange={setValues} errors={errors} own={new Set(account.scopes)} />
        <FormFoot error={errors.rest} action="Make the invitation" busy={invite.isPending} onCancel={onClose} />
      </Stack>
    </Form>
  )
}

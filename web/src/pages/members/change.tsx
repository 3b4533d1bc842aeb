/** Changing what a member may do, and removing them. Both act on the next call of their apps. */
import { Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Confirm, done, FormFoot, formErrors } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { AccessForm, accessFields } from './access-form.tsx'
import { accessOf, type AccessValues } from './access.ts'
import type { Member, Members } from './types.ts'

interface MemberDialogProps {
  readonly account: Account
  readonly members: Members
  readonly member: Member | undefined
  readonly onClose: () => void
}

export function ChangeMember({ member, onClose, ...rest }: MemberDialogProps) {
  return (
    <Modal opened={member !== undefined} onClose={onClose} title={`Change ${member?.name ?? ''}`} size="lg" closeOnClickOutside={false}>
      {member && <ChangeForm key={member.userId} member={member} onClose={onClose} {...rest} />}
    </Modal>
  )
}

function ChangeForm({ account, members, member, onClose }: MemberDialogProps & { member: Member }) {
  const [values, setValues] = useState<AccessValues>(() => accessOf(member))
  const change = useChange('members', 'change')
  const errors = formErrors(change.error, accessFields)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate(
          { account: account.systemName, userId: member.userId, ...accessOf(values) },
          {
            onSuccess: () => {
              done(`${member.name} may now do what you chose`)
              onClose()
            },
          },
        )
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {member.email}. A change acts on their next call, here and in their apps. A scope that is added reaches an app only when the person allows it there.
        </Text>
        <AccessForm members={members} values={values} onChange={setValues} errors={errors} own={new Set(account.scopes)} />
        <FormFoot error={errors.rest} action="Save" busy={change.isPending} onCancel={onClose} />
      </Stack>
    </form>
  )
}

export function RemoveMember({ account, member, self, onClose }: Omit<MemberDialogProps, 'members'> & { self: boolean }) {
  const remove = useChange('members', 'remove')
  return (
    <Confirm
      title={self ? `Leave ${account.name}?` : `Remove ${member?.name ?? ''} from ${account.name}?`}
      action={self ? 'Leave the account' : 'Remove'}
      change={remove}
      input={member && { account: account.systemName, userId: member.userId }}
      onDone={() => done(`${member?.name} is no longer a member`)}
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text size="sm">
          {self ? 'You lose' : `${member?.email ?? ''} loses`} access to this account at once. {self ? 'Your' : 'Their'} apps are refused from the next call on.
        </Text>
        <Text size="sm">
          What {self ? 'you' : 'they'} made stays. {self ? 'Only another owner can let you back in.' : 'You can invite them again at any time.'}
        </Text>
        {member?.source === 'directory' && (
          <Text size="sm">
            A group of the sign-in provider gave this membership: {self ? 'you' : 'they'} come back at {self ? 'your' : 'their'} next sign-in there, for as long as the group does.
          </Text>
        )}
      </Stack>
    </Confirm>
  )
}

/** The dialog of a rejection: it wants a reason, which whoever proposed the draft reads. */
import { Modal, Stack, Text, Textarea } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { done, Form, FormFoot, formErrors } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import type { DraftRow } from './types.ts'
import { short } from './words.ts'

interface RejectProps {
  readonly account: Account
  readonly draft: DraftRow
  /** The version that was seen; the dialog is open as long as there is one. */
  readonly revision: number | undefined
  readonly onClose: () => void
  readonly reload: () => void
}

export function Reject({ revision, ...rest }: RejectProps) {
  return (
    <Modal opened={revision !== undefined} onClose={rest.onClose} title="Reject this draft?">
      {revision === undefined ? null : <RejectForm revision={revision} {...rest} />}
    </Modal>
  )
}

function RejectForm({ account, draft, revision, onClose, reload }: RejectProps & { readonly revision: number }) {
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  const reject = useChange('drafts', 'reject')
  const errors = formErrors(reject.error, ['reason'])
  const missing = asked && reason.trim() === '' ? 'Say why: whoever proposed it learns from it.' : undefined
  const submit = () => {
    setAsked(true)
    if (reason.trim() === '') return
    reject.mutate(
      { account: account.systemName, id: draft.id, revision, reason: reason.trim() },
      {
        onSuccess: () => {
          onClose()
          done('Rejected')
        },
        onError: ({ code }) => {
          if (code === 'conflict') reload()
        },
      },
    )
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm" component="div">
          <b>
            <bdi>{short(draft.name, 120)}</bdi>
          </b>{' '}
          goes to the archive and stays there, with your reason. Nothing becomes active.
        </Text>
        <Textarea
          label="Reason"
          required
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
          error={missing ?? errors.at('reason')}
          maxLength={1_000}
          autosize
          minRows={3}
          maxRows={8}
          data-autofocus
          dir="auto"
        />
        <FormFoot error={errors.rest} action="Reject" busy={reject.isPending} onCancel={onClose} />
      </Stack>
    </Form>
  )
}

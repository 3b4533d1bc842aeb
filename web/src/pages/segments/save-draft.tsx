/** The dialog that makes a draft of a rule: what it is called, and whether it is a segment or a target group. */
import { Modal, NumberInput, Radio, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Form, formErrors, FormFoot } from '../../kit/index.ts'
import type { Predicate } from '../../kit/rule-editor/index.ts'
import type { Account } from '../../server.ts'
import type { Beginning, RuleType } from './types.ts'

interface SaveDraftProps {
  readonly account: Account
  readonly opened: boolean
  readonly beginning: Beginning
  readonly tree: Predicate
  readonly onClose: () => void
  readonly onSaved: (draft: { readonly id: string; readonly name: string }) => void
}

export function SaveDraft({ opened, onClose, ...rest }: SaveDraftProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Save as a new draft">
      <SaveForm onClose={onClose} {...rest} />
    </Modal>
  )
}

function SaveForm({ account, beginning, tree, onClose, onSaved }: Omit<SaveDraftProps, 'opened'>) {
  const [name, setName] = useState(beginning.name)
  const [type, setType] = useState<RuleType>(beginning.type)
  const [priority, setPriority] = useState(beginning.priority)
  const [wrong, setWrong] = useState<string>()
  // The same for every try of this dialog: what a lost answer made is not made twice.
  const [key] = useState(() => crypto.randomUUID())
  const propose = useChange('audiences', 'propose')
  const errors = formErrors(propose.error, ['name', 'type', 'priority'])
  const group = type === 'target_group'
  const { exclusions } = beginning
  const submit = () => {
    if (name.trim() === '') return setWrong('Give it a name.')
    propose.mutate(
      {
        account: account.systemName,
        type,
        name,
        predicate: tree as unknown as Record<string, unknown>,
        ...(group && priority !== null ? { priority } : {}),
        ...(group && exclusions.length > 0 ? { exclusions: exclusions.map((one) => one.key) } : {}),
        idempotencyKey: key,
      },
      { onSuccess: (draft) => onSaved(draft) },
    )
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Name"
          description="Its own among all of its kind."
          required
          maxLength={200}
          data-autofocus
          value={name}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value)
            setWrong(undefined)
            propose.reset()
          }}
          error={wrong ?? errors.at('name')}
        />
        <Radio.Group
          label="It is a"
          value={type}
          onChange={(value) => {
            setType(value as RuleType)
            propose.reset()
          }}
          error={errors.at('type')}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="segment" label="Segment" description="Describes customers." />
            <Radio value="target_group" label="Target group" description="What a campaign is sent to." />
          </Stack>
        </Radio.Group>
        {group ? (
          <>
            <NumberInput
              label="Priority"
              description="Of several groups a customer is in, the one with the lowest number counts. Empty: none."
              value={priority ?? ''}
              onChange={(value) => setPriority(value === '' ? null : Number(value))}
              min={1}
              max={10_000}
              allowDecimal={false}
              allowNegative={false}
              clampBehavior="none"
              error={errors.at('priority')}
            />
            {exclusions.length === 0 ? null : (
              <Text size="sm">
                It leaves out the same groups:{' '}
                {exclusions.map((one, index) => (
                  <span key={one.key}>
                    {index === 0 ? '' : ', '}
                    <bdi>{one.name ?? one.key}</bdi>
                  </span>
                ))}
                . The size beside the editor is of the rule alone.
              </Text>
            )}
          </>
        ) : null}
        <FormFoot error={errors.rest} action="Save the draft" busy={propose.isPending} onCancel={onClose} />
      </Stack>
    </Form>
  )
}

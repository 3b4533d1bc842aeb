/** A dialog before a step that cannot be taken back: what will happen, in plain words, and a button that says so and does it. */
import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { ApiError } from '../api.ts'
import { Problem } from './states.tsx'

interface ConfirmProps<Input, Output> {
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ReactNode
  /** The verb: "Disconnect", "Remove". */
  readonly action: string
  /** Red for what takes something away. */
  readonly dangerous?: boolean
  /** What the button does: `useChange(…)`. */
  readonly change: UseMutationResult<Output, ApiError, Input>
  /** What it does it with; the dialog is open as long as there is something. */
  readonly input: Input | undefined
  /** It is done, and the dialog is closed; nothing follows a change that signs out. */
  readonly onDone?: (output: Output) => void
  readonly onClose: () => void
}

export function Confirm<Input, Output>({ title, children, action, dangerous = true, change, input, onDone, onClose }: ConfirmProps<Input, Output>) {
  const close = () => {
    change.reset()
    onClose()
  }
  const confirm = (given: Input) =>
    change.mutate(given, {
      onSuccess: (output) => {
        close()
        onDone?.(output)
      },
      // The dialog of the shell asks for the sign-in instead.
      onError: ({ code }) => code === 'sign_in_again' && close(),
    })
  return (
    <Modal opened={input !== undefined} onClose={close} title={title}>
      <Stack gap="md">
        <Text size="sm" component="div">
          {children}
        </Text>
        {change.error ? <Problem error={change.error} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button color={dangerous ? 'red' : 'mercat'} loading={change.isPending} onClick={() => input !== undefined && confirm(input)}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

/** A dialog before a step that cannot be taken back: what will happen, in plain words, and a button that says so. */
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { type ReactNode, useId, useState } from 'react'
import type { ApiError } from '../api.ts'
import { Problem } from './states.tsx'

export interface ConfirmProps {
  readonly opened: boolean
  readonly title: string
  /** What will happen, and what will not. */
  readonly children: ReactNode
  /** The verb: "Disconnect", "Remove". */
  readonly action: string
  /** Red for what takes something away. */
  readonly dangerous?: boolean
  /** The person must type this first. For the few steps that hit many people. */
  readonly phrase?: string
  readonly busy?: boolean
  readonly error?: ApiError | null
  readonly onConfirm: () => void
  readonly onClose: () => void
}

export function Confirm({ opened, title, children, action, dangerous = true, phrase, busy = false, error, onConfirm, onClose }: ConfirmProps) {
  const [typed, setTyped] = useState('')
  const form = useId()
  const close = () => {
    setTyped('')
    onClose()
  }
  return (
    <Modal opened={opened} onClose={close} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          if (phrase === undefined || typed === phrase) onConfirm()
        }}
      >
        <Stack gap="md">
          <Text size="sm" component="div">
            {children}
          </Text>
          {phrase === undefined ? null : (
            <TextInput label={`Type ${phrase} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
          )}
          {error && error.code !== 'sign_in_again' ? <Problem error={error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus={phrase === undefined || undefined}>
              Cancel
            </Button>
            <Button type="submit" color={dangerous ? 'red' : 'mercat'} loading={busy} disabled={phrase !== undefined && typed !== phrase}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

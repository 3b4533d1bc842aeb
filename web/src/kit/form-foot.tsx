/** The end of a form in a dialog: what no field can say, and the buttons. */
import { Button, Group } from '@mantine/core'
import type { ApiError } from '../api.ts'
import { Problem } from './states.tsx'

interface FormFootProps {
  readonly error: Pick<ApiError, 'message'> | undefined
  /** The verb: "Save". */
  readonly action: string
  readonly busy: boolean
  readonly disabled?: boolean
  readonly onCancel: () => void
}

export function FormFoot({ error, action, busy, disabled = false, onCancel }: FormFootProps) {
  return (
    <>
      {error ? <Problem error={error} /> : null}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={disabled}>
          {action}
        </Button>
      </Group>
    </>
  )
}

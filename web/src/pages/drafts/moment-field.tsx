/** A moment as date and time in the account's zone. */
import { TextInput } from '@mantine/core'
import type { Account } from '../../server.ts'
import { fromLocal, toLocal } from './zoned.ts'

interface MomentFieldProps {
  readonly account: Account
  readonly label: string
  /** ISO 8601. */
  readonly value: unknown
  readonly onChange: (value: string | undefined) => void
  readonly readOnly: boolean
  readonly error: string | undefined
}

export function MomentField({ account: { timeZone }, label, value, onChange, readOnly, error }: MomentFieldProps) {
  const at = typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? value : undefined
  return (
    <TextInput
      // The browser keeps what is half typed; only a whole moment is one.
      type="datetime-local"
      label={label}
      description={timeZone}
      value={at === undefined ? '' : toLocal(at, timeZone)}
      onChange={({ currentTarget }) => onChange(fromLocal(currentTarget.value, timeZone))}
      readOnly={readOnly}
      error={error}
    />
  )
}

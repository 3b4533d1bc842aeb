/** The rule of a draft as JSON, for people who know its form. What is no JSON is said and not taken over. */
import { JsonInput } from '@mantine/core'
import { useState } from 'react'
import type { Account } from '../../server.ts'

interface RuleFieldProps {
  readonly account: Account
  /** A predicate tree; undefined: none yet. */
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly readOnly?: boolean
  readonly label?: string
  readonly error?: string | undefined
}

const written = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2))

export function RuleField({ value, onChange, readOnly = false, label = 'Rule', error }: RuleFieldProps) {
  const [text, setText] = useState({ of: value, text: written(value), valid: true })
  // Another version came in, or the edit was discarded.
  if (text.of !== value) setText({ of: value, text: written(value), valid: true })
  const change = (next: string) => {
    const read = parsed(next)
    setText({ of: read.valid ? read.value : value, text: next, valid: read.valid })
    if (read.valid) onChange(read.value)
  }
  return (
    <JsonInput
      label={label}
      description='A tree: {"all": […]}, {"any": […]}, {"attribute": …, "op": …, "value": …}, {"did": …}.'
      value={text.text}
      onChange={change}
      readOnly={readOnly}
      error={text.valid ? error : 'This is no JSON yet: until it is, the rule before counts.'}
      autosize
      minRows={4}
      maxRows={24}
      formatOnBlur={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem' } }}
    />
  )
}

function parsed(text: string): { readonly valid: boolean; readonly value?: unknown } {
  if (text.trim() === '') return { valid: true, value: undefined }
  try {
    return { valid: true, value: JSON.parse(text) }
  } catch {
    return { valid: false }
  }
}

/** The rule of a draft: edited as on the page of segments. One that may be left out begins and ends by a button. */
import { Button, Group, Input, Text } from '@mantine/core'
import { useApi } from '../../api.ts'
import { Loading, Problem } from '../../kit/index.ts'
import { type Predicate, RuleEditor } from '../../kit/rule-editor/index.ts'
import type { Account } from '../../server.ts'

interface RuleFieldProps {
  readonly account: Account
  /** A predicate tree; undefined: none yet. */
  readonly value: unknown
  readonly onChange: (value: unknown) => void
  readonly readOnly?: boolean
  readonly label?: string
  readonly error?: string | undefined
  /** It may be left out: a button takes it away. */
  readonly optional?: boolean
}

const empty = { all: [{ attribute: '', op: 'is' }] }

export function RuleField({ account, value, onChange, readOnly = false, label = 'Rule', error, optional = false }: RuleFieldProps) {
  const vocabulary = useApi('audiences', 'vocabulary', { account: account.systemName })
  return (
    <Input.Wrapper component="fieldset" label={label} labelElement="div" error={error} styles={{ root: { border: 0, padding: 0, margin: 0, minWidth: 0 } }} aria-label={label}>
      {value === undefined ? (
        readOnly ? (
          <Text size="sm" c="dimmed">
            None
          </Text>
        ) : (
          <Button variant="default" size="xs" mt={6} display="block" onClick={() => onChange(empty)}>
            Write a rule
          </Button>
        )
      ) : vocabulary.data ? (
        <>
          <RuleEditor account={account} value={value as Predicate} onChange={onChange} readOnly={readOnly} vocabulary={vocabulary.data} />
          {optional && !readOnly ? (
            <Group mt={6}>
              <Button variant="subtle" color="gray" size="compact-xs" onClick={() => onChange(undefined)}>
                For all customers instead
              </Button>
            </Group>
          ) : null}
        </>
      ) : vocabulary.error ? (
        <Problem error={vocabulary.error} retry={vocabulary.refetch} what="What rules may speak of" />
      ) : (
        <Loading rows={1} height={120} what="the editor" />
      )}
    </Input.Wrapper>
  )
}

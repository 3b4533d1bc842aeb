/** Changing the password: the current one, and the new one twice. */
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, done, Form, formErrors, Problem, Section } from '../../kit/index.ts'

const empty = { current: '', next: '', repeated: '' }
type Field = keyof typeof empty

export function Password({ has, email }: { has: boolean; email: string }) {
  return (
    <Section title="Password">
      <Card>
        {has ? (
          <PasswordForm email={email} />
        ) : (
          <Text size="sm">You have no password: you sign in by single sign-on or a passkey. Whoever runs this Mercat can give you a link for one.</Text>
        )}
      </Card>
    </Section>
  )
}

function PasswordForm({ email }: { email: string }) {
  const [values, setValues] = useState(empty)
  const [wrong, setWrong] = useState<Partial<Record<Field, string>>>({})
  const change = useChange('security', 'changePassword')
  const errors = formErrors(change.error, ['current', 'next', 'password'])
  const field = (name: Field, label: string, autoComplete: string, description?: string, error?: string) => (
    <PasswordInput
      label={label}
      description={description}
      autoComplete={autoComplete}
      name={name}
      maxLength={512}
      value={values[name]}
      onChange={({ currentTarget: { value } }) => {
        setValues((before) => ({ ...before, [name]: value }))
        setWrong({})
        change.reset()
      }}
      error={wrong[name] ?? error}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide: ${label.toLowerCase()}` }}
    />
  )
  const submit = () => {
    const found: typeof wrong = {
      ...(values.current === '' && { current: 'Give the password that you sign in with now' }),
      ...(values.next === '' && { next: 'Give a new password' }),
      ...(values.next !== values.repeated && { repeated: 'This is not the same as the new password' }),
    }
    setWrong(found)
    if (Object.keys(found).length > 0) return
    change.mutate(
      { current: values.current, next: values.next },
      {
        onSuccess: () => {
          setValues(empty)
          done('Your password is changed. Your other browsers are signed out.')
        },
      },
    )
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md" maw={420}>
        {/* For password managers: whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        {field('current', 'Current password', 'current-password', undefined, errors.at('current'))}
        {field('next', 'New password', 'new-password', 'At least 12 characters. Several words are easy to remember.', errors.at('next', 'password'))}
        {field('repeated', 'New password again', 'new-password')}
        {errors.rest ? <Problem error={errors.rest} /> : null}
        <Text size="sm" c="dimmed">
          Your other browsers are signed out by it. Connected apps stay connected.
        </Text>
        <Group>
          <Button type="submit" loading={change.isPending}>
            Change the password
          </Button>
        </Group>
      </Stack>
    </Form>
  )
}

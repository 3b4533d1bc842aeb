/** Setting up an authenticator app: the QR code and the key in text, then a code that proves it works. */
import { Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { CopyField, Form, formErrors, FormFoot } from '../../kit/index.ts'
import { QrCode } from './qr-code.tsx'

interface SetupProps {
  readonly uri: string
  readonly secret: string
  readonly onCancel: () => void
  readonly onConfirmed: (recoveryCodes: readonly string[]) => void
}

export function Setup({ uri, secret, onCancel, onConfirmed }: SetupProps) {
  const [code, setCode] = useState('')
  const [wrong, setWrong] = useState<string>()
  const confirm = useChange('security', 'confirmTotp')
  const errors = formErrors(confirm.error, ['code'])
  const submit = () => {
    const digits = code.replace(/\s/g, '')
    if (!/^\d{6}$/.test(digits)) return setWrong('Type the 6 digits that the app shows')
    confirm.mutate({ code: digits }, { onSuccess: ({ recoveryCodes }) => onConfirmed(recoveryCodes), onError: (error) => error.code === 'sign_in_again' && onCancel() })
  }
  return (
    <Form onSubmit={submit}>
      <Stack gap="md">
        <Text size="sm">1. Scan this with an authenticator app, like the one of your password manager.</Text>
        <Group justify="center">
          <QrCode text={uri} size={224} label="QR code of the key below" />
        </Group>
        <Text size="sm">No camera? Type this key into the app instead.</Text>
        <CopyField label="Key" value={secret.replace(/(.{4})(?=.)/g, '$1 ')} />
        <TextInput
          label="2. The code that the app shows now"
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={8}
          data-autofocus
          value={code}
          onChange={({ currentTarget }) => {
            setCode(currentTarget.value)
            setWrong(undefined)
            confirm.reset()
          }}
          error={wrong ?? errors.at('code')}
        />
        <FormFoot error={errors.rest} action="Turn it on" busy={confirm.isPending} onCancel={onCancel} />
      </Stack>
    </Form>
  )
}

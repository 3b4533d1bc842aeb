/** The fields of a source's settings. A secret that is there is not shown: what is written takes its place. */
import { PasswordInput, Stack, TextInput } from '@mantine/core'
import { Problem } from '../../kit/index.ts'
import type { Setting } from './types.ts'
import type { SettingsForm } from './use-settings.ts'

/** @param shown which of them; default: all */
export function SettingFields({ form, shown = form.settings }: { form: SettingsForm; shown?: readonly Setting[] }) {
  return (
    <Stack gap="md">
      {shown.map((setting) => (
        <Field key={setting.name} setting={setting} form={form} />
      ))}
      {form.problem ? <Problem error={form.problem} /> : null}
    </Stack>
  )
}

function Field({ setting: { name, title, description, secret, required, generated }, form }: { setting: Setting; form: SettingsForm }) {
  const isSet = form.isSet(name)
  const common = {
    label: title,
    description: generated ? `${description} Mercat made it.`.trim() : description,
    value: form.value(name),
    error: form.error(name),
    required: required && !isSet,
    maxLength: 5000,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => form.set(name, currentTarget.value),
  }
  if (!secret) return <TextInput {...common} autoComplete="off" spellCheck={false} />
  return (
    <PasswordInput
      {...common}
      autoComplete="new-password"
      placeholder={isSet ? 'It is set. Write a new one to replace it.' : ''}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${title}` }}
    />
  )
}

/** The fields of a source's settings. A secret that is there is not shown: what is written takes its place. */
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { Problem } from '../../kit/index.ts'
import type { Setting, SourceDetail } from './types.ts'
import type { SettingsForm } from './use-settings.ts'

interface FieldsProps {
  readonly form: SettingsForm
  /** Which of them; default: all. */
  readonly shown?: readonly Setting[]
  /** The source, where its secrets may be taken away too. */
  readonly removable?: Pick<SourceDetail, 'title' | 'connection'>
}

export function SettingFields({ form, shown = form.settings, removable }: FieldsProps) {
  return (
    <Stack gap="md">
      {shown.map((setting) => (
        <Field key={setting.name} setting={setting} form={form} removable={removable} />
      ))}
      {form.problem ? <Problem error={form.problem} /> : null}
    </Stack>
  )
}

interface FieldProps {
  readonly setting: Setting
  readonly form: SettingsForm
  readonly removable: FieldsProps['removable'] | undefined
}

function Field({ setting, form, removable }: FieldProps) {
  const { name, title, description, secret, required, generated } = setting
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
  const leaving = form.isLeaving(name)
  const field = (
    <PasswordInput
      {...common}
      autoComplete="new-password"
      disabled={leaving}
      placeholder={leaving ? '' : isSet ? 'It is set. Write a new one to replace it.' : ''}
      visibilityToggleButtonProps={{ 'aria-label': `Show or hide ${title}` }}
    />
  )
  // What Mercat makes is made anew when it is taken away: there is nothing to be without.
  if (!isSet || !removable || generated) return field
  return (
    <div>
      {field}
      <Leaving setting={setting} form={form} source={removable} leaving={leaving} />
    </div>
  )
}

interface LeavingProps {
  readonly setting: Setting
  readonly form: SettingsForm
  readonly source: Pick<SourceDetail, 'title' | 'connection'>
  readonly leaving: boolean
}

/** Taking a secret away, with what then happens, before it is saved. The button stays where it is, and keeps the focus. */
function Leaving({ setting: { name, title, required }, form, source, leaving }: LeavingProps) {
  return (
    <Group gap="xs" mt={6} justify="space-between" align="flex-start" wrap="nowrap">
      <Text size="sm" role="status" style={{ flex: 1 }}>
        {leaving ? withoutIt(source, required) : ''}
      </Text>
      <Button
        size="compact-sm"
        variant="subtle"
        color={leaving ? 'mercat' : 'red'}
        miw="max-content"
        aria-label={leaving ? `Keep it: ${title}` : `Remove ${title}`}
        onClick={() => form.setLeaving(name, !leaving)}
      >
        {leaving ? 'Keep it' : 'Remove'}
      </Button>
    </Group>
  )
}

function withoutIt({ title, connection }: Pick<SourceDetail, 'title' | 'connection'>, required: boolean): string {
  if (!required) return 'It is removed when you save. The source works without it.'
  const then = connection === 'pull' ? `${title} is not read` : `what ${title} delivers is refused`
  return `It is removed when you save. The source is “Not set up yet” then: ${then} until there is a new one.`
}

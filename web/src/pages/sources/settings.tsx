/** The settings of a source, saved together. */
import { Button, Group, Stack } from '@mantine/core'
import { useEffect } from 'react'
import { Card, done, Form, Section } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { SettingFields } from './setting-fields.tsx'
import type { SourceDetail, SourceKind } from './types.ts'
import { useSettings } from './use-settings.ts'

interface SettingsProps {
  readonly account: Account
  readonly source: SourceDetail
  readonly kind: SourceKind
  readonly onUnsaved: (unsaved: boolean) => void
}

export function SettingsSection({ account, source, kind, onUnsaved }: SettingsProps) {
  const form = useSettings(account, source, kind)
  useTold(form.dirty, onUnsaved)
  return (
    <Section
      title="Settings"
      description={
        source.connection === 'pull'
          ? `What Mercat reads ${source.title} with. A change holds from the next pull on.`
          : `What ${source.title} shows you. A change holds from the next delivery on.`
      }
    >
      <Card>
        <Form onSubmit={() => form.save(() => done('The settings are saved'))}>
          <Stack gap="md">
            <SettingFields form={form} removable={source} />
            <Group justify="flex-end" gap="xs">
              {form.dirty ? (
                <Button variant="default" onClick={form.discard} disabled={form.busy}>
                  Discard changes
                </Button>
              ) : null}
              <Button type="submit" loading={form.busy} disabled={!form.dirty}>
                Save the settings
              </Button>
            </Group>
          </Stack>
        </Form>
      </Card>
    </Section>
  )
}

/** Tells the page whether something is unsaved, each time that changes. */
export function useTold(unsaved: boolean, tell: (unsaved: boolean) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the teller is made anew at every drawing, and says the same
  useEffect(() => {
    tell(unsaved)
  }, [unsaved])
}

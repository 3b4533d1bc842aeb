/** The form of all settings: one save for everything, what is unsaved is marked, and leaving asks. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, done, type FormErrors, formErrors, Leaving, Problem, Section } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import { McpSwitch, Toolsets } from './assistants.tsx'
import { Attributes } from './attributes.tsx'
import type { FieldsProps } from './fields.ts'
import { Attribution, Privacy } from './figures.tsx'
import classes from './form.module.css'
import { General } from './general.tsx'
import { Goals } from './goals.tsx'
import type { Settings } from './types.ts'
import { changedKeys, changeOf, recounts, type SettingsValues, valuesOf, wrongIn } from './values.ts'

const shownFields = ['name', 'timeZone', 'currency', 'toolsets', 'attribution', 'goals', 'customerAttributes', 'privacyFloor', 'retentionDays'] as const
const sectionOf: Record<keyof SettingsValues, string> = {
  name: 'name',
  timeZone: 'time zone',
  currency: 'currency',
  toolsets: 'tools offered',
  attribution: 'attribution',
  goals: 'goals',
  customerAttributes: 'customer attributes',
  privacyFloor: 'privacy floor',
  retentionDays: 'audit log',
}

export function SettingsForm({ account, settings }: { account: Account; settings: Settings }) {
  const stored = valuesOf(settings)
  /** Only what the person touched: everything else follows what is stored, also when somebody else changes it. */
  const [edited, setEdited] = useState<Partial<SettingsValues>>({})
  const values = { ...stored, ...edited }
  const save = useChange('settings', 'change')
  const keys = changedKeys(values, stored)
  const dirty = keys.length > 0
  const [wrong, setWrong] = useState<ReturnType<typeof wrongIn>>({})
  const refused = formErrors(save.error, shownFields)
  const errors: FormErrors = { ...refused, at: (...asked) => asked.map((field) => wrong[field]).find((message) => message !== undefined) ?? refused.at(...asked) }
  const faulty = save.error !== null || Object.keys(wrong).length > 0
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (faulty) form.current?.querySelector('[aria-invalid="true"]')?.scrollIntoView({ block: 'center' })
  }, [faulty])
  const set = (part: Partial<SettingsValues>) => {
    setEdited((before) => ({ ...before, ...part }))
    setWrong({})
    save.reset()
  }
  const discard = () => {
    setEdited({})
    setWrong({})
    save.reset()
  }
  const submit = () => {
    const found = wrongIn(values)
    setWrong(found)
    if (Object.keys(found).length > 0) return
    save.mutate(
      { account: account.systemName, ...changeOf(values, keys) },
      {
        onSuccess: () => {
          setEdited({})
          done(recounts(keys) ? 'Saved. Figures are being counted anew.' : 'Saved')
        },
      },
    )
  }
  const fields: FieldsProps = { values, stored, set, errors }
  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (dirty) submit()
      }}
    >
      <Stack gap="xl">
        {settings.recounting && (
          <Alert color="mercat" variant="light" icon={<IconRefresh aria-hidden />} title="Figures are being counted anew" role="status">
            Until that is done, answers follow the settings of before and say so.
          </Alert>
        )}
        <Part title="Account">
          <General {...fields} />
        </Part>
        <Section title="Assistants">
          <Stack gap="md">
            <McpSwitch account={account} settings={settings} />
            <Card>
              <Toolsets toolsets={settings.toolsets} {...fields} />
            </Card>
          </Stack>
        </Section>
        <Part title="Attribution" description="Which messages earn an order. A change counts all figures anew.">
          <Attribution {...fields} />
        </Part>
        <Section title="Goals" description="Which orders reports count. Assistants can ask for each by its name; the first is the default.">
          <Goals goals={values.goals} onChange={(goals) => set({ goals })} errorAt={errors.at} />
        </Section>
        <Section
          title="Customer attributes"
          description="What imported customers carry beyond country, language, stage and consent. Segments can ask about an attribute once it is declared here."
        >
          <Attributes account={account} {...fields} />
        </Section>
        <Part title="Privacy and retention">
          <Privacy {...fields} />
        </Part>
        {dirty && (
          <section className={classes.bar} aria-label="Unsaved changes">
            <Stack gap="sm">
              {errors.rest ? <Problem error={errors.rest} /> : null}
              <Group justify="space-between" gap="sm">
                <Text size="sm" fw={550} aria-live="polite">
                  {faulty ? 'Not saved. See what is marked above.' : `Unsaved: ${keys.map((key) => sectionOf[key]).join(', ')}`}
                </Text>
                <Group gap="xs">
                  <Button variant="default" onClick={discard} disabled={save.isPending}>
                    Discard
                  </Button>
                  <Button type="submit" loading={save.isPending}>
                    Save
                  </Button>
                </Group>
              </Group>
            </Stack>
          </section>
        )}
      </Stack>
      <Leaving dirty={dirty} />
    </form>
  )
}

function Part({ title, description, children }: { title: string; description?: string; children: ReactNode }) {
  return (
    <Section title={title} description={description}>
      <Card>{children}</Card>
    </Section>
  )
}

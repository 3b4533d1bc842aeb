/** What is set up at the platform, and a new address or key for it, which is shown once. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Confirm, CopyField, Section, Time } from '../../kit/index.ts'
import type { Account, Output } from '../../server.ts'
import { SetupSteps } from './setup-steps.tsx'
import classes from './sources.module.css'
import type { SourceDetail } from './types.ts'
import { secretWord } from './words.ts'

type Rotated = Output<'sources', 'rotate'>

export function AtThePlatform({ account, source }: { account: Account; source: SourceDetail }) {
  const { title, connection, previousKeyUntil, steps = [] } = source
  const [asking, setAsking] = useState(false)
  const [made, setMade] = useState<Rotated>()
  const rotate = useChange('sources', 'rotate')
  const what = secretWord(source)
  const pull = connection === 'pull'
  return (
    <Section
      title={connection === 'api' ? 'In your program' : `At ${title}`}
      description={
        pull ? (
          'What was done there, if it has to be done again.'
        ) : previousKeyUntil === null ? (
          `Whoever has the ${what} can add data here, and read none. If it got into wrong hands, make a new one.`
        ) : (
          <>
            Two {what === 'key' ? 'keys' : 'addresses'} work until <Time at={previousKeyUntil} show="exact" />: the new one, and the one from before.
          </>
        )
      }
    >
      <Card>
        <details className={classes.details}>
          <summary>What to do there, step by step</summary>
          <SetupSteps steps={steps} />
        </details>
        {pull ? null : (
          <Button variant="default" mt="lg" leftSection={<IconKey size={16} aria-hidden />} onClick={() => setAsking(true)}>
            Make a new {what}
          </Button>
        )}
      </Card>
      <Confirm
        title={`Make a new ${what}?`}
        action={`Make a new ${what}`}
        dangerous={false}
        change={rotate}
        input={asking ? { account: account.systemName, id: source.id } : undefined}
        onDone={setMade}
        onClose={() => setAsking(false)}
      >
        Both work for 24 hours: put the new {what} in place at {connection === 'api' ? 'your program' : title} within that time. After it, what comes with the one from before is
        refused.
      </Confirm>
      <Modal opened={made !== undefined} onClose={() => setMade(undefined)} title={`The new ${what}`} size="lg" closeOnClickOutside={false}>
        {made ? <Made made={made} what={what} onClose={() => setMade(undefined)} /> : null}
      </Modal>
    </Section>
  )
}

function Made({ made, what, onClose }: { made: Rotated; what: string; onClose: () => void }) {
  const all = made.steps.flatMap(({ copy = [] }) => copy).filter(({ value }) => value.includes(made.key))
  const texts = all.filter(({ value }, index) => all.findIndex((one) => one.value === value) === index)
  return (
    <Stack gap="md">
      <Alert color="teal" variant="light" icon={<IconKey aria-hidden />} title={`The new ${what} works from now on`} role="status">
        It is shown only now. The one from before works too until <Time at={made.previousUntil} show="exact" />.
      </Alert>
      {(texts.length > 0 ? texts : [{ label: what, value: made.url }]).map(({ label, value }) => (
        <div key={label}>
          <Text size="xs" c="dimmed" fw={600} mb={4}>
            {label}
          </Text>
          <CopyField label={label} value={value} />
        </div>
      ))}
      <Group justify="flex-end">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}

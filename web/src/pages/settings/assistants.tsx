/** Whether assistants may use the account, and which tools they are offered. */
import { Badge, Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useChange } from '../../api.ts'
import { Card, Confirm, done } from '../../kit/index.ts'
import type { Account } from '../../server.ts'
import type { FieldsProps } from './fields.ts'
import type { Settings } from './types.ts'

/** Acts at once, apart from the form: it decides whether any call is answered. */
export function McpSwitch({ account, settings }: { account: Account; settings: Settings }) {
  const [asking, setAsking] = useState(false)
  const setMcp = useChange('settings', 'setMcp')
  const on = settings.account.mcpEnabled
  return (
    <Card>
      <Group justify="space-between" gap="md" wrap="wrap">
        <div style={{ flex: '1 1 18rem' }}>
          <Group gap={8}>
            <Text fw={600}>MCP access</Text>
            <Badge color={on ? 'teal' : 'gray'}>{on ? 'On' : 'Off'}</Badge>
          </Group>
          <Text size="sm" c="dimmed" mt={4}>
            {on ? 'Assistants of members may connect and ask.' : 'No assistant may connect, whatever its person may do.'}{' '}
            {settings.may.switchMcp ? '' : 'Only a platform operator switches it: ask whoever runs this Mercat.'}
          </Text>
        </div>
        {settings.may.switchMcp && (
          <Button variant={on ? 'default' : 'filled'} onClick={() => setAsking(true)}>
            {on ? 'Turn MCP off' : 'Turn MCP on'}
          </Button>
        )}
      </Group>
      <Confirm
        title={on ? `Turn MCP off for ${account.name}?` : `Turn MCP on for ${account.name}?`}
        action={on ? 'Turn MCP off' : 'Turn MCP on'}
        dangerous={on}
        change={setMcp}
        input={asking ? { account: account.systemName, enabled: !on } : undefined}
        onDone={() => done(`MCP is ${on ? 'off' : 'on'}`)}
        onClose={() => setAsking(false)}
      >
        {on
          ? 'Every connected app is refused from its next call on, and running calls end. Connections are kept: they work again when MCP is turned on.'
          : 'Members whose role allows it may connect assistants and ask for figures. Each person consents for each app.'}
      </Confirm>
    </Card>
  )
}

const toolsetWords: Readonly<Record<string, string>> = {
  reports: 'Figures of campaigns, flows and channels.',
  explorer: 'Finding and reading campaigns, flows, segments and the like.',
  knowledge: 'Reading the documentation.',
  mission_control: 'Health of the platform, jobs and errors.',
  builders: 'Preparing drafts that a person approves.',
  organizations: 'Clients of an agency or platform: their webapps, invoices, onboarding.',
}

export function Toolsets({ toolsets, values, set, errors }: FieldsProps & Pick<Settings, 'toolsets'>) {
  return (
    <Checkbox.Group
      label="Tools offered"
      description="What assistants are shown, within what their person may do. Connected assistants see a change without reconnecting."
      value={[...values.toolsets]}
      onChange={(chosen) => set({ toolsets: toolsets.map(({ name }) => name).filter((name) => chosen.includes(name)) })}
      error={errors.at('toolsets')}
    >
      <Stack gap="md" mt="sm">
        {toolsets.map(({ name, title, tools }) => (
          <Checkbox
            key={name}
            value={name}
            label={
              <Group gap={8} component="span">
                <Text component="span" size="sm" fw={550}>
                  {title}
                </Text>
                <Text component="span" size="xs" c="dimmed">
                  {tools.length === 0 ? 'no tools yet' : tools.length === 1 ? '1 tool' : `${tools.length} tools`}
                </Text>
              </Group>
            }
            description={toolsetWords[name]}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

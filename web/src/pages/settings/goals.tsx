/** The goals of an account: which orders count, the first by default. */
import { ActionIcon, Badge, Button, Checkbox, Group, MultiSelect, Stack, Text, TextInput } from '@mantine/core'
import { IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { Card } from '../../kit/index.ts'
import type { ChannelName, Goal, OrderStatus } from './types.ts'

const statusWords: Record<OrderStatus, string> = { placed: 'Placed', paid: 'Paid', delivered: 'Delivered', cancelled: 'Cancelled', refunded: 'Refunded' }
const channelWords: Record<ChannelName, string> = { Email: 'E-mail', SMS: 'SMS', WhatsApp: 'WhatsApp', Viber: 'Viber', MobilePush: 'Mobile push', WebPush: 'Web push' }
const mostGoals = 5

interface GoalsProps {
  readonly goals: readonly Goal[]
  readonly onChange: (goals: readonly Goal[]) => void
  /** The error of a field, by its path: `goals.0.name`. */
  readonly errorAt: (path: string) => string | undefined
}

export function Goals({ goals, onChange, errorAt }: GoalsProps) {
  const replace = (index: number, goal: Goal) => onChange(goals.map((one, at) => (at === index ? goal : one)))
  const makeDefault = (index: number) => onChange([...goals.slice(index, index + 1), ...goals.filter((_, at) => at !== index)])
  return (
    <Stack gap="sm">
      {goals.map((goal, index) => (
        // A goal has no id: its place is what it is.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Card key={index}>
          <Stack gap="sm" role="group" aria-label={`Goal ${index + 1}`}>
            <Group justify="space-between" wrap="nowrap">
              {index === 0 ? (
                <Badge variant="light">Default goal</Badge>
              ) : (
                <Button variant="subtle" size="compact-sm" leftSection={<IconArrowUp size={14} />} onClick={() => makeDefault(index)}>
                  Make it the default
                </Button>
              )}
              {goals.length > 1 && (
                <ActionIcon variant="subtle" color="gray" aria-label={`Remove the goal ${goal.name}`} onClick={() => onChange(goals.filter((_, at) => at !== index))}>
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </Group>
            <TextInput
              label="Name"
              value={goal.name}
              maxLength={60}
              required
              onChange={({ currentTarget }) => replace(index, { ...goal, name: currentTarget.value })}
              error={errorAt(`goals.${index}.name`)}
            />
            <Checkbox.Group
              label="Orders that count"
              value={goal.statuses}
              onChange={(statuses) => replace(index, { ...goal, statuses: (Object.keys(statusWords) as OrderStatus[]).filter((status) => statuses.includes(status)) })}
              error={errorAt(`goals.${index}.statuses`)}
            >
              <Group gap="md" mt={6} mb={4}>
                {Object.entries(statusWords).map(([status, words]) => (
                  <Checkbox key={status} value={status} label={words} />
                ))}
              </Group>
            </Checkbox.Group>
            <MultiSelect
              label="Channels"
              description={
                goal.channels.length === 0 ? 'Orders through every channel count, and those that no message earned.' : 'Only orders attributed to messages of these channels count.'
              }
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              placeholder={goal.channels.length === 0 ? 'All channels' : ''}
              data={Object.entries(channelWords).map(([value, label]) => ({ value, label }))}
              value={[...goal.channels]}
              onChange={(channels) => replace(index, { ...goal, channels: channels as ChannelName[] })}
              error={errorAt(`goals.${index}.channels`)}
              clearable
            />
          </Stack>
        </Card>
      ))}
      <Group>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          disabled={goals.length >= mostGoals}
          onClick={() => onChange([...goals, { name: '', statuses: ['placed', 'paid', 'delivered'], channels: [] }])}
        >
          Add a goal
        </Button>
        {goals.length >= mostGoals && (
          <Text size="sm" c="dimmed">
            An account has at most {mostGoals} goals.
          </Text>
        )}
      </Group>
    </Stack>
  )
}

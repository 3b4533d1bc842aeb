/** Why the last delivery was not taken, or the last pull did not work, and what to look at. */
import { List, Text } from '@mantine/core'
import { Time } from '../../kit/index.ts'
import type { Source } from './types.ts'
import { checks } from './words.ts'

export const refusalTitle = ({ connection }: Pick<Source, 'connection'>): string => (connection === 'pull' ? 'The last pull did not work' : 'The last delivery was refused')

export function Refusal({ source: { connection, lastRefusal, lastRefusedAt } }: { source: Pick<Source, 'connection' | 'lastRefusal' | 'lastRefusedAt'> }) {
  return (
    <div>
      <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {lastRefusal}
      </Text>
      <Text size="sm" c="dimmed" mt={2}>
        {lastRefusedAt === null ? null : <Time at={lastRefusedAt} show="seconds" />}.{' '}
        {connection === 'pull' ? 'What was read before is kept, and the next pull goes on from there.' : 'Nothing of it was kept.'}
      </Text>
    </div>
  )
}

export function Checks({ source }: { source: Pick<Source, 'connection' | 'title'> }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        What to look at
      </Text>
      <List size="sm" spacing={4}>
        {checks(source).map((check) => (
          <List.Item key={check}>{check}</List.Item>
        ))}
      </List>
    </div>
  )
}

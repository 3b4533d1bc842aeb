/** The state of something that Mercat keeps, in a word and a colour; the word says it alone. */
import { Badge } from '@mantine/core'

const colors: Readonly<Record<string, string>> = { active: 'teal', paid: 'teal', draft: 'yellow', paused: 'yellow', scheduled: 'mercat', open: 'mercat', overdue: 'red' }

export function StateBadge({ state }: { state: string }) {
  return (
    <Badge size="sm" color={colors[state] ?? 'gray'} component="span" miw="max-content">
      {state.charAt(0).toUpperCase() + state.slice(1)}
    </Badge>
  )
}

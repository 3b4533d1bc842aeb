/** Where something that Mercat keeps stands, in a word, a sign and a colour; the word says it alone. */
import { Badge } from '@mantine/core'
import {
  type Icon,
  IconAlertTriangle,
  IconArchive,
  IconCalendarClock,
  IconCheck,
  IconClock,
  IconPencil,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconPlayerStopFilled,
  IconX,
} from '@tabler/icons-react'

const looks: Readonly<Record<string, { readonly color: string; readonly icon: Icon }>> = {
  draft: { color: 'yellow', icon: IconPencil },
  scheduled: { color: 'mercat', icon: IconCalendarClock },
  active: { color: 'teal', icon: IconPlayerPlayFilled },
  paused: { color: 'yellow', icon: IconPlayerPauseFilled },
  completed: { color: 'gray', icon: IconCheck },
  stopped: { color: 'red', icon: IconPlayerStopFilled },
  archived: { color: 'gray', icon: IconArchive },
  paid: { color: 'teal', icon: IconCheck },
  open: { color: 'mercat', icon: IconClock },
  overdue: { color: 'red', icon: IconAlertTriangle },
  cancelled: { color: 'gray', icon: IconX },
}

export const statusWord = (status: string): string => status.charAt(0).toUpperCase() + status.slice(1)

export function StatusBadge({ status, size = 'sm' }: { status: string; size?: 'sm' | 'md' }) {
  const { color, icon: Sign } = looks[status] ?? { color: 'gray', icon: undefined }
  return (
    <Badge size={size} color={color} component="span" miw="max-content" leftSection={Sign && <Sign size={size === 'sm' ? 11 : 13} aria-hidden />}>
      {statusWord(status)}
    </Badge>
  )
}

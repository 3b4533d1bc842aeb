/** Where a source stands, in a word, a sign and a colour; the word says it alone. */
import { Badge } from '@mantine/core'
import { type Icon, IconBan, IconCheck, IconHourglassHigh, IconMoonStars, IconPencil, IconPower } from '@tabler/icons-react'
import type { Source, SourceState } from './types.ts'

const looks: Readonly<Record<SourceState, { readonly word: string; readonly color: string; readonly icon: Icon }>> = {
  ok: { word: 'Working', color: 'teal', icon: IconCheck },
  silent: { word: 'Nothing came yet', color: 'gray', icon: IconMoonStars },
  refusing: { word: 'Refused', color: 'red', icon: IconBan },
  behind: { word: 'Behind', color: 'yellow', icon: IconHourglassHigh },
  off: { word: 'Off', color: 'gray', icon: IconPower },
  unfinished: { word: 'Not set up yet', color: 'yellow', icon: IconPencil },
}

export function SourceBadge({ source: { state, connection }, size = 'sm' }: { source: Pick<Source, 'state' | 'connection'>; size?: 'sm' | 'md' }) {
  const { word, color, icon: Sign } = looks[state]
  return (
    <Badge size={size} color={color} component="span" miw="max-content" leftSection={<Sign size={size === 'sm' ? 11 : 13} aria-hidden />}>
      {state === 'refusing' && connection === 'pull' ? 'Pull stopped' : word}
    </Badge>
  )
}

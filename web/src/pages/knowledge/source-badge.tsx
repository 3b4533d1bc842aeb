/** Whose a document is. */
import { Badge } from '@mantine/core'

export function SourceBadge({ source }: { source: 'mercat' | 'account' }) {
  return (
    <Badge size="sm" color={source === 'account' ? 'mercat' : 'gray'} component="span" miw="max-content">
      {source === 'account' ? 'Ours' : 'Mercat'}
    </Badge>
  )
}

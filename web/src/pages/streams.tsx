/** Streams: campaigns in an order that are measured as a whole, and one of them in full. */
import { IconStack2 } from '@tabler/icons-react'
import { definePage } from '../page.ts'
import { entityPages } from './entities/pages.tsx'
import { StreamParts } from './entities/stream-parts.tsx'

export default definePage({
  ...entityPages({
    type: 'stream',
    path: 'streams',
    title: 'Streams',
    one: 'stream',
    many: 'streams',
    icon: IconStack2,
    description: 'Campaigns in an order, each with its treatment and condition, measured as a whole.',
    columns: ['brand', 'folder', 'tags'],
    filters: ['brand', 'folder', 'tag'],
    whenNone: (
      <>
        Ask a connected assistant to draft one, with the tool <code>create_stream_draft</code>. Those of your platform come with <code>mercat import</code>.
      </>
    ),
    placed: ['campaign'],
    parts: StreamParts,
  }),
  order: 40,
  needs: 'read:flows',
})

/** Triggers: events that something follows, and one of them in words. */
import { IconBolt } from '@tabler/icons-react'
import { definePage } from '../page.ts'
import { entityPages } from './entities/pages.tsx'
import { TriggerParts } from './entities/trigger-parts.tsx'

export default definePage({
  ...entityPages({
    type: 'trigger',
    path: 'triggers',
    title: 'Triggers',
    one: 'trigger',
    many: 'triggers',
    icon: IconBolt,
    description: 'Events of customers that something follows: a flow or a campaign, within a window.',
    columns: ['brand', 'folder', 'tags'],
    filters: ['brand', 'folder', 'tag'],
    whenNone: (
      <>
        Ask a connected assistant to draft one, with the tool <code>create_trigger_draft</code>: “fires on an order above 100”. Those of your platform come with{' '}
        <code>mercat import</code>.
      </>
    ),
    placed: ['follow-up'],
    parts: TriggerParts,
  }),
  order: 30,
  needs: 'read:flows',
})

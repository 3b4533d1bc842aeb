/** Flows: the automatic paths that send campaigns, and one of them step by step. */
import { IconRoute } from '@tabler/icons-react'
import { definePage } from '../page.ts'
import { FlowParts } from './entities/flow-parts.tsx'
import { entityPages } from './entities/pages.tsx'

export default definePage({
  ...entityPages({
    type: 'flow',
    path: 'flows',
    title: 'Flows',
    one: 'flow',
    many: 'flows',
    icon: IconRoute,
    description: 'Automatic paths, also called journeys: what starts each, its steps and waits, and the campaigns it sends.',
    columns: ['brand', 'folder', 'tags', 'when'],
    filters: ['brand', 'folder', 'tag'],
    whenNone: (
      <>
        Flows come from your platform’s files: <code>mercat import</code>. Then their steps and figures are shown here.
      </>
    ),
    placed: ['sends'],
    parts: FlowParts,
  }),
  order: 20,
  needs: 'read:flows',
})

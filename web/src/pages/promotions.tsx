/** Promotions: the rewards that campaigns offer, and one of them in full. */
import { IconGift } from '@tabler/icons-react'
import { definePage } from '../page.ts'
import { entityPages } from './entities/pages.tsx'
import { PromotionParts } from './entities/promotion-parts.tsx'

export default definePage({
  ...entityPages({
    type: 'promotion',
    path: 'promotions',
    title: 'Promotions',
    one: 'promotion',
    many: 'promotions',
    icon: IconGift,
    description: 'Rewards that campaigns offer: what the customer gets, what it costs, when it is valid.',
    columns: ['brand', 'tags', 'when'],
    filters: ['brand', 'folder', 'tag'],
    whenNone: (
      <>
        Promotions come from your platform’s files: <code>mercat import</code>. Campaigns offer them by their key.
      </>
    ),
    placed: [],
    parts: PromotionParts,
  }),
  order: 50,
  needs: 'read:campaigns',
})

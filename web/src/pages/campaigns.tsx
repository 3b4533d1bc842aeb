/** Campaigns: every mailing and every automatic message, and one of them whole. */
import { IconSpeakerphone } from '@tabler/icons-react'
import { definePage } from '../page.ts'
import { CampaignParts } from './entities/campaign-parts.tsx'
import { entityPages } from './entities/pages.tsx'

export default definePage({
  ...entityPages({
    type: 'campaign',
    path: 'campaigns',
    title: 'Campaigns',
    one: 'campaign',
    many: 'campaigns',
    icon: IconSpeakerphone,
    description: 'Every mailing and every automatic message: whom it is for, what it says, and what it brought.',
    columns: ['channel', 'brand', 'folder', 'when'],
    filters: ['channel', 'brand', 'folder', 'tag'],
    whenNone: (
      <>
        Ask a connected assistant to draft one, with the tool <code>create_campaign_draft</code>, or let Mercat take them from your platform’s files: <code>mercat import</code>.
      </>
    ),
    placed: ['target group', 'promotion'],
    parts: CampaignParts,
  }),
  order: 10,
  needs: 'read:campaigns',
})

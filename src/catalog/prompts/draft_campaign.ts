/** The prompt draft_campaign: a campaign from a briefing, proposed for a person to approve. It must never have it made before the person has read it, nor claim that it is sent. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'draft_campaign',
  title: 'Draft a campaign',
  description: 'Proposes a campaign from your briefing: whom it is for, what it says, when it is sent, and what to look at before you approve it.',
  arguments: {
    briefing: { description: 'What it is for and what it should say', required: true },
    audience: { description: 'Whom it is for: a target group by name, or in words', complete: 'target_group' },
    sendAt: { description: 'When, in the account’s time: 2026-12-01T09:00' },
  },
  tools: ['search_catalog', 'create_campaign_draft'],
  text: ({ briefing, audience, sendAt }, tool) => `Propose a campaign for this briefing: ${briefing}
- audience ${audience ?? 'not given: ask whom it is for'}
- time of sending ${sendAt ?? 'not given: ask, or leave sendAt out'}

${steps(
  `${tool('search_catalog')} for what the briefing names: target groups, promotions, brands, folders. Use what there is by its exact name; ask where several fit.`,
  `Write subject, preheader and content from the briefing alone: no price, date or promise that it does not hold. Choose the channel, and a controlShare such as 0.1 so that the effect can be measured; say that you chose it.`,
  `${tool('create_campaign_draft')} with validateOnly true, and either targetGroup (one that there is) or audience (in English; it makes a target group draft too). Nothing is made. Mend what the error or a warning names, or ask.`,
  'Show the person the words of the answer, the content, the size of the audience, its reach on the channel, and every warning. Wait for a clear yes.',
  `${tool('create_campaign_draft')} with the same arguments without validateOnly, and an idempotencyKey: a new random one. When an answer fails to arrive, repeat with the same key.`,
)}

Close with the link of the answer: a person with the right to it looks at the draft there and approves it; until then nothing is sent. Never say that it is live or scheduled.`,
})

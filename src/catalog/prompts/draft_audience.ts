/** The prompt draft_audience: a target group from plain words, proposed for a person to approve. It must never have it made before its rule was read back. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'draft_audience',
  title: 'Draft a target group',
  description: 'Proposes a target group from your own words, with how many customers it has and on which channels they may be reached.',
  arguments: {
    description: { description: 'Whom it should hold: customers in Germany who have not ordered for 90 days', required: true },
    name: { description: 'What it is called. Default: a proposal' },
  },
  tools: ['create_target_group_draft'],
  text: ({ description, name }, tool) => `Propose a target group for this description: ${description}. Its name: ${name ?? 'not given: propose a short one'}.

${steps(
  `${tool('create_target_group_draft')} with the description in English, as it was given, and validateOnly true. Nothing is made. A part that is not understood comes back as an error that names it: say that part in the words the error suggests if they mean the same, and ask otherwise. Leave no part out to make it pass.`,
  'Read the rule in words that the answer gives to the person, beside what they asked for, with the number of customers, the reach per channel and every warning. Wait for a clear yes.',
  `${tool('create_target_group_draft')} with the same arguments without validateOnly, and an idempotencyKey: a new random one. When an answer fails to arrive, repeat with the same key.`,
)}

Close with the link of the answer: a person with the right to it approves the draft there, and until then nothing uses it. Never say that it is in use. "fewer than 10" stays so: do not work the number out.`,
})

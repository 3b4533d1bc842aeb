/** The prompt client_onboarding: a new client from its name to a campaign that is ready to be switched on. It must never have anything created that the person has not confirmed. */
import { definePrompt, steps } from './define.ts'

export default definePrompt({
  name: 'client_onboarding',
  title: 'Onboard a client',
  description: 'Sets up a new client in four steps, each checked first and confirmed by you: organization, campaign, its products, and what is left to do.',
  arguments: {
    organization: { description: 'Name of the new client', required: true },
    currency: { description: 'Its currency, as a code of three letters. Default: the account’s', complete: 'currency' },
    campaign: { description: 'Name of its first campaign' },
    countries: { description: 'Countries of the campaign, for example DE, FR' },
    products: { description: 'Products to offer, by name, or what kind' },
  },
  tools: ['create_organization', 'create_campaign', 'list_product_catalog', 'campaign_product_setup', 'get_organization_onboarding_status'],
  text: ({ organization, currency, campaign, countries, products }, tool) => `Onboard the new client ${organization}.
${[
  `currency ${currency ?? 'not given: propose the account’s'}`,
  `campaign ${campaign ?? 'not given: ask for its name'}`,
  `countries ${countries ?? 'not given: ask'} (codes of two letters for the tool)`,
  `products ${products ?? 'not given: offer what the catalog has'}`,
]
  .map((line) => `- ${line}`)
  .join('\n')}

These tools create records at once that everybody in the account sees, and no tool can change or delete them. So for each of the steps 1 to 3:
- First call the tool with validateOnly true. Nothing is created; problems come back. Mend them, or ask.
- Show the person what would be created, field by field, with the values you filled in yourself marked as yours, and what it changes. Wait for a clear yes. Silence, or a yes to an earlier step, is none.
- Then call it with the same arguments, without validateOnly, and with an idempotencyKey: a new random one for each write. When an answer fails to arrive, repeat with the same key and the same arguments, never with a new key.
- Note the ids in the answer: the next step needs them.

${steps(
  `${tool('create_organization')}: the organization. When one of this name exists already, stop and ask whether that one is meant.`,
  `${tool('create_campaign')} with organizationId from step 1: the campaign with its countries and its webapp. Ask whether a new webapp is meant (in which languages) or one that exists, from when to when the campaign may be used, which opt-ins visitors are asked for, and what they fill in.`,
  `${tool('list_product_catalog')} to choose from, then ${tool('campaign_product_setup')} with campaignId from step 2: only product configurations that the catalog has; let the person choose where several fit, and say which theme set goes with them.`,
  `${tool('get_organization_onboarding_status')} with organizationId: read out each step of the checklist as done or open, and who does the open ones.`,
)}

Close with what was created (names and ids) and with what only a person can do: the campaign is a draft, and someone with the right to it switches it on in the dashboard; give the link of the answer. Never say that it is live, and never claim to have switched it on.`,
})

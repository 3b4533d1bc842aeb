/** Campaign: one mailing, or one automatic message of a flow. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'

const key = z.string().min(1).max(200)

export const campaignKinds = ['bulk', 'automated', 'transactional', 'double_opt_in'] as const
export type CampaignKind = (typeof campaignKinds)[number]

export const campaignDefinition = z.strictObject({
  /** Transactional and double opt-in campaigns never earn an order (docs/figures.md, "Attribution"). */
  kind: z.enum(campaignKinds).default('bulk'),
  /** Days of the uplift's measurement window; default: the account's attribution window. */
  measurementDays: z.number().int().min(1).max(365).optional(),
  targetGroup: key.optional(),
  template: z.strictObject({ subject: z.string().max(1000).optional(), preheader: z.string().max(1000).optional(), content: z.string().max(500_000).optional() }).optional(),
  schedule: z.strictObject({ sendAt: z.iso.datetime({ offset: true }).optional(), timeZone: z.string().max(64).optional() }).optional(),
  /** Arms of an A/B test; `name` is what events carry as `variant`. */
  variants: z
    .array(z.strictObject({ name: z.string().min(1).max(100), share: z.number().min(0).max(1).optional(), subject: z.string().max(1000).optional() }))
    .max(20)
    .default([]),
  /** Share of the audience that is held out, 0 to 1. */
  controlShare: z.number().min(0).max(1).optional(),
  /** ISO 3166-1 alpha-2; empty: everywhere. */
  countries: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'must be ISO 3166-1 alpha-2, like DE'))
    .max(250)
    .default([]),
})
export type CampaignDefinition = z.output<typeof campaignDefinition>

export default defineEntityType({
  type: 'campaign',
  title: 'Campaign',
  description: 'A mailing, or an automatic message of a flow: who gets it, what it says, its variants and control group.',
  statuses: ['active', 'draft', 'scheduled', 'paused', 'completed', 'stopped', 'archived'],
  definition: campaignDefinition,
  summary: ({ kind, template, variants, controlShare, countries }) =>
    [
      kind.replaceAll('_', ' '),
      template?.subject ? `"${template.subject}"` : undefined,
      variants.length ? `${variants.length} variants` : undefined,
      controlShare ? `${Math.round(controlShare * 1000) / 10} % held out` : undefined,
      countries.length ? countries.join(' ') : undefined,
    ]
      .filter(Boolean)
      .join(', '),
  links: ({ targetGroup }) => (targetGroup ? [{ rel: 'target group', type: 'target_group', key: targetGroup }] : []),
})

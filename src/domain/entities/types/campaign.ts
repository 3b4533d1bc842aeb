/** Campaign: one mailing, or one automatic message of a flow. Its active period is the row's startsAt and endsAt. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'
import { countryField, instantField, keyField } from '../fields.ts'

const label = z.string().min(1).max(500)

export const campaignKinds = ['bulk', 'automated', 'transactional', 'double_opt_in'] as const
export type CampaignKind = (typeof campaignKinds)[number]

export const formFieldKinds = ['text', 'email', 'phone', 'address', 'date', 'choice', 'upload'] as const

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

export const campaignDefinition = z.strictObject({
  /** Transactional and double opt-in campaigns never earn an order (docs/figures.md, "Attribution"). */
  kind: z.enum(campaignKinds).default('bulk'),
  /** Days of the uplift's measurement window; default: the account's attribution window. */
  measurementDays: z.number().int().min(1).max(365).optional(),
  targetGroup: keyField.optional(),
  template: z.strictObject({ subject: z.string().max(1000).optional(), preheader: z.string().max(1000).optional(), content: z.string().max(500_000).optional() }).optional(),
  schedule: z.strictObject({ sendAt: instantField.optional(), timeZone: z.string().max(64).optional() }).optional(),
  /** Arms of an A/B test; `name` is what events carry as `variant`. */
  variants: z
    .array(z.strictObject({ name: z.string().min(1).max(100), share: z.number().min(0).max(1).optional(), subject: z.string().max(1000).optional() }))
    .max(20)
    .default([]),
  /** Share of the audience that is held out, 0 to 1. */
  controlShare: z.number().min(0).max(1).optional(),
  /** ISO 3166-1 alpha-2; empty: everywhere. */
  countries: z.array(countryField).max(250).default([]),
  promotion: keyField.optional(),
  webapp: keyField.optional(),
  /** Product configurations it offers. */
  products: z.array(keyField).max(200).default([]),
  /** What visitors may agree to; orders say which they gave. */
  optIns: z
    .array(z.strictObject({ name: z.string().min(1).max(100), label: label.optional(), required: z.boolean().default(false), preselected: z.boolean().default(false) }))
    .max(20)
    .default([]),
  /** What visitors fill in. */
  form: z
    .array(z.strictObject({ name: z.string().min(1).max(100), label: label.optional(), kind: z.enum(formFieldKinds).default('text'), required: z.boolean().default(false) }))
    .max(50)
    .default([]),
  /** Of a platform that tells totals and no messages. They are never part of Mercat's reports: it counts in its own way (docs/figures.md). */
  platformTotals: z
    .strictObject({
      source: z.string().min(1).max(40).describe('The type of the source that told them.'),
      asOf: instantField.describe('When they were read.'),
      sent: count.optional(),
      opens: count.optional().describe('As the platform counts: several of one recipient may be several.'),
      clicks: count.optional().describe('As the platform counts: several of one recipient may be several.'),
      bounces: count.optional(),
      unsubscribes: count.optional(),
    })
    .describe('The platform’s own figures, in its own way of counting. Never part of Mercat’s reports.')
    .optional(),
})
export type CampaignDefinition = z.output<typeof campaignDefinition>

export default defineEntityType({
  type: 'campaign',
  title: 'Campaign',
  description: 'A mailing, or an automatic message of a flow: who gets it, what it says, its variants and control group.',
  scope: 'read:campaigns',
  sight: 'own',
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
  links: ({ targetGroup, promotion, webapp, products }) => [
    ...(targetGroup ? [{ rel: 'target group', type: 'target_group', key: targetGroup }] : []),
    ...(promotion ? [{ rel: 'promotion', type: 'promotion', key: promotion }] : []),
    ...(webapp ? [{ rel: 'webapp', type: 'webapp', key: webapp }] : []),
    ...products.map((key) => ({ rel: 'product', type: 'product_configuration', key })),
  ],
  rules: () => [],
})

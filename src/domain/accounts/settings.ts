/** What an account may set: one schema, defaults included. Kept as JSON in accounts.settings. */
import { z } from 'zod'
import { toolsetNames } from '../../core/access.ts'
import { channelNames } from '../channels.ts'

export { type Toolset, toolsetNames } from '../../core/access.ts'

export const orderStatuses = ['placed', 'paid', 'delivered', 'cancelled', 'refunded'] as const
export type OrderStatus = (typeof orderStatuses)[number]

/** A goal: which orders count, and through which channels they may have come (empty: all). */
export const goalSchema = z.strictObject({
  name: z.string().min(1).max(60),
  statuses: z.array(z.enum(orderStatuses)).min(1),
  channels: z.array(z.enum(channelNames)).default([]),
})
export type Goal = z.output<typeof goalSchema>

export const defaultGoal: Goal = { name: 'Orders', statuses: ['placed', 'paid', 'delivered'], channels: [] }

/** How orders are attributed to touches (docs/figures.md, "Attribution"). */
export const attributionSchema = z.strictObject({
  windowDays: z.number().int().min(1).max(30).default(5).meta({ title: 'Attribution window', description: 'Days after a touch within which an order is attributed to it.' }),
  smsDeliveries: z.boolean().default(false).meta({ title: 'SMS deliveries as touches', description: 'A delivered SMS is a touch, not only its click.' }),
  opens: z.boolean().default(false).meta({ title: 'Opens as touches', description: 'Opens by people (not by machines) are touches too.' }),
  excludedCampaigns: z
    .array(z.string().max(200))
    .max(1000)
    .default([])
    .meta({ title: 'Excluded campaigns', description: 'Keys of campaigns that never earn an order, besides transactional and double opt-in ones.' }),
})

export const attributeTypes = ['text', 'number', 'date', 'boolean'] as const

// Names and titles travel into answers and terminals.
const plainText = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not hold control characters')

/** A custom attribute of imported customers that predicates may name: `name` as in the data, `type` how its text is read, `title` what people call it. */
export const customerAttributeSchema = z.strictObject({ name: plainText, type: z.enum(attributeTypes), title: plainText.optional() })
export type CustomerAttribute = z.output<typeof customerAttributeSchema>

/** What an account of several organizations offers until an owner has chosen (product.md, "Tools"). */
const severalOrganizationsToolsets = ['organizations', 'knowledge', 'reports'] as const

export const accountSettingsSchema = z.strictObject({
  toolsets: z.array(z.enum(toolsetNames)).default(['reports', 'explorer', 'knowledge', 'mission_control', 'builders']).meta({
    title: 'Toolsets',
    description:
      'The groups of tools that the account offers to apps. What is left out is not listed and cannot be called. An account with several organizations starts with organizations, knowledge and reports.',
  }),
  attribution: attributionSchema.prefault({}).meta({ title: 'Attribution', description: 'How orders are attributed to messages: the window, and what counts as a touch.' }),
  goals: z.array(goalSchema).min(1).max(5).default([defaultGoal]).meta({
    title: 'Goals',
    description: 'What counts as a conversion: a name, the statuses an order may have, and the channels it may have come through (none: all). The first is the default of reports.',
  }),
  /** Without one of them twice. */
  customerAttributes: z
    .array(customerAttributeSchema)
    .max(100)
    .superRefine((attributes, context) => {
      for (const [index, { name }] of attributes.entries()) {
        if (attributes.findIndex((one) => one.name === name) < index) context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is declared twice' })
      }
    })
    .default([])
    .meta({
      title: 'Customer attributes',
      description: 'Custom attributes of customers that the account declares, each with its name and type: segments and target groups may use them.',
    }),
  privacyFloor: z
    .number()
    .int()
    .min(0)
    .max(1000)
    .default(10)
    .meta({ title: 'Privacy floor', description: 'Counts of people below this number are shown as “fewer than” it, wherever people are counted.' }),
  retentionDays: z
    .number()
    .int()
    .min(1)
    .max(365)
    .default(30)
    .meta({ title: 'Retention', description: 'Days that parameters and results of calls are kept in the audit log before they are purged.' }),
})
export type AccountSettings = z.output<typeof accountSettingsSchema>

/** The settings of an account's row, with all defaults filled in. */
export function settingsOf(row: { readonly settings: Record<string, unknown>; readonly several_organizations: boolean }): AccountSettings {
  return accountSettingsSchema.parse({ ...(row.several_organizations ? { toolsets: severalOrganizationsToolsets } : {}), ...row.settings })
}

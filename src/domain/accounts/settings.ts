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
  windowDays: z.number().int().min(1).max(30).default(5),
  /** A delivered SMS is a touch, not only its click. */
  smsDeliveries: z.boolean().default(false),
  /** Human opens are touches too. */
  opens: z.boolean().default(false),
  /** Keys of campaigns that never earn an order, besides transactional and double opt-in ones. */
  excludedCampaigns: z.array(z.string().max(200)).max(1000).default([]),
})
export type AttributionSettings = z.output<typeof attributionSchema>

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

export const accountSettingsSchema = z.strictObject({
  toolsets: z.array(z.enum(toolsetNames)).default(['reports', 'explorer', 'knowledge', 'mission_control', 'builders']),
  attribution: attributionSchema.prefault({}),
  /** The first is the default. */
  goals: z.array(goalSchema).min(1).max(5).default([defaultGoal]),
  /** Without one of them twice. */
  customerAttributes: z
    .array(customerAttributeSchema)
    .max(100)
    .superRefine((attributes, context) => {
      for (const [index, { name }] of attributes.entries()) {
        if (attributes.findIndex((one) => one.name === name) < index) context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is declared twice' })
      }
    })
    .default([]),
  /** Counts of people below this are shown as "fewer than N". */
  privacyFloor: z.number().int().min(0).max(1000).default(10),
  /** Days that parameters and results of calls are kept. */
  retentionDays: z.number().int().min(1).max(365).default(30),
})
export type AccountSettings = z.output<typeof accountSettingsSchema>

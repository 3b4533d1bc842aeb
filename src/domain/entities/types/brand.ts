/** Brand: whose voice a campaign speaks with, and from which senders. */
import { z } from 'zod'
import { channelNames } from '../../channels.ts'
import { defineEntityType } from '../define.ts'

export const brandDefinition = z.strictObject({
  industry: z.string().max(100).optional(),
  senders: z
    .array(z.strictObject({ channel: z.enum(channelNames), name: z.string().min(1).max(200) }))
    .max(100)
    .default([]),
})

export default defineEntityType({
  type: 'brand',
  title: 'Brand',
  description: 'A brand of the account: its campaigns, industry and senders.',
  scope: 'read:campaigns',
  sight: 'used',
  statuses: ['active', 'archived'],
  definition: brandDefinition,
  summary: ({ industry, senders }) => [industry, senders.length ? `${senders.length} sender${senders.length === 1 ? '' : 's'}` : undefined].filter(Boolean).join(', ') || 'Brand',
  links: () => [],
  rules: () => [],
})

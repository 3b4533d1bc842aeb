/** Goal: which orders count as success. Goals are settings of the account; this file only says how they are shown. */
import { z } from 'zod'
import { defaultGoal, orderStatuses } from '../../accounts/index.ts'
import { channelNames } from '../../channels.ts'
import { defineEntityType } from '../define.ts'

export const goalDefinition = z.strictObject({
  statuses: z
    .array(z.enum(orderStatuses))
    .min(1)
    .default([...defaultGoal.statuses]),
  /** Empty: all. */
  channels: z.array(z.enum(channelNames)).default([]),
  /** The goal of reports that name none. */
  isDefault: z.boolean().default(false),
})

export default defineEntityType({
  type: 'goal',
  title: 'Goal',
  description: 'Which orders count as success in reports: their statuses and channels. An owner sets goals in the settings of the account.',
  scope: 'read:reports',
  sight: 'shared',
  inSettings: true,
  statuses: ['active'],
  definition: goalDefinition,
  summary: ({ statuses, channels, isDefault }) => `orders ${statuses.join(', ')}${channels.length ? ` through ${channels.join(', ')}` : ''}${isDefault ? ' (default)' : ''}`,
  links: () => [],
  rules: () => [],
})

/** Channel: a way to reach people that the account has set up. What a channel can report is domain/channels.ts. */
import { z } from 'zod'
import { defineEntityType } from '../define.ts'

export const channelDefinition = z.strictObject({
  /** The service that sends. */
  provider: z.string().max(100).optional(),
})

export default defineEntityType({
  type: 'channel',
  title: 'Channel',
  description: 'A channel the account sends through: Email, SMS, WhatsApp, Viber, MobilePush or WebPush.',
  scope: 'read:campaigns',
  sight: 'shared',
  statuses: ['active', 'paused', 'archived'],
  needsChannel: true,
  definition: channelDefinition,
  summary: ({ provider }) => (provider ? `sent by ${provider}` : 'Channel'),
  links: () => [],
  rules: () => [],
})

/** Mailjet's Event API: one event or a group of them, proved by a password. https://dev.mailjet.com/email/guides/webhooks/ */
import { z } from 'zod'
import { defineWebhook, ignored, itemOf, type ProviderEvent, textual, unknownItem, usualCampaigns } from './define.ts'
import { isObject } from '../../core/json.ts'
import { assertPassword, entryOf, jsonItems, jsonOrNothing, metadataOf, textOf } from './parts.ts'
import { addressWithPassword, passwordSettings, username } from './password.ts'

const itemSchema = z.looseObject({
  event: z.string(),
  time: textual,
  MessageID: textual,
  email: z.string().min(1).max(500),
  hard_bounce: z.boolean().nullish(),
})
type Item = z.output<typeof itemSchema>

const events: Readonly<Record<string, ProviderEvent['event']>> = {
  // Told once the recipient's server has taken the mail: it comes with that server's reply.
  sent: 'delivered',
  open: 'opened',
  click: 'clicked',
  bounce: 'bounced',
  blocked: 'failed',
  spam: 'complained',
  unsub: 'unsubscribed',
}

export default defineWebhook({
  type: 'mailjet',
  title: 'Mailjet',
  summary: 'Events of the Event API: delivered, opens, clicks, bounces, blocks, spam reports, unsubscribes.',
  campaigns: usualCampaigns,
  settings: passwordSettings,
  steps: (place) => [
    {
      title: 'Add the endpoint',
      text: 'In Mailjet open Account settings › Event notifications (webhooks), paste the address as the Endpoint URL of every event, and tick “Group events”.',
      copy: [{ label: 'Endpoint URL', value: addressWithPassword(place) }],
    },
    {
      title: 'Name your campaigns',
      text: 'Send mails with an EventPayload {"campaign_id":"…"}, or with a CustomCampaign; marketing campaigns are named by their id.',
    },
  ],
  verify: (request, { password }) => assertPassword(request, username, password),
  read: jsonItems,
  normalise: (given) => {
    const item = itemOf(itemSchema, given)
    const event = entryOf(events, item.event)
    if (!event) throw unknownItem('event is not one of Mailjet’s that Mercat knows')
    if (event === 'bounced' && item.error === 'greylisted') return [ignored('greylisted: Mailjet tries again')]
    return [
      {
        is: 'event',
        event,
        messageId: item.MessageID,
        recipient: item.email,
        at: item.time,
        channel: 'Email',
        bounceType: event === 'bounced' ? (item.hard_bounce === true ? 'hard' : 'soft') : undefined,
        url: event === 'clicked' ? textOf(item.url) : undefined,
        error: [textOf(item.error), textOf(item.comment)].filter(Boolean).join(': ') || undefined,
        tags: [],
        metadata: metadata(item),
        campaign: campaign(item),
      },
    ]
  },
})

/** The sender's payload, which is JSON by custom only, and its own id of the mail. */
function metadata(item: Item): Record<string, string> {
  const [payload, customId] = [textOf(item.Payload), textOf(item.CustomID)]
  const json = jsonOrNothing(payload)
  return { ...(isObject(json) ? metadataOf(json) : payload && { Payload: payload }), ...(customId && { CustomID: customId }) }
}

/** The sender's own name of the campaign; mj.nl= is Mailjet's, of newsletters, and their id says more. 0 is none. */
function campaign(item: Item): string | undefined {
  const [custom, id] = [textOf(item.customcampaign), textOf(item.mj_campaign_id)]
  return custom && !custom.startsWith('mj.nl=') ? custom : id === '0' ? custom : (id ?? custom)
}

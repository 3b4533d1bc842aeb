/** SendGrid's Event Webhook: message events in batches, signed by ECDSA. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event */
import { createPublicKey, verify } from 'node:crypto'
import { z } from 'zod'
import { defineWebhook, ignored, itemOf, type ProviderEvent, textual, unknownItem, usualCampaigns, wrongSignature } from './define.ts'
import { isObject } from '../../core/json.ts'
import { assertFresh, entryOf, jsonItems, signatureHeader, tagsOf } from './parts.ts'

/** Members that SendGrid itself gives an event; all others are the sender's custom arguments. */
const own = new Set(
  `email timestamp event smtp-id useragent ip sg_event_id sg_message_id reason status response attempt url url_offset category asm_group_id type tls
  bounce_classification cert_err pool newsletter marketing_campaign_id marketing_campaign_name marketing_campaign_version marketing_campaign_split_id post_type
  sg_machine_open sg_content_type sg_template_id sg_template_name singlesend_id singlesend_name template_id template_hash phase_id send_at outbound_ip outbound_ip_type sg_user_id mc_stats
  sg_campaign_id anymail_id`.split(/\s+/),
)

const itemSchema = z.looseObject({
  event: z.string(),
  email: z.string().max(500),
  timestamp: textual,
  sg_event_id: z.string().optional(),
  sg_message_id: z.string().optional(),
  anymail_id: z.string().optional(),
  'smtp-id': z.string().optional(),
  reason: z.string().optional(),
  response: z.string().optional(),
  type: z.string().optional(),
  url: z.string().optional(),
  sg_machine_open: z.boolean().optional(),
  category: z.unknown().optional(),
  singlesend_id: textual.optional(),
  marketing_campaign_id: textual.optional(),
  template_id: textual.optional(),
  sg_template_id: textual.optional(),
})

const events: Readonly<Record<string, ProviderEvent['event']>> = {
  processed: 'queued',
  delivered: 'delivered',
  bounce: 'bounced',
  dropped: 'failed',
  open: 'opened',
  click: 'clicked',
  spamreport: 'complained',
  unsubscribe: 'unsubscribed',
  group_unsubscribe: 'unsubscribed',
}

const withoutFigure: Readonly<Record<string, string>> = {
  deferred: 'deferred: SendGrid tries again',
  group_resubscribe: 'a subscription, not an event of a message',
  // It names no one; alone in a request and refused, SendGrid would send it for a day.
  account_status_change: 'of the SendGrid account, not of a message',
}

export default defineWebhook({
  type: 'sendgrid',
  title: 'SendGrid',
  summary: 'Message events of the Event Webhook: processed, delivered, opens, clicks, bounces, drops, spam reports, unsubscribes.',
  campaigns: usualCampaigns,
  settings: z.object({
    verificationKey: z
      .string()
      .min(80)
      .max(300)
      .meta({ title: 'Verification key', description: 'Settings › Mail Settings › Event Webhooks, “Signature verification”: the public key, one line of base64.' }),
  }),
  steps: ({ url }) => [
    {
      title: 'Create the webhook',
      text: 'In SendGrid open Settings › Mail Settings › Event Webhooks, create one, paste the address as the Post URL and tick all deliverability and engagement events.',
      copy: [{ label: 'Post URL', value: url }],
    },
    { title: 'Turn on signatures', text: 'Turn on “Signature verification” there, save, and copy the verification key: Mercat needs it.' },
    { title: 'Name your campaigns', text: 'Send mails with a custom argument campaign_id, or with a category; Single Sends are named by themselves.' },
  ],
  verify: (request, { verificationKey }) => {
    const timestamp = signatureHeader(request, 'x-twilio-email-event-webhook-timestamp')
    const signature = signatureHeader(request, 'x-twilio-email-event-webhook-signature')
    if (!verified(verificationKey, Buffer.concat([Buffer.from(timestamp), request.body]), signature))
      throw wrongSignature('The signature is not right for this body: compare the verification key of this source with SendGrid’s')
    // SendGrid tries again for 24 hours, and does not say that it signs anew. https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/troubleshooting
    assertFresh(timestamp, request.receivedAt, 86_400)
  },
  read: jsonItems,
  normalise: (given) => {
    const why = isObject(given) && typeof given.event === 'string' ? entryOf(withoutFigure, given.event) : undefined
    if (why) return [ignored(why)]
    const item = itemOf(itemSchema, given)
    const event = entryOf(events, item.event)
    if (!event) throw unknownItem('event is not one of SendGrid’s that Mercat knows')
    // The part before the first dot is what the API answered when the mail was handed over.
    const messageId = item.anymail_id ?? item.sg_message_id ?? item['smtp-id']
    if (!messageId) throw unknownItem('sg_message_id is missing')
    return [
      {
        is: 'event',
        event,
        messageId,
        eventId: item.sg_event_id,
        recipient: item.email,
        at: item.timestamp,
        channel: 'Email',
        bounceType: event === 'bounced' ? (item.type === 'blocked' ? 'soft' : 'hard') : undefined,
        machine: item.sg_machine_open === true ? true : undefined,
        url: event === 'clicked' ? item.url : undefined,
        error: item.response ?? item.reason,
        tags: tagsOf(item.category),
        metadata: Object.fromEntries(
          Object.entries(item).flatMap(([name, value]) => (own.has(name) || (typeof value !== 'string' && typeof value !== 'number') ? [] : [[name, String(value)]])),
        ),
        campaign: item.singlesend_id ?? item.marketing_campaign_id ?? item.template_id ?? item.sg_template_id,
      },
    ]
  },
})

function verified(key: string, signed: Buffer, signature: string): boolean {
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' })
    return verify('sha256', signed, publicKey, Buffer.from(signature, 'base64'))
  } catch {
    // A key or a signature that is none proves nothing.
    return false
  }
}

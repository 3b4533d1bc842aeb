/** Resend's webhooks: one event of one mail a request, signed by Svix. https://resend.com/docs/webhooks/event-types */
import { z } from 'zod'
import { defineWebhook, ignored, itemOf, type Normalised, type ProviderEvent, textual, unknownItem, usualCampaigns, wrongItem } from './define.ts'
import { isObject } from '../../core/json.ts'
import { entryOf, jsonItems, metadataOf, textOf } from './parts.ts'
import { assertStandardSignature, signingSecret } from './standard-signature.ts'

const itemSchema = z.looseObject({
  type: z.string(),
  created_at: z.string().max(100),
  data: z.looseObject({
    email_id: textual,
    to: z.array(z.string().max(500)).min(1).max(100),
    bounce: z.looseObject({}).nullish(),
    failed: z.looseObject({}).nullish(),
    suppressed: z.looseObject({}).nullish(),
    click: z.looseObject({}).nullish(),
  }),
})
type Data = z.output<typeof itemSchema>['data']

const events: Readonly<Record<string, ProviderEvent['event']>> = {
  'email.sent': 'sent',
  'email.delivered': 'delivered',
  'email.bounced': 'bounced',
  'email.complained': 'complained',
  'email.opened': 'opened',
  'email.clicked': 'clicked',
  'email.failed': 'failed',
  'email.suppressed': 'failed',
}

const withoutFigure: Readonly<Record<string, string>> = {
  'email.scheduled': 'scheduled: the mail is not handed over yet',
  'email.delivery_delayed': 'delayed: Resend tries again',
  'email.received': 'an incoming mail',
}

/** What one person did: of a mail with several recipients Resend lists them all. */
const personal: readonly ProviderEvent['event'][] = ['opened', 'clicked', 'complained']

export default defineWebhook({
  type: 'resend',
  title: 'Resend',
  summary: 'Events of e-mails and broadcasts: sent, delivered, opens, clicks, bounces, complaints, failures, suppressions.',
  campaigns: usualCampaigns,
  settings: z.object({
    signingSecret: signingSecret.meta({ title: 'Signing secret', description: 'Webhooks › the webhook › Signing secret: whsec_ and base64.', secret: true }),
  }),
  steps: ({ url }) => [
    {
      title: 'Add the webhook',
      text: 'In Resend open Webhooks, choose “Add webhook”, paste the address as the Endpoint URL and select all events of emails.',
      copy: [{ label: 'Endpoint URL', value: url }],
    },
    { title: 'Copy the signing secret', text: 'Open the webhook and copy its Signing secret: Mercat needs it.' },
    {
      title: 'Name your campaigns',
      text: 'Send mails with a tag named campaign_id; broadcasts are named by themselves. Turn on open and click tracking of the domain to have both.',
    },
  ],
  verify: (request, settings) => assertStandardSignature(request, settings.signingSecret),
  read: jsonItems,
  normalise: (given) => {
    const type = isObject(given) && typeof given.type === 'string' ? given.type : ''
    const why = entryOf(withoutFigure, type) ?? (/^(domain|contact|suppression)\./.test(type) ? 'not an event of a mail' : undefined)
    if (why) return [ignored(why)]
    const event = entryOf(events, type)
    // What Resend tells one day may not have the form of a mail's event; an endpoint that keeps refusing is disabled. https://resend.com/docs/webhooks/retries-and-replays
    if (!event) throw type === '' ? wrongItem('type is missing') : unknownItem('type is not one of Resend’s that Mercat knows')
    const { data, created_at: at } = itemOf(itemSchema, given)
    return ofEach(data, event, at)
  },
})

function ofEach(data: Data, event: ProviderEvent['event'], at: string): readonly Normalised[] {
  if (data.to.length > 1 && personal.includes(event)) return [ignored(`${event} by one of several recipients: Resend does not tell which`)]
  // No id of the event: that of the delivery is in a header alone, and message, kind, time and link are the same however often it is delivered.
  return data.to.map((recipient) => ({
    is: 'event',
    event,
    messageId: data.email_id,
    recipient: /<([^<>]+)>\s*$/.exec(recipient)?.[1] ?? recipient,
    at,
    channel: 'Email',
    bounceType: event === 'bounced' ? bounceType(textOf(data.bounce?.type)) : undefined,
    url: event === 'clicked' ? textOf(data.click?.link) : undefined,
    error: textOf([data.bounce?.diagnosticCode].flat()[0] ?? data.bounce?.message ?? data.failed?.reason ?? data.suppressed?.message),
    tags: [],
    metadata: tagsByName(data.tags),
    campaign: textOf(data.broadcast_id),
  }))
}

/** Transient or Undetermined is not known to be for good. Resend once told no type: it reported hard bounces only. */
const bounceType = (type: string | undefined) => (type === undefined || type === 'Permanent' ? 'hard' : 'soft')

/** Resend's tags are names with values, as an object or as a list of { name, value }. */
function tagsByName(tags: unknown): Record<string, string> {
  if (!Array.isArray(tags)) return metadataOf(tags)
  return metadataOf(Object.fromEntries(tags.filter(isObject).map(({ name, value }) => [String(name), value])))
}

/** Twilio's status callbacks of SMS and WhatsApp messages: one form a change of status, signed by HMAC. https://www.twilio.com/docs/messaging/guides/track-outbound-message-status */
import { z } from 'zod'
import { defineWebhook, ignored, itemOf, type ProviderEvent, type SourceRequest, unknownItem, usualCampaigns, wrongShape } from './define.ts'
import { assertSignature, entryOf, hmacBase64, signatureHeader } from './parts.ts'

const itemSchema = z.looseObject({
  form: z.looseObject({
    MessageSid: z.string().min(1).max(100),
    MessageStatus: z.string().min(1).max(50),
    To: z.string().min(1).max(200),
    From: z.string().max(200).optional(),
    MessagingServiceSid: z.string().optional(),
    ErrorCode: z.string().max(20).optional(),
    ErrorMessage: z.string().optional(),
  }),
  query: z.record(z.string(), z.string()),
})
type Form = z.output<typeof itemSchema>['form']

const events: Readonly<Record<string, ProviderEvent['event']>> = {
  accepted: 'queued',
  scheduled: 'queued',
  queued: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  // Twilio sent it and the carrier or WhatsApp gave it back; failed: Twilio never sent it.
  undelivered: 'bounced',
  failed: 'failed',
  // Read receipts, which WhatsApp has.
  read: 'opened',
}

const withoutFigure: Readonly<Record<string, string>> = {
  sending: 'sending: on its way to the carrier',
  canceled: 'canceled: a scheduled message that was never sent',
  receiving: 'an incoming message',
  received: 'an incoming message',
}

/** No such number, a landline, no such account at WhatsApp. What may pass is soft: switched off (30003), blocked (30004), filtered (30007), unknown (30008). https://www.twilio.com/docs/api/errors */
const hard = ['30005', '30006', '63003', '63024']

/** Bytes; Twilio's are a few thousand. The fields are sorted before it is known who sent them. */
const longestForm = 64 * 1024

export default defineWebhook({
  type: 'twilio',
  title: 'Twilio',
  summary: 'Status callbacks of SMS and WhatsApp messages: queued, sent, delivered, read, undelivered, failed.',
  campaigns: usualCampaigns,
  settings: z.object({
    authToken: z
      .string()
      .regex(/^[0-9a-f]{32}$/, 'is 32 hexadecimal digits')
      .meta({ title: 'Auth token', description: 'Twilio Console › Account Info: the primary Auth Token of the account, or subaccount, that sends.', secret: true }),
  }),
  steps: ({ url }) => [
    { title: 'Copy the auth token', text: 'In the Twilio Console open Account Info, show the Auth Token and copy it: Twilio signs with it, and Mercat needs it.' },
    {
      title: 'Set the status callback',
      text: 'Open Messaging › Services, choose the service, and under Integration paste the address as the Delivery Status Callback. Programs may pass it as StatusCallback of each message instead.',
      copy: [{ label: 'Delivery Status Callback', value: url }],
    },
    {
      title: 'Name your campaigns',
      text: 'Pass the address with the campaign as StatusCallback of each message; otherwise the Messaging Service names the campaign.',
      copy: [{ label: 'StatusCallback', value: `${url}?campaign_id=spring` }],
    },
  ],
  verify: (request, { authToken }) => {
    const given = signatureHeader(request, 'x-twilio-signature')
    const form = sorted(formOf(request))
    assertSignature(given, ...addresses(request.url).map((address) => hmacBase64(authToken, 'sha1', address, form)))
  },
  read: ({ body, url }) => {
    const form = Object.fromEntries(formOf({ body }))
    if (!form.MessageSid) throw wrongShape('The body is not the form of a status callback: MessageSid is missing')
    return [{ form, query: Object.fromEntries(new URL(url).searchParams) }]
  },
  normalise: (given, { receivedAt }) => {
    const { form, query } = itemOf(itemSchema, given)
    const why = entryOf(withoutFigure, form.MessageStatus)
    if (why) return [ignored(why)]
    const event = entryOf(events, form.MessageStatus)
    if (!event) throw unknownItem('MessageStatus is not one of Twilio’s that Mercat knows')
    const channel = channelOf(form)
    return [
      {
        is: 'event',
        event,
        messageId: form.MessageSid,
        // A status is reached once; the time is that of the request, and of repetitions the earliest counts.
        eventId: `${form.MessageSid}:${form.MessageStatus}`,
        recipient: form.To.replace(/^whatsapp:/, ''),
        at: receivedAt.toISOString(),
        channel,
        bounceType: event === 'bounced' ? (hard.includes(form.ErrorCode ?? '') ? 'hard' : 'soft') : undefined,
        error: [form.ErrorCode, form.ErrorMessage].filter(Boolean).join(': ') || undefined,
        tags: [],
        metadata: query,
        campaign: form.MessagingServiceSid,
      },
    ]
  },
})

/** Addresses of other channels have other prefixes, in To or, for RCS, in From alone. */
function channelOf({ To, From = '' }: Form): ProviderEvent['channel'] {
  if (To.startsWith('whatsapp:')) return 'WhatsApp'
  if (/^[a-z]+:/i.test(To) || /^[a-z]+:/i.test(From)) throw unknownItem('To or From is of a channel that is neither SMS nor WhatsApp')
  return 'SMS'
}

/** The body as a form. Throws `wrong_shape`. */
function formOf({ body }: Pick<SourceRequest, 'body'>): URLSearchParams {
  if (body.length > longestForm) throw wrongShape('The body is longer than 64 kB: send a status callback as Twilio does, one message a request')
  return new URLSearchParams(body.toString())
}

/** Names and values one after the other, by name; of a name given more than once each value once. */
function sorted(form: URLSearchParams): string {
  const values = new Map<string, Set<string>>()
  for (const [name, value] of form) values.set(name, (values.get(name) ?? new Set()).add(value))
  return [...values.keys()]
    .sort()
    .flatMap((name) => [...(values.get(name) ?? [])].sort().map((value) => name + value))
    .join('')
}

/** Twilio signs some requests with the port in the address and some without. https://www.twilio.com/docs/usage/webhooks/webhooks-security */
function addresses(url: string): string[] {
  const { protocol, host, hostname, port } = new URL(url)
  const rest = url.slice(url.indexOf(host, protocol.length) + host.length)
  return [...new Set([url, `${protocol}//${hostname}${rest}`, `${protocol}//${hostname}:${port || (protocol === 'https:' ? 443 : 80)}${rest}`])]
}

/** Mailgun's webhooks: one message event a request, signed within its body. https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks */
import { z } from 'zod'
import { defineWebhook, type Ignored, ignored, itemOf, type ProviderEvent, type SourceRequest, textual, unknownItem, usualCampaigns, wrongSignature } from './define.ts'
import { assertFresh, assertSignature, entryOf, hmacHex, jsonItems, jsonOrNothing, metadataOf, tagsOf } from './parts.ts'

const signatureSchema = z.looseObject({ signature: z.looseObject({ timestamp: textual, token: z.string().min(1), signature: z.string().min(1) }) })

/** Mailgun writes null for some of what is not there. */
const words = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)
const itemSchema = z.looseObject({
  'event-data': z.looseObject({
    event: z.string(),
    id: words,
    timestamp: textual,
    recipient: words,
    severity: words,
    reason: words,
    url: words,
    message: z.looseObject({ headers: z.looseObject({ 'message-id': words, to: words }) }).nullish(),
    'delivery-status': z.looseObject({ message: words, description: words }).nullish(),
    reject: z.looseObject({ reason: words }).nullish(),
    'client-info': z.looseObject({ bot: words }).nullish(),
    flags: z.looseObject({ 'is-test-mode': z.boolean().nullish() }).nullish(),
    tags: z.unknown().optional(),
    campaigns: z.array(z.looseObject({ id: textual.nullish(), name: words })).nullish(),
    'user-variables': z.unknown().optional(),
  }),
})
type EventData = z.output<typeof itemSchema>['event-data']

const events: Readonly<Record<string, ProviderEvent['event']>> = {
  accepted: 'queued',
  rejected: 'failed',
  delivered: 'delivered',
  opened: 'opened',
  clicked: 'clicked',
  unsubscribed: 'unsubscribed',
  complained: 'complained',
}
/** What is of no message that was sent. */
const ofNoMessage = new Set(['stored', 'list_member_uploaded', 'list_member_upload_error', 'list_uploaded'])
/** Reasons of a permanent failure that say nothing of the address: Mailgun gave up, or the sender was blocked. */
const softReasons = new Set(['old', 'espblock', 'greylisted'])

export default defineWebhook({
  type: 'mailgun',
  title: 'Mailgun',
  summary: 'Message events: accepted, delivered, opens, clicks, failures, rejects, complaints, unsubscribes.',
  campaigns: usualCampaigns,
  settings: z.object({
    signingKey: z
      .string()
      .min(16)
      .max(200)
      .meta({ title: 'Webhook signing key', description: 'In Mailgun under API security: the “HTTP webhook signing key”, which is not an API key.', secret: true }),
  }),
  steps: ({ url }) => [
    {
      title: 'Create the webhooks',
      text: 'In Mailgun open Send › Sending › Webhooks, choose your domain and add a webhook for each event type with the address as its URL.',
      copy: [{ label: 'URL', value: url }],
    },
    { title: 'Copy the signing key', text: 'Copy the HTTP webhook signing key from the account’s API security: Mercat needs it.' },
    { title: 'Name your campaigns', text: 'Send mails with a variable v:campaign_id, or with a tag o:tag.' },
  ],
  verify: (request, { signingKey }) => {
    const { timestamp, token, signature } = signatureOf(request)
    assertSignature(signature, hmacHex(signingKey, 'sha256', timestamp, token))
    // Mailgun tries again for 8 hours.
    assertFresh(timestamp, request.receivedAt, 86_400)
  },
  read: jsonItems,
  normalise: (given) => {
    const { 'event-data': data } = itemOf(itemSchema, given)
    if (data.flags?.['is-test-mode'] === true) return [ignored('a mail in test mode, which Mailgun sends to nobody')]
    if (ofNoMessage.has(data.event)) return [ignored('not an event of a message that was sent')]
    const event = entryOf(events, data.event)
    const told = data.event === 'failed' ? failure(data) : event && { event }
    if (!told) throw unknownItem('event-data.event is not one of Mailgun’s that Mercat knows')
    if ('is' in told) return [told]
    const messageId = data.message?.headers['message-id']
    if (!messageId) throw unknownItem('event-data.message.headers.message-id is missing')
    const status = data['delivery-status']
    const variables = data['user-variables']
    return [
      {
        is: 'event',
        ...told,
        // In brackets, as Mailgun answers when a mail is handed over.
        messageId: messageId.startsWith('<') ? messageId : `<${messageId}>`,
        eventId: data.id || undefined,
        recipient: data.recipient ?? onlyAddress(data.message?.headers.to),
        at: data.timestamp,
        channel: 'Email',
        machine: data['client-info']?.bot ? true : undefined,
        url: data.event === 'clicked' ? data.url : undefined,
        error: wordsOf(data.event === 'delivered' ? [] : [status?.message, status?.description, data.reject?.reason, data.reason]),
        tags: tagsOf(data.tags),
        metadata: metadataOf(typeof variables === 'string' ? jsonOrNothing(variables) : variables),
        campaign: data.campaigns?.[0]?.id ?? data.campaigns?.[0]?.name,
      },
    ]
  },
})

function failure({ severity, reason }: EventData): Pick<ProviderEvent, 'event' | 'bounceType'> | Ignored {
  if (severity === 'temporary') return ignored('a temporary failure: Mailgun tries again')
  // To an address on Mailgun's own lists nothing was sent.
  if (reason?.startsWith('suppress-')) return { event: 'failed' }
  return { event: 'bounced', bounceType: softReasons.has(reason ?? '') ? 'soft' : 'hard' }
}

const wordsOf = (said: readonly (string | undefined)[]): string | undefined => said.find((text) => text !== undefined && text !== '')

/** The one address of a header; undefined where it names none or several, or is longer than one may be. */
function onlyAddress(header = ''): string | undefined {
  if (header.length > 1000) return undefined
  return /^(?:[^<>,]*<([^<>,\s]+@[^<>,\s]+)>|([^<>,\s]+@[^<>,\s]+))$/.exec(header.trim())?.slice(1).find(Boolean)
}

/** The signature within the body. Throws `wrong_signature`. */
function signatureOf({ body }: Pick<SourceRequest, 'body'>) {
  const parsed = signatureSchema.safeParse(jsonOrNothing(body))
  if (!parsed.success) throw wrongSignature('The member signature, with timestamp, token and signature, is missing in the body')
  return parsed.data.signature
}

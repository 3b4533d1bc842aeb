/** Postmark's webhooks: one message event a request, with a user name and a password. https://postmarkapp.com/developer/webhooks/webhooks-overview */
import { z } from 'zod'
import { defineWebhook, type Ignored, ignored, itemOf, type ProviderEvent, textual, unknownItem, usualCampaigns, wrongItem } from './define.ts'
import { assertPassword, entryOf, jsonItems, metadataOf, tagsOf } from './parts.ts'
import { credentials, passwordSettings, username } from './password.ts'
/** Stands for no message. */
const noMessage = '00000000-0000-0000-0000-000000000000'

const words = z.string().nullish()
const itemSchema = z.looseObject({
  RecordType: z.string(),
  MessageID: z.string().max(200).nullish(),
  ID: textual.nullish(),
  Type: words,
  Recipient: z.string().max(500).nullish(),
  Email: z.string().max(500).nullish(),
  DeliveredAt: words,
  BouncedAt: words,
  ReceivedAt: words,
  ChangedAt: words,
  Details: words,
  Description: words,
  OriginalLink: words,
  SuppressSending: z.boolean().nullish(),
  SuppressionReason: words,
  Tag: z.unknown().optional(),
  Metadata: z.unknown().optional(),
})
type Item = z.output<typeof itemSchema>
type Outcome = Pick<ProviderEvent, 'event' | 'bounceType'>
type Told = Outcome & Pick<ProviderEvent, 'eventId' | 'url'> & { readonly at: string | null | undefined }

const answers = ignored('an answer by a machine: the mail was delivered')
/** Bounces by their Type that are not a hard bounce. https://postmarkapp.com/developer/api/bounce-api#bounce-types */
const bounces: Readonly<Record<string, Outcome | Ignored>> = {
  ...Object.fromEntries(
    // Unknown: Postmark was “unable to classify” the answer, which says nothing of the address.
    ['Transient', 'SoftBounce', 'DnsError', 'SpamNotification', 'VirusNotification', 'OpenRelayTest', 'Blocked', 'DMARCPolicy', 'Unknown'].map((type) => [
      type,
      { event: 'bounced', bounceType: 'soft' } as const,
    ]),
  ),
  Unsubscribe: { event: 'unsubscribed' },
  SpamComplaint: { event: 'complained' },
  // Nothing was sent.
  ManuallyDeactivated: { event: 'failed' },
  Unconfirmed: { event: 'failed' },
  SMTPApiError: { event: 'failed' },
  TemplateRenderingFailed: { event: 'failed' },
  AutoResponder: answers,
  AddressChange: answers,
  ChallengeVerification: answers,
  Subscribe: ignored('a subscription, not an event of a message'),
  InboundError: ignored('a mail that came in, not one that was sent'),
}

const suppressions: Readonly<Record<string, Outcome>> = {
  HardBounce: { event: 'bounced', bounceType: 'hard' },
  SpamComplaint: { event: 'complained' },
  ManualSuppression: { event: 'unsubscribed' },
}

const records: Readonly<Record<string, (item: Item) => Told | Ignored>> = {
  Delivery: (item) => ({ event: 'delivered', at: item.DeliveredAt }),
  Open: (item) => ({ event: 'opened', at: item.ReceivedAt }),
  Click: (item) => ({ event: 'clicked', at: item.ReceivedAt, url: item.OriginalLink ?? undefined }),
  SpamComplaint: (item) => ({ event: 'complained', at: item.BouncedAt, eventId: item.ID ?? undefined }),
  Bounce: (item) => {
    const told = entryOf(bounces, item.Type) ?? { event: 'bounced', bounceType: 'hard' }
    return 'is' in told ? told : { ...told, at: item.BouncedAt, eventId: item.ID ?? undefined }
  },
  SubscriptionChange: (item) => {
    if (item.SuppressSending !== true) return ignored('a subscription, not an event of a message')
    const told = entryOf(suppressions, item.SuppressionReason)
    if (!told) throw unknownItem('SuppressionReason is not one of Postmark’s that Mercat knows')
    return { ...told, at: item.ChangedAt }
  },
}

export default defineWebhook({
  type: 'postmark',
  title: 'Postmark',
  summary: 'Message events: deliveries, opens, clicks, bounces, spam complaints, unsubscribes.',
  campaigns: usualCampaigns,
  settings: passwordSettings,
  steps: (place) => [
    {
      title: 'Create the webhook',
      text: 'In Postmark open the server, its message stream and Webhooks, add one with the address, and tick delivery, bounce, spam complaint, open, link click and subscription change.',
      copy: [{ label: 'Webhook URL', value: place.url }],
    },
    {
      title: 'Enter user name and password',
      text: 'Under “Basic auth credentials” of that webhook enter the user name and the password, and save. Content of messages need not be included.',
      copy: credentials(place),
    },
    { title: 'Name your campaigns', text: 'Send mails with Metadata campaign_id, or with a Tag.' },
  ],
  verify: (request, { password }) => assertPassword(request, username, password),
  read: jsonItems,
  normalise: (given) => {
    const item = itemOf(itemSchema, given)
    const record = entryOf(records, item.RecordType)
    if (!record) throw unknownItem('RecordType is not one of Postmark’s that Mercat knows')
    const told = record(item)
    if ('is' in told) return [told]
    // A suppression by hand, and a bounce Postmark cannot tell the message of.
    if (!item.MessageID || item.MessageID === noMessage) return [ignored('of no message that Postmark knows')]
    if (!told.at) throw wrongItem('the time (DeliveredAt, BouncedAt, ReceivedAt or ChangedAt) is missing')
    return [
      {
        is: 'event',
        ...told,
        at: told.at,
        messageId: item.MessageID,
        recipient: item.Recipient ?? item.Email ?? undefined,
        channel: 'Email',
        error: item.RecordType === 'Delivery' ? undefined : (item.Details ?? item.Description ?? undefined),
        tags: tagsOf(item.Tag),
        metadata: metadataOf(item.Metadata),
      },
    ]
  },
})

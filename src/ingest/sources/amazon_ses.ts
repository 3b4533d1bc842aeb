/** Amazon SES through SNS: event publishing of configuration sets and feedback notifications of identities. https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html */
import { z } from 'zod'
import { defineWebhook, type Ignored, ignored, itemOf, type Normalised, type ProviderEvent, textual, unknownItem, usualCampaigns, wrongItem, wrongShape } from './define.ts'
import { isObject } from '../../core/json.ts'
import { entryOf, jsonOrNothing, metadataOf } from './parts.ts'
import { assertSns, envelopeOf, greetSns } from './sns.ts'

/** Amazon writes null for some of what is not there. */
const words = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined)
const time = words
const address = z.string().min(1).max(500)
const recipients = z.array(z.looseObject({ emailAddress: address, diagnosticCode: words })).max(1000)

const itemSchema = z.looseObject({
  eventType: words,
  notificationType: words,
  mail: z
    .looseObject({
      messageId: textual,
      timestamp: time,
      destination: z.array(address).min(1).max(1000),
      headers: z.array(z.looseObject({ name: z.string(), value: z.string() })).nullish(),
      tags: z.unknown().optional(),
    })
    .nullish(),
  publishedAt: time,
})
type Mail = NonNullable<z.output<typeof itemSchema>['mail']>

interface Told extends Partial<Pick<ProviderEvent, 'eventId' | 'bounceType' | 'url'>> {
  readonly event: ProviderEvent['event']
  /** Each with the provider's words about it. */
  readonly to: readonly { readonly recipient: string; readonly error?: string | undefined }[]
  readonly at?: string | undefined
}
type Kind = (item: unknown, mail: Mail) => Told | Ignored

/** A kind of event that has a member of its own. */
function part<Schema extends z.ZodType>(name: string, schema: Schema, tell: (part: z.output<Schema>, mail: Mail) => Told | Ignored): Kind {
  const whole = z.looseObject({ [name]: schema })
  return (item, mail) => tell(itemOf(whole, item)[name] as z.output<Schema>, mail)
}

const all = ({ destination }: Mail, error?: string) => destination.map((recipient) => ({ recipient, error }))
/** What one person did; of a mail with several destinations Amazon does not say which. */
function one(mail: Mail, told: Omit<Told, 'to'>): Told | Ignored {
  const several = new Set(mail.destination.map((recipient) => recipient.toLowerCase())).size > 1
  return several ? ignored('the mail has several destinations, and Amazon does not say which of them did it: send a mail to each') : { ...told, to: all(mail).slice(0, 1) }
}

const topics = z
  .looseObject({
    unsubscribeAll: z.boolean().nullish(),
    topicSubscriptionStatus: z
      .array(z.looseObject({ topicName: z.string(), subscriptionStatus: z.string() }))
      .max(1000)
      .nullish(),
  })
  .nullish()
const leftTopics = (preferences: z.output<typeof topics>) =>
  (preferences?.topicSubscriptionStatus ?? []).filter(({ subscriptionStatus }) => subscriptionStatus === 'OptOut').map(({ topicName }) => topicName)

const kinds: Readonly<Record<string, Kind>> = {
  Send: (_, mail) => ({ event: 'sent', to: all(mail) }),
  Delivery: part('delivery', z.looseObject({ timestamp: time, recipients: z.array(address).max(1000), smtpResponse: words }), (delivery) => ({
    event: 'delivered',
    to: delivery.recipients.map((recipient) => ({ recipient, error: delivery.smtpResponse })),
    at: delivery.timestamp,
  })),
  Bounce: part('bounce', z.looseObject({ timestamp: time, feedbackId: words, bounceType: z.string(), bounceSubType: words, bouncedRecipients: recipients }), (bounce) => ({
    // Of an address on the account's suppression list: Amazon took the mail and did not send it, and “this does not count toward your bounce rate”; one on Amazon's own list does.
    // https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types
    event: bounce.bounceSubType === 'OnAccountSuppressionList' ? 'failed' : 'bounced',
    to: bounce.bouncedRecipients.map(({ emailAddress, diagnosticCode }) => ({
      recipient: emailAddress,
      error: diagnosticCode ?? [bounce.bounceType, bounce.bounceSubType].filter(Boolean).join(': '),
    })),
    at: bounce.timestamp,
    eventId: bounce.feedbackId,
    // Transient and Undetermined say nothing of the address.
    bounceType: bounce.bounceType === 'Permanent' ? 'hard' : 'soft',
  })),
  Complaint: part(
    'complaint',
    z.looseObject({ timestamp: time, feedbackId: words, complaintFeedbackType: words, complaintSubType: words, complainedRecipients: recipients }),
    (complaint) => {
      if (complaint.complaintFeedbackType === 'not-spam') return ignored('the recipient says that the mail is no spam')
      // Of an address that complained before: Amazon took the mail and did not send it.
      const kept = complaint.complaintSubType === 'OnAccountSuppressionList'
      const error = kept ? 'Complaint: OnAccountSuppressionList' : complaint.complaintFeedbackType
      return {
        event: kept ? 'failed' : 'complained',
        to: complaint.complainedRecipients.map(({ emailAddress }) => ({ recipient: emailAddress, error })),
        at: complaint.timestamp,
        eventId: complaint.feedbackId,
      }
    },
  ),
  Reject: part('reject', z.looseObject({ reason: words }), ({ reason }, mail) => ({ event: 'failed', to: all(mail, reason) })),
  'Rendering Failure': part('failure', z.looseObject({ errorMessage: words }), ({ errorMessage }, mail) => ({ event: 'failed', to: all(mail, errorMessage) })),
  Open: part('open', z.looseObject({ timestamp: time }), ({ timestamp }, mail) => one(mail, { event: 'opened', at: timestamp })),
  Click: part('click', z.looseObject({ timestamp: time, link: words }), ({ timestamp, link }, mail) => one(mail, { event: 'clicked', at: timestamp, url: link })),
  Subscription: part('subscription', z.looseObject({ timestamp: time, newTopicPreferences: topics, oldTopicPreferences: topics }), (subscription, mail) => {
    const before = leftTopics(subscription.oldTopicPreferences)
    const left = subscription.newTopicPreferences?.unsubscribeAll === true || leftTopics(subscription.newTopicPreferences).some((topic) => !before.includes(topic))
    return left ? one(mail, { event: 'unsubscribed', at: subscription.timestamp }) : ignored('a subscription, not an event of a message')
  }),
  DeliveryDelay: () => ignored('delayed: Amazon tries again'),
}

/** What is of no message that was sent. */
const ofNoMessage: Readonly<Record<string, string>> = {
  Received: 'a mail that came in, not one that was sent',
  AmazonSnsSubscriptionSucceeded: 'a test of the topic by Amazon SES',
}

export default defineWebhook({
  type: 'amazon_ses',
  title: 'Amazon SES',
  summary: 'Message events through Amazon SNS: sends, deliveries, opens, clicks, bounces, complaints, rejects, rendering failures, unsubscribes.',
  campaigns: usualCampaigns,
  settings: z.object({
    topicArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/)
      .optional()
      .meta({
        title: 'Topic ARN',
        description: 'Only requests of this topic are taken: arn:aws:sns:eu-central-1:123456789012:mail-events. Without it, of any topic that knows the address.',
      }),
  }),
  steps: ({ url }) => [
    {
      title: 'Subscribe the address to a topic',
      text: 'In Amazon SNS create a standard topic and a subscription of it: protocol HTTPS, the address as the endpoint, raw message delivery off. It is confirmed by itself.',
      copy: [{ label: 'Endpoint', value: url }],
    },
    {
      title: 'Send the events there',
      text: 'In Amazon SES add the topic as an event destination of the configuration set you send with, and choose all events. Copy the topic’s ARN, by which Mercat takes this topic only.',
    },
    {
      title: 'Name your campaigns',
      text: 'Send mails with a message tag campaign_id, one mail a recipient: of opens and clicks of a mail to several, Amazon does not say whose they are.',
    },
  ],
  verify: (request, { topicArn }, outside) => assertSns(request, topicArn, outside),
  greet: greetSns,
  read: (request) => {
    const { Type, Message, Timestamp } = envelopeOf(request)
    // Amazon tries a new event destination with a sentence.
    if (Type !== 'Notification' || Message.startsWith('Successfully validated SNS topic')) return []
    const message = jsonOrNothing(Message)
    if (!isObject(message)) throw wrongShape('The Message of the notification is not an event of Amazon SES')
    return [{ ...message, publishedAt: Timestamp }]
  },
  normalise: (given) => {
    const item = itemOf(itemSchema, given)
    const name = item.eventType ?? item.notificationType
    if (name === undefined) throw wrongItem('eventType is missing')
    const why = entryOf(ofNoMessage, name)
    if (why !== undefined) return [ignored(why)]
    const kind = entryOf(kinds, name)
    if (!kind) throw unknownItem('eventType is not one of Amazon SES that Mercat knows')
    if (!item.mail) throw wrongItem('mail is missing')
    const told = kind(given, item.mail)
    if ('is' in told) return [told]
    const at = told.at ?? item.mail.timestamp ?? item.publishedAt
    if (at === undefined) throw wrongItem('mail.timestamp is missing')
    return eventsOf(told, at, item.mail)
  },
})

function eventsOf({ to, ...told }: Told, at: string, mail: Mail): Normalised[] {
  const headers = (name: string) => (mail.headers ?? []).filter((header) => header.name.toLowerCase() === name).map(({ value }) => value)
  const metadata = { ...messageTags(mail.tags), ...metadataOf(jsonOrNothing(headers('x-metadata')[0] ?? '')) }
  const tags = headers('x-tag').filter((tag) => tag !== '')
  return to.map(({ recipient, error }) => ({ is: 'event', messageId: mail.messageId, channel: 'Email', ...told, recipient, at, error, tags, metadata }))
}

/** Message tags are lists of values by name; Amazon's own, like ses:configuration-set, are among them. */
const messageTags = (tags: unknown): Record<string, string> =>
  metadataOf(isObject(tags) ? Object.fromEntries(Object.entries(tags).map(([name, values]) => [name, [values].flat()[0]])) : undefined)

/** SparkPost's event webhooks (Bird): batches of events, proved by a password. https://developers.sparkpost.com/api/webhooks/ */
import { z } from 'zod'
import { defineWebhook, type Ignored, ignored, itemOf, type Normalised, type ProviderEvent, textual, unknownItem, usualCampaigns, wrongItem } from './define.ts'
import { isObject } from '../../core/json.ts'
import { assertPassword, entryOf, jsonItems, metadataOf, tagsOf, textOf } from './parts.ts'
import { credentials, passwordSettings, username } from './password.ts'

const wrapperSchema = z.looseObject({ msys: z.record(z.string(), z.unknown()) })
const eventSchema = z.looseObject({
  type: z.string(),
  timestamp: textual,
  rcpt_to: z.string().min(1).max(500),
  initial_pixel: z.boolean().nullish(),
})
type Event = z.output<typeof eventSchema>

const messages = ['message_event', 'track_event', 'gen_event', 'unsubscribe_event']
const others = ['relay_event', 'relay_message', 'ab_test_event', 'ingest_event']

const events: Readonly<Record<string, ProviderEvent['event']>> = {
  injection: 'queued',
  delivery: 'delivered',
  bounce: 'bounced',
  out_of_band: 'bounced',
  policy_rejection: 'failed',
  generation_failure: 'failed',
  generation_rejection: 'failed',
  open: 'opened',
  initial_open: 'opened',
  amp_open: 'opened',
  amp_initial_open: 'opened',
  click: 'clicked',
  amp_click: 'clicked',
  spam_complaint: 'complained',
  list_unsubscribe: 'unsubscribed',
  link_unsubscribe: 'unsubscribed',
}

/** Invalid recipient, and no recipient could be determined. https://support.sparkpost.com/docs/deliverability/bounce-classification-codes */
const hard = ['10', '30']
/** Mails that came back and are no bounces: out of office, subscribe requests, challenges. */
const answers = ['60', '80', '100']
/** SparkPost sent nothing: its policies failed the mail, as with every address on the suppression list. */
const unsent = ['25', '26']
const unsubscribeRequest = '90'

export default defineWebhook({
  type: 'sparkpost',
  title: 'SparkPost',
  summary: 'Message events: injections, deliveries, opens, clicks, bounces, rejections, complaints, unsubscribes.',
  campaigns: usualCampaigns,
  settings: passwordSettings,
  steps: (place) => [
    {
      title: 'Create the webhook',
      text: 'In SparkPost open Configuration › Webhooks, choose “Create Webhook”, paste the address as the Target and keep all events, Initial Open among them.',
      copy: [{ label: 'Target', value: place.url }],
    },
    {
      title: 'Set the password',
      text: 'Under Authentication choose Basic Auth and paste the user name and the password.',
      copy: credentials(place),
    },
    { title: 'Name your campaigns', text: 'Send transmissions with metadata campaign_id, or with a campaign_id of their own.' },
  ],
  verify: (request, { password }) => assertPassword(request, username, password),
  read: (request) => jsonItems(request).filter(({ msys }) => !(isObject(msys) && Object.keys(msys).length === 0)),
  normalise: (given) => {
    const { msys } = itemOf(wrapperSchema, given)
    const [group = ''] = Object.keys(msys)
    if (others.includes(group)) return [ignored('not an event of a message to a customer')]
    if (!messages.includes(group)) throw unknownItem('msys holds no group of events that Mercat knows')
    const event = itemOf(eventSchema, msys[group])
    return [without(event) ?? normalised(event)]
  },
})

/** Why the event has no place in any figure. */
function without({ type, initial_pixel: initialPixel, bounce_class: bounceClass }: Event): Ignored | undefined {
  if (type === 'delay') return ignored('delay: SparkPost tries again')
  if (type === 'sms_status') return ignored('sms_status: a step of a delivery')
  // Two pixels tell of one opening, one at the top of the mail (initial_open) and one at its end (open), which a clipped mail never loads.
  if ((type === 'open' || type === 'amp_open') && initialPixel === true) return ignored('open: the same opening is told by initial_open')
  if (entryOf(events, type) === 'bounced' && answers.includes(textOf(bounceClass) ?? '')) return ignored('an automatic answer, not a bounce')
  return undefined
}

function normalised(item: Event): Normalised {
  const told = entryOf(events, item.type)
  if (!told) throw unknownItem('type is not one of SparkPost’s that Mercat knows')
  // The id of the transmission is what the API answered when the mails were handed over; with the recipient it names one mail.
  const messageId = textOf(item.transmission_id) ?? textOf(item.message_id)
  if (!messageId) throw wrongItem('transmission_id and message_id are missing')
  const bounceClass = textOf(item.bounce_class) ?? ''
  const event = told === 'bounced' ? bounceOf(bounceClass) : told
  return {
    is: 'event',
    event,
    messageId,
    eventId: textOf(item.event_id),
    recipient: item.rcpt_to,
    at: item.timestamp,
    channel: 'Email',
    bounceType: event === 'bounced' ? (hard.includes(bounceClass) ? 'hard' : 'soft') : undefined,
    machine: isObject(item.user_agent_parsed) && item.user_agent_parsed.is_prefetched === true ? true : undefined,
    url: event === 'clicked' ? textOf(item.target_link_url) : undefined,
    error: textOf(item.reason) ?? textOf(item.raw_reason),
    tags: tagsOf(item.rcpt_tags),
    metadata: metadataOf(item.rcpt_meta),
    campaign: textOf(item.campaign_id) ?? textOf(item.template_id),
  }
}

function bounceOf(bounceClass: string): ProviderEvent['event'] {
  if (bounceClass === unsubscribeRequest) return 'unsubscribed'
  return unsent.includes(bounceClass) ? 'failed' : 'bounced'
}

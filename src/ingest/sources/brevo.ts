/** Brevo's webhooks, of transactional mails and of marketing campaigns: one event or a batch, proved by a password. https://developers.brevo.com/docs/transactional-webhooks */
import { z } from 'zod'
import { defineWebhook, ignored, itemOf, type ProviderEvent, unknownItem, usualCampaigns, wrongItem } from './define.ts'
import { isObject } from '../../core/json.ts'
import { assertPassword, entryOf, jsonItems, jsonOrNothing, metadataOf, tagsOf, textOf } from './parts.ts'
import { addressWithPassword, passwordSettings, username } from './password.ts'

const itemSchema = z.looseObject({ event: z.string(), email: z.string().min(1).max(500) })
type Item = z.output<typeof itemSchema>

type Mapped = Pick<ProviderEvent, 'event' | 'bounceType' | 'machine'>
const events: Readonly<Record<string, Mapped>> = {
  // Said of every mail Brevo takes, also of one it then blocks.
  request: { event: 'queued' },
  delivered: { event: 'delivered' },
  soft_bounce: { event: 'bounced', bounceType: 'soft' },
  hard_bounce: { event: 'bounced', bounceType: 'hard' },
  invalid_email: { event: 'bounced', bounceType: 'hard' },
  blocked: { event: 'failed' },
  error: { event: 'failed' },
  // The first opening is unique_opened, each later one opened; some accounts are told both of the first. Then both have the same second, and are one event.
  opened: { event: 'opened' },
  unique_opened: { event: 'opened' },
  proxy_open: { event: 'opened', machine: true },
  unique_proxy_open: { event: 'opened', machine: true },
  click: { event: 'clicked' },
  spam: { event: 'complained' },
  complaint: { event: 'complained' },
  unsubscribe: { event: 'unsubscribed' },
  unsubscribed: { event: 'unsubscribed' },
}

const withoutFigure: Readonly<Record<string, string>> = {
  deferred: 'deferred: Brevo tries again',
  list_addition: 'a contact, not an event of a mail',
  contact_updated: 'a contact, not an event of a mail',
  contact_deleted: 'a contact, not an event of a mail',
}

export default defineWebhook({
  type: 'brevo',
  title: 'Brevo',
  summary: 'Events of transactional mails and of campaigns: sent, delivered, opens, clicks, bounces, blocks, complaints, unsubscribes.',
  campaigns: usualCampaigns,
  settings: passwordSettings,
  steps: (place) => [
    {
      title: 'Add the webhook for transactional mails',
      text: 'In Brevo click the name of the account, open Integrations › Webhooks and choose “Add webhook”, outbound; paste the address and choose all events of transactional email.',
      copy: [{ label: 'URL to call', value: addressWithPassword(place) }],
    },
    {
      title: 'Add the webhook for campaigns',
      text: 'Add a second outbound webhook with the same address and choose all events of marketing email. In accounts with the classic pages both are under Settings: Transactional › Webhooks and Campaigns › Webhooks.',
      copy: [{ label: 'URL to call', value: addressWithPassword(place) }],
    },
    {
      title: 'Name your campaigns',
      text: 'Send transactional mails with the header X-Mailin-custom: {"campaign_id":"…"}; otherwise their template or first tag names them. Campaigns are named by their id.',
    },
  ],
  // “4xx response codes, except for 429, and any 5xx response code stop all retry attempts and discard the webhook.” https://developers.brevo.com/docs/retry-mechanism
  againAfter429: true,
  verify: (request, { password }) => assertPassword(request, username, password),
  read: jsonItems,
  normalise: (given) => {
    const why = isObject(given) && typeof given.event === 'string' ? entryOf(withoutFigure, given.event) : undefined
    if (why) return [ignored(why)]
    const item = itemOf(itemSchema, given)
    const mapped = entryOf(events, item.event)
    if (!mapped) throw unknownItem('event is not one of Brevo’s that Mercat knows')
    return [
      {
        is: 'event',
        ...mapped,
        messageId: messageOf(item),
        recipient: item.email,
        at: secondOf(item),
        channel: 'Email',
        url: mapped.event === 'clicked' ? textOf(item.link ?? item.URL) : undefined,
        error: textOf(item.reason),
        tags: tags(item),
        metadata: customOf(item['X-Mailin-custom']),
        campaign: textOf(item.camp_id) ?? textOf(item.template_id),
      },
    ]
  },
})

/** Mails of a campaign have no id of their own: a campaign reaches an address once. */
function messageOf(item: Item): string {
  const campaign = textOf(item.camp_id)
  const id = textOf(item['message-id']) ?? (campaign === undefined ? undefined : `campaign ${campaign}`)
  if (!id) throw wrongItem('message-id and camp_id are missing')
  return id
}

/** Epoch seconds. Members `date` and `ts` are in a zone that is not told. */
function secondOf(item: Item): string {
  const given = textOf(item.ts_event) ?? textOf(item.ts_epoch)
  if (given === undefined || !/^\d{10}(\d{3})?$/.test(given)) throw wrongItem('ts_event is missing or not epoch seconds')
  return given.slice(0, 10)
}

/** `tags` is a list where the sender gave one; `tag` the same list as JSON, or a single one. */
const tags = (item: Item): string[] => tagsOf(item.tags ?? jsonOrNothing(item.tag) ?? item.tag)

/** JSON, or Brevo's own form name:value|name:value. */
function customOf(given: unknown): Record<string, string> {
  const json = jsonOrNothing(given)
  if (isObject(json) || typeof given !== 'string') return metadataOf(json)
  return Object.fromEntries(
    given.split('|').flatMap((pair) => {
      const colon = pair.indexOf(':')
      return colon < 1 ? [] : [[pair.slice(0, colon).trim(), pair.slice(colon + 1).trim()]]
    }),
  )
}

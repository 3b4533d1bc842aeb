/** Message events: what happened to one message of one campaign. */
import { inboxProvider } from '../sql/fields.ts'
import { customerHash, defineKind, heldOutHash, messageHash, milliseconds } from './define.ts'

const at = milliseconds('v_occurred_at')
// docs/figures.md, "The same event twice is one event": the id if there is one, otherwise everything that tells two events apart.
const eventKey = `sipHash64(if(f_event_id != '', concat('i\\0', f_event_id), concat('t\\0', toString(${at}), '\\0', v_url, '\\0', v_bounce_type, '\\0', if(v_machine, '1', '0'))))`
const error = "if(v_event IN ('bounced', 'failed'), v_error, '')"
const tells = `(f_inbox != '' OR ${error} != '')`
// Of conflicting copies the earliest wins, then a fixed hash: the order in which copies arrive never matters. 2^42 ms reach beyond 2100. One that tells the provider or
// the error ranks a millisecond earlier, so that it goes before all of its own instant that do
// not. A copy that tells neither keeps the hash of before there were these fields; a provider that follows from the customer's address adds nothing.
const content = `concat(f_customer_id, '\\0', v_channel, '\\0', v_bounce_type, '\\0', if(v_machine, '1', '0'), '\\0', v_country, '\\0', f_variant, '\\0', v_url, if(${tells}, concat('\\0', lower(f_inbox), '\\0', ${error}), ''))`
const version = `bitShiftLeft(toUInt64(greatest(4398046511104 - ${at}, 0) + ${tells}), 21) + sipHash64(${content}) % 2097152`

export default defineKind({
  kind: 'events',
  summary: 'message events: sent, opened, clicked …',
  fields: {
    campaign_id: { type: 'key', required: true, description: 'The platform’s own id of the campaign. An unknown one is kept as a new campaign.' },
    message_id: { type: 'id', description: 'Id of the message: one attempt to reach one customer. Required except for held_out.' },
    customer_id: { type: 'id', description: 'The platform’s id or the address of the customer; only its keyed hash is kept. Required for held_out.' },
    event: { type: 'event', required: true, description: 'queued, sent, delivered, opened, clicked, unsubscribed, complained, bounced, failed or held_out.' },
    occurred_at: { type: 'instant', required: true, description: 'When it happened.' },
    channel: { type: 'channel', description: 'Email, SMS, WhatsApp, Viber, MobilePush or WebPush. Required for queued, sent and held_out.' },
    event_id: { type: 'id', description: 'The provider’s id of this event: the same id is the same event.' },
    bounce_type: { type: 'bounce_type', description: 'hard or soft, for bounced.' },
    machine: { type: 'flag', description: 'true when a machine opened or clicked, not a person.' },
    country: { type: 'country', description: 'ISO 3166-1 alpha-2.' },
    variant: { type: 'text', description: 'Arm of an A/B test.' },
    url: { type: 'url', description: 'The link clicked.' },
    inbox: {
      type: 'text',
      description: 'The recipient’s inbox provider, like Gmail. Default: by the domain of customer_id, where that is an address. Only the name of the provider is kept.',
    },
    error: { type: 'error', description: 'Code or reason of a bounced or failed message; addresses and numbers are taken out, 200 characters are kept.' },
  },
  checks: [
    { when: "f_message_id = '' AND lower(f_event) != 'held_out'", reason: 'message_id is missing' },
    { when: "f_customer_id = '' AND lower(f_event) = 'held_out'", reason: 'customer_id is missing: a held-out row is about a customer' },
    { when: "f_channel = '' AND lower(f_event) IN ('queued', 'sent', 'held_out')", reason: 'channel is missing' },
  ],
  columns: {
    campaign: 'f_campaign_id',
    message: `if(f_message_id != '', ${messageHash('f_message_id')}, ${heldOutHash('f_campaign_id', 'f_customer_id')})`,
    event: 'v_event',
    event_key: eventKey,
    occurred_at: 'v_occurred_at',
    customer: `if(f_customer_id = '', toFixedString('', 16), ${customerHash('f_customer_id')})`,
    channel: 'v_channel',
    bounce_type: 'v_bounce_type',
    machine: 'v_machine',
    country: 'v_country',
    variant: 'f_variant',
    url: 'v_url',
    inbox: inboxProvider('f_inbox', 'f_customer_id'),
    error,
    version,
  },
})

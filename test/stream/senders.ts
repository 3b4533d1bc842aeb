/** Every platform that calls Mercat, as a sender of tests: settings of its source, payloads as it documents them, and real signatures by keys made here. Sends nothing. */
import { createHmac, createSign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Webhook } from 'standardwebhooks'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import { snsSigner } from '../ingest/sns-signer.ts'
import { realData } from '../ingest/support.ts'
import { basic } from '../ingest/webhook-source.ts'
import { newSigner } from './deliveries.ts'

type Headers = Readonly<Record<string, string>>

/** What a platform says, before it is signed. */
export interface Payload {
  readonly text: string
  readonly headers?: Headers
}

export interface Posted {
  readonly body: Buffer
  readonly headers: Headers
}

export interface Sender {
  readonly settings: Readonly<Record<string, string>>
  /** Something good that counts for the campaign: a message that was delivered, or an order. */
  readonly good: (campaign: string) => Payload
  /** More of what it sends. */
  readonly more: readonly Payload[]
  /** As it is posted to the address of the source, with the headers that prove it. */
  readonly sign: (payload: Buffer, given: { readonly now: Date; readonly url: string }) => Posted
}

/** When everything happened. */
const at = new Date(Date.now() - 86_400_000)
const seconds = Math.floor(at.getTime() / 1000)
const iso = at.toISOString()
const person = 'Ada.Lovelace@example.com'
const json = (value: unknown, headers?: Headers): Payload => ({ text: JSON.stringify(value), ...(headers && { headers }) })
const asJson = { 'content-type': 'application/json' }

/** Payloads an independent project collected; none where the data is not there. */
function collected(type: string): Record<string, unknown>[] {
  const file = realData(`webhooks/${type}.json`)
  return file === undefined ? [] : (JSON.parse(readFileSync(file, 'utf8')) as { payload: Record<string, unknown> }[]).map(({ payload }) => payload)
}

/** Proved by a header that has nothing to do with the body. */
const password = 'a-password-of-some-length'
const byPassword = { settings: { password }, sign: (body: Buffer): Posted => ({ body, headers: { ...asJson, ...basic('mercat', password) } }) }

const topicArn = 'arn:aws:sns:us-east-1:123456789012:mail'
const amazon = snsSigner('sns.amazonaws.com')

/** The internet of these tests: Amazon's certificate, and nothing else. */
export const internet = ((address: URL | string) =>
  Promise.resolve(/\.pem$/.test(String(address)) ? new Response(amazon.certificate) : new Response('', { status: 404 }))) as typeof fetch

function bySns(message: Buffer, { now }: { readonly now: Date }): Posted {
  const members = { Message: message.toString(), MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324', Timestamp: now.toISOString(), TopicArn: topicArn, Type: 'Notification' }
  const signed = Object.entries(members).map(([name, value]) => `${name}\n${value}\n`)
  const Signature = createSign('RSA-SHA256').update(signed.join('')).sign(amazon.privateKey, 'base64')
  const SigningCertURL = 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-of-tests.pem'
  return { body: Buffer.from(JSON.stringify({ ...members, SignatureVersion: '2', Signature, SigningCertURL })), headers: { 'content-type': 'text/plain; charset=UTF-8' } }
}

const standardSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
/** Over the very bytes, which the library of Standard Webhooks takes as a text only. */
function standard(family: 'webhook' | 'svix'): Pick<Sender, 'settings' | 'sign'> {
  return {
    settings: { signingSecret: standardSecret },
    sign: (body, { now }) => {
      const time = String(Math.floor(now.getTime() / 1000))
      const key = Buffer.from(standardSecret.slice('whsec_'.length), 'base64')
      const text = body.toString()
      const mac = Buffer.from(text).equals(body)
        ? new Webhook(standardSecret).sign('msg_1', now, text)
        : `v1,${createHmac('sha256', key).update(`msg_1.${time}.`).update(body).digest('base64')}`
      return { body, headers: { ...asJson, [`${family}-id`]: 'msg_1', [`${family}-timestamp`]: time, [`${family}-signature`]: mac } }
    },
  }
}

const mailgunKey = 'a-key-of-sixteen-characters'
/** Mailgun signs a time and a token, within the body. */
function ofMailgun(data: unknown): Payload {
  const [timestamp, token] = [String(Math.floor(Date.now() / 1000)), 'b5c8f1d0a9e2']
  return json({
    signature: {
      timestamp,
      token,
      signature: createHmac('sha256', mailgunKey)
        .update(timestamp + token)
        .digest('hex'),
    },
    'event-data': data,
  })
}

const sendgrid = newSigner()
const shopifySecret = 'shpss_0123456789abcdef0123456789abcdef'
const stripeSecret = 'whsec_test0123456789abcdef'
const twilioToken = '0123456789abcdef0123456789abcdef'

const line = { id: 866550311766439, product_id: 7513594, sku: 'IPOD-342-N', quantity: 3, price: '199.99', total_discount: '0.00', discount_allocations: [{ amount: '0.30' }] }
const order = (campaign: string, more: object = {}) => ({
  id: `${campaign}-82098291194`,
  email: person,
  created_at: iso,
  processed_at: iso,
  updated_at: iso,
  cancelled_at: null,
  currency: 'USD',
  total_price: '609.67',
  current_total_price: '599.67',
  financial_status: 'paid',
  fulfillment_status: null,
  test: false,
  phone: '+16135550100',
  note_attributes: [{ name: 'mercat_campaign_id', value: campaign }],
  customer: { id: 1153106273, email: person, phone: null },
  billing_address: { country_code: 'US' },
  shipping_address: { country_code: 'CA' },
  line_items: [line, { ...line, id: 2 }],
  ...more,
})
const shopper = { id: 706405506930370, email: person, phone: '+16135550100', created_at: iso, updated_at: iso, email_marketing_consent: { state: 'subscribed' } }
const topic = (name: string) => ({ 'x-shopify-topic': name })

const charge = (campaign: string, more: object = {}) => ({
  object: 'event',
  api_version: '2026-02-25.clover',
  created: seconds + 60,
  type: 'charge.succeeded',
  data: {
    object: {
      id: `ch_${campaign}`,
      object: 'charge',
      amount: 109900,
      amount_captured: 109900,
      amount_refunded: 0,
      billing_details: { address: { country: 'DE' }, email: person, phone: null },
      captured: true,
      created: seconds,
      currency: 'eur',
      metadata: { campaign_id: campaign },
      payment_intent: `pi_${campaign}`,
      receipt_email: null,
      refunded: false,
      shipping: null,
      status: 'succeeded',
      ...more,
    },
  },
})

const mail = (campaign: string) => ({ messageId: `ses-${campaign}`, timestamp: iso, destination: [person], tags: { campaign_id: [campaign], 'ses:from-domain': ['example.com'] } })
const brevo = (campaign: string, more: object = {}) => ({
  event: 'delivered',
  email: person,
  'message-id': `<${campaign}@smtp-relay.mailin.fr>`,
  ts_event: seconds,
  ts_epoch: seconds * 1000,
  'X-Mailin-custom': JSON.stringify({ campaign_id: campaign }),
  template_id: 22,
  tags: ['transac_messages'],
  ...more,
})
const mailjet = (campaign: string, more: object = {}) => ({
  event: 'sent',
  time: seconds,
  MessageID: 19421777835146490,
  email: person,
  mj_campaign_id: 7257,
  customcampaign: campaign,
  CustomID: 'helloworld',
  Payload: '',
  smtp_reply: 'sent (250 2.0.0 OK)',
  ...more,
})
const sparkpost = (campaign: string, more: object = {}, group = 'message_event') => ({
  msys: {
    [group]: {
      type: 'delivery',
      campaign_id: campaign,
      event_id: `sp-${campaign}`,
      rcpt_meta: { step: 'one' },
      rcpt_tags: ['male'],
      rcpt_to: person,
      timestamp: String(seconds),
      transmission_id: `sp-${campaign}`,
      ...more,
    },
  },
})
const resend = (campaign: string, more: object = {}, type = 'email.delivered') => ({
  type,
  created_at: iso,
  data: { email_id: `re-${campaign}`, from: 'shop@example.org', to: [person], tags: { campaign_id: campaign }, ...more },
})
const form = (fields: Record<string, string>): Payload => ({ text: new URLSearchParams(fields).toString() })
const sms = (campaign: string, more: object = {}) =>
  form({ MessageSid: `SM-${campaign}`, MessageStatus: 'delivered', To: '+15558675310', From: '+15017122661', MessagingServiceSid: campaign, AccountSid: 'AC1', ...more })
const own = (campaign: string) => ({ campaign_id: campaign, message_id: 'm-1', customer_id: person, event: 'delivered', channel: 'Email', occurred_at: iso, event_id: 'e-1' })
const paid = (order_id: string) => ({ order_id, customer_id: person, placed_at: iso, status: 'paid', amount: '12.50', currency: 'EUR', opt_ins: { newsletter: true } })

export const senders: Readonly<Record<string, Sender>> = {
  amazon_ses: {
    settings: { topicArn },
    good: (campaign) => json({ eventType: 'Delivery', mail: mail(campaign), delivery: { timestamp: iso, recipients: [person], smtpResponse: '250 OK' } }),
    more: collected('amazon_ses').flatMap((payload) => ('Type' in payload ? [] : [json(payload)])),
    sign: bySns,
  },
  brevo: {
    ...byPassword,
    good: (campaign) => json(brevo(campaign)),
    more: [json([brevo('m'), brevo('m', { event: 'click', link: 'https://example.com/?a=1' }), brevo('m', { event: 'hard_bounce', reason: '550' })])],
  },
  mailgun: {
    settings: { signingKey: mailgunKey },
    good: (campaign) =>
      ofMailgun({
        event: 'delivered',
        id: `mg-${campaign}`,
        timestamp: seconds + 0.5,
        recipient: person,
        message: { headers: { 'message-id': `mg-${campaign}` } },
        'user-variables': { campaign_id: campaign },
      }),
    more: collected('mailgun').flatMap((payload) => ('event-data' in payload ? [ofMailgun(payload['event-data'])] : [])),
    sign: (body) => ({ body, headers: asJson }),
  },
  mailjet: {
    ...byPassword,
    good: (campaign) => json([mailjet(campaign)]),
    more: [
      json(mailjet('m', { event: 'bounce', hard_bounce: true, error: 'user unknown', comment: 'Host not found' })),
      json([mailjet('m', { event: 'click', url: 'https://example.com' })]),
    ],
  },
  postmark: {
    ...byPassword,
    good: (campaign) => json({ RecordType: 'Delivery', MessageID: `pm-${campaign}`, Recipient: person, DeliveredAt: iso, Details: '250 OK', Metadata: { campaign_id: campaign } }),
    more: collected('postmark').map((payload) => json(payload)),
  },
  resend: {
    ...standard('svix'),
    good: (campaign) => json(resend(campaign)),
    more: [json(resend('m', { to: [person, 'bob@example.com'] }, 'email.sent')), json(resend('m', { bounce: { type: 'Permanent', message: 'unknown' } }, 'email.bounced'))],
  },
  sendgrid: {
    settings: { verificationKey: sendgrid.publicKey },
    good: (campaign) =>
      json([{ email: person, timestamp: seconds, event: 'delivered', sg_event_id: `sg-${campaign}`, sg_message_id: `sg-${campaign}.1`, campaign_id: campaign, category: ['a'] }]),
    more: collected('sendgrid').map((payload) => json(payload)),
    sign: (body, { now }) => ({ body, headers: sendgrid.headers(body, now) }),
  },
  shopify: {
    settings: { signingSecret: shopifySecret },
    good: (campaign) => json(order(campaign), topic('orders/updated')),
    more: [json(order('m', { cancelled_at: iso }), topic('orders/cancelled')), json(shopper, topic('customers/update')), json({}, topic('refunds/create'))],
    sign: (body) => ({ body, headers: { ...asJson, 'x-shopify-hmac-sha256': createHmac('sha256', shopifySecret).update(body).digest('base64') } }),
  },
  sparkpost: {
    ...byPassword,
    good: (campaign) => json([sparkpost(campaign)]),
    more: [
      json([sparkpost('m'), sparkpost('m', { type: 'click', target_link_url: 'https://example.com' }, 'track_event'), { msys: {} }]),
      json([sparkpost('m', { type: 'bounce', bounce_class: '10', reason: '550' })]),
    ],
  },
  standard_webhooks: {
    ...standard('webhook'),
    good: (campaign) => json({ type: 'events', timestamp: iso, data: own(campaign) }),
    more: [
      json({ type: 'orders', data: [paid('o-1'), paid('o-2')] }),
      json({ type: 'customers', data: { customer_id: person, country: 'de', consent: ['Email'], attributes: { size: 'L' }, updated_at: iso } }),
    ],
  },
  stripe: {
    settings: { signingSecret: stripeSecret },
    good: (campaign) => json(charge(campaign)),
    more: [json(charge('m', { amount_refunded: 1001 })), json(charge('m', { status: 'failed' }))],
    sign: (body, { now }) => {
      const time = Math.floor(now.getTime() / 1000)
      return { body, headers: { ...asJson, 'stripe-signature': `t=${time},v1=${createHmac('sha256', stripeSecret).update(`${time}.`).update(body).digest('hex')}` } }
    },
  },
  twilio: {
    settings: { authToken: twilioToken },
    good: (campaign) => sms(campaign),
    more: [
      sms('m', { MessageStatus: 'undelivered', ErrorCode: '30005', ErrorMessage: 'Unknown' }),
      sms('m', { MessageStatus: 'read', To: 'whatsapp:+15558675310', From: 'whatsapp:+15017122661' }),
    ],
    sign: (body, { url }) => {
      const fields = new URLSearchParams(body.toString())
      const names = [...new Set(fields.keys())].sort()
      const text = names.flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value)).join('')
      return {
        body,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-twilio-signature': createHmac('sha1', twilioToken)
            .update(url + text)
            .digest('base64'),
        },
      }
    },
  },
}

/** Sources that are called and have no sender here. */
export const withoutSender = sources.flatMap(({ type, connection }) => (connection === 'webhook' && !Object.hasOwn(senders, type) ? [type] : []))

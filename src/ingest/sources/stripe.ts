/**
 * Stripe's events: one order a payment, signed by HMAC-SHA256 with a time. https://docs.stripe.com/webhooks
 *
 * - A payment is told by several objects (checkout session, payment intent, charge, invoice), each with a part of it. Only the charge has all of it in every event: amount,
 *   what was captured and refunded, address and metadata. So charges make the orders, and nothing is counted twice; the payment intent's id is the order's.
 * - An order begins when money is taken, and counts on the day of the charge. Attempts that failed, payments under way and authorisations are none: no event of a charge tells that
 *   an authorisation was given back.
 * - The amount is what was captured less what was refunded; of an order that is refunded as a whole, what it was.
 * - Events of a sandbox are taken: they are signed with the secret of the sandbox, so a source has either these or those of live payments.
 */
import { z } from 'zod'
import { multiplyDecimals, subtractDecimals } from '../../core/money.ts'
import { countryOf, currencyCode, customerOf, optionalText } from './commerce.ts'
import { defineWebhook, ignored, itemOf, type SourceRow, textual, wrongItem } from './define.ts'
import { isObject } from '../../core/json.ts'
import { assertFresh, assertSignature, hmacHex, jsonItems, metadataOf, signatureHeader } from './parts.ts'

const toleranceSeconds = 300

/** Stripe's own lists (https://docs.stripe.com/currencies), not ISO 4217's: ISK and UGX have no smaller unit and are yet written in hundredths. All others are in hundredths. */
const whole = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const thousandths = new Set('BHD JOD KWD OMR TND'.split(' '))
const unitOf = (currency: string): string => (whole.has(currency) ? '1' : thousandths.has(currency) ? '0.001' : '0.01')

/** Until this API version, Stripe counts what was authorised and not captured as refunded. */
const withoutRelease = '2025-03-31'

const eventSchema = z.looseObject({
  type: z.string(),
  api_version: optionalText,
  created: textual,
  account: textual.nullish(),
  data: z.looseObject({ object: z.looseObject({ object: z.string() }) }),
})

const minor = textual.refine((text) => /^\d{1,18}$/.test(text))
const addressSchema = z.looseObject({ country: optionalText }).nullish()
const chargeSchema = z.looseObject({
  id: textual,
  payment_intent: textual.nullish(),
  status: z.string(),
  created: textual,
  currency: currencyCode,
  amount: minor,
  amount_captured: minor.nullish(),
  amount_refunded: minor,
  captured: z.boolean(),
  refunded: z.boolean(),
  receipt_email: optionalText,
  billing_details: z.looseObject({ email: optionalText, phone: optionalText, address: addressSchema }).nullish(),
  shipping: z.looseObject({ address: addressSchema }).nullish(),
  metadata: z.unknown().optional(),
})
type Charge = z.output<typeof chargeSchema>

export default defineWebhook({
  type: 'stripe',
  title: 'Stripe',
  summary: 'Payments as orders: paid, refunded in part or as a whole.',
  settings: z.object({
    signingSecret: z
      .string()
      .regex(/^whsec_[A-Za-z0-9+/=_-]{10,200}$/)
      .meta({ title: 'Signing secret', description: 'Workbench › Webhooks, the page of the destination: begins with whsec_.', secret: true }),
  }),
  steps: ({ url }) => [
    {
      title: 'Create the destination',
      text: 'In the Stripe Dashboard open Workbench › Webhooks and click Create new destination. Choose the API version your own code uses and the events of your account, then Webhook endpoint, and paste the address as the Endpoint URL.',
      copy: [{ label: 'Endpoint URL', value: url }],
    },
    {
      title: 'Select the events',
      text: 'Select these event types, all of the snapshot form. Others do no harm: they make no orders.',
      copy: [{ label: 'Events', value: 'charge.succeeded, charge.captured, charge.updated, charge.refunded' }],
    },
    { title: 'Copy the signing secret', text: 'On the page of the destination, reveal the signing secret and copy it: Mercat needs it. A sandbox has a secret of its own.' },
    {
      title: 'Name the campaign, if you know it',
      text: 'Orders are attributed by the customer’s last touch. Where you know the campaign, set campaign_id in the metadata of the payment intent (of Checkout: payment_intent_data.metadata).',
    },
  ],
  verify: (request, { signingSecret }) => {
    const members = signatureHeader(request, 'stripe-signature')
      .split(',')
      .map((member) => member.trim().split('='))
    const time = members.find(([name]) => name === 't')?.[1] ?? ''
    const expected = hmacHex(signingSecret, 'sha256', `${time}.`, request.body)
    // While a secret is rolled there is one signature for each secret.
    assertSignature(expected, ...members.flatMap(([name, value]) => (name === 'v1' && value ? [value] : [])))
    assertFresh(time, request.receivedAt, toleranceSeconds)
  },
  read: jsonItems,
  normalise: (given) => {
    if (isObject(given) && given.object === 'v2.core.event') throw wrongItem('a thin event: choose the snapshot form for this destination')
    const event = itemOf(eventSchema, given)
    // A platform's endpoint gets the payments of others, and of live and sandbox accounts mixed.
    if (event.account) return [ignored('an event of a connected account')]
    if (event.data.object.object !== 'charge') return [ignored(whyNot(event.type))]
    const charge = itemOf(chargeSchema, event.data.object)
    if (charge.status !== 'succeeded') return [ignored('a payment that did not succeed, or not yet')]
    if (!charge.captured) return [ignored('an authorisation: the order begins when it is captured')]
    return [orderRow(charge, event)]
  },
})

function whyNot(type: string): string {
  if (type.startsWith('checkout.') || type.startsWith('payment_intent.') || type.startsWith('invoice.')) return 'the charge of the same payment tells the order'
  if (type.startsWith('charge.dispute.')) return 'a dispute: the order counts until it is refunded'
  return 'not a charge'
}

function orderRow(charge: Charge, event: z.output<typeof eventSchema>): SourceRow {
  const captured = (event.api_version ?? '') < withoutRelease ? charge.amount : (charge.amount_captured ?? charge.amount)
  const amount = charge.refunded ? captured : subtractDecimals(captured, charge.amount_refunded)
  const { billing_details: billing } = charge
  const fields = {
    order_id: charge.payment_intent ?? charge.id,
    customer_id: customerOf(billing?.email, charge.receipt_email, billing?.phone),
    placed_at: charge.created,
    updated_at: event.created,
    status: charge.refunded ? 'refunded' : 'paid',
    amount: multiplyDecimals(amount, unitOf(charge.currency)),
    currency: charge.currency,
    country: countryOf(charge.shipping?.address?.country, billing?.address?.country),
    campaign_id: metadataOf(charge.metadata).campaign_id?.trim() || undefined,
  }
  return { is: 'row', kind: 'orders', fields }
}

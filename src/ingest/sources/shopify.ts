/**
 * Shopify's webhooks: orders with their lines, and customers as far as no one is named, signed by HMAC-SHA256. https://shopify.dev/docs/api/webhooks
 *
 * - An order is placed when Shopify's own reports say so (`processed_at`, for imported orders the day of the purchase), otherwise at `created_at`.
 * - Its amount is what is left after edits, returns and refunds (`current_total_price`), shipping and taxes included, in the shop's currency. Of one that is cancelled or
 *   refunded as a whole it is what it was (`total_price`): it is in no revenue, and the sum of what was lost is of use.
 * - A refund that Shopify does not take off the order's total stays in the amount.
 */
import { z } from 'zod'
import { addDecimals, multiplyDecimals, subtractDecimals } from '../../core/money.ts'
import { countryOf, currencyCode, customerOf, decimalText, optionalText } from './commerce.ts'
import { defineWebhook, type Ignored, ignored, itemOf, type SourceRow, textual, wrongShape } from './define.ts'
import { isObject } from '../../core/json.ts'
import { assertSignature, entryOf, hmacBase64, jsonBody, signatureHeader } from './parts.ts'

const topicHeader = 'x-shopify-topic'

/** Topics whose body is a whole order. */
const orderTopics = new Set(['orders/create', 'orders/updated', 'orders/paid', 'orders/fulfilled', 'orders/partially_fulfilled', 'orders/cancelled'])
const customerTopics = new Set(['customers/create', 'customers/update', 'customers/enable', 'customers/disable'])

const oneChannel = 'the consent to one channel only: it is not the whole state of a customer'
const withoutFigures: Readonly<Record<string, string>> = {
  'refunds/create': 'a refund without the total of its order: Order update tells it',
  'orders/edited': 'the changes of an order only: Order update tells the whole',
  'orders/delete': 'a deletion in Shopify: the order keeps its last state',
  'customers_email_marketing_consent/update': oneChannel,
  'customers_marketing_consent/update': oneChannel,
}

const deliverySchema = z.object({ topic: z.string(), payload: z.unknown() })
const addressSchema = z.looseObject({ country_code: optionalText }).nullish()
const time = z.string().min(1).max(60)

const lineSchema = z.looseObject({
  id: textual,
  product_id: textual.nullish(),
  sku: optionalText,
  quantity: decimalText,
  price: decimalText,
  total_discount: decimalText.nullish(),
  discount_allocations: z
    .array(z.looseObject({ amount: decimalText }))
    .max(1000)
    .nullish(),
})

const orderSchema = z.looseObject({
  id: textual,
  test: z.boolean().nullish(),
  email: optionalText,
  phone: optionalText,
  customer: z.looseObject({ email: optionalText, phone: optionalText }).nullish(),
  created_at: time,
  processed_at: time.nullish(),
  updated_at: time,
  cancelled_at: time.nullish(),
  financial_status: optionalText,
  fulfillment_status: optionalText,
  currency: currencyCode,
  total_price: decimalText,
  current_total_price: decimalText.nullish(),
  shipping_address: addressSchema,
  billing_address: addressSchema,
  note_attributes: z
    .array(z.looseObject({ name: z.unknown().optional(), value: z.unknown().optional() }))
    .max(1000)
    .nullish(),
  line_items: z.array(lineSchema).max(1000),
})
type Order = z.output<typeof orderSchema>
type Line = z.output<typeof lineSchema>

const consentSchema = z.looseObject({ state: optionalText }).nullish()
const customerSchema = z.looseObject({
  email: optionalText,
  phone: optionalText,
  created_at: time.nullish(),
  updated_at: time,
  default_address: addressSchema,
  email_marketing_consent: consentSchema,
  sms_marketing_consent: consentSchema,
})

export default defineWebhook({
  type: 'shopify',
  title: 'Shopify',
  summary: 'Orders with their lines as they are placed, paid, fulfilled, edited, cancelled and refunded.',
  settings: z.object({
    signingSecret: z.string().min(20).max(200).meta({
      title: 'Signing secret',
      description: 'Settings › Notifications › Webhooks, below the list: “Your webhooks will be signed with”. Of webhooks made by an app: the app’s client secret.',
      secret: true,
    }),
  }),
  steps: ({ url }) => [
    {
      title: 'Create the webhook of orders',
      text: 'In the Shopify admin open Settings › Notifications › Webhooks and click Create webhook. Event: Order update, Format: JSON, Webhook API version: the latest that is stable; paste the address as the URL and save.',
      copy: [{ label: 'URL', value: url }],
    },
    {
      title: 'Create it for new and cancelled orders',
      text: 'Do the same with the events Order creation and Order cancellation. Order update brings payments, fulfillments, edits and refunds; all may use the same address.',
    },
    { title: 'Copy the signing secret', text: 'Below the list of webhooks, Shopify says “Your webhooks will be signed with”: copy what follows. Mercat needs it.' },
    {
      title: 'Name the campaign, if you know it',
      text: 'Orders are attributed by the customer’s last touch. Where the shop knows the campaign, give the order the additional detail mercat_campaign_id.',
    },
  ],
  headers: [topicHeader],
  // The signature holds no time: a request that is played again says what was said before, and changes nothing.
  verify: (request, { signingSecret }) => assertSignature(signatureHeader(request, 'x-shopify-hmac-sha256'), hmacBase64(signingSecret, 'sha256', request.body)),
  read: (request) => {
    const topic = request.headers[topicHeader]
    if (!topic) throw wrongShape(`The header ${topicHeader} is missing`)
    const payload = jsonBody(request)
    if (!isObject(payload)) throw wrongShape('The body is not a JSON object')
    return [{ topic, payload }]
  },
  normalise: (given) => {
    const { topic, payload } = itemOf(deliverySchema, given)
    if (orderTopics.has(topic)) return orderRows(itemOf(orderSchema, payload))
    if (customerTopics.has(topic)) return [customerRow(itemOf(customerSchema, payload))]
    return [ignored(entryOf(withoutFigures, topic) ?? 'a topic that tells nothing of orders')]
  },
})

function orderRows(order: Order): (SourceRow | Ignored)[] {
  if (order.test) return [ignored('a test order')]
  const status = statusOf(order)
  const whole = status === 'cancelled' || status === 'refunded'
  const fields = {
    order_id: order.id,
    customer_id: customerOf(order.email, order.customer?.email, order.phone, order.customer?.phone),
    placed_at: order.processed_at ?? order.created_at,
    updated_at: order.updated_at,
    status,
    amount: whole ? order.total_price : (order.current_total_price ?? order.total_price),
    currency: order.currency,
    country: countryOf(order.shipping_address?.country_code, order.billing_address?.country_code),
    campaign_id: campaignOf(order),
  }
  return [{ is: 'row', kind: 'orders', fields }, ...order.line_items.map((line) => itemRow(order.id, line))]
}

function statusOf({ financial_status, fulfillment_status, cancelled_at }: Order): string {
  if (financial_status === 'refunded') return 'refunded'
  if (cancelled_at || financial_status === 'voided') return 'cancelled'
  if (fulfillment_status === 'fulfilled') return 'delivered'
  return financial_status === 'paid' || financial_status === 'partially_refunded' ? 'paid' : 'placed'
}

/** Only what the shop itself says: an address the customer came by is a touch, and touches have rules of their own (docs/figures.md). */
function campaignOf({ note_attributes }: Order): string | undefined {
  const value = note_attributes?.find(({ name }) => name === 'mercat_campaign_id')?.value
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() || undefined : undefined
}

/** The line as it was ordered: of lines the last that is loaded counts, so that copies in any order should say the same (an edit that adds to a line does not). Refunds are in the order's amount. */
function itemRow(order_id: string, line: Line): SourceRow {
  const fields = {
    order_id,
    item_id: line.id,
    // A stock keeping unit can be missing, used twice, and changed; a line that was typed in has neither.
    product: line.product_id || line.sku || 'custom',
    quantity: line.quantity,
    unit_price: line.price,
    amount: subtractDecimals(multiplyDecimals(line.price, line.quantity), discountOf(line)),
  }
  return { is: 'row', kind: 'order_items', fields }
}

/** Shopify tells the same discount twice, and names the allocations as those that are always right. */
const discountOf = ({ discount_allocations, total_discount }: Line): string =>
  discount_allocations?.length ? addDecimals(discount_allocations.map(({ amount }) => amount)) : (total_discount ?? '0')

function customerRow(customer: z.output<typeof customerSchema>): SourceRow | Ignored {
  const customer_id = customerOf(customer.email, customer.phone)
  if (!customer_id) return ignored('a customer without an address or a number')
  const { email_marketing_consent: email, sms_marketing_consent: sms } = customer
  // A row is the whole state of a customer: without it, a consent that is known from elsewhere would be taken away.
  if (email === undefined && sms === undefined) return ignored('a customer without consent: Shopify tells none since the API version 2025-01')
  const fields = {
    customer_id,
    country: countryOf(customer.default_address?.country_code),
    // As written: the day in the shop's time zone.
    signed_up: customer.created_at?.slice(0, 10),
    consent: [...(email?.state === 'subscribed' ? ['Email'] : []), ...(sms?.state === 'subscribed' ? ['SMS'] : [])].join(';'),
    updated_at: customer.updated_at,
  }
  return { is: 'row', kind: 'customers', fields }
}

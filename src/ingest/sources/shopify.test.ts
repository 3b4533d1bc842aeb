/** Shopify's webhooks: who is believed, which rows a delivery becomes, and what makes none. Payloads have the members of Shopify's documented ones. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { WebhookSource } from './define.ts'
import shopify from './shopify.ts'

const source = shopify as WebhookSource
const receivedAt = new Date('2026-03-02T10:00:00Z')
const secret = 'shpss_0123456789abcdef0123456789abcdef'

const line = {
  id: '866550311766439020',
  admin_graphql_api_id: 'gid://shopify/LineItem/866550311766439020',
  product_id: '7513594',
  sku: 'IPOD-342-N',
  quantity: 3,
  current_quantity: 3,
  price: '199.99',
  total_discount: '0.00',
  discount_allocations: [
    { amount: '0.10', discount_application_index: 0 },
    { amount: '0.20', discount_application_index: 1 },
  ],
}
const order = {
  id: '820982911946154508',
  email: ' Jon@Example.com',
  created_at: '2026-03-01T11:00:00-05:00',
  processed_at: '2026-03-01T10:59:58-05:00',
  updated_at: '2026-03-01T11:00:05-05:00',
  cancelled_at: null,
  currency: 'USD',
  presentment_currency: 'EUR',
  total_price: '609.67',
  current_total_price: '609.67',
  financial_status: 'pending',
  fulfillment_status: null,
  test: false,
  phone: null,
  landing_site: '/?utm_campaign=spring',
  note_attributes: [],
  customer: { id: '115310627314723954', email: 'john@example.com', phone: '+16135550100' },
  billing_address: { country_code: 'US' },
  shipping_address: { country_code: 'CA' },
  line_items: [line],
}
const row = {
  order_id: '820982911946154508',
  customer_id: 'jon@example.com',
  placed_at: '2026-03-01T10:59:58-05:00',
  updated_at: '2026-03-01T11:00:05-05:00',
  status: 'placed',
  amount: '609.67',
  currency: 'USD',
  country: 'CA',
  campaign_id: undefined,
}

/** Long ids as numbers, as Shopify writes them. */
const written = (payload: object) => JSON.stringify(payload).replace(/"(id|product_id)":"(\d+)"/g, '"$1":$2')
const told = (payload: object, topic = 'orders/updated') =>
  source.read({ headers: { 'x-shopify-topic': topic }, body: Buffer.from(written(payload)), url: '' }).flatMap((item) => source.normalise(item, { receivedAt }))
const fieldsOf = (payload: object) => told(payload).flatMap((made) => (made.is === 'row' && made.kind === 'orders' ? [made.fields] : []))[0]

describe('a request', () => {
  const verify = (body: string, signature: string | undefined, by = secret) =>
    source.verify(
      { headers: signature === undefined ? {} : { 'x-shopify-hmac-sha256': signature }, body: Buffer.from(body), url: 'https://mercat.example/ingest/shopify/k', receivedAt },
      { signingSecret: by },
      { get: () => Promise.reject(new Error('nothing is asked')) },
    )
  const signature = createHmac('sha256', secret).update('{"a": "ü"}').digest('base64')

  it('is believed with the signature of its very bytes', () => {
    expect(() => verify('{"a": "ü"}', signature)).not.toThrow()
  })

  it.each([
    ['another body', () => verify('{"a":"ü"}', signature)],
    ['another secret', () => verify('{"a": "ü"}', signature, `${secret}0`)],
    ['a signature of another form', () => verify('{"a": "ü"}', createHmac('sha256', secret).update('{"a": "ü"}').digest('hex'))],
    ['no signature', () => verify('{"a": "ü"}', undefined)],
  ])('is refused with %s', (_, call) => {
    expect(call).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
  })

  it('that names no topic, or is no object, is of the wrong shape', () => {
    expect(() => source.read({ headers: {}, body: Buffer.from('{}'), url: '' })).toThrow(expect.objectContaining({ code: 'wrong_shape' }))
    expect(() => source.read({ headers: { 'x-shopify-topic': 'orders/create' }, body: Buffer.from('[{}]'), url: '' })).toThrow(expect.objectContaining({ code: 'wrong_shape' }))
    expect(() => source.read({ headers: { 'x-shopify-topic': 'orders/create' }, body: Buffer.from('id=1'), url: '' })).toThrow(expect.objectContaining({ code: 'wrong_shape' }))
  })
})

describe('an order', () => {
  it('is its row and the rows of its lines, with ids as they are written and exact sums', () => {
    expect(told(order, 'orders/create')).toEqual([
      { is: 'row', kind: 'orders', fields: row },
      {
        is: 'row',
        kind: 'order_items',
        fields: { order_id: '820982911946154508', item_id: '866550311766439020', product: '7513594', quantity: '3', unit_price: '199.99', amount: '599.67' },
      },
    ])
  })

  it('has the status it is furthest along in, and what is left of its amount; whole again once it is cancelled or refunded', () => {
    const cases = [
      [{ financial_status: 'authorized' }, 'placed', '609.67'],
      [{ financial_status: 'partially_paid' }, 'placed', '609.67'],
      [{ financial_status: 'paid' }, 'paid', '609.67'],
      [{ financial_status: 'paid', fulfillment_status: 'partial' }, 'paid', '609.67'],
      [{ financial_status: 'partially_refunded', current_total_price: '409.68' }, 'paid', '409.68'],
      [{ financial_status: 'paid', fulfillment_status: 'fulfilled' }, 'delivered', '609.67'],
      [{ financial_status: 'paid', current_total_price: '700.00' }, 'paid', '700.00'],
      [{ financial_status: 'paid', current_total_price: undefined }, 'paid', '609.67'],
      [{ financial_status: 'voided', current_total_price: '0.00' }, 'cancelled', '609.67'],
      [{ cancelled_at: '2026-03-01T12:00:00-05:00', financial_status: 'paid', current_total_price: '0.00' }, 'cancelled', '609.67'],
      [{ cancelled_at: '2026-03-01T12:00:00-05:00', financial_status: 'refunded', fulfillment_status: 'fulfilled', current_total_price: '0.00' }, 'refunded', '609.67'],
    ] as const
    for (const [change, status, amount] of cases) expect(fieldsOf({ ...order, ...change }), JSON.stringify(change)).toMatchObject({ status, amount })
  })

  it('is its address’s, otherwise its customer’s, otherwise a number’s, otherwise nobody’s', () => {
    expect(fieldsOf({ ...order, email: '' })?.customer_id).toBe('john@example.com')
    expect(fieldsOf({ ...order, email: null, customer: { email: null, phone: '+16135550100' } })?.customer_id).toBe('+16135550100')
    expect(fieldsOf({ ...order, email: null, customer: null })?.customer_id).toBeUndefined()
  })

  it('takes what is missing from elsewhere, and names a campaign only where the shop does', () => {
    expect(fieldsOf({ ...order, processed_at: null, shipping_address: null })).toMatchObject({ placed_at: order.created_at, country: 'US', campaign_id: undefined })
    expect(fieldsOf({ ...order, shipping_address: { country_code: 'Canada' }, billing_address: null })?.country).toBeUndefined()
    expect(
      fieldsOf({
        ...order,
        note_attributes: [
          { name: 'gift', value: 'yes' },
          { name: 'mercat_campaign_id', value: 'spring' },
        ],
      })?.campaign_id,
    ).toBe('spring')
  })

  it('has lines without a product, and discounts that are told in one way only', () => {
    const lines = [
      { ...line, product_id: null, discount_allocations: [], total_discount: '9.99' },
      { ...line, product_id: null, sku: '', quantity: 1, price: '12345678901234567.89', discount_allocations: undefined, total_discount: null },
    ]
    expect(told({ ...order, line_items: lines }).flatMap((made) => (made.is === 'row' && made.kind === 'order_items' ? [made.fields] : []))).toMatchObject([
      { product: 'IPOD-342-N', amount: '589.98' },
      { product: 'custom', quantity: '1', amount: '12345678901234567.89' },
    ])
  })

  it('that is a test, or is told in part only, makes no rows', () => {
    expect(told({ ...order, test: true })).toEqual([{ is: 'ignored', why: 'a test order' }])
    expect(told({ id: 1, order_id: '820982911946154508', transactions: [] }, 'refunds/create')).toEqual([
      { is: 'ignored', why: 'a refund without the total of its order: Order update tells it' },
    ])
    for (const topic of ['orders/edited', 'orders/delete', 'app/uninstalled', 'products/update', 'constructor', 'customers/redact'])
      expect(told({ id: 1 }, topic), topic).toEqual([expect.objectContaining({ is: 'ignored' })])
  })

  it('that is not as Shopify writes it is refused by the name of the member, never by its value', () => {
    const reasons = [
      [{ ...order, total_price: 'jon@example.com' }, 'total_price is missing or not of the right form'],
      [{ ...order, current_total_price: '1.1234567' }, 'current_total_price is missing or not of the right form'],
      [{ ...order, currency: undefined }, 'currency is missing or not of the right form'],
      [{ ...order, line_items: [line, { ...line, price: null }] }, 'line_items.1.price is missing or not of the right form'],
      [{ ...order, email: { jon: 1 } }, 'email is missing or not of the right form'],
    ] as const
    for (const [payload, reason] of reasons) expect(() => told(payload), reason).toThrow(expect.objectContaining({ reason, keep: false }))
  })
})

describe('a customer', () => {
  const customer = {
    id: '706405506930370084',
    email: 'Bob@Biller.com',
    created_at: '2025-12-31T23:30:00-05:00',
    updated_at: '2026-03-01T10:00:00-05:00',
    first_name: 'Bob',
    note: 'This customer loves ice cream',
    default_address: { country_code: 'DE', city: 'Ulm' },
    email_marketing_consent: { state: 'subscribed', opt_in_level: 'single_opt_in' },
    sms_marketing_consent: { state: 'subscribed' },
  }
  const fields = { customer_id: 'bob@biller.com', country: 'DE', signed_up: '2025-12-31', consent: 'Email;SMS', updated_at: '2026-03-01T10:00:00-05:00' }

  it('is a country, a day and the consent: nothing that names a person', () => {
    expect(told(customer, 'customers/update')).toEqual([{ is: 'row', kind: 'customers', fields }])
    expect(told({ ...customer, email_marketing_consent: { state: 'pending' }, sms_marketing_consent: null }, 'customers/create')).toMatchObject([
      { fields: { ...fields, consent: '' } },
    ])
  })

  it('is left as known where consent is not told, or for one channel only', () => {
    const { email_marketing_consent: _, sms_marketing_consent: __, ...newer } = customer
    expect(told(newer, 'customers/update')).toEqual([{ is: 'ignored', why: 'a customer without consent: Shopify tells none since the API version 2025-01' }])
    expect(told({ ...customer, email: null }, 'customers/update')).toEqual([{ is: 'ignored', why: 'a customer without an address or a number' }])
    expect(told({ customer_id: 1, email_address: 'bob@biller.com', email_marketing_consent: { state: 'subscribed' } }, 'customers_email_marketing_consent/update')).toMatchObject([
      { is: 'ignored' },
    ])
  })
})

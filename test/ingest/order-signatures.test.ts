/** Orders from webhooks, proved and counted: an independent signature of Shopify's, and the life of an order of each source, which counts the same however its copies come. */
import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SourceRow, WebhookSource } from '../../src/ingest/sources/define.ts'
import shopify from '../../src/ingest/sources/shopify.ts'
import stripe from '../../src/ingest/sources/stripe.ts'
import { openWorkshop, realData, type Workshop } from './support.ts'

const outside = { get: () => Promise.reject(new Error('nothing is asked')) }
const receivedAt = new Date('2026-03-02T10:00:00Z')
const proved = (source: unknown, headers: Record<string, string>, body: string, signingSecret: string) =>
  (source as WebhookSource).verify({ headers, body: Buffer.from(body), url: 'https://mercat.example/ingest/s/k', receivedAt }, { signingSecret }, outside)

const vectors = realData('webhooks/signature-vectors.json')
it.runIf(vectors)('agrees with the vector of Shopify’s signature, and with nothing near it', async () => {
  const all = JSON.parse(await readFile(vectors ?? '', 'utf8')) as { name: string; secret: string; body: string; hmac: string }[]
  const vector = all.find(({ name }) => name === 'shopify hmac')
  if (!vector) throw new Error('The vector “shopify hmac” is not in the file')
  const { secret, body, hmac } = vector
  const headers = { 'x-shopify-hmac-sha256': hmac }
  expect(() => proved(shopify, headers, body, secret)).not.toThrow()
  expect(() => proved(shopify, headers, `${body} `, secret)).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
  expect(() => proved(shopify, headers, body, `${secret}1`)).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
  expect(() => proved(shopify, { 'x-shopify-hmac-sha256': hmac.toLowerCase() }, body, secret)).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
})

it('takes Stripe’s signature over the time and the body, for five minutes', () => {
  const [secret, body] = ['whsec_0123456789', '{\n  "id": "evt_1",\n  "object": "event"\n}']
  const signed = (time: number) => ({ 'stripe-signature': `t=${time},v1=${createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex')}` })
  const now = receivedAt.getTime() / 1000
  expect(() => proved(stripe, signed(now - 300), body, secret)).not.toThrow()
  expect(() => proved(stripe, signed(now - 301), body, secret)).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
  expect(() => proved(stripe, signed(now), body.replace('\n', ''), secret)).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
})

const bought = {
  id: 5940139491234,
  email: 'ann@example.com',
  created_at: '2026-03-01T10:00:00+01:00',
  currency: 'EUR',
  total_price: '59.99',
  shipping_address: { country_code: 'DE' },
  line_items: [{ id: 11, product_id: 7, quantity: 2, price: '29.995', total_discount: '0.00' }],
}
/** What Shopify sends when an order is bought, paid, edited, sent off and partly given back. Payment and update come in one second. */
const shopifyLife = [
  ['orders/create', { updated_at: '2026-03-01T10:00:01+01:00', financial_status: 'pending' }],
  ['orders/updated', { updated_at: '2026-03-01T10:00:05+01:00', financial_status: 'pending' }],
  ['orders/paid', { updated_at: '2026-03-01T10:00:05+01:00', financial_status: 'paid' }],
  ['orders/edited', {}],
  ['orders/updated', { updated_at: '2026-03-01T12:00:00+01:00', financial_status: 'paid', current_total_price: '69.99' }],
  ['orders/fulfilled', { updated_at: '2026-03-02T08:00:00+01:00', financial_status: 'paid', fulfillment_status: 'fulfilled', current_total_price: '69.99' }],
  ['refunds/create', {}],
  ['orders/updated', { updated_at: '2026-03-02T09:00:00+01:00', financial_status: 'partially_refunded', fulfillment_status: 'fulfilled', current_total_price: '39.995' }],
] as const

const charge = { object: 'charge', id: 'ch_1', payment_intent: 'pi_1', status: 'succeeded', currency: 'eur', amount: 109900, amount_captured: 0, amount_refunded: 0 }
const paid = { ...charge, captured: true, amount_captured: 100000, refunded: false }
/** What Stripe sends when a payment fails once, is authorised, captured in part and partly given back; the intent and the session tell of it, too. */
const stripeLife = [
  ['charge.failed', 1772355000, { ...charge, id: 'ch_0', status: 'failed', captured: false, refunded: false }],
  ['charge.succeeded', 1772355060, { ...charge, captured: false, refunded: false }],
  ['payment_intent.succeeded', 1772355060, { object: 'payment_intent', id: 'pi_1', amount: 109900 }],
  ['checkout.session.completed', 1772355061, { object: 'checkout.session', id: 'cs_1', payment_intent: 'pi_1', amount_total: 109900 }],
  ['charge.captured', 1772355060, paid],
  ['charge.refunded', 1772358600, { ...paid, amount_refunded: 1001 }],
] as const

function rowsOf(source: unknown, headers: Record<string, string>, body: unknown): SourceRow[] {
  const { read, normalise } = source as WebhookSource
  return read({ headers, body: Buffer.from(JSON.stringify(body)), url: '' })
    .flatMap((item) => normalise(item, { receivedAt }))
    .filter((made) => made.is === 'row')
}
const lives = {
  shopify: shopifyLife.map(([topic, change]) => rowsOf(shopify, { 'x-shopify-topic': topic }, { ...bought, ...change })),
  stripe: stripeLife.map(([type, created, object]) =>
    rowsOf(
      stripe,
      {},
      { object: 'event', type, created, api_version: '2026-02-25.clover', data: { object: { created: 1772355055, billing_details: { email: 'ann@example.com' }, ...object } } },
    ),
  ),
}
const counted = {
  shopify: { orders: [['2026-03-01 09:00:00.000', 'delivered', '39.995', 'EUR', 'DE', 1]], lines: [['7', '2', '29.995', '59.99']] },
  stripe: { orders: [['2026-03-01 08:50:55.000', 'paid', '989.99', 'EUR', '', 1]], lines: [] },
}

describe('the life of an order', () => {
  let workshop: Workshop
  beforeAll(async () => {
    workshop = await openWorkshop()
  })
  afterAll(() => workshop?.close())

  const orders: readonly [string, <Item>(list: readonly Item[]) => Item[]][] = [
    ['from its end', (list) => list.toReversed()],
    ['mixed, and every copy twice', (list) => [...list.filter((_, at) => at % 3 === 1), ...list, ...list.filter((_, at) => at % 3 !== 1).toReversed()]],
  ]
  it.each(orders)('told %s is one order in its last state', async (_, mixed) => {
    for (const name of ['shopify', 'stripe'] as const) {
      const account = await workshop.account()
      // A load for each delivery: what came later was loaded later.
      for (const [at, rows] of mixed(lives[name]).entries())
        for (const kind of ['orders', 'order_items'] as const) {
          const lines = rows.filter((row) => row.kind === kind).map(({ fields }) => JSON.stringify(fields))
          if (!lines.length) continue
          const result = await workshop.import(account, [await workshop.write(`${account.id}-${at}-${kind}.ndjson`, `${lines.join('\n')}\n`)], { kind })
          expect(result.rejected).toBe(0)
        }
      const stored = async (statement: string) =>
        (await workshop.stores.analytics.query<{ cells: unknown[] }>(`${statement} FINAL WHERE account_id = {account:String}`, { account: account.id })).map((row) =>
          Object.values(row),
        )
      expect(
        await stored('SELECT toString(placed_at) AS placed, toString(status) AS state, toString(amount) AS total, currency, country, isNotNull(customer) AS known FROM orders'),
        name,
      ).toEqual(counted[name].orders)
      expect(await stored('SELECT product, toString(quantity) AS pieces, toString(unit_price) AS price, toString(amount) AS total FROM order_items'), name).toEqual(
        counted[name].lines,
      )
    }
  })
})

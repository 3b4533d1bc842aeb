/** Stripe's events: who is believed and for how long, which order a charge becomes, and what makes none. Payloads have the members of Stripe's documented ones. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { WebhookSource } from './define.ts'
import stripe from './stripe.ts'

const source = stripe as WebhookSource
const receivedAt = new Date('2026-03-01T10:00:00Z')
const now = receivedAt.getTime() / 1000
const secret = 'whsec_test0123456789abcdef'

const charge = {
  id: 'ch_3MmlLrLkdIwHu7ix0snN0B15',
  object: 'charge',
  amount: 109900,
  amount_captured: 109900,
  amount_refunded: 0,
  billing_details: { address: { city: 'Ulm', country: 'DE', postal_code: '89073' }, email: ' Jenny@Example.com', name: 'Jenny Rosen', phone: null },
  captured: true,
  created: 1772355000,
  currency: 'eur',
  customer: 'cus_9s6XKzkNRiz8i3',
  livemode: true,
  metadata: {},
  paid: true,
  payment_intent: 'pi_3MmlLrLkdIwHu7ix0R5NHF2b',
  receipt_email: null,
  refunded: false,
  shipping: null,
  status: 'succeeded',
}
const event = (type: string, object: object, members: object = {}) => ({
  id: 'evt_1MqqbKLt4dXK03v5qaIbiNCC',
  object: 'event',
  api_version: '2026-02-25.clover',
  created: 1772355001,
  type,
  livemode: true,
  data: { object },
  ...members,
})
const row = {
  order_id: 'pi_3MmlLrLkdIwHu7ix0R5NHF2b',
  customer_id: 'jenny@example.com',
  placed_at: '1772355000',
  updated_at: '1772355001',
  status: 'paid',
  amount: '1099',
  currency: 'EUR',
  country: 'DE',
  campaign_id: undefined,
}
const told = (given: object) => source.read({ headers: {}, body: Buffer.from(JSON.stringify(given)), url: '' }).flatMap((item) => source.normalise(item, { receivedAt }))
const fieldsOf = (change: object, type = 'charge.updated') => told(event(type, { ...charge, ...change })).flatMap((made) => (made.is === 'row' ? [made.fields] : []))[0]

describe('a request', () => {
  const body = JSON.stringify(event('charge.succeeded', charge), null, 2)
  const sign = (time: number | string, by = secret, over = body) => createHmac('sha256', by).update(`${time}.${over}`).digest('hex')
  const verify = (header: string | undefined, over = body) =>
    source.verify(
      { headers: header === undefined ? {} : { 'stripe-signature': header }, body: Buffer.from(over), url: 'https://mercat.example/ingest/stripe/k', receivedAt },
      { signingSecret: secret },
      { get: () => Promise.reject(new Error('nothing is asked')) },
    )

  it.each([
    ['its signature', `t=${now},v1=${sign(now)},v0=6ffbb59b2300aae63f272406069a9788598b792a944a07aba816edb039989a39`],
    ['one of several, while a secret is rolled', `t=${now},v1=${sign(now, 'whsec_the_other_secret')},v1=${sign(now)}`],
    ['spaces between', `t=${now}, v1=${sign(now)}`],
    ['almost five minutes of way', `t=${now - 299},v1=${sign(now - 299)}`],
  ])('is believed with %s', (_, header) => {
    expect(() => verify(header)).not.toThrow()
  })

  it.each([
    ['no header', undefined],
    ['no time', `v1=${sign(now)}`],
    ['a time that is none', `t=now,v1=${sign('now')}`],
    ['another time than was signed', `t=${now},v1=${sign(now - 1)}`],
    ['a time of long ago', `t=${now - 301},v1=${sign(now - 301)}`],
    ['a time to come', `t=${now + 301},v1=${sign(now + 301)}`],
    ['the old scheme only', `t=${now},v0=${sign(now)}`],
    ['another secret', `t=${now},v1=${sign(now, 'whsec_the_other_secret')}`],
    ['an empty signature', `t=${now},v1=`],
    ['nothing of the form', ','],
  ])('is refused with %s', (_, header) => {
    expect(() => verify(header)).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
  })

  it('is refused when a byte of the body is another', () => {
    expect(() => verify(`t=${now},v1=${sign(now)}`, body.replace('109900', '109901'))).toThrow(expect.objectContaining({ code: 'wrong_signature' }))
  })
})

describe('a charge', () => {
  it('that succeeded is an order under the id of its payment', () => {
    expect(told(event('charge.succeeded', charge))).toEqual([{ is: 'row', kind: 'orders', fields: row }])
  })

  it('has what was captured less what was refunded, and the whole once all is refunded', () => {
    const cases = [
      [{ amount_captured: 100000 }, 'charge.captured', 'paid', '1000'],
      [{ amount_refunded: 1 }, 'charge.refunded', 'paid', '1098.99'],
      [{ amount_captured: 100000, amount_refunded: 10010 }, 'charge.refunded', 'paid', '899.9'],
      [{ amount_refunded: 109900, refunded: true }, 'charge.refunded', 'refunded', '1099'],
      [{ amount_captured: 100000, amount_refunded: 100000, refunded: true }, 'charge.refunded', 'refunded', '1000'],
    ] as const
    for (const [change, type, status, amount] of cases) expect(fieldsOf(change, type), JSON.stringify(change)).toEqual({ ...row, status, amount })
  })

  it('of an older API version has what was not captured among what was refunded', () => {
    const older = (change: object) =>
      told(event('charge.captured', { ...charge, amount_captured: 100000, ...change }, { api_version: '2025-02-24.acacia' })).flatMap((made) =>
        made.is === 'row' ? [made.fields] : [],
      )
    expect(older({ amount_refunded: 9900 })).toEqual([{ ...row, amount: '1000' }])
    expect(older({ amount_refunded: 10901 })).toEqual([{ ...row, amount: '989.99' }])
    expect(older({ amount_captured: undefined })).toEqual([row])
  })

  it('is in the units Stripe writes its currency in', () => {
    const units = [
      ['jpy', 500, '500'],
      ['mga', 500, '500'],
      ['kwd', 5120, '5.12'],
      ['isk', 500, '5'],
      ['ugx', 500, '5'],
      ['huf', 1045, '10.45'],
      ['usd', 99999999, '999999.99'],
    ] as const
    for (const [currency, amount, expected] of units)
      expect(fieldsOf({ currency, amount, amount_captured: amount })).toMatchObject({ currency: currency.toUpperCase(), amount: expected })
  })

  it('takes what is missing from elsewhere, and names a campaign where its metadata do', () => {
    expect(fieldsOf({ payment_intent: null })?.order_id).toBe(charge.id)
    expect(fieldsOf({ billing_details: { email: null, phone: '+4915112345678', address: { country: 'United Kingdom' } } })).toMatchObject({
      customer_id: '+4915112345678',
      country: undefined,
    })
    expect(fieldsOf({ billing_details: null, receipt_email: 'Jenny@example.com', shipping: { address: { country: 'at' } } })).toMatchObject({
      customer_id: 'jenny@example.com',
      country: 'AT',
    })
    expect(fieldsOf({ billing_details: null })?.customer_id).toBeUndefined()
    expect(fieldsOf({ metadata: { campaign_id: 'spring' } })?.campaign_id).toBe('spring')
    expect(fieldsOf({ metadata: undefined, shipping: undefined, amount_captured: undefined })).toEqual(row)
  })

  it('keeps numbers that no double holds', () => {
    const body = JSON.stringify(event('charge.succeeded', { ...charge, amount_captured: 'big' })).replace('"big"', '900719925474099301')
    const [made] = source.read({ headers: {}, body: Buffer.from(body), url: '' }).flatMap((item) => source.normalise(item, { receivedAt }))
    expect(made).toEqual({ is: 'row', kind: 'orders', fields: { ...row, amount: '9007199254740993.01' } })
  })
})

describe('no order', () => {
  it.each([
    ['a payment that failed', event('charge.failed', { ...charge, status: 'failed', captured: false }), 'a payment that did not succeed, or not yet'],
    ['a payment under way', event('charge.pending', { ...charge, status: 'pending', captured: false }), 'a payment that did not succeed, or not yet'],
    ['an authorisation', event('charge.succeeded', { ...charge, captured: false, amount_captured: 0 }), 'an authorisation: the order begins when it is captured'],
    ['one that expired', event('charge.expired', { ...charge, captured: false, amount_captured: 0 }), 'an authorisation: the order begins when it is captured'],
    ['a session', event('checkout.session.completed', { object: 'checkout.session', payment_intent: charge.payment_intent }), 'the charge of the same payment tells the order'],
    ['an intent', event('payment_intent.succeeded', { object: 'payment_intent', amount: 109900 }), 'the charge of the same payment tells the order'],
    ['an invoice', event('invoice.paid', { object: 'invoice' }), 'the charge of the same payment tells the order'],
    ['a dispute', event('charge.dispute.closed', { object: 'dispute', charge: charge.id }), 'a dispute: the order counts until it is refunded'],
    ['a refund alone', event('refund.created', { object: 'refund' }), 'not a charge'],
    ['a payment of another account', event('charge.succeeded', charge, { account: 'acct_1' }), 'an event of a connected account'],
  ])('is made of %s', (_, given, why) => {
    expect(told(given)).toEqual([{ is: 'ignored', why }])
  })

  it('is made of what Stripe does not write; the reason names the member, never its value', () => {
    const reasons = [
      [event('charge.succeeded', { ...charge, amount: '10.99' }), 'amount is missing or not of the right form'],
      [event('charge.succeeded', { ...charge, amount_refunded: -1 }), 'amount_refunded is missing or not of the right form'],
      [event('charge.succeeded', { ...charge, currency: 'jenny@example.com' }), 'currency is missing or not of the right form'],
      [event('charge.succeeded', { ...charge, billing_details: { email: 7 } }), 'billing_details.email is missing or not of the right form'],
      [{ id: 'evt_1', object: 'v2.core.event', type: 'v1.charge.refunded', related_object: { id: 'ch_1' } }, 'a thin event: choose the snapshot form for this destination'],
      [{ hello: 'world' }, 'type is missing or not of the right form'],
    ] as const
    for (const [given, reason] of reasons) expect(() => told(given), reason).toThrow(expect.objectContaining({ reason, keep: false }))
  })
})

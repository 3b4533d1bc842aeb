/** Mercat's own rows by Standard Webhooks. */
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { normalised, outcomeOf, receivedAt, doubtOf, requestOf, webhook } from '../../../test/ingest/webhook-source.ts'
import standardWebhooks from './standard_webhooks.ts'

const source = webhook(standardWebhooks)
const timestamp = '2026-03-31T09:00:00Z'
const event = { campaign_id: 'spring', message_id: 'm-1', customer_id: 'c-1', event: 'sent', channel: 'Email', occurred_at: timestamp, event_id: 'e-1' }
const order = { order_id: 'o-1', placed_at: timestamp, status: 'paid', amount: '12.50', currency: 'EUR', opt_ins: { newsletter: true } }

describe('Standard Webhooks', () => {
  it('is proved by its signature', async () => {
    const body = JSON.stringify({ type: 'events', timestamp, data: event })
    const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(receivedAt.getTime() / 1000),
      'webhook-signature': new Webhook(secret).sign('msg_1', receivedAt, body),
    }
    expect(await doubtOf(source, requestOf(body, headers), { signingSecret: secret })).toBeUndefined()
    expect(await doubtOf(source, requestOf(body.replace('sent', 'opened'), headers), { signingSecret: secret })).toBeDefined()
  })

  it('takes a row or a list of rows as they are', () => {
    expect(normalised(source, { type: 'events', timestamp, data: event })).toEqual([{ is: 'row', kind: 'events', fields: event }])
    expect(normalised(source, { type: 'orders', timestamp, data: [order, { ...order, order_id: 'o-2' }] })).toEqual([
      { is: 'row', kind: 'orders', fields: order },
      { is: 'row', kind: 'orders', fields: { ...order, order_id: 'o-2' } },
    ])
    expect(normalised(source, { type: 'orders', data: [] })).toEqual([])
  })

  it('keeps the digits of money and of long ids', () => {
    expect(
      normalised(source, '{"type":"order_items","data":{"order_id":12345678901234567890,"item_id":1,"product":"p","quantity":1,"unit_price":0.1,"amount":0.1}}'),
    ).toMatchObject([{ fields: { order_id: '12345678901234567890', amount: '0.1' } }])
  })

  it('takes the example of its own steps', () => {
    const copies = standardWebhooks.steps({ url: 'https://mercat.example', key: 'k', settings: {} }).flatMap(({ copy = [] }) => copy)
    const example = copies.find(({ label }) => label === 'Example of a body')?.value ?? ''
    expect(normalised(source, example)).toMatchObject([{ is: 'row', kind: 'events' }])
  })

  it('names the field that is unknown or missing, and no value', () => {
    expect(outcomeOf(source, { type: 'events', data: { ...event, email: 'ann@example.com' } })).toBe('refused: "email" is not a field of events')
    expect(outcomeOf(source, { type: 'events', data: { ...event, constructor: 1 } })).toBe('refused: "constructor" is not a field of events')
    expect(outcomeOf(source, { type: 'orders', data: { ...order, currency: null } })).toBe('refused: currency is missing')
    expect(outcomeOf(source, { type: 'events', data: 'ann@example.com' })).toBe('refused: data is missing or not of the right form')
    expect(outcomeOf(source, { type: 'events' })).toBe('refused: data is missing or not of the right form')
    expect(outcomeOf(source, { data: event })).toBe('refused: type is missing or not of the right form')
  })

  it('keeps what is of another type', () => {
    for (const type of ['entities', 'user.created', 'toString'])
      expect(outcomeOf(source, { type, data: {} })).toBe('kept: type is not one of customers, events, orders, order_items, web_events')
  })

  it('refuses a body that is no message', () => {
    for (const body of ['[]', '"events"', 'null']) expect(() => source.read(requestOf(body))).toThrow('The body is not an object with type and data')
  })
})

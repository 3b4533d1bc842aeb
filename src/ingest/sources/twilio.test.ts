/** Twilio's status callbacks: forms as in its documentation, and the signature of its own example. */
import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { address, receivedAt, doubtOf, requestOf, webhook } from '../../../test/ingest/webhook-source.ts'
import { type Normalised, Unreadable } from './define.ts'
import { campaignOf, eventRow } from './events.ts'
import twilio from './twilio.ts'

const source = webhook(twilio)
const authToken = '0123456789abcdef0123456789abcdef'
const form = {
  SmsSid: 'SM2xxxxxx',
  SmsStatus: 'sent',
  Body: 'McAvoy or Stewart? These timelines can get so confusing.',
  MessageStatus: 'sent',
  To: '+15558675310',
  MessageSid: 'SM2xxxxxx',
  AccountSid: 'ACxxxxxxx',
  From: '+15017122661',
  ApiVersion: '2010-04-01',
}
const encoded = (fields: Record<string, string>) => new URLSearchParams(fields).toString()
const sign = (url: string, fields: Record<string, string>, token = authToken) =>
  createHmac('sha1', token)
    .update(
      Object.keys(fields)
        .sort()
        .reduce((text, name) => `${text}${name}${fields[name]}`, url),
    )
    .digest('base64')
const proved = (body: string, signature: string | undefined, given: object = {}) =>
  doubtOf(source, requestOf(body, signature === undefined ? {} : { 'x-twilio-signature': signature }, given), { authToken })

function normalised(fields: Record<string, string>, query = '', at = receivedAt): readonly Normalised[] {
  return source.read(requestOf(encoded(fields), {}, { url: address + query })).flatMap((item) => source.normalise(item, { receivedAt: at }))
}
const eventOf = (more: object, query?: string) => normalised({ ...form, ...more }, query)[0]

describe('The signature of Twilio', () => {
  it('agrees with the example of its documentation', async () => {
    // https://www.twilio.com/docs/usage/security#validating-requests: token 12345
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2'
    const call = { CallSid: 'CA1234567890ABCDE', Caller: '+14158675309', Digits: '1234', From: '+14158675309', To: '+18005551212' }
    const request = requestOf(encoded(call), { 'x-twilio-signature': 'RSOYDt4T1cUTdK1PDd93/VVr8B8=' }, { url })
    expect(await doubtOf(source, request, { authToken: '12345' })).toBeUndefined()
    expect(await doubtOf(source, { ...request, url: `${url}&baz=3` }, { authToken: '12345' })).toBeDefined()
  })

  it('is over the address with its query, and over every field by name', async () => {
    const url = `${address}?campaign_id=spring`
    expect(await proved(encoded(form), sign(url, form), { url })).toBeUndefined()
    expect(await proved(encoded(form), sign(address, form), { url })).toBeDefined()
    expect(await proved(encoded({ ...form, MessageStatus: 'delivered' }), sign(url, form), { url })).toBeDefined()
    expect(await proved(encoded({ ...form, Added: '1' }), sign(url, form), { url })).toBeDefined()
    expect(await proved(encoded(form), sign(url, form, 'f'.repeat(32)), { url })).toBeDefined()
    expect(await proved(encoded(form), undefined)).toBe('The header x-twilio-signature is missing')
  })

  it('is over each value once of a field that is given more than once', async () => {
    const signature = createHmac('sha1', authToken).update(`${address}A1A2B`).digest('base64')
    expect(await proved('A=2&B=&A=1&A=2', signature)).toBeUndefined()
  })

  it('is not looked for in a form longer than any of Twilio’s', async () => {
    const padded = (bytes: number) => ({ ...form, Body: 'x'.repeat(bytes) })
    expect(await proved(encoded(padded(60_000)), sign(address, padded(60_000)))).toBeUndefined()
    await expect(proved(encoded(padded(66_000)), sign(address, padded(66_000)))).rejects.toThrow('longer than 64 kB')
    expect(() => normalised(padded(66_000))).toThrow('one message a request')
  })

  it('takes the address with and without its port', async () => {
    expect(await proved(encoded(form), sign(address.replace('.example', '.example:443'), form))).toBeUndefined()
    const local = { url: 'http://mercat.example:8080/ingest/twilio/key?a=b' }
    expect(await proved(encoded(form), sign('http://mercat.example/ingest/twilio/key?a=b', form), local)).toBeUndefined()
    expect(await proved(encoded(form), sign(local.url, form), local)).toBeUndefined()
  })

  it('takes each value of a repeated field once, in order', async () => {
    expect(await proved('A=b&A=a&A=b', sign(address, { Aa: '', Ab: '' }))).toBeUndefined()
  })
})

describe('Twilio', () => {
  it('reads a status of an SMS', () => {
    expect(eventOf({ MessagingServiceSid: 'MGxxxxxxx' })).toEqual({
      is: 'event',
      event: 'sent',
      messageId: 'SM2xxxxxx',
      eventId: 'SM2xxxxxx:sent',
      recipient: '+15558675310',
      at: '2026-03-31T09:00:00.000Z',
      channel: 'SMS',
      tags: [],
      metadata: {},
      campaign: 'MGxxxxxxx',
    })
  })

  it('reads a status of WhatsApp', () => {
    expect(eventOf({ MessageStatus: 'read', EventType: 'READ', To: 'whatsapp:+15558675310', From: 'whatsapp:+15017122661' })).toMatchObject({
      event: 'opened',
      recipient: '+15558675310',
      channel: 'WhatsApp',
    })
  })

  it.each([
    ['accepted', 'queued'],
    ['scheduled', 'queued'],
    ['queued', 'queued'],
    ['delivered', 'delivered'],
    ['undelivered', 'bounced'],
    ['failed', 'failed'],
  ])('maps %s to %s', (status, event) => {
    expect(eventOf({ MessageStatus: status })).toMatchObject({ event })
  })

  it('tells numbers that never answer from those that may', () => {
    const undelivered = (code?: string) => eventOf({ MessageStatus: 'undelivered', ...(code && { ErrorCode: code }) })
    for (const code of ['30005', '30006', '63003', '63024']) expect(undelivered(code)).toMatchObject({ bounceType: 'hard', error: code })
    for (const code of ['30003', '30004', '30007', '30008', '63016', undefined]) expect(undelivered(code)).toMatchObject({ bounceType: 'soft', error: code })
    expect(eventOf({ MessageStatus: 'failed', ErrorCode: '30001', ErrorMessage: 'Queue overflow' })).toMatchObject({ event: 'failed', error: '30001: Queue overflow' })
  })

  it('makes the same event of a repetition', () => {
    const ids = [0, 60_000]
      .map((later) => normalised(form, '', new Date(receivedAt.getTime() + later))[0])
      .map((one) => one?.is === 'event' && eventRow(one, campaignOf(one, [], 'twilio')).event_id)
    expect(ids).toEqual(['SM2xxxxxx:sent', 'SM2xxxxxx:sent'])
  })

  it('finds the campaign in the query of the address', () => {
    const key = (query: string) => {
      const event = eventOf({ MessagingServiceSid: 'MGxxxxxxx' }, query)
      return event?.is === 'event' ? campaignOf(event, source.campaigns ?? [], 'twilio') : undefined
    }
    expect(key('?campaign_id=spring%20sale')).toBe('spring sale')
    expect(key('?campaign=summer')).toBe('summer')
    expect(key('')).toBe('MGxxxxxxx')
  })

  it('ignores what is in no figure', () => {
    for (const status of ['sending', 'canceled', 'receiving', 'received']) expect(eventOf({ MessageStatus: status })).toMatchObject({ is: 'ignored' })
  })

  it('names the field that is wrong, and keeps what it does not know', () => {
    const reason = (more: object) => {
      try {
        return eventOf(more)
      } catch (error) {
        return error instanceof Unreadable ? [error.reason, error.keep] : error
      }
    }
    expect(reason({ To: '' })).toEqual(['form.To is missing or not of the right form', false])
    for (const status of ['teleported', 'constructor']) expect(reason({ MessageStatus: status })).toEqual(['MessageStatus is not one of Twilio’s that Mercat knows', true])
    for (const other of [{ To: 'messenger:123' }, { From: 'rcs:brand' }]) expect(reason(other)).toEqual(['To or From is of a channel that is neither SMS nor WhatsApp', true])
    for (const body of ['', '{}', 'MessageStatus=sent', '%E0%A4%A']) expect(() => source.read(requestOf(body))).toThrow('MessageSid is missing')
  })
})

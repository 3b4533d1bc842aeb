/** SparkPost's events: payloads as in its samples. */
import { describe, expect, it } from 'vitest'
import { address, basic, normalised, outcomeOf, password, doubtOf, requestOf, webhook } from '../../../test/ingest/webhook-source.ts'
import { campaignOf } from './events.ts'
import sparkpost from './sparkpost.ts'

const source = webhook(sparkpost)
const event = {
  type: 'injection',
  campaign_id: 'Example Campaign Name',
  customer_id: '1',
  event_id: '92356927693813856',
  friendly_from: 'sender@example.com',
  initial_pixel: true,
  message_id: '000443ee14578172be22',
  rcpt_meta: { customKey: 'customValue' },
  rcpt_tags: ['male', 'US'],
  rcpt_to: 'recipient@example.com',
  raw_rcpt_to: 'Recipient@example.com',
  template_id: 'templ-1234',
  timestamp: '1454442600',
  transmission_id: '65832150921904138',
}
const wrapped = (more: object = {}, group = 'message_event') => ({ msys: { [group]: { ...event, ...more } } })
const eventOf = (more: object, group?: string) => normalised(source, [wrapped(more, group)])[0]

describe('SparkPost', () => {
  it('is proved by user name and password', async () => {
    const of = (headers: Record<string, string>) => doubtOf(source, requestOf([wrapped()], headers), { password })
    expect(await of(basic('mercat', password))).toBeUndefined()
    expect(await of(basic('mercat', 'another-password-of-some-length'))).toBeDefined()
    expect(await of({})).toBeDefined()
  })

  it('hands out the password beside the address', () => {
    const steps = (settings: Record<string, string>) => source.steps({ url: address, key: 'key', settings })
    expect(steps({ password })[1]?.copy).toEqual([
      { label: 'Username', value: 'mercat' },
      { label: 'Password', value: password },
    ])
    expect(steps({})[1]?.copy).toEqual([{ label: 'Username', value: 'mercat' }])
  })

  it('takes a ping as nothing', () => {
    expect(normalised(source, [{ msys: {} }])).toEqual([])
    expect(normalised(source, [{ msys: {} }, wrapped()])).toHaveLength(1)
  })

  it('reads an event of a message', () => {
    expect(eventOf({})).toEqual({
      is: 'event',
      event: 'queued',
      messageId: '65832150921904138',
      eventId: '92356927693813856',
      recipient: 'recipient@example.com',
      at: '1454442600',
      channel: 'Email',
      tags: ['male', 'US'],
      metadata: { customKey: 'customValue' },
      campaign: 'Example Campaign Name',
    })
    expect(eventOf({ transmission_id: undefined, timestamp: '2018-10-11T23:24:45.000+00:00' })).toMatchObject({
      messageId: '000443ee14578172be22',
      at: '2018-10-11T23:24:45.000+00:00',
    })
  })

  it.each([
    ['delivery', 'message_event', { event: 'delivered' }],
    ['policy_rejection', 'message_event', { event: 'failed', error: 'refused' }],
    ['generation_failure', 'gen_event', { event: 'failed', error: 'refused' }],
    ['generation_rejection', 'gen_event', { event: 'failed' }],
    ['click', 'track_event', { event: 'clicked', url: 'https://example.com' }],
    ['amp_click', 'track_event', { event: 'clicked', url: 'https://example.com' }],
    ['spam_complaint', 'message_event', { event: 'complained' }],
    ['list_unsubscribe', 'unsubscribe_event', { event: 'unsubscribed' }],
    ['link_unsubscribe', 'unsubscribe_event', { event: 'unsubscribed' }],
  ])('maps %s', (type, group, expected) => {
    expect(eventOf({ type, reason: 'refused', target_link_url: 'https://example.com' }, group)).toMatchObject(expected)
  })

  it('counts an opening once, by its first pixel', () => {
    const is = (type: string, pixel?: boolean) => eventOf({ type, initial_pixel: pixel }, 'track_event')
    for (const [first, last] of [
      ['initial_open', 'open'],
      ['amp_initial_open', 'amp_open'],
    ] as const) {
      expect(is(first, true)).toMatchObject({ event: 'opened' })
      expect(is(last, true)).toMatchObject({ is: 'ignored', why: 'open: the same opening is told by initial_open' })
      // Senders may turn the first pixel off.
      expect(is(last, false)).toMatchObject({ event: 'opened' })
      expect(is(last)).toMatchObject({ event: 'opened' })
    }
  })

  it('knows an opening by a machine', () => {
    const agent = (parsed: object) => eventOf({ type: 'initial_open', user_agent_parsed: parsed }, 'track_event')
    expect(agent({ agent_family: 'GmailImageProxy', is_proxy: true, is_prefetched: false })).toMatchObject({ machine: undefined })
    expect(agent({ agent_family: 'Apple Mail', is_proxy: true, is_prefetched: true })).toMatchObject({ machine: true })
  })

  it('tells bounces by their class', () => {
    for (const type of ['bounce', 'out_of_band']) {
      for (const bounceClass of ['10', '30', 10]) expect(eventOf({ type, bounce_class: bounceClass })).toMatchObject({ event: 'bounced', bounceType: 'hard' })
      for (const bounceClass of ['1', '20', '22', '40', '50', '51', '54', '70', undefined])
        expect(eventOf({ type, bounce_class: bounceClass })).toMatchObject({ event: 'bounced', bounceType: 'soft' })
      for (const bounceClass of ['60', '80', '100']) expect(eventOf({ type, bounce_class: bounceClass })).toMatchObject({ is: 'ignored' })
      for (const bounceClass of ['25', '26']) expect(eventOf({ type, bounce_class: bounceClass })).toMatchObject({ event: 'failed', bounceType: undefined })
      expect(eventOf({ type, bounce_class: '90' })).toMatchObject({ event: 'unsubscribed', bounceType: undefined })
    }
  })

  it('finds the campaign in metadata first', () => {
    const key = (more: object) => {
      const found = eventOf(more)
      return found?.is === 'event' ? campaignOf(found, source.campaigns ?? [], 'sparkpost') : undefined
    }
    expect(key({ rcpt_meta: { campaign_id: 'welcome' } })).toBe('welcome')
    expect(key({})).toBe('Example Campaign Name')
    expect(key({ campaign_id: '' })).toBe('templ-1234')
    expect(key({ campaign_id: undefined, template_id: undefined })).toBe('male')
  })

  it('ignores what is in no figure', () => {
    expect(eventOf({ type: 'delay' })).toMatchObject({ is: 'ignored' })
    expect(eventOf({ type: 'sms_status' })).toMatchObject({ is: 'ignored' })
    expect(normalised(source, [{ msys: { relay_message: { rcpt_to: 'inbound@example.com' } } }])).toMatchObject([{ is: 'ignored' }])
    expect(normalised(source, [{ msys: { ab_test_event: {} } }])).toMatchObject([{ is: 'ignored' }])
  })

  it('names the member that is wrong', () => {
    expect(outcomeOf(source, [{ event: 'sent' }])).toBe('refused: msys is missing or not of the right form')
    expect(outcomeOf(source, [wrapped({ rcpt_to: '' })])).toBe('refused: rcpt_to is missing or not of the right form')
    expect(outcomeOf(source, [wrapped({ timestamp: undefined })])).toBe('refused: timestamp is missing or not of the right form')
    expect(outcomeOf(source, [wrapped({ transmission_id: null, message_id: '' })])).toBe('refused: transmission_id and message_id are missing')
    for (const type of ['teleported', 'constructor']) expect(outcomeOf(source, [wrapped({ type })])).toBe('kept: type is not one of SparkPost’s that Mercat knows')
    expect(outcomeOf(source, [wrapped({}, 'billing_event')])).toMatch(/^kept: /)
    for (const body of ['[7]', '[[7]]']) expect(() => source.read(requestOf(body))).toThrow('neither an event nor a list')
  })
})

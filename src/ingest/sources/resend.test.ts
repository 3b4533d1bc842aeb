/** Resend's events: payloads as in its documentation. */
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { normalised, outcomeOf, receivedAt, doubtOf, requestOf, webhook } from '../../../test/ingest/webhook-source.ts'
import { campaignOf, eventRow } from './events.ts'
import resend from './resend.ts'

const source = webhook(resend)
const mail = {
  broadcast_id: '8b146471-e88e-4322-86af-016cd36fd216',
  created_at: '2026-11-22T23:41:11.894719+00:00',
  email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
  from: 'Acme <onboarding@resend.dev>',
  to: ['delivered@resend.dev'],
  subject: 'Sending this example',
  tags: { category: 'confirm_email', campaign_id: 'welcome' },
}
const told = (type: string, more: object = {}) => ({ type, created_at: '2026-11-22T23:41:12.126Z', data: { ...mail, ...more } })
const eventOf = (type: string, more: object = {}) => normalised(source, told(type, more))[0]

describe('Resend', () => {
  it('is proved by Svix’s signature', async () => {
    const body = JSON.stringify(told('email.sent'))
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
    const headers = {
      'svix-id': 'msg_1',
      'svix-timestamp': String(receivedAt.getTime() / 1000),
      'svix-signature': new Webhook(secret).sign('msg_1', receivedAt, body),
    }
    expect(await doubtOf(source, requestOf(body, headers), { signingSecret: secret })).toBeUndefined()
    expect(await doubtOf(source, requestOf(body, headers), { signingSecret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD' })).toBeDefined()
    expect(await doubtOf(source, requestOf(body.replace('confirm', 'forge'), headers), { signingSecret: secret })).toBeDefined()
    expect(await doubtOf(source, requestOf(body, headers, { receivedAt: new Date(receivedAt.getTime() + 301_000) }), { signingSecret: secret })).toMatch(/another time/)
    expect(await doubtOf(source, requestOf(body), { signingSecret: secret })).toBeDefined()
  })

  it('reads a mail, its tags and its broadcast', () => {
    expect(eventOf('email.sent')).toEqual({
      is: 'event',
      event: 'sent',
      messageId: mail.email_id,
      recipient: 'delivered@resend.dev',
      at: '2026-11-22T23:41:12.126Z',
      channel: 'Email',
      tags: [],
      metadata: { category: 'confirm_email', campaign_id: 'welcome' },
      campaign: mail.broadcast_id,
    })
    expect(eventOf('email.delivered', { tags: [{ name: 'campaign_id', value: 'spring' }], to: ['Ann <ann@example.com>'] })).toMatchObject({
      event: 'delivered',
      recipient: 'ann@example.com',
      metadata: { campaign_id: 'spring' },
    })
  })

  it('is the same event however often it is delivered', () => {
    const rows = [1, 2].map(() => normalised(source, told('email.opened'))[0]).map((one) => one?.is === 'event' && eventRow(one, campaignOf(one, source.campaigns ?? [], 'resend')))
    expect(rows[0]).toEqual(rows[1])
    // Without an id: message, kind, time and link tell it.
    expect(rows[0]).toMatchObject({ campaign_id: 'welcome', event: 'opened', occurred_at: '2026-11-22T23:41:12.126Z', event_id: undefined })
  })

  it('tells bounces for good from others', () => {
    const bounce = (type?: string) => ({ bounce: { message: 'The mailbox is full', subType: 'General', type } })
    expect(eventOf('email.bounced', bounce('Permanent'))).toMatchObject({ event: 'bounced', bounceType: 'hard', error: 'The mailbox is full' })
    expect(eventOf('email.bounced', bounce('Transient'))).toMatchObject({ bounceType: 'soft' })
    expect(eventOf('email.bounced', bounce('Undetermined'))).toMatchObject({ bounceType: 'soft' })
    expect(eventOf('email.bounced', bounce())).toMatchObject({ bounceType: 'hard' })
    expect(eventOf('email.bounced', { bounce: { type: 'Permanent', diagnosticCode: ['smtp; 550 5.5.0 unavailable'] } })).toMatchObject({ error: 'smtp; 550 5.5.0 unavailable' })
  })

  it('knows the other events of mails', () => {
    expect(eventOf('email.complained')).toMatchObject({ event: 'complained' })
    expect(eventOf('email.clicked', { click: { ipAddress: '122.115.53.11', link: 'https://resend.com', timestamp: '2026-11-24T05:00:57.163Z' } })).toMatchObject({
      event: 'clicked',
      url: 'https://resend.com',
    })
    expect(eventOf('email.failed', { failed: { reason: 'reached_daily_quota' } })).toMatchObject({ event: 'failed', error: 'reached_daily_quota' })
    expect(eventOf('email.suppressed', { suppressed: { message: 'on the account’s list' } })).toMatchObject({ event: 'failed', error: 'on the account’s list' })
  })

  it('counts a mail for each recipient, and what one of several did for none', () => {
    const several = { to: ['a@example.com', 'b@example.com'] }
    expect(normalised(source, told('email.delivered', several))).toMatchObject([{ recipient: 'a@example.com' }, { recipient: 'b@example.com' }])
    for (const type of ['email.opened', 'email.clicked', 'email.complained'])
      expect(normalised(source, told(type, several))).toMatchObject([{ is: 'ignored', why: expect.stringContaining('one of several recipients') }])
  })

  it('ignores what is in no figure, whatever its form', () => {
    for (const type of ['email.scheduled', 'email.delivery_delayed', 'email.received', 'domain.updated', 'contact.created', 'suppression.added'])
      expect(normalised(source, { type, data: {} })).toMatchObject([{ is: 'ignored' }])
  })

  it('names the member that is wrong', () => {
    expect(outcomeOf(source, told('email.sent', { to: 'ann@example.com' }))).toBe('refused: data.to is missing or not of the right form')
    expect(outcomeOf(source, told('email.sent', { email_id: '' }))).toBe('refused: data.email_id is missing or not of the right form')
    expect(outcomeOf(source, told('email.teleported'))).toBe('kept: type is not one of Resend’s that Mercat knows')
    expect(outcomeOf(source, told('constructor'))).toMatch(/^kept: /)
    // Of another form than a mail's: refused, it would have Resend disable the endpoint.
    expect(outcomeOf(source, { type: 'automation.finished', created_at: '2026-11-22T23:41:12.126Z', data: { id: 'a' } })).toMatch(/^kept: /)
    for (const item of [{}, { type: 7 }, 'email.sent']) expect(outcomeOf(source, item)).toMatch(/^(refused|wrong_shape): /)
    expect(() => source.read(requestOf('{'))).toThrow('The body is not valid JSON')
  })
})

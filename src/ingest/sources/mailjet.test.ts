/** Mailjet's events: payloads as in its documentation. */
import { describe, expect, it } from 'vitest'
import { address, basic, normalised, outcomeOf, password, doubtOf, requestOf, webhook } from '../../../test/ingest/webhook-source.ts'
import { campaignOf } from './events.ts'
import mailjet from './mailjet.ts'

const source = webhook(mailjet)
const mail = {
  event: 'sent',
  time: 1433333949,
  MessageID: 1952426,
  Message_GUID: '1ab23cd4-e567-8901-2345-6789f0gh1i2j',
  email: 'api@mailjet.com',
  mj_campaign_id: 7257,
  mj_contact_id: 4,
  customcampaign: '',
  mj_message_id: '19421777835146490',
  smtp_reply: 'sent (250 2.0.0 OK 1433333948 fa5si855896wjc.199 - gsmtp)',
  CustomID: 'helloworld',
  Payload: '',
}
const eventOf = (more: object) => normalised(source, { ...mail, ...more })[0]

describe('Mailjet', () => {
  it('is proved by the password of the address', async () => {
    const of = (headers: Record<string, string>) => doubtOf(source, requestOf(mail, headers), { password })
    expect(await of(basic('mercat', password))).toBeUndefined()
    expect(await of(basic('mercat', `${password}.`))).toBeDefined()
    expect(await of({})).toBeDefined()
    expect(source.steps({ url: address, key: 'key', settings: { password } })[0]?.copy?.[0]?.value).toContain(`mercat:${password}@`)
  })

  it('reads one event or a group', () => {
    expect(eventOf({})).toEqual({
      is: 'event',
      event: 'delivered',
      messageId: '1952426',
      recipient: 'api@mailjet.com',
      at: '1433333949',
      channel: 'Email',
      tags: [],
      metadata: { CustomID: 'helloworld' },
      campaign: '7257',
    })
    expect(normalised(source, [mail, { ...mail, event: 'open' }])).toMatchObject([{ event: 'delivered' }, { event: 'opened' }])
    expect(normalised(source, [])).toEqual([])
  })

  it('keeps all digits of a long id', () => {
    expect(normalised(source, '{"event":"open","time":1498093527,"MessageID":12345678901234567,"email":"a@example.com","hard_bounce":false}')).toMatchObject([
      { messageId: '12345678901234567', at: '1498093527' },
    ])
  })

  it.each([
    ['open', { event: 'opened' }],
    ['click', { event: 'clicked', url: 'https://mailjet.com' }],
    ['blocked', { event: 'failed', error: 'preblocked' }],
    ['spam', { event: 'complained' }],
    ['unsub', { event: 'unsubscribed' }],
  ])('maps %s', (event, expected) => {
    expect(eventOf({ event, url: 'https://mailjet.com', error_related_to: 'mailjet', error: 'preblocked' })).toMatchObject(expected)
  })

  it('tells bounces for good from others, and from a second attempt', () => {
    const bounce = { event: 'bounce', blocked: false, error_related_to: 'recipient', error: 'user unknown', comment: 'Host or domain name not found' }
    expect(eventOf({ ...bounce, hard_bounce: true })).toMatchObject({ event: 'bounced', bounceType: 'hard', error: 'user unknown: Host or domain name not found' })
    expect(eventOf({ ...bounce, hard_bounce: false, comment: undefined })).toMatchObject({ bounceType: 'soft', error: 'user unknown' })
    expect(eventOf({ ...bounce, hard_bounce: false, error: 'greylisted' })).toMatchObject({ is: 'ignored' })
  })

  it('finds the campaign in what the sender may write', () => {
    const key = (more: object) => {
      const event = eventOf(more)
      return event?.is === 'event' ? campaignOf(event, source.campaigns ?? [], 'mailjet') : undefined
    }
    expect(key({ Payload: '{"campaign_id":"welcome","step":2}' })).toBe('welcome')
    expect(key({ Payload: 'words', customcampaign: 'SendAPI_campaign' })).toBe('SendAPI_campaign')
    expect(key({ customcampaign: 'mj.nl=672019' })).toBe('7257')
    expect(key({ customcampaign: 'mj.nl=672019', mj_campaign_id: 0 })).toBe('mj.nl=672019')
    expect(key({ mj_campaign_id: 0 })).toBe('unassigned-mailjet')
    expect(eventOf({ Payload: 'words' })).toMatchObject({ metadata: { Payload: 'words', CustomID: 'helloworld' } })
  })

  it('names the member that is wrong', () => {
    expect(outcomeOf(source, { ...mail, email: undefined })).toBe('refused: email is missing or not of the right form')
    expect(outcomeOf(source, { ...mail, MessageID: null })).toBe('refused: MessageID is missing or not of the right form')
    for (const event of ['typofix', 'constructor']) expect(outcomeOf(source, { ...mail, event })).toBe('kept: event is not one of Mailjet’s that Mercat knows')
    expect(() => source.read(requestOf('"sent"'))).toThrow('neither an event nor a list')
  })
})

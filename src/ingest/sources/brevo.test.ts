/** Brevo's events: payloads as in its documentation and as they come. */
import { describe, expect, it } from 'vitest'
import { address, basic, normalised, outcomeOf, password, doubtOf, requestOf, webhook } from '../../../test/ingest/webhook-source.ts'
import brevo from './brevo.ts'
import { campaignOf, eventRow } from './events.ts'

const source = webhook(brevo)
const rules = source.campaigns ?? []
const mail = {
  event: 'request',
  email: 'example@domain.com',
  id: 1636105,
  date: '2026-03-31 10:58:53',
  ts: 1774947533,
  'message-id': '<202603310858.17350695709@smtp-relay.mailin.fr>',
  ts_event: 1774947533,
  ts_epoch: 1774947533321,
  subject: 'My first Transactional',
  'X-Mailin-custom': '{"campaign_id":"welcome","step":2}',
  sending_ip: '77.32.148.24',
  template_id: 22,
  tag: '["transac_messages"]',
  tags: ['transac_messages'],
  contact_id: 8,
}
const campaign = {
  id: 1239108,
  camp_id: 960,
  email: 'example@domain.com',
  'campaign name': 'My First Campaign',
  date_sent: '2026-03-31 10:00:00',
  date_event: '2026-03-31 10:58:53',
  event: 'opened',
  tag: '',
  ts_sent: 1774944000,
  ts_event: 1774947533,
  ts: 1774951133,
}
const eventOf = (more: object) => normalised(source, { ...mail, ...more })[0]

describe('Brevo', () => {
  it('is proved by the password of the address', async () => {
    const of = (headers: Record<string, string>) => doubtOf(source, requestOf(mail, headers), { password })
    expect(await of(basic('mercat', password))).toBeUndefined()
    expect(await of(basic('mercat', 'another-password-of-some-length'))).toBeDefined()
    expect(await of(basic('somebody', password))).toBeDefined()
    expect(await of({ authorization: `Bearer ${password}` })).toBeDefined()
    expect(await of({})).toBe('The header authorization is missing')
  })

  it('hands out the address with its password', () => {
    const shown = (settings: Record<string, string>) => source.steps({ url: address, key: 'key', settings })[0]?.copy?.[0]?.value
    expect(shown({ password })).toBe(`https://mercat:${password}@mercat.example/ingest/source/key`)
    expect(shown({})).toBe(address)
  })

  it('reads a transactional mail', () => {
    expect(eventOf({})).toEqual({
      is: 'event',
      event: 'queued',
      messageId: mail['message-id'],
      recipient: 'example@domain.com',
      at: '1774947533',
      channel: 'Email',
      tags: ['transac_messages'],
      metadata: { campaign_id: 'welcome', step: '2' },
      campaign: '22',
    })
  })

  it('reads a mail of a campaign, which has no id of its own', () => {
    expect(normalised(source, campaign)).toMatchObject([
      { event: 'opened', messageId: 'campaign 960', recipient: 'example@domain.com', at: '1774947533', campaign: '960', tags: [] },
    ])
    expect(normalised(source, [{ ...campaign, event: 'click', URL: 'https://example.com/a' }])).toMatchObject([{ event: 'clicked', url: 'https://example.com/a' }])
    expect(normalised(source, { ...campaign, event: 'unsubscribe', list_id: [3, 42] })).toMatchObject([{ event: 'unsubscribed', messageId: 'campaign 960' }])
  })

  it.each([
    ['delivered', { event: 'delivered' }],
    ['soft_bounce', { event: 'bounced', bounceType: 'soft', error: 'server is down' }],
    ['hard_bounce', { event: 'bounced', bounceType: 'hard', error: 'server is down' }],
    ['invalid_email', { event: 'bounced', bounceType: 'hard' }],
    ['blocked', { event: 'failed' }],
    ['error', { event: 'failed' }],
    ['opened', { event: 'opened' }],
    ['unique_opened', { event: 'opened' }],
    ['proxy_open', { event: 'opened', machine: true }],
    ['unique_proxy_open', { event: 'opened', machine: true }],
    ['click', { event: 'clicked', url: 'https://example.com/b' }],
    ['spam', { event: 'complained' }],
    ['complaint', { event: 'complained' }],
    ['unsubscribed', { event: 'unsubscribed' }],
  ])('maps %s', (event, expected) => {
    const mapped = eventOf({ event, reason: 'server is down', link: 'https://example.com/b' })
    expect(mapped).toMatchObject(expected)
    expect('machine' in expected).toBe(mapped?.is === 'event' && mapped.machine === true)
  })

  it('makes one event of an opening that is told twice', () => {
    const rows = ['unique_opened', 'opened'].map((event) => normalised(source, { ...mail, event, ts_epoch: event === 'opened' ? 1774947533390 : 1774947533321 })[0])
    const [first, second] = rows.map((row) => row?.is === 'event' && eventRow(row, campaignOf(row, rules, 'brevo')))
    expect(first).toEqual(second)
    expect(first).toMatchObject({ event: 'opened', occurred_at: '1774947533', event_id: undefined })
  })

  it('finds the campaign in what the sender may write', () => {
    const key = (more: object) => {
      const event = eventOf(more)
      return event?.is === 'event' ? campaignOf(event, rules, 'brevo') : undefined
    }
    expect(key({})).toBe('welcome')
    expect(key({ 'X-Mailin-custom': 'step:2|campaign_id:spring:1' })).toBe('spring:1')
    expect(key({ 'X-Mailin-custom': null })).toBe('22')
    expect(key({ 'X-Mailin-custom': 'words', template_id: null })).toBe('transac_messages')
    expect(key({ 'X-Mailin-custom': undefined, template_id: undefined, tags: null, tag: 'single' })).toBe('single')
    expect(key({ 'X-Mailin-custom': undefined, template_id: undefined, tags: null, tag: null })).toBe('unassigned-brevo')
  })

  it('ignores what is in no figure', () => {
    for (const event of ['deferred', 'list_addition', 'contact_updated', 'contact_deleted']) expect(normalised(source, { event })).toMatchObject([{ is: 'ignored' }])
  })

  it('names the member that is wrong', () => {
    expect(outcomeOf(source, { ...mail, email: ['ann@example.com'] })).toBe('refused: email is missing or not of the right form')
    expect(outcomeOf(source, { ...mail, ts_event: '2026-03-31', ts_epoch: 1 })).toBe('refused: ts_event is missing or not epoch seconds')
    expect(outcomeOf(source, { ...mail, 'message-id': '' })).toBe('refused: message-id and camp_id are missing')
    for (const event of ['teleported', 'toString']) expect(outcomeOf(source, { ...mail, event })).toBe('kept: event is not one of Brevo’s that Mercat knows')
    expect(() => source.read(requestOf('[1]'))).toThrow('neither an event nor a list')
  })

  it('takes the time of ts_epoch where there is no other', () => {
    expect(eventOf({ ts_event: undefined })).toMatchObject({ at: '1774947533' })
  })
})

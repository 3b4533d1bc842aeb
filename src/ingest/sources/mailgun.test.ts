import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { doubtOf, outcomeOf, requestOf } from '../../../test/ingest/webhook-source.ts'
import mailgun from './mailgun.ts'

const data = { event: 'opened', id: 'e', timestamp: 1534109600.089676, recipient: 'ada@example.com', message: { headers: { 'message-id': 'm@example.org' } } }
const of = (more: object) => outcomeOf(mailgun, { 'event-data': { ...data, ...more } })

it('takes what is signed with the key, within a day', async () => {
  const receivedAt = new Date()
  const signed = (key: string, age = 0) => {
    const timestamp = String(Math.floor(receivedAt.getTime() / 1000) - age)
    return {
      receivedAt,
      body: requestOf({ signature: { timestamp, token: 'token', signature: createHmac('sha256', key).update(`${timestamp}token`).digest('hex') }, 'event-data': data }).body,
    }
  }
  const settings = { signingKey: 'a-key-of-sixteen-characters' }
  expect(await doubtOf(mailgun, signed(settings.signingKey, 80_000), settings)).toBeUndefined()
  expect(await doubtOf(mailgun, signed('another-key-of-as-many-chars'), settings)).toMatch(/signature is not right/)
  for (const age of [-86_500, 86_500]) expect(await doubtOf(mailgun, signed(settings.signingKey, age), settings)).toMatch(/another time: it is good for 24 hours/)
})

it('keeps id, time, link and machine of an event, and its campaign', () => {
  const clicked = {
    event: 'clicked',
    url: 'https://example.com/a',
    'client-info': { bot: 'generic' },
    campaigns: [{ id: 'c1', name: 'One' }],
    tags: ['news'],
    'user-variables': '{"campaign_id":"c2","n":2}',
  }
  expect(of(clicked)).toEqual([
    {
      is: 'event',
      event: 'clicked',
      messageId: '<m@example.org>',
      eventId: 'e',
      recipient: 'ada@example.com',
      at: '1534109600.089676',
      channel: 'Email',
      machine: true,
      url: 'https://example.com/a',
      error: undefined,
      tags: ['news'],
      metadata: { campaign_id: 'c2', n: '2' },
      campaign: 'c1',
    },
  ])
  expect(of({ 'client-info': { bot: '' }, 'user-variables': { json: '{"a":1}' } })).toMatchObject([{ machine: undefined, metadata: { json: '{"a":1}' } }])
  expect(of({ 'user-variables': 'none' })).toMatchObject([{ metadata: {} }])
})

it('tells failures apart: of the address, for now, of the sender, never sent', () => {
  const failed = (severity: string, reason: string) => of({ event: 'failed', severity, reason, 'delivery-status': { message: '', description: 'No such user' } })
  expect(failed('permanent', 'bounce')).toMatchObject([{ event: 'bounced', bounceType: 'hard', error: 'No such user' }])
  expect(of({ id: null, recipient: null, url: null, flags: null, message: { headers: { 'message-id': 'm', to: null } } })).toMatchObject([
    { messageId: '<m>', recipient: undefined, eventId: undefined },
  ])
  for (const reason of ['old', 'espblock']) expect(failed('permanent', reason)).toMatchObject([{ event: 'bounced', bounceType: 'soft' }])
  expect(failed('permanent', 'suppress-unsubscribe')).toMatchObject([{ event: 'failed' }])
  expect(failed('temporary', 'generic')).toMatchObject([{ is: 'ignored' }])
})

it('takes the recipient from a header of one address alone', () => {
  const to = (header: string) => of({ event: 'rejected', recipient: undefined, message: { headers: { 'message-id': '<m>', to: header } } })
  for (const header of ['ada@example.com', 'Ada <ada@example.com>', ' <ada@example.com> ']) expect(to(header)).toMatchObject([{ recipient: 'ada@example.com', messageId: '<m>' }])
  for (const header of ['ada@example.com, bob@example.com', 'Ada', '', `${'a@'.repeat(200_000)},`]) expect(to(header)).toMatchObject([{ recipient: undefined }])
})

it('passes over what is of no message that was sent', () => {
  for (const more of [{ event: 'stored' }, { event: 'list_uploaded' }, { flags: { 'is-test-mode': true } }]) expect(of(more)).toMatchObject([{ is: 'ignored' }])
})

it('refuses what is no event of Mailgun, and names no value of a person', () => {
  for (const item of [{ event: undefined }, { timestamp: ['ada'] }, { recipient: { ada: 1 } }, { message: 'ada' }])
    expect(of(item)).toMatch(/^refused: event-data\.\w+ is missing or not of the right form$/)
  for (const event of ['ada@example.com', 'constructor']) expect(of({ event })).toBe('kept: event-data.event is not one of Mailgun’s that Mercat knows')
  expect(of({ message: undefined })).toBe('kept: event-data.message.headers.message-id is missing')
  for (const body of ['event=opened&recipient=ada%40example.com', '"opened"', '[[]]']) expect(outcomeOf(mailgun, body)).toMatch(/^wrong_shape: /)
})

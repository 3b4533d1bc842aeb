import { expect, it } from 'vitest'
import { outcomeOf } from '../../../test/ingest/webhook-source.ts'
import sendgrid from './sendgrid.ts'

const base = { email: 'ada@example.com', timestamp: 1461095250, sg_event_id: 'e', sg_message_id: 'm' }
const of = (item: object) => outcomeOf(sendgrid, [{ ...base, ...item }])

it('tells blocks from hard bounces and machines from people, and names the campaign', () => {
  expect(of({ event: 'bounce', type: 'blocked' })).toMatchObject([{ event: 'bounced', bounceType: 'soft' }])
  expect(of({ event: 'bounce', type: 'bounce' })).toMatchObject([{ event: 'bounced', bounceType: 'hard' }])
  expect(of({ event: 'open', sg_machine_open: true })).toMatchObject([{ event: 'opened', machine: true }])
  const named = { event: 'open', singlesend_id: 's1', category: 'news', campaign_id: 'c1', ip: '192.0.2.1' }
  expect(of(named)).toMatchObject([{ campaign: 's1', tags: ['news'], metadata: { campaign_id: 'c1' } }])
  expect(of({ event: 'group_resubscribe' })).toMatchObject([{ is: 'ignored' }])
  // It is about no mail, and names neither an address nor a message.
  expect(outcomeOf(sendgrid, [{ event: 'account_status_change', sg_event_id: 'e', timestamp: 1709142428, type: 'compliance_suspend' }])).toMatchObject([{ is: 'ignored' }])
})

it('refuses what is no event of SendGrid, and names no value of a person', () => {
  for (const item of [{ event: 1 }, { event: undefined }, { event: 'open', email: ['ada@example.com'] }, { event: 'open', timestamp: {} }])
    expect(of(item)).toMatch(/^refused: \w+ is missing or not of the right form$/)
  for (const event of ['ada@example.com', 'constructor', '__proto__']) expect(of({ event })).toBe('kept: event is not one of SendGrid’s that Mercat knows')
  expect(of({ event: 'open', sg_message_id: undefined })).toBe('kept: sg_message_id is missing')
  for (const body of ['', 'event=open', '"open"', '[1]', 'null']) expect(outcomeOf(sendgrid, body)).toMatch(/^wrong_shape: /)
})

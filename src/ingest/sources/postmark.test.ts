import { expect, it } from 'vitest'
import { doubtOf, outcomeOf } from '../../../test/ingest/webhook-source.ts'
import postmark from './postmark.ts'

const times = { DeliveredAt: '2026-01-01T10:00:00Z', BouncedAt: '2026-01-01T11:00:00Z', ReceivedAt: '2026-01-01T12:00:00Z', ChangedAt: '2026-01-01T13:00:00Z' }
const of = (item: object) => outcomeOf(postmark, { MessageID: 'm', Recipient: 'ada@example.com', ...times, ...item })

it('takes its user name and password alone', async () => {
  const settings = { password: 'correct-horse-battery' }
  const basic = (text: string) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } })
  expect(await doubtOf(postmark, basic('mercat:correct-horse-battery'), settings)).toBeUndefined()
  for (const text of ['mercat:correct-horse-batterz', 'mercat:', 'mercat', 'other:correct-horse-battery', 'mercat:correct-horse-battery2', ':correct-horse-battery', ''])
    expect(await doubtOf(postmark, basic(text), settings), text).toMatch(/user name or the password|is missing/)
  expect(await doubtOf(postmark, { headers: { authorization: 'Bearer correct-horse-battery' } }, settings)).toMatch(/user name or the password/)
  expect(await doubtOf(postmark, {}, settings)).toMatch(/authorization is missing/)
})

it('shows what to paste at Postmark, the password once it is there', () => {
  const shown = (settings: Record<string, string>) => postmark.steps({ url: 'https://mercat.example/x', key: 'x', settings }).flatMap(({ copy }) => copy ?? [])
  expect(shown({}).map(({ value }) => value)).toEqual(['https://mercat.example/x', 'mercat'])
  expect(shown({ password: 'word' }).map(({ value }) => value)).toEqual(['https://mercat.example/x', 'mercat', 'word'])
})

it('tells bounces apart by their type', () => {
  const bounce = (Type: string) => of({ RecordType: 'Bounce', Type, ID: 7, Details: 'smtp;550' })
  for (const type of ['HardBounce', 'BadEmailAddress', 'constructor'])
    expect(bounce(type), type).toMatchObject([{ event: 'bounced', bounceType: 'hard', eventId: '7', at: times.BouncedAt, error: 'smtp;550' }])
  for (const type of ['Transient', 'SoftBounce', 'DnsError', 'Blocked', 'SpamNotification', 'Unknown'])
    expect(bounce(type), type).toMatchObject([{ event: 'bounced', bounceType: 'soft' }])
  for (const type of ['ManuallyDeactivated', 'Unconfirmed', 'SMTPApiError', 'TemplateRenderingFailed']) expect(bounce(type), type).toMatchObject([{ event: 'failed' }])
  for (const type of ['AutoResponder', 'AddressChange', 'ChallengeVerification', 'Subscribe', 'InboundError']) expect(bounce(type), type).toMatchObject([{ is: 'ignored' }])
  expect(bounce('SpamComplaint')).toMatchObject([{ event: 'complained' }])
})

it('tells each event by a member that is the same when it comes again', () => {
  // Without an id, time and link tell it.
  const noId = [expect.not.objectContaining({ eventId: expect.anything() })]
  for (const [RecordType, at] of [
    ['Open', times.ReceivedAt],
    ['Click', times.ReceivedAt],
    ['Delivery', times.DeliveredAt],
  ]) {
    expect(of({ RecordType }), RecordType).toMatchObject([{ messageId: 'm', at }])
    expect(of({ RecordType, ID: 7 }), RecordType).toEqual(noId)
  }
  expect(of({ RecordType: 'Click', OriginalLink: 'https://example.com/a' })).toMatchObject([{ event: 'clicked', url: 'https://example.com/a' }])
  // Longer than a double holds.
  expect(outcomeOf(postmark, `{"RecordType":"SpamComplaint","ID":692560173123456789,"MessageID":"m","Email":"ada@example.com","BouncedAt":"${times.BouncedAt}"}`)).toMatchObject([
    { eventId: '692560173123456789', recipient: 'ada@example.com' },
  ])
})

it('takes changes of a subscription that come from a message', () => {
  const change = (more: object) => of({ RecordType: 'SubscriptionChange', SuppressSending: true, SuppressionReason: 'ManualSuppression', ...more })
  expect(change({})).toMatchObject([{ event: 'unsubscribed', at: times.ChangedAt }])
  expect(change({ SuppressionReason: 'SpamComplaint' })).toMatchObject([{ event: 'complained' }])
  for (const MessageID of [null, '', '00000000-0000-0000-0000-000000000000']) expect(change({ MessageID })).toMatchObject([{ is: 'ignored' }])
  expect(change({ SuppressSending: false, SuppressionReason: null })).toMatchObject([{ is: 'ignored' }])
  expect(change({ SuppressionReason: 'ada@example.com' })).toBe('kept: SuppressionReason is not one of Postmark’s that Mercat knows')
})

it('refuses what is no event of Postmark, and names no value of a person', () => {
  for (const item of [{}, { RecordType: 1 }, { RecordType: 'Open', Recipient: ['ada@example.com'] }]) expect(of(item)).toMatch(/^refused: \w+ is missing or not of the right form$/)
  expect(of({ RecordType: 'Open', ReceivedAt: undefined })).toMatch(/^refused: the time /)
  for (const RecordType of ['ada@example.com', 'constructor']) expect(of({ RecordType })).toBe('kept: RecordType is not one of Postmark’s that Mercat knows')
  for (const body of ['', '"Open"', '[1]']) expect(outcomeOf(postmark, body)).toMatch(/^wrong_shape: /)
})

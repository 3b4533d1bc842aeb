import { expect, it } from 'vitest'
import { doubtOf, outcomeOf, requestOf } from '../../../test/ingest/webhook-source.ts'
import amazonSes from './amazon_ses.ts'

const published = '2026-01-02T00:00:00.000Z'
const envelope = {
  Type: 'Notification',
  MessageId: 'n',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:mail',
  Timestamp: published,
  SignatureVersion: '2',
  Signature: 'AA==',
  SigningCertURL: 'https://sns.us-east-1.amazonaws.com/x.pem',
}
const carried = (message: unknown) => outcomeOf(amazonSes, { ...envelope, Message: typeof message === 'string' ? message : JSON.stringify(message) })
const mail = { messageId: 'm', timestamp: '2026-01-01T00:00:00.000Z', destination: ['ada@example.com'] }
const several = { ...mail, destination: ['ada@example.com', 'bob@example.com'] }
const of = (eventType: string, more: object, about: object = mail) => carried({ eventType, mail: about, ...more })
const at = '2026-01-01T10:00:00.000Z'

it('makes an event of each recipient', () => {
  const bounce = {
    timestamp: at,
    feedbackId: 'f',
    bounceType: 'Transient',
    bounceSubType: 'MailboxFull',
    bouncedRecipients: [{ emailAddress: 'ada@example.com', diagnosticCode: '552' }, { emailAddress: 'bob@example.com' }],
  }
  expect(of('Bounce', { bounce }, several)).toMatchObject([
    { event: 'bounced', messageId: 'm', recipient: 'ada@example.com', eventId: 'f', at, bounceType: 'soft', error: '552' },
    { event: 'bounced', messageId: 'm', recipient: 'bob@example.com', eventId: 'f', at, bounceType: 'soft', error: 'Transient: MailboxFull' },
  ])
  expect(of('Bounce', { bounce: { ...bounce, bounceType: 'Permanent' } })).toMatchObject([{ bounceType: 'hard' }, { bounceType: 'hard' }])
  for (const [bounceSubType, event] of [
    ['OnAccountSuppressionList', 'failed'],
    ['Suppressed', 'bounced'],
  ] as const)
    expect(of('Bounce', { bounce: { ...bounce, bounceType: 'Permanent', bounceSubType } }), bounceSubType).toMatchObject([{ event, eventId: 'f' }, { event }])
  for (const [name, part, event] of [
    ['Send', { send: {} }, 'sent'],
    ['Delivery', { delivery: { recipients: several.destination } }, 'delivered'],
    ['Complaint', { complaint: { complainedRecipients: bounce.bouncedRecipients } }, 'complained'],
    ['Reject', { reject: { reason: 'Bad content' } }, 'failed'],
    ['Rendering Failure', { failure: {} }, 'failed'],
  ] as const)
    expect(of(name, part, several), name).toMatchObject([
      { event, recipient: 'ada@example.com', at: mail.timestamp },
      { event, recipient: 'bob@example.com' },
    ])
})

it('gives opens, clicks and unsubscribes to a recipient where there is but one', () => {
  const parts = {
    Open: { open: { timestamp: at } },
    Click: { click: { timestamp: at, link: 'https://example.com/a' } },
    Subscription: { subscription: { timestamp: at, newTopicPreferences: { unsubscribeAll: true } } },
  }
  for (const [name, part] of Object.entries(parts)) {
    expect(of(name, part), name).toMatchObject([{ recipient: 'ada@example.com', at }])
    expect(of(name, part, { ...mail, destination: ['ada@example.com', 'ADA@example.com'] }), name).toMatchObject([{ recipient: 'ada@example.com' }])
    expect(of(name, part, several), name).toMatchObject([{ is: 'ignored', why: expect.stringContaining('several destinations') }])
  }
  expect(of('Click', parts.Click)).toMatchObject([{ event: 'clicked', url: 'https://example.com/a' }])
})

it('takes leaving a topic for an unsubscribe, and coming back for none', () => {
  const status = (subscriptionStatus: string) => ({ unsubscribeAll: false, topicSubscriptionStatus: [{ topicName: 'news', subscriptionStatus }] })
  const change = (before: string, after: string) => of('Subscription', { subscription: { timestamp: at, oldTopicPreferences: status(before), newTopicPreferences: status(after) } })
  expect(change('OptIn', 'OptOut')).toMatchObject([{ event: 'unsubscribed' }])
  expect(change('OptOut', 'OptIn')).toMatchObject([{ is: 'ignored' }])
  expect(change('OptOut', 'OptOut')).toMatchObject([{ is: 'ignored' }])
})

it('tells complaints of people from mails that were held back, and from praise', () => {
  const complaint = (more: object) => of('Complaint', { complaint: { complainedRecipients: [{ emailAddress: 'ada@example.com' }], ...more } })
  expect(complaint({ complaintSubType: null, complaintFeedbackType: 'abuse' })).toMatchObject([{ event: 'complained', error: 'abuse' }])
  expect(complaint({ complaintSubType: 'OnAccountSuppressionList' })).toMatchObject([{ event: 'failed' }])
  expect(complaint({ complaintFeedbackType: 'not-spam' })).toMatchObject([{ is: 'ignored' }])
})

it('reads tags and metadata from message tags and headers', () => {
  const headers = [
    { name: 'X-Tag', value: 'news' },
    { name: 'x-tag', value: '' },
    { name: 'X-METADATA', value: '{"campaign_id":"c2","list":[1]}' },
  ]
  expect(of('Send', {}, { ...mail, headers, tags: { campaign_id: ['c1', 'c0'], 'ses:configuration-set': ['set'], none: [], odd: 5 } })).toMatchObject([
    { tags: ['news'], metadata: { campaign_id: 'c2', 'ses:configuration-set': 'set', odd: '5' } },
  ])
  expect(of('Send', {}, { ...mail, headers: [{ name: 'X-Metadata', value: '{' }], tags: 'none' })).toMatchObject([{ tags: [], metadata: {} }])
})

it('reads both forms, takes tests for nothing, and the time of SNS where there is no other', () => {
  expect(carried({ notificationType: 'Delivery', mail, delivery: { timestamp: at, recipients: ['ada@example.com'] } })).toMatchObject([{ event: 'delivered', at }])
  expect(of('Send', {}, { ...mail, timestamp: undefined })).toMatchObject([{ at: published }])
  expect(carried('Successfully validated SNS topic for Amazon SES event publishing.')).toEqual([])
  expect(carried({ notificationType: 'AmazonSnsSubscriptionSucceeded', message: 'You have' })).toMatchObject([{ is: 'ignored' }])
  expect(of('DeliveryDelay', { deliveryDelay: {} })).toMatchObject([{ is: 'ignored' }])
  expect(outcomeOf(amazonSes, { ...envelope, Type: 'UnsubscribeConfirmation', Message: 'You have' })).toEqual([])
})

it('refuses what is no event of Amazon SES, and names no value of a person', async () => {
  for (const item of [
    { mail },
    { eventType: 'Open' },
    { eventType: 'Open', mail },
    { eventType: 'Send', mail: { ...mail, destination: [] } },
    { eventType: 'Bounce', mail, bounce: { bounceType: 'Permanent', bouncedRecipients: ['ada@example.com'] } },
  ])
    expect(carried(item)).toMatch(/^refused: [\w.]+ is missing( or not of the right form)?$/)
  for (const name of ['ada@example.com', 'constructor']) expect(of(name, {})).toBe('kept: eventType is not one of Amazon SES that Mercat knows')
  for (const message of ['', 'hello', '[]', '"Send"']) expect(carried(message)).toMatch(/^wrong_shape: The Message of the notification/)
  const raw = { eventType: 'Send', mail }
  expect(outcomeOf(amazonSes, raw)).toMatch(/^wrong_shape: .*turn off “raw message delivery”/)
  expect(await doubtOf(amazonSes, requestOf(raw), {})).toMatch(/turn off “raw message delivery”/)
})

it('takes the ARN of a topic or none', () => {
  const fits = (topicArn: unknown) => amazonSes.settings.safeParse({ topicArn }).success
  expect([undefined, envelope.TopicArn, 'arn:aws-cn:sns:cn-north-1:123456789012:mail.fifo'].every(fits)).toBe(true)
  expect(['', 'mail', 'arn:aws:sqs:us-east-1:123456789012:mail', `${envelope.TopicArn}:subscription`].some(fits)).toBe(false)
})

/** Real payloads of e-mail providers and real signatures, against what an independent project makes of them. Each difference from it is listed here with its reason. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Normalised, ProviderEvent, Source } from '../../src/ingest/sources/define.ts'
import { sources } from '../../src/ingest/sources/index.gen.ts'
import mailgun from '../../src/ingest/sources/mailgun.ts'
import sendgrid from '../../src/ingest/sources/sendgrid.ts'
import { doubtOf, outcomeOf } from './webhook-source.ts'
import { realData } from './support.ts'

interface Fixture {
  readonly test: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly expected_normalised: Readonly<Record<string, unknown>>
}

const retries = 'a retry the provider announces stands in no figure'
const rejected = 'a message that was handed over and never sent has failed (docs/figures.md)'
const noWords = 'the reason is all the provider says, and it is kept as the error'
const legacy = 'a form post of the webhooks that Mailgun ended in October 2023: nobody can send one'

/** `file test member: theirs → ours`, and why. Compared are the members that theirs names. */
const differences: Readonly<Record<string, string>> = {
  'amazon_ses test_bounce_event event_id: "19ba9823-d7f2-53c1-860e-cb10e0d13dfc" → "00000138111222aa-44455566-cccc-cccc-cccc-ddddaaaa068a-000000"':
    'theirs is of what SNS carried to one topic, ours of the bounce: by a second topic it is still the same',
  'amazon_ses test_bounce_event metadata: {"meta1":"string","meta2":2} → {"meta1":"string","meta2":"2"}': 'metadata are texts',
  'amazon_ses test_incorrect_received_event: nothing → ignored, a mail that came in, not one that was sent':
    'theirs raises an error; what is known and in no figure is taken, so that Amazon does not try again',
  'amazon_ses test_reject_event event_type: "rejected" → "failed"': rejected,
  'amazon_ses test_send_event event_id: "19ba9823-d7f2-53c1-860e-cb10e0d13dfc" → nothing':
    'theirs is of what SNS carried to one topic; Amazon gives a send no id, so message, kind and time tell it',
  'amazon_ses test_send_event metadata: {} → {"ses:configuration-set":"ConfigSet","ses:source-ip":"192.0.2.0","ses:from-domain":"example.com","ses:caller-identity":"ses_user","myCustomTag1":"myCustomTagValue1","myCustomTag2":"myCustomTagValue2"}':
    'message tags are names with values, where most senders put their campaign',
  'mailgun test_alt_smtp_code: "bounced" → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_delivered_event event_id: "651869375b9df3c98fc15c4889b102119add1235c38fc92824" → "hTWCTD81RtiDN-..."':
    'the token is of one delivery of the webhook, event-data.id of the event: delivered again it is still the same',
  'mailgun test_delivery_status_is_none_event: nothing → queued': 'theirs asks only that it raises no error',
  'mailgun test_dropped_spam: "rejected" → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_dropped_timed_out: "rejected" → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_failed_greylisted_event: "deferred" → ignored, a temporary failure: Mailgun tries again': retries,
  'mailgun test_failed_temporary_event: "deferred" → ignored, a temporary failure: Mailgun tries again': retries,
  'mailgun test_invalid_mailbox: "bounced" → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_metadata_key_conflicts: "clicked" → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_metadata_post_fields: nothing → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_misconfigured_inbound: nothing → refused: event-data is missing or not of the right form': 'theirs raises an error as well: a mail that came in',
  'mailgun test_rejected_event event_type: "rejected" → "failed"': rejected,
  'mailgun test_tags: nothing → refused: event-data is missing or not of the right form': legacy,
  'mailgun test_verifies_bad_signature: nothing → delivered': 'theirs refuses it for its missing signature; so does ours, before anything is read (below)',
  'mailgun test_x_tags: nothing → refused: event-data is missing or not of the right form': legacy,
  'postmark test_resubscribe: "subscribed" → ignored, a subscription, not an event of a message': 'who comes back says nothing of a message',
  'sendgrid test_compatibility_message_id_from_smtp_id message_id: "<152712433591.85282.8340115595767222398@example.com>" → "wrfRRvF7Q0GgwUo2CvDmEA.filter0425p1mdw1.13037.57168B4A1D.0"':
    'opens and clicks have no smtp-id: by sg_message_id all events of a message are one message’s',
  'sendgrid test_deferred_event: "deferred" → ignored, deferred: SendGrid tries again': retries,
  'sendgrid test_dropped_bounced event_type: "rejected" → "failed"': rejected,
  'sendgrid test_dropped_invalid_event event_type: "rejected" → "failed"': rejected,
  'sendgrid test_dropped_invalid_event mta_response: nothing → "Invalid"': noWords,
  'sendgrid test_dropped_unsubscribed_event event_type: "rejected" → "failed"': rejected,
  'sendgrid test_dropped_unsubscribed_event mta_response: nothing → "Unsubscribed Address"': noWords,
}

/** Payloads that were cut down by hand to what the other project reads: what Mercat says of them. What the provider always sends is then added, nothing is replaced. */
const cutDown = [
  'mailgun test_clicked_event: kept: event-data.message.headers.message-id is missing',
  'mailgun test_delivery_status_is_none_event: refused: event-data.timestamp is missing or not of the right form',
  'mailgun test_verifies_bad_signature: refused: event-data.timestamp is missing or not of the right form',
  'postmark test_bounce_unsubscribe_variant: refused: the time (DeliveredAt, BouncedAt, ReceivedAt or ChangedAt) is missing',
]

const envelope = {
  Type: 'Notification',
  MessageId: '19ba9823-d7f2-53c1-860e-cb10e0d13dfc',
  TopicArn: 'arn:aws:sns:us-east-1:123456789012:SES_Events',
  Timestamp: '2018-03-26T17:58:59.675Z',
  SignatureVersion: '1',
  Signature: 'AA==',
  SigningCertURL: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService-12345abcde.pem',
}
const wrapped = (payload: Fixture['payload']) => ('Type' in payload ? { ...envelope, ...payload } : { ...envelope, Message: JSON.stringify(payload) })

const completions: Readonly<Record<string, (payload: Fixture['payload']) => unknown>> = {
  mailgun: (payload) => ({ ...payload, 'event-data': { timestamp: 1534108637.1, message: { headers: { 'message-id': 'of@example.org' } }, ...(payload['event-data'] as object) } }),
  postmark: (payload) => ({ BouncedAt: '2016-04-27T16:28:50.3963933-04:00', ...payload }),
}

const sourceOf = (type: string): Source => {
  const source = sources.find((one) => one.type === type)
  if (!source) throw new Error(`There is no source ${type}`)
  return source
}

/** Their members in our words: metadata and ids are texts, and the words for a bounce are one text, the server’s before the provider’s. Mercat keeps neither their reject_reason nor the user agent. */
const members: Readonly<Record<string, { theirs: (expected: Fixture['expected_normalised']) => unknown; ours: (event: ProviderEvent) => unknown }>> = {
  event_type: { theirs: (expected) => expected.event_type, ours: ({ event }) => event },
  message_id: { theirs: (expected) => expected.message_id, ours: ({ messageId }) => messageId },
  event_id: { theirs: (expected) => expected.event_id, ours: ({ eventId }) => eventId },
  recipient: { theirs: (expected) => expected.recipient, ours: ({ recipient }) => recipient },
  click_url: { theirs: (expected) => expected.click_url, ours: ({ url }) => url },
  tags: { theirs: (expected) => expected.tags, ours: ({ tags }) => tags },
  metadata: { theirs: (expected) => expected.metadata, ours: ({ metadata }) => metadata },
  mta_response: { theirs: (expected) => expected.mta_response || expected.description || undefined, ours: ({ error }) => error },
  description: { theirs: (expected) => expected.mta_response || expected.description || undefined, ours: ({ error }) => error },
}

const short = (test: string) => test.slice(test.indexOf('.') + 1)

function compare(type: string, { test, expected_normalised: expected }: Fixture, result: readonly Normalised[] | string): string[] {
  const name = `${type} ${short(test)}`
  const shown = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value))
  if (typeof result === 'string') return [`${name}: ${shown(expected.event_type)} → ${result}`]
  // Theirs shows one of several recipients.
  const event = result.find((one) => one.is === 'event' && (result.length === 1 || one.recipient === expected.recipient)) ?? result[0]
  if (event?.is !== 'event') return [`${name}: ${shown(expected.event_type)} → ${event?.is === 'ignored' ? `ignored, ${event.why}` : 'nothing'}`]
  if (Object.keys(expected).length === 0) return [`${name}: nothing → ${event.event}`]
  return Object.entries(members).flatMap(([member, { theirs, ours }]) => {
    const [theirValue, ourValue] = [shown(theirs(expected)), shown(ours(event))]
    return !(member in expected) || theirValue === ourValue || (member === 'description' && 'mta_response' in expected) ? [] : [`${name} ${member}: ${theirValue} → ${ourValue}`]
  })
}

const read = <Content>(name: string): Content[] => {
  const path = realData(`webhooks/${name}.json`)
  return path ? (JSON.parse(readFileSync(path, 'utf8')) as Content[]) : []
}
const fixtures = ['sendgrid', 'mailgun', 'postmark', 'amazon_ses'].flatMap((type) => read<Fixture>(type).map((fixture) => ({ type, fixture })))

describe.runIf(fixtures.length > 0)('payloads', () => {
  it('become what the independent project makes of them, but for the differences listed', () => {
    expect(fixtures.length).toBe(49)
    const found: string[] = []
    const cut: string[] = []
    for (const { type, fixture } of fixtures) {
      const payload = type === 'amazon_ses' ? wrapped(fixture.payload) : fixture.payload
      let result = outcomeOf(sourceOf(type), payload)
      const complete = completions[type]
      if (typeof result === 'string' && complete && (type !== 'mailgun' || 'event-data' in fixture.payload)) {
        cut.push(`${type} ${short(fixture.test)}: ${result}`)
        result = outcomeOf(sourceOf(type), complete(fixture.payload))
      }
      found.push(...compare(type, fixture, result))
    }
    expect(found.toSorted()).toEqual(Object.keys(differences).toSorted())
    expect(cut.toSorted()).toEqual(cutDown)
  })
})

interface Vector {
  readonly name: string
  readonly publicKey: string
  readonly signingKey: string
  readonly timestamp: string
  readonly token: string
  readonly signature: string
  readonly payload: string
}
const vectors = read<Vector>('signature-vectors')

describe.runIf(vectors.length > 0)('signatures', () => {
  const vector = (name: string): Vector => {
    const found = vectors.find((one) => one.name === name)
    if (!found) throw new Error(`There is no vector ${name}`)
    return found
  }
  const moment = (timestamp: string, seconds: number) => new Date((Number(timestamp) + seconds) * 1000)
  it('of SendGrid prove their body, key and time, and no other', async () => {
    const names = ['sendgrid single event', 'sendgrid two events']
    for (const [index, name] of names.entries()) {
      const { publicKey, timestamp, signature, payload } = vector(name)
      const headers = { 'x-twilio-email-event-webhook-timestamp': timestamp, 'x-twilio-email-event-webhook-signature': signature }
      const right = { headers, body: Buffer.from(payload), receivedAt: moment(timestamp, 10) }
      const verificationKey = publicKey
      const wrong = /signature is not right/
      expect(await doubtOf(sendgrid, right, { verificationKey })).toBeUndefined()
      expect(await doubtOf(sendgrid, { ...right, body: Buffer.from(payload.trim()) }, { verificationKey })).toMatch(wrong)
      expect(await doubtOf(sendgrid, { ...right, body: Buffer.from(payload.replace('hello@', 'other@').replace('bounce', 'open')) }, { verificationKey })).toMatch(wrong)
      expect(await doubtOf(sendgrid, right, { verificationKey: vector(names[1 - index] ?? '').publicKey })).toMatch(wrong)
      expect(await doubtOf(sendgrid, right, { verificationKey: 'bm8ga2V5' })).toMatch(wrong)
      const later = String(Number(timestamp) + 1)
      expect(await doubtOf(sendgrid, { ...right, headers: { ...headers, 'x-twilio-email-event-webhook-timestamp': later } }, { verificationKey })).toMatch(wrong)
      for (const header of Object.keys(headers))
        expect(await doubtOf(sendgrid, { ...right, headers: { ...headers, [header]: undefined } }, { verificationKey })).toMatch(/is missing/)
      // SendGrid tries again for 24 hours.
      expect(await doubtOf(sendgrid, { ...right, receivedAt: moment(timestamp, 86_400) }, { verificationKey })).toBeUndefined()
      expect(await doubtOf(sendgrid, { ...right, receivedAt: moment(timestamp, 86_401) }, { verificationKey })).toMatch(/another time/)
      expect(await doubtOf(sendgrid, { ...right, receivedAt: moment(timestamp, -86_401) }, { verificationKey })).toMatch(/another time/)
    }
  })

  it('of Mailgun prove their token, key and time, and no other', async () => {
    const { signingKey, timestamp, token, signature } = vector('mailgun hmac-sha256')
    const given = (changed: Partial<Record<'timestamp' | 'token' | 'signature', string>> = {}, more: object = { 'event-data': {} }) => ({
      headers: {},
      body: Buffer.from(JSON.stringify({ signature: { timestamp, token, signature, ...changed }, ...more })),
      receivedAt: moment(timestamp, 10),
    })
    const wrong = /signature is not right/
    expect(await doubtOf(mailgun, given(), { signingKey })).toBeUndefined()
    expect(await doubtOf(mailgun, given({ token: vector('mailgun rejects other token').token }), { signingKey })).toMatch(wrong)
    expect(await doubtOf(mailgun, given({ timestamp: String(Number(timestamp) + 1) }), { signingKey })).toMatch(wrong)
    expect(await doubtOf(mailgun, given({ signature: signature.replace(/^./, '0') }), { signingKey })).toMatch(wrong)
    expect(await doubtOf(mailgun, given({ signature: '' }), { signingKey })).toMatch(/is missing/)
    expect(await doubtOf(mailgun, given(), { signingKey: `${signingKey}0` })).toMatch(wrong)
    // A digit that moves from the token into the time is a time of another age.
    expect(await doubtOf(mailgun, given({ timestamp: timestamp + token[0], token: token.slice(1) }), { signingKey })).toMatch(/another time/)
    // Mailgun tries again for 8 hours.
    expect(await doubtOf(mailgun, { ...given(), receivedAt: moment(timestamp, 8 * 3600) }, { signingKey })).toBeUndefined()
    expect(await doubtOf(mailgun, { ...given(), receivedAt: moment(timestamp, 24 * 3600 + 1) }, { signingKey })).toMatch(/another time/)
    for (const body of ['{"event-data":{"event":"delivered"}}', '[]', 'event=clicked', '\xff'])
      expect(await doubtOf(mailgun, { ...given(), body: Buffer.from(body, 'latin1') }, { signingKey })).toMatch(/is missing/)
    // Mailgun signs time and token and not the event, so another body is proved by them as well: the secret in the address is what keeps others out.
    expect(await doubtOf(mailgun, given({}, { 'event-data': { event: 'opened' } }), { signingKey })).toBeUndefined()
  })
})

import { createSign, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { snsSigner } from '../../../test/ingest/sns-signer.ts'
import { MercatError } from '../../core/errors.ts'
import type { Outside, SourceRequest } from './define.ts'
import { assertSns, greetSns } from './sns.ts'

const day = 86_400_000

const amazon = snsSigner('sns.amazonaws.com')
const other = snsSigner('sns.example.com')

const topic = 'arn:aws:sns:us-east-1:123456789012:mail'
const now = new Date()
const notification = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: topic,
  Subject: 'Amazon SES Email Event Notification' as string | undefined,
  Message: '{"eventType":"Send"}\n',
  Timestamp: now.toISOString(),
}
const confirmation = {
  Type: 'SubscriptionConfirmation',
  MessageId: '165545c9-2a5c-472c-8df2-7ff2be2b3b1b',
  Token: '2336412f37',
  TopicArn: topic,
  Message: 'You have chosen to subscribe',
  SubscribeURL: `https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${topic}&Token=2336412f37`,
  Timestamp: now.toISOString(),
}

let certificates = 0
/** A new address each time: what is known by its address is not fetched again. */
const certificateUrl = () => `https://sns.us-east-1.amazonaws.com/SimpleNotificationService-${certificates++}.pem`

/** The signed text, member by member as Amazon documents it. */
function signed(members: Record<string, string | undefined>, { version = '2', url = certificateUrl(), by = amazon } = {}): Record<string, unknown> {
  const names =
    members.Type === 'Notification'
      ? ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type']
      : ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type']
  const text = names.flatMap((name) => (members[name] === undefined ? [] : [`${name}\n${members[name]}\n`])).join('')
  return {
    ...members,
    SignatureVersion: version,
    Signature: createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
      .update(text)
      .sign(by.privateKey, 'base64'),
    SigningCertURL: url,
  }
}

const asked: string[] = []
const answering = (text: string): Outside => ({
  get: async (url) => {
    asked.push(url.href)
    return text
  },
})
const request = (body: unknown, receivedAt = now): SourceRequest => ({
  headers: {},
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  url: 'https://mercat.example/',
  receivedAt,
})

async function refusal(body: unknown, { topicArn, certificate = amazon.certificate, receivedAt = now }: { topicArn?: string; certificate?: string; receivedAt?: Date } = {}) {
  try {
    await assertSns(request(body, receivedAt), topicArn, answering(certificate))
    return undefined
  } catch (error) {
    if (error instanceof MercatError) return `${error.code}: ${error.message}`
    throw error
  }
}

describe('signatures of SNS', () => {
  it('are taken in both versions, for notifications and confirmations, with and without a subject', async () => {
    for (const version of ['1', '2']) {
      expect(await refusal(signed(notification, { version }))).toBeUndefined()
      expect(await refusal(signed({ ...notification, Subject: undefined }, { version }))).toBeUndefined()
      expect(await refusal(signed(confirmation, { version }))).toBeUndefined()
      expect(await refusal(signed({ ...confirmation, Type: 'UnsubscribeConfirmation' }, { version }))).toBeUndefined()
    }
    expect(await refusal({ ...signed({ ...notification, Subject: undefined }), Subject: null })).toBeUndefined()
    expect(await refusal(signed(notification), { topicArn: topic })).toBeUndefined()
  })

  it('are of every member, of their version and of their key', async () => {
    const wrong = /^wrong_signature: The signature is not right/
    for (const name of ['Message', 'MessageId', 'Subject', 'TopicArn']) expect(await refusal({ ...signed(notification), [name]: 'other' }), name).toMatch(wrong)
    for (const name of ['Message', 'MessageId', 'SubscribeURL', 'Token', 'TopicArn']) expect(await refusal({ ...signed(confirmation), [name]: 'other' }), name).toMatch(wrong)
    expect(await refusal({ ...signed(notification), Timestamp: new Date(now.getTime() - 1000).toISOString() })).toMatch(wrong)
    expect(await refusal({ ...signed(notification), Type: 'UnsubscribeConfirmation' })).toMatch(wrong)
    expect(await refusal({ ...signed(notification), SignatureVersion: '1' })).toMatch(wrong)
    expect(await refusal({ ...signed(notification), Signature: '!' })).toMatch(wrong)
    expect(await refusal(signed(notification, { by: other }))).toMatch(wrong)
  })

  it('are good for a day, and for the topic that is set', async () => {
    expect(await refusal(signed(notification), { receivedAt: new Date(now.getTime() + day - 2000) })).toBeUndefined()
    expect(await refusal(signed(notification), { receivedAt: new Date(now.getTime() + day + 2000) })).toMatch(/from another time/)
    expect(await refusal(signed({ ...notification, Timestamp: 'yesterday' }))).toMatch(/from another time/)
    expect(await refusal(signed({ ...notification, Timestamp: '1960-01-01T00:00:00Z' }))).toMatch(/from another time/)
    expect(await refusal(signed(notification), { topicArn: `${topic}2` })).toMatch(/topic is not the one/)
  })

  it('need the envelope: a raw message has none', async () => {
    for (const body of ['{"eventType":"Send"}', '[]', 'null', '', 'Type=Notification', JSON.stringify({ ...signed(notification), SignatureVersion: '3' })])
      expect(await refusal(body), body).toMatch(/^wrong_signature: The body is (not the envelope|not valid JSON)/)
  })
})

describe('the certificate', () => {
  it('is fetched from a host of SNS alone', async () => {
    asked.length = 0
    const path = '/SimpleNotificationService-1.pem'
    const evil = [
      `http://sns.us-east-1.amazonaws.com${path}`,
      `https://sns.us-east-1.amazonaws.com.evil.com${path}`,
      `https://evil.com/sns.us-east-1.amazonaws.com${path}`,
      `https://sns.us-east-1.amazonaws.com@evil.com${path}`,
      `https://user:word@sns.us-east-1.amazonaws.com${path}`,
      `https://sns.us-east-1.amazonaws.com:8443${path}`,
      `https://sns.us-east-1.amazonaws.com.${path}`,
      `https://sns.us-east-1.amazonaws.com\\@evil.com${path}`,
      `https://evil-sns.us-east-1.amazonaws.com${path}`,
      `https://x.sns.us-east-1.amazonaws.com${path}`,
      `https://sns.evil.us-east-1.amazonaws.com${path}`,
      `https://sns.amazonaws.com${path}`,
      `https://s3.us-east-1.amazonaws.com${path}`,
      `https://sns.us-east-1.amazonaws.com.cn.evil.com${path}`,
      `https://sns.us-east-1.amazonaws.org${path}`,
      `https://sns.us-east-1.amazonaws.com${path}?x=.pem`,
      `https://sns.us-east-1.amazonaws.com${path}#x`,
      'https://sns.us-east-1.amazonaws.com/?Action=GetTopic&x=.pem',
      'https://sns.us-east-1.amazonaws.com/folder/x.pem',
      'https://sns.us-east-1.amazonaws.com/x.crt',
      'https://127.0.0.1/x.pem',
      'file:///etc/ssl/x.pem',
      'x.pem',
    ]
    for (const url of evil) expect(await refusal(signed(notification, { url })), url).toMatch(/^wrong_signature: SigningCertURL does not lead/)
    expect(asked).toEqual([])
    for (const host of ['sns.us-gov-west-1.amazonaws.com', 'sns.cn-north-1.amazonaws.com.cn', 'SNS.EU-CENTRAL-2.AMAZONAWS.COM', 'sns.me-south-1.amazonaws.com:443'])
      expect(await refusal(signed(notification, { url: `https://${host}${path}` })), host).toBeUndefined()
    expect(asked.map((url) => new URL(url).host)).toEqual([
      'sns.us-gov-west-1.amazonaws.com',
      'sns.cn-north-1.amazonaws.com.cn',
      'sns.eu-central-2.amazonaws.com',
      'sns.me-south-1.amazonaws.com',
    ])
  })

  it('is one of SNS by its name and key, and valid now', async () => {
    for (const name of ['sns-signing.me-south-1.amazonaws.com', 'sns-cn-north-1.amazonaws.com.cn', 'sns-us-gov-west-1.amazonaws.com', 'sns.us-east-1.amazonaws.com']) {
      const by = snsSigner(name)
      expect(await refusal(signed(notification, { by }), { certificate: by.certificate }), name).toBeUndefined()
    }
    const none = /^wrong_signature: What SigningCertURL leads to is not/
    for (const name of ['sns.amazonaws.com.evil.com', 'evil.sns.amazonaws.com', 's3.amazonaws.com', 'sns.evil.amazonaws.com']) {
      const by = snsSigner(name)
      expect(await refusal(signed(notification, { by }), { certificate: by.certificate }), name).toMatch(none)
    }
    const curve = snsSigner('sns.amazonaws.com', generateKeyPairSync('ec', { namedCurve: 'P-256' }))
    expect(await refusal(signed(notification, { by: curve }), { certificate: curve.certificate })).toMatch(none)
    for (const certificate of ['', 'not a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])
      expect(await refusal(signed(notification), { certificate })).toMatch(none)
    for (const days of [-2, 31]) {
      const at = new Date(now.getTime() + days * day)
      expect(await refusal(signed({ ...notification, Timestamp: at.toISOString() }), { receivedAt: at })).toMatch(/not valid at this time/)
    }
  })

  it('is fetched once, and again after it could not be had; the number kept is bounded', async () => {
    const url = certificateUrl()
    const body = signed(notification, { url })
    asked.length = 0
    const away: Outside = { get: () => Promise.reject(new MercatError('unavailable', 'away')) }
    await expect(assertSns(request(body), undefined, away)).rejects.toMatchObject({ code: 'unavailable' })
    expect(await Promise.all([refusal(body), refusal(body)])).toEqual([undefined, undefined])
    expect(asked).toEqual([url])
    for (let more = 0; more < 50; more++) await refusal(signed(notification))
    asked.length = 0
    await refusal(body)
    expect(asked).toEqual([url])
  })
})

describe('a subscription', () => {
  it('is confirmed at SNS alone; the end of one is noted, a notification is none', async () => {
    asked.length = 0
    expect(await greetSns(request(signed(confirmation)), answering(''))).toBe(true)
    expect(asked).toEqual([confirmation.SubscribeURL])
    asked.length = 0
    expect(await greetSns(request(signed({ ...confirmation, Type: 'UnsubscribeConfirmation' })), answering(''))).toBe(true)
    expect(await greetSns(request(signed(notification)), answering(''))).toBe(false)
    for (const SubscribeURL of [
      confirmation.SubscribeURL.replace('amazonaws.com', 'amazonaws.com.evil.com'),
      confirmation.SubscribeURL.replace('https:', 'http:'),
      confirmation.SubscribeURL.replace('sns.', 'user@sns.'),
      confirmation.SubscribeURL.replace('.com/', '.com:8443/'),
      confirmation.SubscribeURL.replace('ConfirmSubscription', 'DeleteTopic'),
      'https://evil.com/?Action=ConfirmSubscription',
      '',
    ])
      await expect(greetSns(request(signed({ ...confirmation, SubscribeURL })), answering(''))).rejects.toMatchObject({ code: 'wrong_shape' })
    expect(asked).toEqual([])
  })
})

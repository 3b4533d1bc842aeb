/** The signature of Standard Webhooks, against the signer its authors publish. */
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { receivedAt, requestOf } from '../../../test/ingest/webhook-source.ts'
import { assertStandardSignature, signingSecret } from './standard-signature.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'
const body = '{"type":"events","data":{}}'

function signed(given: { by?: string; at?: Date; family?: string; signature?: string } = {}) {
  const { by = secret, at = receivedAt, family = 'webhook' } = given
  return {
    [`${family}-id`]: 'msg_1',
    [`${family}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
    [`${family}-signature`]: given.signature ?? new Webhook(by).sign('msg_1', at, body),
  }
}
const check = (headers: Record<string, string>, text = body) => assertStandardSignature(requestOf(text, headers), secret)
const minutes = (count: number) => new Date(receivedAt.getTime() + count * 60_000)

describe('The signature of Standard Webhooks', () => {
  it('is taken under either name of the headers, and with or without the prefix of the secret', () => {
    check(signed())
    check(signed({ family: 'svix' }))
    assertStandardSignature(requestOf(body, signed()), secret.replace('whsec_', ''))
  })

  it('is one of several while a secret is rotated', () => {
    const ours = signed()['webhook-signature'] ?? ''
    const theirs = signed({ by: other })['webhook-signature'] ?? ''
    check(signed({ signature: `${theirs} v1a,MEUCIQ== ${ours}` }))
    expect(() => check(signed({ signature: `${theirs} v1a,MEUCIQ==` }))).toThrow('The signature is not right')
    expect(() => check(signed({ signature: ours.replace('v1,', 'v2,') }))).toThrow('The signature is not right')
  })

  it('is refused with another secret, another body, another id', () => {
    expect(() => check(signed({ by: other }))).toThrow('The signature is not right')
    expect(() => check(signed(), `${body} `)).toThrow('The signature is not right')
    expect(() => check({ ...signed(), 'webhook-id': 'msg_2' })).toThrow('The signature is not right')
  })

  it('is good for five minutes before and after', () => {
    check(signed({ at: minutes(-5) }))
    check(signed({ at: minutes(5) }))
    for (const count of [-5.1, 5.1]) expect(() => check(signed({ at: minutes(count) }))).toThrow('good for 5 minutes')
    expect(() => check({ ...signed(), 'webhook-timestamp': 'soon' })).toThrow('The signature is not right')
  })

  it('names the header that is missing', () => {
    expect(() => check({})).toThrow('Neither the header webhook-id nor svix-id is there')
    for (const name of ['webhook-timestamp', 'webhook-signature'])
      expect(() => check(Object.fromEntries(Object.entries(signed()).filter(([key]) => key !== name)))).toThrow(`The header ${name} is missing`)
  })

  it('is made by a secret of 24 to 64 bytes', () => {
    for (const bytes of [24, 32, 64]) expect(signingSecret.safeParse(`whsec_${Buffer.alloc(bytes, 7).toString('base64')}`).success).toBe(true)
    for (const bytes of [16, 80]) expect(signingSecret.safeParse(`whsec_${Buffer.alloc(bytes, 7).toString('base64')}`).success).toBe(false)
    expect(signingSecret.safeParse('whsec_not base64').success).toBe(false)
  })
})

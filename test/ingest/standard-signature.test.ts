/** The signature of Standard Webhooks, against the published vector. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import resend from '../../src/ingest/sources/resend.ts'
import standardWebhooks from '../../src/ingest/sources/standard_webhooks.ts'
import { realData } from './support.ts'
import { doubtOf, requestOf, webhook } from './webhook-source.ts'

interface Vector {
  readonly name: string
  readonly secret: string
  readonly id: string
  readonly timestamp: string
  readonly payload: string
  readonly signature: string
}

const file = realData('webhooks/signature-vectors.json')

describe.runIf(file)('The published vector of Standard Webhooks', () => {
  const vectors = JSON.parse(readFileSync(file ?? '', 'utf8')) as Vector[]
  const vector = vectors.find(({ name }) => name === 'standard-webhooks/svix/resend sign')
  if (!vector) throw new Error('There is no vector of Standard Webhooks')
  const { secret, id, timestamp, payload, signature } = vector
  const at = (offset: number) => ({ receivedAt: new Date((Number(timestamp) + offset) * 1000) })
  const headers = (family: string) => ({ [`${family}-id`]: id, [`${family}-timestamp`]: timestamp, [`${family}-signature`]: signature })

  it.each([
    ['webhook', webhook(standardWebhooks)],
    ['svix', webhook(resend)],
  ])('proves a request under the headers %s-…', async (family, source) => {
    const settings = { signingSecret: secret }
    expect(await doubtOf(source, requestOf(payload, headers(family), at(3)), settings)).toBeUndefined()
    expect(await doubtOf(source, requestOf(`${payload}\n`, headers(family), at(3)), settings)).toBeDefined()
    expect(await doubtOf(source, requestOf(payload, headers(family), at(301)), settings)).toBeDefined()
  })
})

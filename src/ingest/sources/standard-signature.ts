/** The signature of Standard Webhooks, which Svix and all who send by it use too. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md Reads no body. */
import { z } from 'zod'
import { type SourceRequest, wrongSignature } from './define.ts'
import { assertFresh, assertSignature, hmacBase64, signatureHeader } from './parts.ts'

/** `whsec_` and 24 to 64 random bytes in base64; some senders leave the prefix out. */
export const signingSecret = z.string().regex(/^(whsec_)?[A-Za-z0-9+/]{32,86}={0,2}$/, 'is whsec_ and 24 to 64 bytes in base64')

const seconds = 5 * 60

/** Throws `wrong_signature` unless the body was signed with the secret within 5 minutes of its arrival. */
export function assertStandardSignature(request: SourceRequest, secret: string): void {
  const family = ['webhook', 'svix'].find((name) => request.headers[`${name}-id`])
  if (!family) throw wrongSignature('Neither the header webhook-id nor svix-id is there')
  const id = signatureHeader(request, `${family}-id`)
  const timestamp = signatureHeader(request, `${family}-timestamp`)
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const ours = `v1,${hmacBase64(key, 'sha256', `${id}.${timestamp}.`, request.body)}`
  // While a secret is rotated there is a signature by the old and by the new one: any of them proves the request.
  assertSignature(ours, ...signatureHeader(request, `${family}-signature`).split(' '))
  assertFresh(timestamp, request.receivedAt, seconds)
}

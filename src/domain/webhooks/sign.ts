/** Secrets and signatures by the Standard Webhooks specification (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Verifying webhook authenticity"). Keeps nothing. */
import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'
/** The specification takes 24 to 64 bytes. */
const secretBytes = 32

export function newWebhookSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64')
}

export interface Signed {
  readonly messageId: string
  /** Of the attempt: a receiver refuses one that is older than its tolerance, against replays. */
  readonly at: Date
  readonly body: string
}

/** The three headers. With several secrets each signs, the newest first, so that a receiver may hold either while they change. */
export function signedHeaders({ messageId, at, body }: Signed, secrets: readonly string[]): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const signature = (secret: string) =>
    `v1,${createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
      .update(`${messageId}.${timestamp}.${body}`)
      .digest('base64')}`
  return { 'webhook-id': messageId, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(signature).join(' ') }
}

/** Deliveries as SendGrid and an account's own programs send them, for tests and the bench: signed, batched, each event once and by name. Starts nothing. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface Signer {
  /** The setting of the source: base64 of the public key. */
  readonly publicKey: string
  readonly headers: (body: string | Buffer, now?: Date) => Record<string, string>
}

/** Somebody who signs as SendGrid does. */
export function newSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'), headers: (body, now = new Date()) => signed(privateKey, body, now) }
}

function signed(key: KeyObject, body: string | Buffer, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  return {
    'content-type': 'application/json',
    'x-twilio-email-event-webhook-timestamp': timestamp,
    'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]), key).toString('base64'),
  }
}

export interface SentEvent {
  readonly event: string
  readonly email: string
  readonly timestamp: number
  readonly sg_event_id: string
  readonly sg_message_id: string
  readonly campaign_id?: string
  readonly [member: string]: unknown
}

/** The life of message `number` of a campaign: processed, delivered, and for some an open, a click or a bounce. Always the same for the same number. */
export function lifeOf(campaign: string, number: number, at: Date): SentEvent[] {
  const seconds = Math.floor(at.getTime() / 1000)
  const event = (name: string, later: number, more: object = {}): SentEvent => ({
    event: name,
    email: `Person${number}@Example.com`,
    timestamp: seconds + later,
    sg_event_id: `${campaign}-${number}-${name}`,
    sg_message_id: `${campaign}-${number}.filter0001`,
    campaign_id: campaign,
    ...more,
  })
  if (number % 10 === 9) return [event('processed', 0), event('bounce', 2, { type: 'bounce', reason: '550 5.1.1 no such user' })]
  return [
    event('processed', 0),
    event('delivered', 2, { response: '250 OK' }),
    ...(number % 2 === 0 ? [event('open', 60)] : []),
    ...(number % 4 === 0 ? [event('click', 90, { url: 'https://shop.example/offer' })] : []),
  ]
}

/** What the figures of messages 0 … count − 1 of a campaign must be. */
export function figuresOf(count: number): { sends: number; deliveries: number; opens: number; clicks: number; bounces: number } {
  const numbers = Array.from({ length: count }, (_, index) => index)
  const delivered = numbers.filter((number) => number % 10 !== 9)
  return {
    sends: count,
    deliveries: delivered.length,
    opens: delivered.filter((number) => number % 2 === 0).length,
    clicks: delivered.filter((number) => number % 4 === 0).length,
    bounces: count - delivered.length,
  }
}

/** The list in parts of a size. */
export function partsOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size))
}

/** Posts a batch to a SendGrid source. @param url the address of the source */
export async function deliver(url: string, signer: Signer, events: readonly object[], headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify(events)
  return await fetch(url, { method: 'POST', body, headers: { ...signer.headers(body), ...headers } })
}

/** Figures of a campaign as the store has them now, all days together; undefined: it has none. */
export const factsQuery = `SELECT sum(sends) AS sends, sum(deliveries) AS deliveries, sum(opens) AS opens, sum(clicks) AS clicks, sum(hard_bounces) AS bounces FROM message_facts
  WHERE account_id = {account:String} AND campaign = {campaign:String} AND basis = 'send' AND generation = (
    SELECT max(generation) FROM fact_generations WHERE account_id = {account:String} AND campaign = {campaign:String} AND family = 'messages')`

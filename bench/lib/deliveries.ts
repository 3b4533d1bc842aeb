/** Deliveries for the bench of data that keeps coming: signed requests in blocks of whole messages, and the figures they must come to. Sends nothing. */
import { hash } from 'node:crypto'
import { figuresOf, lifeOf, type SentEvent, type Signer, partsOf } from '../../test/stream/deliveries.ts'

export type DoorName = 'sendgrid' | 'ndjson'

/** Where a door is, and what its requests carry beside their signature. */
export interface Target {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Ready {
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  readonly events: number
}

/** Four messages have eleven events together, so eleven requests of any number divisible by four are whole messages. */
const [messagesOfFour, eventsOfFour] = [4, 11]
export const requestsPerBlock = eventsOfFour
export const eventsPerRequest: Readonly<Record<DoorName, number>> = { sendgrid: 100, ndjson: 1000 }
export const eventsPerBlock = (door: DoorName): number => requestsPerBlock * eventsPerRequest[door]
const messagesPerBlock = (door: DoorName): number => eventsPerRequest[door] * messagesOfFour
/** Mailings follow each other, as in life. */
const messagesPerCampaign = 40_000

export type Figures = ReturnType<typeof figuresOf>

/** The requests of a block, the same whenever they are asked for; signatures are good for ten minutes. @param at when its messages were sent */
export function blockOf(door: DoorName, number: number, signer: Signer, at: Date): Ready[] {
  const messages = messagesPerBlock(door)
  const first = number * messages
  const campaign = `${door}-${Math.floor(first / messagesPerCampaign)}`
  const events = Array.from({ length: messages }, (_, index) => lifeOf(campaign, (first % messagesPerCampaign) + index, at)).flat()
  return partsOf(events, eventsPerRequest[door]).map((part) => readyOf(door, part, signer))
}

/** A request of any number of events. */
export function readyOf(door: DoorName, events: readonly SentEvent[], signer: Signer): Ready {
  if (door === 'sendgrid') {
    const text = JSON.stringify(events.map(asSent))
    return { headers: signer.headers(text), body: Buffer.from(text), events: events.length }
  }
  const body = Buffer.from(events.map((event) => JSON.stringify(rowOf(event))).join('\n'))
  return { headers: { 'content-type': 'application/x-ndjson' }, body, events: events.length }
}

/** Ids as providers make them: neither in order nor easy to compress. */
const idOf = (text: string): string => hash('sha1', text, 'base64url').slice(0, 22)

/** With what SendGrid says beside the event. */
function asSent(event: SentEvent): object {
  const message = idOf(event.sg_message_id)
  const opened = event.event === 'open' || event.event === 'click'
  return {
    ...event,
    sg_event_id: idOf(event.sg_event_id),
    sg_message_id: `${message}.recvd-5f5d8b9c4-x7k2p-1-65A1B2C3-9.0`,
    'smtp-id': `<${message}@geopod-ismtpd-5>`,
    ...(opened ? { ip: '192.0.2.17', useragent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)' } : {}),
  }
}

const names: Readonly<Record<string, string>> = { processed: 'queued', delivered: 'delivered', open: 'opened', click: 'clicked', bounce: 'bounced' }

/** The same event as a program sends it to the ingest API. */
function rowOf(event: SentEvent): Record<string, unknown> {
  return {
    campaign_id: event.campaign_id,
    message_id: idOf(event.sg_message_id),
    customer_id: event.email,
    event: names[event.event],
    occurred_at: event.timestamp,
    channel: 'Email',
    event_id: idOf(event.sg_event_id),
    bounce_type: event.event === 'bounce' ? 'hard' : undefined,
    url: event.url,
  }
}

/** Campaign → the figures of the first blocks. */
export function figuresOfBlocks(door: DoorName, blocks: number): Map<string, Figures> {
  const figures = new Map<string, Figures>()
  for (let left = blocks * messagesPerBlock(door); left > 0; left -= messagesPerCampaign) {
    figures.set(`${door}-${figures.size}`, figuresOf(Math.min(left, messagesPerCampaign)))
  }
  return figures
}

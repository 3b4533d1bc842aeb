/** One attempt to deliver: signed anew, posted, and what became of it written down. Decides when the next one is. */
import type { Clock } from '../../core/clock.ts'
import { parseRetryAfter } from '../../core/outgoing.ts'
import type { Db } from '../../storage/operational/schema.ts'
import { recordEvent } from '../audit/index.ts'
import { turnOff } from './endpoints-repository.ts'
import { release, type Taken, writeDelivered, writeFailed } from './outbox-repository.ts'
import type { Outcome } from './outcome.ts'
import { createPost, type Post, type PostOptions } from './post.ts'
import { nextAttempt } from './schedule.ts'
import { signedHeaders } from './sign.ts'

/** How secrets are kept: sealed for a place, and opened only with it. */
export interface Seals {
  readonly seal: (text: string, place: string) => string
  readonly open: (sealed: string, place: string) => string
}

/** What sending needs of the house around it. */
export interface Sender {
  readonly seals: Seals
  readonly post: Post
  /** Whether Mercat itself is on loopback. */
  readonly local: boolean
}

/** Opens and asks nothing. */
export function createSender(seals: Seals, options: PostOptions): Sender {
  return { seals, post: createPost(options), local: options.local }
}

/** The place that an endpoint's secrets are sealed for. */
export const placeOf = (endpointId: string): string => `webhook_endpoints/${endpointId}`

interface House {
  readonly db: Db
  readonly clock: Clock
}

/** The payload of the Standard Webhooks specification; the same text on every attempt. */
export const bodyOf = ({ type, created_at, payload }: Pick<Taken, 'type' | 'created_at' | 'payload'>): string =>
  JSON.stringify({ type, timestamp: created_at.toISOString(), data: payload })

export interface Attempted {
  readonly outcome: Outcome
  /** Of the next attempt; null: there is none. */
  readonly nextAt: Date | null
}

/** Makes the attempt. Throws when the signal aborts it: then nothing is counted, and it is made again, with the same message id. */
export async function attempt({ db, clock }: House, { seals, post }: Sender, taken: Taken, signal: AbortSignal): Promise<Attempted> {
  const at = clock()
  const open = (sealed: string) => seals.open(sealed, placeOf(taken.endpoint_id))
  const secrets = [open(taken.secret)]
  if (taken.previous_secret !== null && taken.previous_until !== null && taken.previous_until > at) secrets.push(open(taken.previous_secret))
  const body = bodyOf(taken)
  let outcome: Outcome
  try {
    outcome = await post({ url: taken.url, headers: signedHeaders({ messageId: taken.message_id, at, body }, secrets), body }, signal)
  } catch (error) {
    await release(db, taken)
    throw error
  }
  return { outcome, nextAt: await written({ db, clock }, taken, outcome) }
}

async function written({ db, clock }: House, taken: Taken, outcome: Outcome): Promise<Date | null> {
  const now = clock()
  if (outcome.ok) {
    await writeDelivered(db, taken, outcome.status, now)
    return null
  }
  const { failure, status, retryAfter } = outcome
  if (failure === 'gone') {
    await writeGone({ db, clock }, taken, now)
    return null
  }
  // A test is an answer to a person who waits for it, not something to be told later.
  const nextAt = taken.type === 'webhook.test' ? null : nextAttempt(taken.attempts + 1, now, parseRetryAfter(retryAfter, now), Math.random())
  return (await writeFailed(db, taken, { failure, status, nextAt }, now)) ? nextAt : null
}

/** 410: "the sender should disable the endpoint". A person turns it on again. */
async function writeGone({ db, clock }: House, taken: Taken, now: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // An answer that came too late to count ends no endpoint.
    if (!(await writeFailed(transaction, taken, { failure: 'gone', status: 410, nextAt: null }, now))) return
    if (!(await turnOff(transaction, taken.account_id, taken.endpoint_id, 'gone', now))) return
    const detail = { endpoint: taken.endpoint_id, host: new URL(taken.url).host }
    await recordEvent(transaction, clock, { accountId: taken.account_id, event: 'webhook.gone', userId: null, clientId: null, detail })
  })
}

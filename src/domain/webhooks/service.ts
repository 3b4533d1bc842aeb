/** An account's webhook endpoints and their deliveries, bound to who asks. Changes need manage:account and are audited; a secret is shown once and never again. */
import { type Actor, isRestricted, missingScopes, requireScopes } from '../../core/access.ts'
import { MercatError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { coverageOf, type Coverage, decodeCursor, encodeCursor, foreignCursor } from '../../core/page.ts'
import type { OperationalTransaction } from '../../storage/operational/schema.ts'
import { type AuditEvent, recordEvent } from '../audit/index.ts'
import type { Stores } from '../stores.ts'
import { parseEndpointUrl } from './address.ts'
import { countDeliveries, countTests, type DeliveryRow, type DeliveryState, findMessage, listDeliveries, lockDelivery, putBack } from './deliveries-repository.ts'
import { changeSecret, deleteEndpoint, type EndpointRow, findEndpoint, insertEndpoint, listEndpoints, lockEndpoints, turnOff, turnOn } from './endpoints-repository.ts'
import { eventWords } from './events.ts'
import { findTaken, insertTaken } from './outbox-repository.ts'
import { failureText } from './outcome.ts'
import { attempt, bodyOf, placeOf, type Sender } from './sender.ts'
import { newWebhookSecret } from './sign.ts'

const mostEndpoints = 5
/** The secret from before signs too for this long: the receiver changes over in its own time. */
const overlapMs = 24 * 3_600_000
const pageSize = 20
/** Tests of an account in a minute. */
const mostTests = 10

export interface DeliveryListed {
  readonly id: number
  readonly messageId: string
  readonly type: string
  readonly event: string
  readonly host: string
  readonly state: DeliveryState
  /** A process is at it. */
  readonly sending: boolean
  /** That ended, since it was made or sent again. */
  readonly attempts: number
  /** ISO 8601; null: there is none to come. */
  readonly nextAt: string | null
  readonly lastAt: string | null
  readonly lastError: string | null
  readonly createdAt: string
  readonly endedAt: string | null
  /** Whether this person may send it again now. */
  readonly replayable: boolean
}

/** Unless it says otherwise, a method throws missing_scopes without manage:account, and not_found for an unknown or foreign id. */
export interface WebhooksService {
  /** Oldest first. */
  readonly list: () => Promise<{ readonly endpoints: readonly (EndpointRow & { readonly host: string })[]; readonly most: number }>
  /** Throws invalid_arguments for an address that must not be called, and conflict for one that is there and for one too many. */
  readonly add: (url: string) => Promise<{ readonly id: string; readonly secret: string }>
  /** The secret from before signs beside the new one until `previousUntil`, ISO 8601. */
  readonly rotate: (id: string) => Promise<{ readonly secret: string; readonly previousUntil: string }>
  /** What waits when it is turned off is given up; each can be sent again. */
  readonly setEnabled: (id: string, enabled: boolean) => Promise<void>
  /** Takes its deliveries along. */
  readonly remove: (id: string) => Promise<void>
  /** Sends a message of its own at once, once. Throws conflict while the endpoint is off, and rate_limited. */
  readonly test: (
    id: string,
    signal?: AbortSignal,
  ) => Promise<{ readonly delivered: boolean; readonly status: number | null; readonly problem: string | null; readonly ms: number }>
  /** Newest first, without payloads. Throws missing_scopes without read:health, and invalid_cursor. */
  readonly deliveries: (question: {
    state?: DeliveryState | undefined
    cursor?: string | undefined
  }) => Promise<{ readonly deliveries: readonly DeliveryListed[]; readonly coverage: Coverage; readonly nextCursor: string | null }>
  /** What was sent, as text. For those who decide on drafts too, unless they see only a part of the account. */
  readonly payload: (deliveryId: number) => Promise<{ readonly messageId: string; readonly body: string }>
  /** Sends a failed one again, with the id it had. Throws conflict for one that is not failed, and while its endpoint is off. */
  readonly replay: (deliveryId: number) => Promise<void>
}

/** @param sender undefined: there is no server around it that could send */
export function createWebhooks({ db, clock }: Pick<Stores, 'db' | 'clock'>, sender: Sender | undefined): (actor: Actor) => WebhooksService {
  const sending = () => {
    if (!sender) throw new MercatError('unavailable', 'Webhooks belong to a running Mercat', { hint: 'Use its dashboard.' })
    return sender
  }
  const hostOf = (url: string) => new URL(url).host
  return (actor) => {
    const accountId = actor.account.id
    const manage = () => requireScopes(actor, 'manage:account')
    const note = async (transaction: OperationalTransaction, event: AuditEvent, endpoint: string, url: string, more: object = {}) =>
      await recordEvent(transaction, clock, { accountId, userId: actor.userId, clientId: actor.clientId, event, detail: { endpoint, host: hostOf(url), ...more } })
    const found = async (transaction: OperationalTransaction, id: string) => (await findEndpoint(transaction, accountId, id)) ?? missing('There is no such endpoint')

    return {
      list: async () => {
        manage()
        return { endpoints: (await listEndpoints(db, accountId)).map((endpoint) => ({ ...endpoint, host: hostOf(endpoint.url) })), most: mostEndpoints }
      },

      add: async (given) => {
        manage()
        const { seals, local } = sending()
        const url = parseEndpointUrl(given, local)
        const [id, secret] = [newId('webhook_endpoint'), newWebhookSecret()]
        await db.transaction().execute(async (transaction) => {
          const there = await lockEndpoints(transaction, accountId)
          if (there.some((endpoint) => endpoint.url === url)) throw new MercatError('conflict', 'There is an endpoint with this address', { argument: 'url' })
          if (there.length >= mostEndpoints) throw new MercatError('conflict', `An account has at most ${mostEndpoints} endpoints`, { hint: 'Remove one first.' })
          await insertEndpoint(transaction, { accountId, id, url, secret: seals.seal(secret, placeOf(id)), createdBy: actor.userId, now: clock() })
          await note(transaction, 'webhook.added', id, url)
        })
        return { id, secret }
      },

      rotate: async (id) => {
        manage()
        const { seals } = sending()
        const [secret, until] = [newWebhookSecret(), new Date(clock().getTime() + overlapMs)]
        await db.transaction().execute(async (transaction) => {
          const { url } = await found(transaction, id)
          if (!(await changeSecret(transaction, accountId, id, seals.seal(secret, placeOf(id)), until))) missing('There is no such endpoint')
          await note(transaction, 'webhook.rotated', id, url)
        })
        return { secret, previousUntil: until.toISOString() }
      },

      setEnabled: async (id, enabled) => {
        manage()
        await db.transaction().execute(async (transaction) => {
          const { url } = await found(transaction, id)
          const changed = enabled ? await turnOn(transaction, accountId, id) : await turnOff(transaction, accountId, id, 'person', clock())
          if (changed) await note(transaction, enabled ? 'webhook.turned_on' : 'webhook.turned_off', id, url)
        })
      },

      remove: async (id) => {
        manage()
        await db.transaction().execute(async (transaction) => {
          const url = (await deleteEndpoint(transaction, accountId, id)) ?? missing('There is no such endpoint')
          await note(transaction, 'webhook.removed', id, url)
        })
      },

      test: async (id, signal = new AbortController().signal) => {
        manage()
        const ready = sending()
        const taken = await db.transaction().execute(async (transaction) => {
          const { url, enabled } = await found(transaction, id)
          if (!enabled) throw new MercatError('conflict', 'The endpoint is off', { hint: 'Turn it on first.' })
          await lockEndpoints(transaction, accountId)
          const now = clock()
          if ((await countTests(transaction, accountId, new Date(now.getTime() - 60_000))) >= mostTests)
            throw new MercatError('rate_limited', `${mostTests} tests were sent within a minute`, { retryAfter: 60 })
          const { systemName, name } = actor.account
          const data = { account: { systemName, name }, message: 'Mercat can reach this endpoint.' }
          const delivery = await insertTaken(transaction, { accountId, type: 'webhook.test', data, now }, id)
          await note(transaction, 'webhook.tested', id, url)
          return (await findTaken(transaction, accountId, delivery)) ?? missing('There is no such endpoint')
        })
        const began = performance.now()
        const { outcome } = await attempt({ db, clock }, ready, taken, signal)
        const problem = outcome.ok ? null : failureText(outcome.failure, outcome.status)
        return { delivered: outcome.ok, status: outcome.status, problem, ms: Math.round(performance.now() - began) }
      },

      deliveries: async ({ state, cursor }) => {
        requireScopes(actor, 'read:health')
        const question = ['webhooks', state ?? null]
        const before = cursor === undefined ? undefined : placeIn(cursor, question)
        const [rows, of] = [await listDeliveries(db, accountId, { state, before: before?.id, limit: pageSize + 1 }), await countDeliveries(db, accountId, state)]
        const shown = rows.slice(0, pageSize)
        const [last, seen] = [shown.at(-1), before?.seen ?? 0]
        const may = missingScopes(actor, ['manage:account']).length === 0
        const nextCursor = rows.length > pageSize && last ? encodeCursor(`${last.id}-${seen + shown.length}`, question) : null
        return { deliveries: shown.map((row) => listed(row, may, clock())), coverage: coverageOf(seen, shown.length, of), nextCursor }
      },

      payload: async (id) => {
        // A message may be about what a restricted member does not see.
        const decides = missingScopes(actor, ['approve:drafts']).length === 0 && !isRestricted(actor)
        if (!decides) manage()
        const row = (await findMessage(db, accountId, id)) ?? missing('There is no such delivery')
        return { messageId: row.message_id, body: bodyOf(row) }
      },

      replay: async (id) => {
        manage()
        await db.transaction().execute(async (transaction) => {
          const delivery = (await lockDelivery(transaction, accountId, id)) ?? missing('There is no such delivery')
          const { state, enabled, endpoint_id, url, message_id } = delivery
          if (state !== 'failed')
            throw new MercatError('conflict', state === 'delivered' ? 'It was delivered' : 'It is still being tried', { hint: 'Only a failed one is sent again.' })
          if (!enabled) throw new MercatError('conflict', 'The endpoint is off', { hint: 'Turn it on first, in the settings.' })
          await putBack(transaction, accountId, id, clock())
          await note(transaction, 'webhook.replayed', endpoint_id, url, { message: message_id })
        })
      },
    }
  }
}

function missing(message: string): never {
  throw new MercatError('not_found', message)
}

/** The last row of the page before, and how many were shown up to it. */
function placeIn(cursor: string, question: unknown): { id: number; seen: number } {
  const [, id, seen] = /^(\d{1,15})-(\d{1,15})$/.exec(String(decodeCursor(cursor, question).position)) ?? []
  if (id === undefined || seen === undefined) throw foreignCursor()
  return { id: Number(id), seen: Number(seen) }
}

function listed(row: DeliveryRow, may: boolean, now: Date): DeliveryListed {
  const { id, type, state, attempts } = row
  return {
    id,
    messageId: row.message_id,
    type,
    event: eventWords(type),
    host: new URL(row.url).host,
    state,
    sending: state === 'pending' && row.leased_until !== null && row.leased_until > now,
    attempts,
    nextAt: state === 'pending' ? row.next_at.toISOString() : null,
    lastAt: row.last_at?.toISOString() ?? null,
    lastError: failureText(row.last_error, row.last_status),
    createdAt: row.created_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    replayable: may && state === 'failed' && row.enabled,
  }
}

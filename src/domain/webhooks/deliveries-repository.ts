/** Deliveries as people look at them: lists, one message, counts by endpoint, and one that is sent again. Secrets and addresses stay behind; a host is all that is told. */
import { sql } from 'kysely'
import type { Db, DbOrTransaction, OperationalTransaction } from '../../storage/operational/schema.ts'
import { outboxChannel } from './outbox-repository.ts'

export const deliveryStates = ['pending', 'delivered', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

export interface DeliveryRow {
  readonly id: number
  readonly message_id: string
  readonly type: string
  readonly endpoint_id: string
  readonly url: string
  readonly enabled: boolean
  readonly state: DeliveryState
  readonly attempts: number
  readonly next_at: Date
  readonly leased_until: Date | null
  readonly last_at: Date | null
  readonly last_status: number | null
  readonly last_error: string | null
  readonly created_at: Date
  readonly ended_at: Date | null
}

function joined(db: DbOrTransaction, accountId: string) {
  return db
    .selectFrom('webhook_deliveries as d')
    .innerJoin('outbox as o', 'o.id', 'd.outbox_id')
    .innerJoin('webhook_endpoints as e', (join) => join.onRef('e.account_id', '=', 'd.account_id').onRef('e.id', '=', 'd.endpoint_id'))
    .where('d.account_id', '=', accountId)
}

/** Newest first. @param before the id of the last row of the page before */
export async function listDeliveries(
  db: Db,
  accountId: string,
  { state, before, limit }: { state: DeliveryState | undefined; before: number | undefined; limit: number },
): Promise<DeliveryRow[]> {
  return await joined(db, accountId)
    .select(['d.id', 'o.message_id', 'o.type', 'd.endpoint_id', 'e.url', 'e.enabled', 'd.state', 'd.attempts', 'd.next_at', 'd.leased_until'])
    .select(['d.last_at', 'd.last_status', 'd.last_error', 'o.created_at', 'd.ended_at'])
    .$if(state !== undefined, (query) => query.where('d.state', '=', state as DeliveryState))
    .$if(before !== undefined, (query) => query.where('d.id', '<', before as number))
    .orderBy('d.id', 'desc')
    .limit(limit)
    .execute()
}

export async function countDeliveries(db: Db, accountId: string, state: DeliveryState | undefined): Promise<number> {
  const row = await db
    .selectFrom('webhook_deliveries')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('account_id', '=', accountId)
    .$if(state !== undefined, (query) => query.where('state', '=', state as DeliveryState))
    .executeTakeFirstOrThrow()
  return row.n
}

export interface MessageRow {
  readonly message_id: string
  readonly type: string
  readonly payload: Record<string, unknown>
  readonly created_at: Date
}

export async function findMessage(db: Db, accountId: string, deliveryId: number): Promise<MessageRow | undefined> {
  return await joined(db, accountId).select(['o.message_id', 'o.type', 'o.payload', 'o.created_at']).where('d.id', '=', deliveryId).executeTakeFirst()
}

/** Holds a delivery until the transaction ends. */
export async function lockDelivery(
  transaction: OperationalTransaction,
  accountId: string,
  id: number,
): Promise<Pick<DeliveryRow, 'message_id' | 'type' | 'endpoint_id' | 'url' | 'enabled' | 'state'> | undefined> {
  return await joined(transaction, accountId)
    .select(['o.message_id', 'o.type', 'd.endpoint_id', 'e.url', 'e.enabled', 'd.state'])
    .where('d.id', '=', id)
    .forUpdate('d')
    .executeTakeFirst()
}

/** Sends it again, now, as if for the first time; its message keeps its id. */
export async function putBack(transaction: OperationalTransaction, accountId: string, id: number, now: Date): Promise<void> {
  await transaction
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', attempts: 0, next_at: now, leased_until: null, ended_at: null })
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .execute()
  await sql`SELECT pg_notify(${outboxChannel}, ${accountId})`.execute(transaction)
}

/** Tests sent since then: each is a request that a person has Mercat make. */
export async function countTests(db: DbOrTransaction, accountId: string, since: Date): Promise<number> {
  const row = await db
    .selectFrom('outbox')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('account_id', '=', accountId)
    .where('created_at', '>=', since)
    .where('type', '=', 'webhook.test')
    .executeTakeFirstOrThrow()
  return row.n
}

export interface EndpointFigures {
  readonly id: string
  readonly url: string
  readonly enabled: boolean
  readonly disabled_reason: 'person' | 'gone' | null
  readonly pending: number
  /** Of them those that were tried and not taken. */
  readonly retrying: number
  /** Of them those that should have been sent before `overdue`. */
  readonly overdue: number
  readonly oldest: Date | null
  /** Given up since `since`; tests, and what was given up because the endpoint was turned off, are not counted. */
  readonly failed: number
  readonly delivered_at: Date | null
  readonly last_error: string | null
  readonly last_status: number | null
}

/** Figures of each endpoint, oldest first. */
export async function endpointFigures(db: Db, accountId: string, { since, overdue }: { since: Date; overdue: Date }): Promise<EndpointFigures[]> {
  const waits = sql`d.state = 'pending'`
  const gaveUp = sql`d.state = 'failed' AND d.last_error <> 'off' AND o.type <> 'webhook.test' AND d.ended_at >= ${since}`
  const troubled = sql`(${waits} AND d.attempts > 0) OR (${gaveUp})`
  const { rows } = await sql<EndpointFigures>`
    SELECT e.id, e.url, e.enabled, e.disabled_reason, count(*) FILTER (WHERE ${waits}) AS pending,
      count(*) FILTER (WHERE ${waits} AND d.attempts > 0) AS retrying,
      count(*) FILTER (WHERE ${waits} AND d.next_at < ${overdue}) AS overdue,
      min(o.created_at) FILTER (WHERE ${waits}) AS oldest,
      count(*) FILTER (WHERE ${gaveUp}) AS failed,
      max(d.ended_at) FILTER (WHERE d.state = 'delivered') AS delivered_at,
      (array_agg(d.last_error ORDER BY d.last_at DESC) FILTER (WHERE ${troubled}))[1] AS last_error,
      (array_agg(d.last_status ORDER BY d.last_at DESC) FILTER (WHERE ${troubled}))[1] AS last_status
    FROM webhook_endpoints e
    LEFT JOIN webhook_deliveries d ON d.account_id = e.account_id AND d.endpoint_id = e.id
    LEFT JOIN outbox o ON o.id = d.outbox_id
    WHERE e.account_id = ${accountId} GROUP BY e.account_id, e.id ORDER BY e.created_at, e.id`.execute(db)
  return rows
}

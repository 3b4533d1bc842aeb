/** The statements of the outbox: what is to be told, taken for telling, and what became of it. Sends nothing. */
import { type ExpressionBuilder, sql } from 'kysely'
import { newId } from '../../core/ids.ts'
import type { Db, DbOrTransaction, OperationalSchema, OperationalTransaction } from '../../storage/operational/schema.ts'
import type { WebhookEvent } from './events.ts'
import type { Failure } from './outcome.ts'

/** Notified when messages were written; the payload is the account's id. A notification of a transaction is heard when that is committed, and only then. */
export const outboxChannel = 'mercat_webhooks'
/** A process that took a delivery and has not said what became of it by then is dead: an attempt takes 10 s at most. */
export const leaseMs = 60_000

export interface NewMessage {
  readonly accountId: string
  readonly type: WebhookEvent
  readonly data: Readonly<Record<string, unknown>>
  readonly now: Date
}

async function insertMessage(transaction: OperationalTransaction, { accountId, type, data, now }: NewMessage): Promise<{ id: number; message_id: string }> {
  return await transaction
    .insertInto('outbox')
    .values({ account_id: accountId, message_id: newId('message'), type, payload: JSON.stringify(data), created_at: now })
    .returning(['id', 'message_id'])
    .executeTakeFirstOrThrow()
}

/** Writes a message for every endpoint that is on. One that is being turned off or removed at this moment is waited for, so that nothing is left for it. */
export async function insertForAll(transaction: OperationalTransaction, message: NewMessage): Promise<string> {
  const { id, message_id } = await insertMessage(transaction, message)
  const { numAffectedRows = 0n } = await sql`
    INSERT INTO webhook_deliveries (account_id, outbox_id, endpoint_id, next_at)
    SELECT account_id, ${id}::bigint, id, ${message.now}::timestamptz FROM webhook_endpoints WHERE account_id = ${message.accountId} AND enabled FOR SHARE`.execute(transaction)
  if (numAffectedRows > 0n) await sql`SELECT pg_notify(${outboxChannel}, ${message.accountId})`.execute(transaction)
  return message_id
}

/** Writes a message for one endpoint, taken already: whoever writes it sends it. @returns the delivery's id */
export async function insertTaken(transaction: OperationalTransaction, message: NewMessage, endpointId: string): Promise<number> {
  const { id } = await insertMessage(transaction, message)
  const { now, accountId } = message
  const made = await transaction
    .insertInto('webhook_deliveries')
    .values({ account_id: accountId, outbox_id: id, endpoint_id: endpointId, next_at: now, leased_until: new Date(now.getTime() + leaseMs) })
    .returning('id')
    .executeTakeFirstOrThrow()
  return made.id
}

/** A delivery that this process has taken, with all that sending needs. */
export interface Taken {
  readonly id: number
  readonly account_id: string
  readonly endpoint_id: string
  readonly leased_until: Date
  /** That ended before. */
  readonly attempts: number
  readonly message_id: string
  readonly type: string
  readonly payload: Record<string, unknown>
  readonly created_at: Date
  readonly url: string
  readonly secret: string
  readonly previous_secret: string | null
  readonly previous_until: Date | null
}

const takenColumns = sql`d.id, d.account_id, d.endpoint_id, d.leased_until, d.attempts, o.message_id, o.type, o.payload, o.created_at, e.url, e.secret, e.previous_secret, e.previous_until`

/** Takes what is due, the longest due first; what another process is taking at this moment is passed over. */
export async function takeDue(db: Db, accountId: string, now: Date, limit: number): Promise<Taken[]> {
  const { rows } = await sql<Taken>`
    WITH due AS (
      SELECT d.id FROM webhook_deliveries d JOIN webhook_endpoints e ON e.account_id = d.account_id AND e.id = d.endpoint_id
      WHERE d.account_id = ${accountId} AND d.state = 'pending' AND d.next_at <= ${now} AND (d.leased_until IS NULL OR d.leased_until <= ${now}) AND e.enabled
      ORDER BY d.next_at, d.id LIMIT ${limit} FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE webhook_deliveries d SET leased_until = ${new Date(now.getTime() + leaseMs)}
    FROM due, outbox o, webhook_endpoints e
    WHERE d.id = due.id AND o.id = d.outbox_id AND e.account_id = d.account_id AND e.id = d.endpoint_id
    RETURNING ${takenColumns}`.execute(db)
  return rows
}

export async function findTaken(db: DbOrTransaction, accountId: string, id: number): Promise<Taken | undefined> {
  const { rows } = await sql<Taken>`
    SELECT ${takenColumns} FROM webhook_deliveries d JOIN outbox o ON o.id = d.outbox_id JOIN webhook_endpoints e ON e.account_id = d.account_id AND e.id = d.endpoint_id
    WHERE d.account_id = ${accountId} AND d.id = ${id} AND d.leased_until IS NOT NULL`.execute(db)
  return rows[0]
}

type Mine = Pick<Taken, 'id' | 'leased_until'>

/** Whoever was taken for dead no longer writes. */
function mine({ id, leased_until }: Mine) {
  return (where: ExpressionBuilder<OperationalSchema, 'webhook_deliveries'>) => where.and([where('id', '=', id), where('leased_until', '=', leased_until)])
}

/** What was taken by the receiver is delivered, also when the endpoint was turned off meanwhile. */
export async function writeDelivered(db: Db, taken: Mine, status: number, now: Date): Promise<void> {
  await db
    .updateTable('webhook_deliveries')
    .set(({ eb }) => ({ state: 'delivered', attempts: eb('attempts', '+', 1), leased_until: null, last_at: now, last_status: status, last_error: null, ended_at: now }))
    .where(mine(taken))
    .execute()
}

export interface Failed {
  readonly failure: Failure
  readonly status: number | null
  /** null: it is given up. */
  readonly nextAt: Date | null
}

/** @returns false, and nothing is changed, when it is no longer this process's */
export async function writeFailed(db: DbOrTransaction, taken: Mine, { failure, status, nextAt }: Failed, now: Date): Promise<boolean> {
  const ended = nextAt === null ? ({ state: 'failed', ended_at: now } as const) : { next_at: nextAt }
  const { numUpdatedRows } = await db
    .updateTable('webhook_deliveries')
    .set(({ eb }) => ({ ...ended, attempts: eb('attempts', '+', 1), leased_until: null, last_at: now, last_status: status, last_error: failure }))
    .where(mine(taken))
    .where('state', '=', 'pending')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Gives back what was taken and not tried to the end. */
export async function release(db: Db, taken: Mine): Promise<void> {
  await db.updateTable('webhook_deliveries').set({ leased_until: null }).where(mine(taken)).execute()
}

/** Accounts in which something waits to be sent now. */
export async function dueAccounts(db: Db, now: Date): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT d.account_id AS id FROM webhook_deliveries d
    WHERE d.state = 'pending' AND d.next_at <= ${now} AND (d.leased_until IS NULL OR d.leased_until <= ${now})`.execute(db)
  return rows.map(({ id }) => id)
}

/** Deletes messages from before `kept`, with their deliveries; what still waits to be sent stays. @returns how many */
export async function deleteOutdated(db: Db, accountId: string, kept: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM outbox WHERE id IN (
      SELECT o.id FROM outbox o WHERE o.account_id = ${accountId} AND o.created_at < ${kept}
        AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.outbox_id = o.id AND d.state = 'pending')
      LIMIT ${limit})`.execute(db)
  return Number(numAffectedRows)
}

/** Kysely's view of the tables of outgoing webhooks. Types only. */
import type { Generated } from 'kysely'
import type { Json, NullableTimestamp, Timestamp } from './columns.ts'

export interface WebhookEndpointsTable {
  account_id: string
  id: string
  url: string
  secret: string
  previous_secret: string | null
  previous_until: NullableTimestamp
  enabled: Generated<boolean>
  created_by: string | null
  created_at: Timestamp
  disabled_at: NullableTimestamp
  disabled_reason: 'person' | 'gone' | null
}

export interface OutboxTable {
  id: Generated<number>
  account_id: string
  message_id: string
  type: string
  payload: Json
  created_at: Timestamp
}

export interface WebhookDeliveriesTable {
  id: Generated<number>
  account_id: string
  outbox_id: number
  endpoint_id: string
  state: Generated<'pending' | 'delivered' | 'failed'>
  attempts: Generated<number>
  next_at: Timestamp
  leased_until: NullableTimestamp
  last_at: NullableTimestamp
  last_status: number | null
  last_error: string | null
  ended_at: NullableTimestamp
}

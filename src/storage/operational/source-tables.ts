/** Kysely's view of the tables of sources. Types only. */
import type { Generated, JSONColumnType } from 'kysely'
import type { Json, NullableTimestamp, Timestamp } from './columns.ts'

export interface SourcesTable {
  account_id: string
  id: string
  type: string
  name: string
  key_hash: string
  previous_key_hash: string | null
  previous_until: NullableTimestamp
  settings: string
  campaign_rules: JSONColumnType<readonly Record<string, unknown>[] | null, string | null | undefined, string | null>
  former_rules: Json
  enabled: Generated<boolean>
  created_by: string | null
  created_at: Timestamp
  removed_at: NullableTimestamp
  last_received_at: NullableTimestamp
  last_refused_at: NullableTimestamp
  last_refusal: string | null
  cursor: Json
  pulled_at: NullableTimestamp
}

export interface InboxTable {
  id: Generated<number>
  account_id: string
  source_id: string
  received_at: Timestamp
  items: number
  bytes: number
  sealed: Uint8Array
}

export interface SetAsideTable {
  id: Generated<number>
  account_id: string
  source_id: string
  kind: string
  reason: string
  received_at: Timestamp
  expires_at: Timestamp
  sealed: Uint8Array
}

export interface SourceHoursTable {
  account_id: string
  source_id: string
  hour: Timestamp
  requests: Generated<number>
  accepted: Generated<number>
  ignored: Generated<number>
  rejected: Generated<number>
}

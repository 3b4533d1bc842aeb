/** Kysely's view of the tables of drafts. Types only. */
import type { Generated, JSONColumnType } from 'kysely'
import type { Json, NullableTimestamp, Timestamp } from './columns.ts'

export interface DraftsTable {
  account_id: string
  entity_id: string
  revision: Generated<number>
  proposed_by: string | null
  client_id: string
  tool: string | null
  description: string | null
  original: Json
  fingerprint: string
  proposed_at: Timestamp
  expires_at: Timestamp
  decision: 'approved' | 'rejected' | 'expired' | null
  decided_by: string | null
  decided_at: NullableTimestamp
  reason: string | null
}

export interface DraftNotesTable {
  id: Generated<number>
  account_id: string
  entity_id: string
  at: Timestamp
  user_id: string | null
  kind: 'comment' | 'edit' | 'step'
  text: string | null
  changes: JSONColumnType<Record<string, unknown>[], string, string>
}

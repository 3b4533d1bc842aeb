/** Kysely's view of the tables of organizations: what they are, what they pay, and writes made once. Types only. */
import type { Generated, JSONColumnType } from 'kysely'
import type { DefaultedTimestamp, Json, Timestamp } from './columns.ts'

export interface OrganizationsTable {
  account_id: string
  id: string
  key: string
  name: string
  currency: string
  details: Json
  origin: Generated<string>
  created_by: string | null
  created_at: DefaultedTimestamp
  updated_at: DefaultedTimestamp
}

/** Amounts are decimals as text, whatever the engine. */
export interface ContractsTable {
  account_id: string
  id: string
  organization_id: string
  key: string
  year: number
  plan: string
  currency: string
  platform_fee: string
  unit_cost: string
  committed_units: number
  origin: string
  updated_at: DefaultedTimestamp
}

export interface InvoicesTable {
  account_id: string
  id: string
  organization_id: string
  key: string
  number: string
  year: number
  /** `yyyy-MM-dd`, as `due` is. */
  issued: string
  due: string
  status: 'open' | 'paid' | 'overdue' | 'cancelled'
  currency: string
  total: string
  units: string
  lines: JSONColumnType<Record<string, unknown>[], string, string>
  origin: string
  updated_at: DefaultedTimestamp
}

export interface WriteKeysTable {
  account_id: string
  user_id: string
  tool: string
  key: string
  arguments: string
  result: Json
  created_at: Timestamp
}

/** Kysely's view of the operational store; the tables themselves are in sql/operational. */
import type { Generated, JSONColumnType, Kysely, Transaction } from 'kysely'
import type { DefaultedTimestamp, Json, NullableJson, NullableTimestamp, Timestamp } from './columns.ts'
import type { DraftNotesTable, DraftsTable } from './draft-tables.ts'
import type { ContractsTable, InvoicesTable, OrganizationsTable, WriteKeysTable } from './organization-tables.ts'
import type { InboxTable, SetAsideTable, SourceHoursTable, SourcesTable } from './source-tables.ts'
import type { OutboxTable, WebhookDeliveriesTable, WebhookEndpointsTable } from './webhook-tables.ts'

export interface AccountsTable {
  id: string
  system_name: string
  name: string
  time_zone: string
  currency: string
  mcp_enabled: Generated<boolean>
  settings: Json
  several_organizations: Generated<boolean>
  customer_key: Uint8Array
  created_at: DefaultedTimestamp
  leaving_at: NullableTimestamp
}

export interface UsersTable {
  id: string
  email: string
  name: string
  password_hash: string | null
  is_super_admin: Generated<boolean>
  disabled_at: NullableTimestamp
  address_proved: Generated<boolean>
  created_at: DefaultedTimestamp
}

export interface MembershipsTable {
  account_id: string
  user_id: string
  role: string
  scopes_added: Generated<string[]>
  scopes_removed: Generated<string[]>
  organizations: Generated<string[]>
  brands: Generated<string[]>
  source: Generated<'manual' | 'directory'>
  created_at: DefaultedTimestamp
}

export interface EntitiesTable {
  account_id: string
  organization_id: string | null
  type: string
  id: string
  key: string
  name: string
  status: string
  channel: string | null
  brand_id: string | null
  folder_id: string | null
  flow_id: string | null
  tags: Generated<string[]>
  starts_at: NullableTimestamp
  ends_at: NullableTimestamp
  created_at: DefaultedTimestamp
  updated_at: DefaultedTimestamp
  created_by: string | null
  origin: string
  definition: Json
}

export interface LoadsTable {
  id: Generated<number>
  account_id: string
  source: string
  label: string
  state: Generated<'running' | 'loaded' | 'done' | 'failed'>
  accepted: Generated<number>
  rejected: Generated<number>
  error: string | null
  started_at: DefaultedTimestamp
  finished_at: NullableTimestamp
}

export interface FactSettingsTable {
  account_id: string
  built_with: Json
  updated_at: DefaultedTimestamp
}

export interface AuditTable {
  id: Generated<number>
  account_id: string
  at: Timestamp
  user_id: string | null
  client_id: string | null
  tool: string
  effect: string
  outcome: string
  ms: number
  rows: number | null
  tokens: number | null
  input: JSONColumnType<Record<string, unknown> | null, string | null, string | null>
  result: JSONColumnType<Record<string, unknown> | null, string | null, string | null>
}

export interface OauthRecordsTable {
  model: string
  id_hash: string
  payload: Json
  grant_id: string | null
  uid_hash: string | null
  user_id: string | null
  client_id: string | null
  consumed_at: NullableTimestamp
  successor: string | null
  expires_at: NullableTimestamp
  created_at: DefaultedTimestamp
  used_at: NullableTimestamp
}

export interface SessionsTable {
  uid: string
  user_id: string
  methods: string[]
  user_agent: Generated<string>
  created_at: DefaultedTimestamp
  proved_at: DefaultedTimestamp
  last_seen_at: DefaultedTimestamp
}

export interface TotpTable {
  user_id: string
  secret: string
  confirmed_at: NullableTimestamp
  last_step: Generated<number>
}

export interface RecoveryCodesTable {
  user_id: string
  code_hash: string
  used_at: NullableTimestamp
}

export interface PasskeysTable {
  id: string
  user_id: string
  name: string
  public_key: Uint8Array
  counter: Generated<number>
  transports: Generated<string[]>
  backed_up: Generated<boolean>
  created_at: DefaultedTimestamp
  last_used_at: NullableTimestamp
}

export interface ExternalIdentitiesTable {
  issuer: string
  subject: string
  user_id: string
  created_at: DefaultedTimestamp
  last_used_at: NullableTimestamp
}

export interface ChallengesTable {
  id_hash: string
  purpose: string
  sealed: string
  expires_at: Timestamp
}

export interface LinksTable {
  id: string
  token_hash: string
  purpose: 'invitation' | 'password'
  email: string
  user_id: string | null
  account_id: string | null
  role: string | null
  scopes_added: Generated<string[]>
  scopes_removed: Generated<string[]>
  organizations: Generated<string[]>
  brands: Generated<string[]>
  created_by: string | null
  created_at: DefaultedTimestamp
  expires_at: Timestamp
  used_at: NullableTimestamp
}

export interface InstallationTable {
  key: string
  value: Json
  updated_at: DefaultedTimestamp
}

export interface JobsTable {
  id: string
  account_id: string | null
  type: string
  title: string
  user_id: string | null
  client_id: string | null
  state: string
  done: Generated<number>
  of: number | null
  message: string | null
  partial: NullableJson
  request: NullableJson
  result: NullableJson
  error: NullableJson
  attempts: Generated<number>
  created_at: DefaultedTimestamp
  started_at: NullableTimestamp
  heartbeat_at: NullableTimestamp
  updated_at: DefaultedTimestamp
  finished_at: NullableTimestamp
  expires_at: NullableTimestamp
}

export interface DocumentSetsTable {
  account_id: string
  version: number
}

export interface DocumentsTable {
  account_id: string
  id: string
  source: string
  path: string
  title: string
  hash: string
  bytes: number
  updated_at: Timestamp
}

export interface DocumentSectionsTable {
  account_id: string
  document_id: string
  position: number
  anchor: string
  level: number
  heading: string
  trail: string[]
  text: string
}

export interface OperationalSchema {
  accounts: AccountsTable
  users: UsersTable
  memberships: MembershipsTable
  organizations: OrganizationsTable
  contracts: ContractsTable
  invoices: InvoicesTable
  write_keys: WriteKeysTable
  drafts: DraftsTable
  draft_notes: DraftNotesTable
  webhook_endpoints: WebhookEndpointsTable
  outbox: OutboxTable
  webhook_deliveries: WebhookDeliveriesTable
  sources: SourcesTable
  inbox: InboxTable
  set_aside: SetAsideTable
  source_hours: SourceHoursTable
  entities: EntitiesTable
  loads: LoadsTable
  fact_settings: FactSettingsTable
  audit: AuditTable
  oauth_records: OauthRecordsTable
  sessions: SessionsTable
  totp: TotpTable
  recovery_codes: RecoveryCodesTable
  passkeys: PasskeysTable
  external_identities: ExternalIdentitiesTable
  challenges: ChallengesTable
  links: LinksTable
  installation: InstallationTable
  document_sets: DocumentSetsTable
  documents: DocumentsTable
  document_sections: DocumentSectionsTable
  jobs: JobsTable
}

/** The operational store. PGlite has one connection: inside a transaction use only the transaction, or it deadlocks. */
export type Db = Kysely<OperationalSchema>
export type OperationalTransaction = Transaction<OperationalSchema>
export type DbOrTransaction = Db | OperationalTransaction

/** Builds the one statement that turns raw rows into stored ones: parse, check, hash, all inside the engine. Runs nothing itself. */
import { kinds, type StoredKind } from '../kinds/index.ts'
import { fieldSql, text } from './fields.ts'

/** Rows to normalise: a SELECT that yields `line` (UInt64) and, for each field, `f_<field>` (String, '' when absent) or `t_<field>` (Nullable(DateTime64(3, 'UTC'))). */
export interface RawSelect {
  readonly sql: string
  /** Fields that come as `f_`. Others are absent. */
  readonly texts: readonly string[]
  /** Fields that come as `t_`: instants that need no parsing. They may come as `f_` too, which then says whether a value was there. */
  readonly instants: readonly string[]
}

/**
 * `INSERT INTO … SELECT …` for rows of a kind. Bind the parameters of `normalisingParams` and those of the select.
 * Rejected rows go the same way with their reason; the views behind `ingest_<kind>` sort them (sql/analytics/0002_ingest.sql).
 * @param table default `ingest_<kind>`
 */
export function normalisingInsert(kind: StoredKind, raw: RawSelect, table = `ingest_${kind}`): string {
  const { fields, checks, columns } = kinds[kind]
  const parts = Object.entries(fields).map(([name, field]) => ({ name, sql: fieldSql(name, field, raw.instants.includes(name) ? `t_${name}` : undefined) }))
  const absent = parts.flatMap(({ name }) => {
    if (raw.texts.includes(name)) return []
    return [raw.instants.includes(name) ? `if(t_${name} IS NULL, '', ' ') AS f_${name}` : `'' AS f_${name}`]
  })
  const rules = [...parts.flatMap(({ sql }) => sql.checks), ...checks]
  const reason = `multiIf(${rules.map((rule) => `${rule.when}, ${text(rule.reason)}`).join(', ')}, '')`
  const given = absent.length ? `SELECT *, ${absent.join(', ')} FROM (${raw.sql})` : raw.sql
  const parsed = `SELECT *, ${parts.map(({ name, sql }) => `${sql.parsed} AS n_${name}`).join(', ')} FROM (${given})`
  const valued = `SELECT *, ${parts.map(({ name, sql }) => `${sql.value} AS v_${name}`).join(', ')}, ${reason} AS fault FROM (${parsed})`
  return `INSERT INTO ${table} (account_id, load_id, line, reason, ${Object.keys(columns).join(', ')})
SELECT {account:String}, {load:UInt64}, line, fault, ${Object.values(columns).join(', ')} FROM (${valued})`
}

/** What every normalising statement is bound to. `key` is the account's 16 bytes. */
export function normalisingParams(account: { id: string; key: Uint8Array }, loadId: number, now: Date): Record<string, unknown> {
  return { account: account.id, load: loadId, now: now.getTime(), ...hashingParams(account.key) }
}

/** The account's 16 bytes as the hashes of ids are bound to them (kinds/define.ts). */
export function hashingParams(key: Uint8Array): { key0: bigint; key1: bigint } {
  const bytes = Buffer.from(key)
  return { key0: bytes.readBigUInt64LE(0), key1: bytes.readBigUInt64LE(8) }
}

/**
 * Settings of these statements: rows as large blocks, few parts; a load may take long. Equal blocks of one load are not copies of each other.
 * The views behind a door work side by side: one after the other, an import takes a third longer. Copies within a block are left to those that merge parts and
 * to readers, who both must look for copies in any case: removing them row by row here would cost a quarter of the statement.
 */
export const insertSettings = {
  seconds: 3600,
  settings: { insert_deduplicate: 0, optimize_on_insert: 0, parallel_view_processing: 1, min_insert_block_size_rows: 1_000_000, min_insert_block_size_bytes: 268_435_456 },
} as const

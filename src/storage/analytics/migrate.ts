/** Brings the analytics store to the code's version and derives the cluster form of every table from the same SQL. */
import { pendingMigrations, readMigrations, statementsOf } from '../migrations.ts'
import type { Analytics, Cluster } from './run.ts'

const versionTable = "CREATE TABLE mercat_version (version UInt32, name String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY version"

/** ClickHouse has no transactions over DDL: every statement is made repeatable, and the version is written after the file. */
export async function migrateAnalytics(analytics: Analytics, cluster: Cluster | undefined): Promise<void> {
  // Rows that are copied take the settings of any insert, and their time.
  const run = (statement: string) => analytics.command(statement, {}, statement.startsWith('INSERT') ? { seconds: 3600 } : { plain: true })
  for (const statement of toStatements(versionTable, cluster)) await run(statement)
  const rows = await analytics.query<{ version: number }>('SELECT max(version) AS version FROM mercat_version')
  for (const migration of pendingMigrations('analytics', await readMigrations('analytics'), rows[0]?.version ?? 0)) {
    for (const statement of statementsOf(migration.sql).flatMap((sql) => toStatements(sql, cluster))) await run(statement)
    await analytics.insert('mercat_version', [{ version: migration.number, name: migration.name }])
  }
}

/**
 * One statement of sql/analytics as the engine gets it. On a cluster a table becomes `<name>_local` on every node with a
 * Replicated engine, and `<name>`, Distributed by account, so that an account's rows share a shard and joins stay local.
 * Nodes run it in their own default database, so every name is written with ours.
 */
export function toStatements(sql: string, cluster: Cluster | undefined): string[] {
  const view = /^CREATE MATERIALIZED VIEW (\w+) TO (\w+) AS\s+([\s\S]*)$/.exec(sql)
  if (view) return [viewStatement(view, sql, cluster)]
  const query = /^ALTER TABLE (\w+) MODIFY QUERY\s+([\s\S]*)$/.exec(sql)
  if (query) return [queryStatement(query, sql, cluster)]
  const added = /^ALTER TABLE (\w+) (ADD COLUMN [\s\S]*)$/.exec(sql)
  if (added) return addedColumns(added, cluster)
  // Through the Distributed tables where there are any; a copy of rows that is repeated must find them replaced by their table's engine.
  if (/^INSERT INTO \w+ \([\w, ]+\)\s+SELECT\b/.test(sql)) return [sql]
  const create = /^CREATE TABLE (\w+) (\([\s\S]*\)) ENGINE = (\w*MergeTree|Null)(?:\(([^)]*)\))?([\s\S]*)$/.exec(sql)
  if (!create)
    throw new Error(
      `A migration of the analytics store creates tables of the MergeTree family, Null tables and views on them, adds columns, replaces a view's query or copies rows, and nothing else so far: ${sql.slice(0, 60)}`,
    )
  const [, table = '', columns = '', engine = '', engineArguments = '', rest = ''] = create
  if (!cluster) return [sql.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')]
  const { name, database } = cluster
  const shard = /\baccount_id\b/.test(columns) ? 'cityHash64(account_id)' : '0'
  const replica = [`'/clickhouse/tables/{shard}/${database}/${table}'`, "'{replica}'", ...(engineArguments ? [engineArguments] : [])].join(', ')
  return [
    `CREATE TABLE IF NOT EXISTS ${database}.${table}_local ON CLUSTER ${name} ${columns} ENGINE = ${engine === 'Null' ? engine : `Replicated${engine}(${replica})`}${rest}`,
    `CREATE TABLE IF NOT EXISTS ${database}.${table} ON CLUSTER ${name} AS ${database}.${table}_local ENGINE = Distributed(${name}, ${database}, ${table}_local, ${shard})`,
  ]
}

/** A view runs where its rows arrive: on a cluster it reads one node's part of a table and writes that node's part of another, both sharded by account. */
function viewStatement([, view = '', target = '', select = '']: RegExpExecArray, sql: string, cluster: Cluster | undefined): string {
  if (!cluster) return sql.replace('CREATE MATERIALIZED VIEW', 'CREATE MATERIALIZED VIEW IF NOT EXISTS')
  const { name, database } = cluster
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.${view} ON CLUSTER ${name} TO ${database}.${target}_local AS ${ofNode(select, database)}`
}

/** Another query for a view, in place: rows that arrive meanwhile go through the one or the other. */
function queryStatement([, view = '', select = '']: RegExpExecArray, sql: string, cluster: Cluster | undefined): string {
  return cluster ? `ALTER TABLE ${cluster.database}.${view} ON CLUSTER ${cluster.name} MODIFY QUERY ${ofNode(select, cluster.database)}` : sql
}

const ofNode = (select: string, database: string) => select.replace(/\bFROM (\w+)/g, (_, source: string) => `FROM ${database}.${source}_local`)

/** New columns of a table: on a cluster of every node's part first, then of what reads them. */
function addedColumns([, table = '', columns = '']: RegExpExecArray, cluster: Cluster | undefined): string[] {
  const repeatable = columns.replaceAll('ADD COLUMN ', 'ADD COLUMN IF NOT EXISTS ')
  if (!cluster) return [`ALTER TABLE ${table} ${repeatable}`]
  return [`${table}_local`, table].map((name) => `ALTER TABLE ${cluster.database}.${name} ON CLUSTER ${cluster.name} ${repeatable}`)
}

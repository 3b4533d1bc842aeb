/** Brings the analytics store to the code's version and derives the cluster form of every table from the same SQL. */
import { pendingMigrations, readMigrations, statementsOf } from '../migrations.ts'
import type { Analytics, Cluster } from './run.ts'

const versionTable = "CREATE TABLE mercat_version (version UInt32, name String, applied_at DateTime('UTC') DEFAULT now()) ENGINE = MergeTree ORDER BY version"

/** ClickHouse has no transactions over DDL: every statement is made repeatable, and the version is written after the file. */
export async function migrateAnalytics(analytics: Analytics, cluster: Cluster | undefined): Promise<void> {
  const run = (statement: string) => analytics.command(statement, {}, { plain: true })
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
  const create = /^CREATE TABLE (\w+) (\([\s\S]*\)) ENGINE = (\w*MergeTree|Null)(?:\(([^)]*)\))?([\s\S]*)$/.exec(sql)
  if (!create)
    throw new Error(`A migration of the analytics store creates tables of the MergeTree family, Null tables and views on them, and nothing else so far: ${sql.slice(0, 60)}`)
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
  const local = select.replace(/\bFROM (\w+)/g, (_, source: string) => `FROM ${database}.${source}_local`)
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${database}.${view} ON CLUSTER ${name} TO ${database}.${target}_local AS ${local}`
}

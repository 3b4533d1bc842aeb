/** Brings the analytics store to the code's version and derives the cluster form of every table from the same SQL. */
import { pendingMigrations, readMigrations, statementsOf } from '../migrations.ts'
import type { Analytics } from './run.ts'

/** ClickHouse has no transactions over DDL: every statement is made repeatable, and the version is written after the file. */
export async function migrateAnalytics(analytics: Analytics, cluster: string | undefined): Promise<void> {
  const run = (statement: string) => analytics.command(statement, {}, { plain: true })
  for (const statement of toStatements('CREATE TABLE mercat_version (version UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY version', cluster))
    await run(statement)
  const rows = await analytics.query<{ version: number }>('SELECT max(version) AS version FROM mercat_version')
  for (const migration of pendingMigrations('analytics', await readMigrations('analytics'), rows[0]?.version ?? 0)) {
    for (const statement of statementsOf(migration.sql).flatMap((sql) => toStatements(sql, cluster))) await run(statement)
    await analytics.insert('mercat_version', [{ version: migration.number, name: migration.name }])
  }
}

/**
 * One statement of sql/analytics as the engine gets it. On a cluster a table becomes `<name>_local` on every node with a
 * Replicated engine, and `<name>`, Distributed by account, so that an account's rows share a shard and joins stay local.
 */
export function toStatements(sql: string, cluster: string | undefined): string[] {
  const create = /^CREATE TABLE (\w+)/.exec(sql)
  if (!create?.[1]) {
    if (cluster) throw new Error(`A migration statement has no cluster form: ${sql.slice(0, 60)}`)
    return [sql]
  }
  const table = create[1]
  const repeatable = sql.replace('CREATE TABLE', 'CREATE TABLE IF NOT EXISTS')
  if (!cluster) return [repeatable]
  const shard = sql.includes('account_id') ? 'cityHash64(account_id)' : '0'
  const local = repeatable
    .replace(`EXISTS ${table}`, `EXISTS ${table}_local ON CLUSTER ${cluster}`)
    .replace(
      /ENGINE = (\w*MergeTree)(?:\(([^)]*)\))?/,
      (_, engine: string, version: string | undefined) =>
        `ENGINE = Replicated${engine}('/clickhouse/tables/{shard}/{database}/${table}', '{replica}'${version ? `, ${version}` : ''})`,
    )
  return [local, `CREATE TABLE IF NOT EXISTS ${table} ON CLUSTER ${cluster} AS ${table}_local ENGINE = Distributed(${cluster}, currentDatabase(), ${table}_local, ${shard})`]
}

/**
 * An analytics store with Distributed tables, in this process: chDB as a cluster of one node. The statements are those of a real
 * cluster but for what needs Keeper: ON CLUSTER and the Replicated engines. So all SQL meets the rules of Distributed tables.
 */
import { openChdb } from '../../src/storage/analytics/chdb.ts'
import type { Engine, Statement } from '../../src/storage/analytics/engine.ts'
import { migrateAnalytics } from '../../src/storage/analytics/migrate.ts'
import { type Analytics, createAnalytics } from '../../src/storage/analytics/run.ts'

const cluster = { name: 'one', database: 'default' }
const node = ['--remote_servers.one.shard.replica.host=127.0.0.1', '--remote_servers.one.shard.replica.port=9000', '--tcp_port=9000']

export async function openDistributed(folder: string): Promise<Analytics> {
  const chdb = await openChdb(folder, node)
  const single = <Given extends Statement>(statement: Given): Given =>
    statement.sql.startsWith('EXPLAIN')
      ? statement
      : {
          ...statement,
          sql: statement.sql
            .replace(` ON CLUSTER ${cluster.name}`, '')
            .replace(/ENGINE = Replicated(\w+)\('[^']*', '\{replica\}'(?:, )?/, 'ENGINE = $1(')
            // This node has no network: it must be read in the process.
            .replace('prefer_localhost_replica=0', 'prefer_localhost_replica=1'),
        }
  const engine: Engine = {
    ...chdb,
    query: (statement) => chdb.query(single(statement)),
    command: (statement) => chdb.command(single(statement)),
    load: (statement, file, settings) => chdb.load(single(statement), file, settings.replace('prefer_localhost_replica=0', 'prefer_localhost_replica=1')),
    insert: (body) => chdb.insert({ ...body, settings: { ...body.settings, prefer_localhost_replica: 1 } }),
  }
  const analytics = createAnalytics(engine, cluster)
  await migrateAnalytics(analytics, cluster)
  return analytics
}

/** Opens the analytics store: chDB in a folder, or ClickHouse by URL. The only file that knows which. */
import { openChdb } from './chdb.ts'
import { openClickhouse } from './clickhouse.ts'
import { migrateAnalytics } from './migrate.ts'
import { type Analytics, createAnalytics } from './run.ts'
import { StoreUnreachableError } from '../errors.ts'
import { MercatError } from '../../core/errors.ts'
import { EngineError } from './engine.ts'

export type AnalyticsLocation = { engine: 'chdb'; folder: string } | { engine: 'clickhouse'; url: string; cluster: string | undefined }

/** Opens and migrates the store. Throws StoreTooNewError when the store is newer than the code, StoreUnreachableError when a server does not let us in. */
export async function openAnalytics(location: AnalyticsLocation): Promise<Analytics> {
  const engine = location.engine === 'chdb' ? await openChdb(location.folder) : openClickhouse(location.url)
  try {
    const cluster = location.engine === 'clickhouse' && location.cluster ? { name: location.cluster, database: await databaseName(createAnalytics(engine, undefined)) } : undefined
    const analytics = createAnalytics(engine, cluster)
    await migrateAnalytics(analytics, cluster)
    return analytics
  } catch (error) {
    await engine.close()
    throw location.engine === 'clickhouse' ? explained(location.url, error) : error
  }
}

/** Statements sent to every node of a cluster run in that node's own default database: they must name ours. */
async function databaseName(analytics: Analytics): Promise<string> {
  const [row] = await analytics.query<{ name: string }>('SELECT currentDatabase() AS name')
  if (!row || !/^\w+$/.test(row.name)) throw new Error('The database of MERCAT_CLICKHOUSE_URL must have a plain name: letters, digits and _')
  return row.name
}

/** What the operator can mend, in one sentence; 81 no such database, 194 and 516 credentials. The URL may hold a password: only its host is told. */
function explained(url: string, error: unknown): unknown {
  const { host } = new URL(url)
  if (error instanceof MercatError && error.code === 'unavailable') return new StoreUnreachableError(`ClickHouse at ${host} (MERCAT_CLICKHOUSE_URL) is not reachable`, error)
  const code = error instanceof EngineError ? error.clickhouseCode : undefined
  if (code === 81) return new StoreUnreachableError(`ClickHouse at ${host} has no database of the name given in MERCAT_CLICKHOUSE_URL: create it, or correct the URL`, error)
  if (code === 194 || code === 516) return new StoreUnreachableError(`ClickHouse at ${host} refuses the user or password of MERCAT_CLICKHOUSE_URL`, error)
  return error
}

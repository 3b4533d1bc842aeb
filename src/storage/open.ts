/** Opens both stores as the configuration says. What they hold is not its business. */
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { type AnalyticsLocation, openAnalytics } from './analytics/open.ts'
import type { Analytics } from './analytics/run.ts'
import { type HeldFolder, holdFolder } from './folder.ts'
import { type OperationalLocation, type OperationalStore, openOperational } from './operational/open.ts'

export { DataFolderInUseError, DataFolderUnwritableError, StoreTooNewError, StoreUnreachableError } from './errors.ts'

export interface OpenStores {
  readonly operational: OperationalStore
  readonly analytics: Analytics
  /** Ends running statements, closes both stores, lets the data folder go. */
  readonly close: () => Promise<void>
}

type Settings = Pick<Config, 'MERCAT_DATA_DIR' | 'MERCAT_DATABASE_URL' | 'MERCAT_CLICKHOUSE_URL' | 'MERCAT_CLICKHOUSE_CLUSTER'>

/**
 * Opens and migrates both stores at once. While one of them is embedded this process alone holds the data folder. Throws
 * DataFolderInUseError (its `pid`; a server that holds the folder listens at its admin socket, core/admin.ts), DataFolderUnwritableError,
 * StoreTooNewError or StoreUnreachableError, each a sentence for the operator; nothing stays open then.
 */
export async function openStores(config: Settings): Promise<OpenStores> {
  const folder = config.MERCAT_DATA_DIR
  const operationalLocation: OperationalLocation = config.MERCAT_DATABASE_URL
    ? { engine: 'postgres', url: config.MERCAT_DATABASE_URL }
    : { engine: 'pglite', folder: join(folder, 'operational') }
  const analyticsLocation: AnalyticsLocation = config.MERCAT_CLICKHOUSE_URL
    ? { engine: 'clickhouse', url: config.MERCAT_CLICKHOUSE_URL, cluster: config.MERCAT_CLICKHOUSE_CLUSTER }
    : { engine: 'chdb', folder: join(folder, 'analytics') }
  const embedded = operationalLocation.engine === 'pglite' || analyticsLocation.engine === 'chdb'
  const held: HeldFolder | undefined = embedded ? holdFolder(folder) : undefined
  const [operational, analytics] = await Promise.allSettled([openOperational(operationalLocation), openAnalytics(analyticsLocation)])
  if (operational.status === 'fulfilled' && analytics.status === 'fulfilled') {
    return {
      operational: operational.value,
      analytics: analytics.value,
      close: async () => {
        await Promise.allSettled([analytics.value.close(), operational.value.close()])
        held?.release()
      },
    }
  }
  await Promise.allSettled([operational, analytics].map(async (opened) => (opened.status === 'fulfilled' ? await opened.value.close() : undefined)))
  held?.release()
  throw operational.status === 'rejected' ? operational.reason : (analytics as PromiseRejectedResult).reason
}

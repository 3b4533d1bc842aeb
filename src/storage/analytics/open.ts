/** Opens the analytics store: chDB in a folder, or ClickHouse by URL. The only file that knows which. */
import { createClient, type ClickHouseClient } from '@clickhouse/client'
import { migrateAnalytics } from './migrate.ts'
import { createAnalytics, type Analytics } from './run.ts'

export type AnalyticsLocation = { engine: 'chdb'; folder: string } | { engine: 'clickhouse'; url: string; cluster: string | undefined }

/** Opens and migrates the store. Throws when the store is newer than the code. */
export async function openAnalytics(location: AnalyticsLocation): Promise<Analytics> {
  const client = location.engine === 'chdb' ? await openChdb(location.folder) : createClient({ url: location.url, application: 'mercat', request_timeout: 330_000 })
  const analytics = createAnalytics(client, location.engine)
  try {
    await migrateAnalytics(analytics, location.engine === 'clickhouse' ? location.cluster : undefined)
  } catch (error) {
    await analytics.close()
    throw error
  }
  return analytics
}

/** chDB is 540 MB of native code and absent on some platforms: loaded only when it is used. */
async function openChdb(folder: string): Promise<ClickHouseClient> {
  const { createChdbConnection } = await import('chdb/connection')
  // The two packages declare the same interface twice; TypeScript takes private members for different ones.
  return createClient({ connection: createChdbConnection({ path: folder }) as never })
}

/** A process that seeds a demo in a folder and prints its digest: run twice and killed once by the test of kills. Arguments: folder, events, instant. */
import { join } from 'node:path'
import { seedDemo } from '../../src/ingest/demo/index.ts'
import { openAnalytics } from '../../src/storage/analytics/open.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import { digestOf } from './digest.ts'

const [folder = '', events = '', now = ''] = process.argv.slice(2)
const operational = await openOperational({ engine: 'pglite', folder: join(folder, 'operational') })
const analytics = await openAnalytics({ engine: 'chdb', folder: join(folder, 'analytics') })
const { db } = operational
await db
  .insertInto('accounts')
  .values({ id: 'acc_demo', system_name: 'demo', name: 'Demo', time_zone: 'Europe/Berlin', currency: 'EUR', settings: '{}', customer_key: Buffer.alloc(16, 7) })
  .onConflict((conflict) => conflict.doNothing())
  .execute()
const stores = { db, analytics, clock: () => new Date(now) }
await seedDemo(stores, 'acc_demo', { events: Number(events), now: new Date(now), onProgress: (label, done) => console.log(`step ${label} ${done}`) })
console.log(`digest ${JSON.stringify(await digestOf(stores, 'acc_demo'))}`)
await analytics.close()
await operational.close()

/** A process of its own for refreshes.test.ts: loads or refreshes in the stores of a folder, and dies by SIGKILL where it is told to. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recoverLoads, refreshFacts } from '../../src/domain/facts/index.ts'
import { openAnalytics } from '../../src/storage/analytics/open.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import type { NaiveRows } from '../fixtures/naive.ts'
import { makeAccount } from '../stores.ts'
import { loadRows, readFacts } from './load.ts'

/** What the parent asks for, as JSON in the first argument. */
export interface Orders {
  readonly folder: string
  readonly timeZone: string
  /** Rows to load, in a file of the folder. */
  readonly rows?: string
  /** Die before the load is ended. */
  readonly dieLoading?: boolean
  /** Refresh, dying after this many steps. */
  readonly dieAfter?: number
  /** What start-up does. */
  readonly recover?: boolean
}

const orders = JSON.parse(process.argv[2] ?? '{}') as Orders
const die = () => process.kill(process.pid, 'SIGKILL')

const operational = await openOperational({ engine: 'pglite', folder: join(orders.folder, 'operational') })
const analytics = await openAnalytics({ engine: 'chdb', folder: join(orders.folder, 'analytics') })
const stores = { db: operational.db, analytics, clock: () => new Date() }
const known = await stores.db.selectFrom('accounts').select(['id', 'customer_key']).executeTakeFirst()
const account = known ? { id: known.id, customerKey: Buffer.from(known.customer_key) } : await makeAccount(stores.db, { timeZone: orders.timeZone })
const before = await readFacts(stores, account.id)
await writeFile(join(orders.folder, 'before.json'), JSON.stringify({ facts: before, customerKey: account.customerKey.toString('hex') }))

if (orders.rows) {
  await loadRows(stores, account, JSON.parse(await readFile(join(orders.folder, orders.rows), 'utf8')) as NaiveRows, orders.dieLoading ? { leaveRunning: true } : {})
  if (orders.dieLoading) die()
} else if (orders.recover) {
  await recoverLoads(stores)
} else {
  const onProgress = (done: number) => {
    if (done === orders.dieAfter) die()
  }
  await refreshFacts(stores, account.id, { onProgress })
}
const loads = await stores.db.selectFrom('loads').select('state').orderBy('id').execute()
await writeFile(join(orders.folder, 'after.json'), JSON.stringify({ facts: await readFacts(stores, account.id), loads: loads.map(({ state }) => state) }))
await analytics.close()
await operational.close()

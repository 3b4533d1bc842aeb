/** A process of its own for the tests of locks, kills and migrations: does what it is told and says so by messages. */
import { readConfig } from '../../src/config.ts'
import { openStores } from '../../src/storage/open.ts'
import { openOperational } from '../../src/storage/operational/open.ts'

const [task, place = ''] = process.argv.slice(2)
// Waits until the parent has the message: a write that was not acknowledged does not count.
const say = (message: object) => new Promise<void>((resolve, reject) => process.send?.(message, (error: Error | null) => (error ? reject(error) : resolve())))

async function hold(): Promise<void> {
  try {
    const stores = await openStores(readConfig({ MERCAT_DATA_DIR: place }))
    await say({ open: true })
    process.on('message', async () => {
      await stores.close()
      process.disconnect()
    })
  } catch (error) {
    const { name, message } = error as Error
    await say({ open: false, name, message })
    process.disconnect()
  }
}

/** Writes rows to both stores without end; a row is acknowledged when both have it. */
async function write(): Promise<void> {
  const { operational, analytics } = await openStores(readConfig({ MERCAT_DATA_DIR: place }))
  for (let number = 1; ; number++) {
    await operational.db
      .insertInto('installation')
      .values({ key: `row-${number}`, value: '{}' })
      .execute()
    await analytics.insert('order_items', [{ account_id: 'a', order_key: '0123456789abcdef', item_key: number, product: `p${number}` }])
    await say({ acknowledged: number })
  }
}

async function migrate(): Promise<void> {
  const store = await openOperational({ engine: 'postgres', url: place })
  await store.close()
  await say({ migrated: true })
  process.disconnect()
}

await { hold, write, migrate }[task as 'hold' | 'write' | 'migrate']()

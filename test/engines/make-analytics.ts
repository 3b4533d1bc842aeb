/** A process of its own for template.ts: makes an empty, migrated analytics store in a folder. chDB has one folder a process, and the test's has its own. */
import { openAnalytics } from '../../src/storage/analytics/open.ts'

const [folder = ''] = process.argv.slice(2)
const store = await openAnalytics({ engine: 'chdb', folder })
await store.close()

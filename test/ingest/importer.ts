/** A process that imports, for kill.test.ts: says every step on stdout as it happens, and at the end the figures. Arguments: data folder, files. */
import { resolve } from 'node:path'
import { importFiles } from '../../src/ingest/index.ts'
import { openStores } from '../../src/storage/open.ts'
import { makeAccount } from '../stores.ts'
import { figures } from './support.ts'

const [folder = '', ...files] = process.argv.slice(2)
const opened = await openStores({ MERCAT_DATA_DIR: folder, MERCAT_DATABASE_URL: undefined, MERCAT_CLICKHOUSE_URL: undefined, MERCAT_CLICKHOUSE_CLUSTER: undefined })
const { db } = opened.operational
const stores = { db, analytics: opened.analytics, clock: () => new Date() }
const id = (await db.selectFrom('accounts').select('id').executeTakeFirst())?.id ?? (await makeAccount(db)).id
const say = (word: string, value: unknown) => process.stdout.write(`${word} ${JSON.stringify(value)}\n`)
say('opened', id)
const result = await importFiles(stores, id, files, { rejectsFolder: resolve(folder, '..'), onProgress: (progress) => say('step', progress) })
say(
  'result',
  result.files.map(({ read, accepted, rejected }) => ({ read, accepted, rejected })),
)
say('figures', await figures(stores, id))
await opened.close()

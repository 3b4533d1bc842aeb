/** A whole Mercat as a process of its own, for the test that kills it. On the servers of TEST_DATABASE_URL and TEST_CLICKHOUSE_URL where given. Arguments: data folder, verification key of the source, which the first start makes, and `settle` to say so when all that came is in the figures. Says what happens as lines. */
import { setTimeout as delay } from 'node:timers/promises'
import { createMercat } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { addMember, createAccount, createUser, dashboardPrincipal, listAccess } from '../../src/domain/accounts/index.ts'

const [folder = '', verificationKey = '', settle = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const { TEST_DATABASE_URL: database, TEST_CLICKHOUSE_URL: clickhouse } = process.env
const servers = database && clickhouse ? { MERCAT_DATABASE_URL: database, MERCAT_CLICKHOUSE_URL: clickhouse, MERCAT_SECRET: 'x'.repeat(40) } : {}
const mercat = await createMercat(readConfig({ MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', ...servers }), { log: createLog('silent', 'silent') })
process.on('SIGTERM', () => void mercat.close().then(() => process.exit(0)))

const { db } = mercat.stores
if ((await db.selectFrom('sources').select('id').execute()).length === 0) {
  const account = await createAccount(db, { systemName: 'acme', name: 'Acme', timeZone: 'Europe/Berlin', currency: 'EUR' })
  const user = await createUser(db, { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery staple' })
  await addMember(db, account.id, user.id, { role: 'owner' })
  const principal = dashboardPrincipal(user.id, (await listAccess(db, user.id, 'acme'))[0]!)
  const { url } = await mercat.services(principal).sources.add({ type: 'sendgrid', name: 'Newsletter', settings: { verificationKey } })
  say(`path ${new URL(url).pathname}`)
}
say(`listening ${mercat.origin}`)

if (settle) {
  const waits = async () =>
    (await db.selectFrom('inbox').select('id').limit(1).execute()).length + (await db.selectFrom('loads').select('id').where('state', 'in', ['running', 'loaded']).execute()).length
  while ((await waits()) > 0) await delay(50)
  say('settled')
}

/** A whole Mercat as a process of its own, for the test that kills it. Arguments: data folder, what reports do (`hold`: read the store without end; `answer`; `die`: kill their process), how many reports to ask for (or nothing). Says what happens as lines. */
import { setTimeout as delay } from 'node:timers/promises'
import { createMercat } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/core/log.ts'
import { addMember, createAccount, createUser, dashboardPrincipal, listAccess } from '../../src/domain/accounts/index.ts'
import { asImportJob } from '../../src/domain/operations/index.ts'
import { slowReport } from './slow.ts'

const [folder = '', mode = '', asked = ''] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const url = process.env.TEST_DATABASE_URL

const report = slowReport(async (n, ctx) => {
  say(`began ${n}`)
  if (mode === 'die') process.kill(process.pid, 'SIGKILL')
  if (mode === 'answer') return `answered by ${process.pid}`
  ctx.signal.addEventListener('abort', () => say(`stopped ${n}`), { once: true })
  await mercat.stores.analytics.query(`SELECT count() AS held_${n} FROM system.numbers WHERE sipHash64(number) = 1`, {}, { signal: ctx.signal, seconds: 3600 })
  return 'never'
})
const config = readConfig({ MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', ...(url === undefined ? {} : { MERCAT_DATABASE_URL: url, MERCAT_SECRET: 'x'.repeat(40) }) })
const mercat = await createMercat(config, { log: createLog('silent', 'silent'), tools: [report] })
process.on('SIGTERM', () => void mercat.close().then(() => process.exit(0)))
say('ready')

if (asked) {
  const { db } = mercat.stores
  const account = await createAccount(db, { systemName: 'acme', name: 'Acme', timeZone: 'UTC', currency: 'EUR' })
  const user = await createUser(db, { email: 'ada@example.com', name: 'Ada', password: 'correct horse battery staple' })
  await addMember(db, account.id, user.id, { role: 'owner' })
  const principal = dashboardPrincipal(user.id, (await listAccess(db, user.id, 'acme'))[0]!)
  for (let n = 0; n < Number(asked); n++)
    await mercat.pipeline.call({ name: 'slow_report', arguments: { n }, principals: [principal], narrowing: { toolsets: null, readOnly: false } }).then((outcome) => {
      if (!outcome.ok || !outcome.job) throw new Error('It did not become a job')
    })
  say('asked')
  if (mode === 'hold')
    void asImportJob(mercat.stores, { accountId: account.id, title: 'Import events.csv', signal: new AbortController().signal }, async (_, progress) => {
      progress(5, 10, 'Rows of events.csv', { rows: 5 })
      say('importing')
      await new Promise(() => {})
    })
}
if (mode !== 'hold') {
  const open = async () => await mercat.stores.db.selectFrom('jobs').select('id').where('type', '=', 'report').where('state', 'in', ['queued', 'running']).execute()
  while ((await open()).length > 0) await delay(50)
  say('settled')
}

/** One size of the report benchmark in a process of its own (chDB serves one folder a process). Arguments: folder, events, repetitions. */
import { dayOf, addDays } from '../src/core/period.ts'
import { createServices } from '../src/domain/index.ts'
import { campaignReportInput } from '../src/domain/reports/index.ts'
import { seedDemo } from '../src/ingest/demo/index.ts'
import { computed, operatorOf, reported } from './lib/compare.ts'
import { median } from './lib/report.ts'
import { openBenchStores, tell } from './lib/store.ts'

const [folder = '', events = '', times = ''] = process.argv.slice(2)
const stores = await openBenchStores(folder)
const began = performance.now()
let told = 0
const seeded = await seedDemo(stores, stores.account.id, {
  events: Number(events),
  now: new Date(),
  onProgress: (label, done, of) => {
    if (performance.now() - told > 5_000) console.error(`    ${label}: ${done} of ${of}`)
    if (performance.now() - told > 5_000) told = performance.now()
  },
})
const seconds = (performance.now() - began) / 1000
const held = await stores.analytics.query<{ events: number }>('SELECT count() AS events FROM events WHERE account_id = {account:String}', { account: stores.account.id })

const reports = createServices(stores)(await operatorOf(stores, stores.account.id)).reports
const input = campaignReportInput.parse({})
const latencies: number[] = []
for (let round = 0; round < Number(times) + 5; round++) {
  const start = performance.now()
  await reports.campaigns(input)
  if (round >= 5) latencies.push(performance.now() - start)
}

const today = dayOf(new Date(), stores.account.timeZone)
const period = { start: addDays(today, -89), end: today }
// Once to compare, and the better of two as its time: the naive query gets the warm cache too.
const naive: number[] = []
for (let round = 0; round < 2; round++) {
  const start = performance.now()
  const figures = await computed(stores, stores.account.id, period)
  naive.push(performance.now() - start)
  if (round === 0 && JSON.stringify(Object.entries(figures).sort()) !== JSON.stringify(Object.entries(await reported(stores, stores.account.id, period)).sort())) {
    throw new Error('The report and the raw rows disagree')
  }
}
const campaigns = await stores.db
  .selectFrom('entities')
  .select(({ fn }) => fn.countAll<number>().as('n'))
  .where('account_id', '=', stores.account.id)
  .where('type', '=', 'campaign')
  .executeTakeFirst()
tell({ events: held[0]?.events, seeded: seeded.events, seconds, p50: median(latencies), naive: Math.min(...naive), campaigns: Number(campaigns?.n) })
await stores.close()

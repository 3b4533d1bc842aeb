/** Generates the rows that counting an audience reads, as a refresh would have left them, and measures what the tool does: asking what it costs, and counting. Arguments: folder, customers. */
import { createServices } from '../src/domain/index.ts'
import { operatorOf } from './lib/compare.ts'
import { median } from './lib/report.ts'
import { openBenchStores, tell } from './lib/store.ts'

const [folder = '', customers = ''] = process.argv.slice(2)
const stores = await openBenchStores(folder)
const { analytics, account } = stores
const params = { account: account.id, customers: Number(customers) }
const run = (statement: string) => analytics.command(statement, params, { seconds: 3600, settings: { min_insert_block_size_rows: 1_000_000 } })
const records = (which: string, at: string) => `INSERT INTO customers (account_id, customer, country, language, signed_up, stage, consent, updated_at, load_id)
  SELECT {account:String}, reinterpretAsFixedString(sipHash128(toUInt64(number))), ['DE', 'FR', 'CH', 'AT', 'GB', 'US', 'ES', 'IT'][1 + cityHash64(number) % 8], ['de', 'fr', 'en'][1 + number % 3],
    toDate('2024-01-01') + number % 700, ['lead', 'active', 'lapsed'][1 + number % 3], multiIf(cityHash64(number, 1) % 10 < 6, ['Email'], cityHash64(number, 1) % 10 < 8, ['Email', 'SMS'], []), ${at}, 1
  FROM numbers({customers:UInt64}) WHERE ${which}`
await run(records('1', "toDateTime64('2025-01-01 00:00:00', 3, 'UTC')"))
// Of 100 events 18 are opens and clicks, over a year; 500 campaigns.
await run(`INSERT INTO engagements SELECT {account:String}, if(number % 8 = 0, 'clicked', 'opened'), toDateTime(intDiv(toUnixTimestamp(now()) - toInt64(number * (31536000 / ({customers:UInt64} * 1.8))), 900) * 900, 'UTC'),
    reinterpretAsUInt64(reinterpretAsFixedString(sipHash128(toUInt64(cityHash64(number) % {customers:UInt64})))), cityHash64(number), sipHash64(concat('c', toString(intDiv(number * 500, toUInt64({customers:UInt64} * 1.8)))), toUInt64(1)),
    concat('c', toString(intDiv(number * 500, toUInt64({customers:UInt64} * 1.8)))), 1, 'Email', '', '' FROM numbers(toUInt64({customers:UInt64} * 1.8))`)
await run("INSERT INTO fact_generations SELECT {account:String}, 'messages', concat('c', toString(number)), 1, now64(3, 'UTC'), now64(3, 'UTC'), now64(3, 'UTC') FROM numbers(500)")
for (const table of ['customers', 'engagements']) await analytics.command(`OPTIMIZE TABLE ${table} FINAL`, {}, { plain: true })

const { audience } = createServices(stores)(await operatorOf(stores, account.id))
const tree = {
  all: [
    { attribute: 'country', op: 'is', value: 'DE' },
    { attribute: 'consent', op: 'is', value: 'Email' },
    { did: 'opened', within: { days: 30 } },
  ],
}
const costs: number[] = []
async function measure(times: number): Promise<number[]> {
  const latencies: number[] = []
  for (let round = 0; round < times + 5; round++) {
    const start = performance.now()
    const input = { tree }
    await audience.cost(input)
    costs.push(performance.now() - start)
    await audience.size(input)
    if (round >= 5) latencies.push(performance.now() - start)
  }
  return latencies
}
const before = process.cpuUsage()
const found = await measure(50)
const used = process.cpuUsage(before)
const size = (await audience.size({ tree })).audience.count
await run(records('number % 100 = 7', "now64(3, 'UTC')"))
tell({ cost: median(costs), p50: median(found), cpu: (used.user + used.system) / 55_000, most: Math.max(...found), unmerged: median(await measure(20)), audience: size })
await stores.close()

/** Import against the engine's own INSERT … SELECT of the same file, in one process on one store. Arguments: folder, events, rounds. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createAccount } from '../src/domain/accounts/index.ts'
import { importFiles } from '../src/ingest/index.ts'
import { median } from './lib/report.ts'
import { openBenchStores, tell } from './lib/store.ts'

const [folder = '', events = '', rounds = ''] = process.argv.slice(2)
const stores = await openBenchStores(folder)
const { analytics } = stores
const columns =
  "message_id String, campaign_id String, customer_id String, channel String, event String, event_id String, bounce_type String, machine Bool, country String, variant String, url String, occurred_at DateTime64(3, 'UTC')"
// Of 20 rows 8 are sent, 8 delivered, 3 opened, 1 clicked; 200 campaigns over ten months; one row in a hundred comes twice.
const rows = `SELECT concat('m-', toString(m)) AS message_id, concat('campaign-', toString(m % 200)) AS campaign_id, concat('p-', toString(cityHash64(m) % 300000)) AS customer_id, 'Email' AS channel,
    multiIf(r < 8, 'sent', r < 16, 'delivered', r < 19, 'opened', 'clicked') AS event, concat(message_id, '-', toString(r)) AS event_id, '' AS bounce_type, false AS machine, ['DE', 'FR', 'CH', 'AT'][1 + m % 4] AS country,
    '' AS variant, if(event = 'clicked', concat('https://shop.example/offer/', toString(m % 50)), '') AS url,
    addMilliseconds(toDateTime64('2026-01-01 08:00:00', 3, 'UTC'), (m % 200) * 86400000 * 3 / 2 + r * 600000 + cityHash64(n) % 600000) AS occurred_at
  FROM (SELECT if(number % 100 = 99, number - 1, number) AS n, n % 20 AS r, intDiv(n, 20) * 8 + [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 0][r + 1] AS m FROM numbers({events:UInt64}))`
const files = { parquet: join(folder, 'events.parquet'), csv: join(folder, 'events.csv') }
for (const [format, file] of [
  ['Parquet', files.parquet],
  ['CSVWithNames', files.csv],
] as const) {
  if (!(await stat(file).catch(() => undefined))) {
    const names = columns.split(/, (?=\w+ [A-Z])/).map((column) => column.split(' ')[0])
    // The path is ours and holds no quote.
    // In CSV a time carries its zone as ISO 8601 writes it.
    const text = format === 'CSVWithNames'
    const shape = text ? columns.replace(/occurred_at .*/, 'occurred_at String') : columns
    const target = `file('${file}', ${format}, '${shape.replaceAll("'", "\\'")}')`
    await analytics.command(
      `INSERT INTO FUNCTION ${target} SELECT ${names.join(', ').replace('occurred_at', text ? "concat(replaceOne(toString(occurred_at), ' ', 'T'), 'Z') AS occurred_at" : 'occurred_at')} FROM (${rows})`,
      { events: Number(events) },
      { seconds: 600 },
    )
  }
}

/** Of each import, the part of its time until the rows were in; the rest refreshed the facts. */
const rowsShare: number[] = []

/** Imports a file into a fresh account. @returns events per second, facts included */
async function ours(file: string): Promise<number> {
  const account = await createAccount(stores.db, { systemName: `import-${Date.now().toString(36)}`, name: 'Import', timeZone: 'Europe/Berlin', currency: 'EUR' })
  const start = performance.now()
  const result = await importFiles(stores, account.id, [file], { kind: 'events', rejectsFolder: folder })
  const seconds = (performance.now() - start) / 1000
  if (result.rejected) throw new Error(`Rows were rejected: ${JSON.stringify(result.files[0]?.rejected)}`)
  rowsShare.push((result.files[0]?.seconds ?? 0) / seconds)
  return Number(events) / seconds
}

/** The engine alone: the same file into a table of the file's shape. @returns events per second */
async function engine(): Promise<number> {
  await analytics.command('DROP TABLE IF EXISTS bench_raw', {}, { plain: true })
  await analytics.command(`CREATE TABLE bench_raw (${columns}) ENGINE = MergeTree ORDER BY (campaign_id, message_id, event)`, {}, { plain: true })
  const start = performance.now()
  await analytics.command(`INSERT INTO bench_raw SELECT * FROM file('${files.parquet}', Parquet)`, {}, { seconds: 600 })
  return Number(events) / ((performance.now() - start) / 1000)
}

const found = { engine: [] as number[], parquet: [] as number[], csv: [] as number[] }
for (let round = 0; round < Number(rounds); round++) {
  found.engine.push(await engine())
  found.parquet.push(await ours(files.parquet))
  found.csv.push(await ours(files.csv))
}
await analytics.command('DROP TABLE bench_raw', {}, { plain: true })
tell({ engine: median(found.engine), parquet: median(found.parquet), csv: median(found.csv), rowsShare: median(rowsShare) })
await stores.close()

/** One size of the knowledge benchmark in a process of its own. Arguments: the folder of SciFact, how many of its documents. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { addDocuments } from '../src/domain/knowledge/index.ts'
import { createServices } from '../src/domain/index.ts'
import { ndcg10, readScifact } from '../test/fixtures/scifact.ts'
import { operatorOf } from './lib/compare.ts'
import { median } from './lib/report.ts'
import { openBenchStores, tell } from './lib/store.ts'

const [data = '', documents = ''] = process.argv.slice(2)
const { files, queries } = readScifact(data)
const folder = await mkdtemp(join(tmpdir(), 'mercat-bench-knowledge-'))
const stores = await openBenchStores(folder)
const added = performance.now()
await addDocuments(stores, stores.account.id, 'scifact', files.slice(0, Number(documents)))
const adding = (performance.now() - added) / 1000

const { knowledge } = createServices(stores)(await operatorOf(stores, stores.account.id))
const ask = (query: string) => knowledge.search({ query, source: 'account', limit: 10 })
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
const built = performance.now()
await ask('anything')
const building = (performance.now() - built) / 1000
delay.disable()

for (const { text } of queries.slice(0, 50)) await ask(text)
const latencies: number[] = []
let ndcg = 0
for (const { text, relevant } of queries) {
  const start = performance.now()
  const { passages } = await ask(text)
  latencies.push(performance.now() - start)
  ndcg += ndcg10(
    passages.map(({ link }) => /\/(\d+)\.md/.exec(link)?.[1] ?? ''),
    relevant,
  )
}
const p95 = [...latencies].sort((a, b) => a - b)[Math.floor(latencies.length * 0.95)]
tell({ documents: Number(documents), adding, building, p50: median(latencies), p95, blocked: delay.max / 1e6, ndcg: ndcg / queries.length })
await stores.close()
await rm(folder, { recursive: true, force: true })

/** The explorer's benchmark in a process of its own: 100,000 made-up entities in the embedded store. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServices } from '../src/domain/index.ts'
import { type EntityRow, upsertEntities } from '../src/domain/entities/index.ts'
import { listEntitiesInput, searchCatalogInput } from '../src/domain/explorer/index.ts'
import { operatorOf } from './lib/compare.ts'
import { median } from './lib/report.ts'
import { openBenchStores, tell } from './lib/store.ts'

const seasons = ['Spring', 'Summer', 'Autumn', 'Winter', 'Welcome', 'Lapsed', 'Loyal', 'Cart']
const kinds = ['sale', 'reminder', 'newsletter', 'offer', 'survey']
const row = (index: number): EntityRow => ({
  type: index % 10 < 7 ? 'campaign' : index % 10 < 9 ? 'segment' : 'flow',
  key: `key${index}`,
  name: `${seasons[index % 8]} ${kinds[index % 5]} ${index}`,
  tags: [`tag${index % 200}`],
  createdAt: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
})

const folder = await mkdtemp(join(tmpdir(), 'mercat-bench-explorer-'))
const stores = await openBenchStores(folder)
await upsertEntities(
  stores.db,
  stores.account.id,
  Array.from({ length: 100_000 }, (_, index) => row(index)),
)
const { explorer } = createServices(stores)(await operatorOf(stores, stores.account.id))
const page = (limit: number, cursor = '') => explorer.list(listEntitiesInput.parse({ type: 'campaign', limit, cursor }))
const search = (query: string) => explorer.search(searchCatalogInput.parse({ query }))

/** The middle of several, in milliseconds. */
async function timed(work: () => Promise<unknown>, times: number): Promise<number> {
  await work()
  const taken: number[] = []
  for (let round = 0; round < times; round++) {
    const start = performance.now()
    await work()
    taken.push(performance.now() - start)
  }
  return median(taken)
}

let cursor = ''
for (let pages = 0; pages < 50; pages++) cursor = (await page(200, cursor)).nextCursor ?? ''
tell({
  first: await timed(() => page(200), 30),
  far: await timed(() => page(200, cursor), 30),
  found: await timed(() => search('winter'), 15),
  forgiven: await timed(() => search('wintre newslettre'), 10),
})
await stores.close()
await rm(folder, { recursive: true, force: true })

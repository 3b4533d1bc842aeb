import { openStores } from '../src/storage/open.ts'
import { readConfig } from '../src/config.ts'
import { insertCanonical } from '../src/ingest/index.ts'
import { refreshFacts, startLoad, finishLoading } from '../src/domain/facts/index.ts'
const opened = await openStores(readConfig({ MERCAT_DATA_DIR: '/tmp/dm' }))
const times: [number,string][] = []
const wrap = (name: 'command'|'query') => async (sql: string, ...rest: unknown[]) => { const t=performance.now(); const r = await (opened.analytics[name] as any)(sql, ...rest); times.push([performance.now()-t, sql.slice(0,110).replace(/\s+/g,' ')]); return r }
const analytics = { ...opened.analytics, command: wrap('command'), query: wrap('query') }
const stores = { db: opened.operational.db, analytics, clock: () => new Date() }
const account = (await stores.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow()).id
for (const c of ['fjell-cart-1','fjell-cart-1','new-one']) {
  const load = await startLoad(stores.db, { accountId: account, source: 'x', label: 'y' })
  const rows = Array.from({length:50},(_, i)=>({campaign_id:c,message_id:'q'+Math.random(),customer_id:'p'+i,event:'sent',occurred_at:new Date(),channel:'Email'}))
  await insertCanonical(stores as never, {id:account}, 'events', rows, load.id)
  await finishLoading(stores.db, load.id, {accepted:50,rejected:0})
  times.length = 0
  const t1 = performance.now()
  await refreshFacts(stores as never, account)
  console.log(c, 'refresh', Math.round(performance.now()-t1))
  for (const [ms, sql] of times.sort((a,b)=>b[0]-a[0]).slice(0,14)) console.log('   ', Math.round(ms), sql)
}
await opened.close()

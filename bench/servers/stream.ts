/** Mercat with a SendGrid source and one of the ingest API, and beside it a port that tells what waits, what is counted and what memory it takes. Prints that port. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { asideReasons, backlogOf } from '../../src/domain/sources/index.ts'
import { startApp } from '../../test/app.ts'
import { factsQuery } from '../../test/stream/deliveries.ts'
import { operatorOf } from '../lib/compare.ts'
import type { Doors, StreamState } from '../lib/watch.ts'

const app = await startApp()
const { db, analytics } = app.stores
const { id: account } = app.accounts.acme
const { sources } = app.services(await operatorOf(app.stores, account))
const sendgrid = await sources.add({ type: 'sendgrid', name: 'SendGrid' })
const api = await sources.add({ type: 'api', name: 'Programs' })

/** Where the doors are, for whoever signs with this key. */
async function doors(verificationKey: string): Promise<Doors> {
  await sources.change(sendgrid.id, { settings: { verificationKey } })
  return { sendgrid: { url: sendgrid.url, headers: {} }, ndjson: { url: api.url, headers: { authorization: `Bearer ${api.key}` } } }
}

async function state(): Promise<StreamState> {
  const backlog = await backlogOf(db, account)
  const sum = (of: 'requests' | 'items') => backlog.reduce((all, one) => all + Number(one[of]), 0)
  const loads = await db.selectFrom('loads').select('id').where('state', 'in', ['running', 'loaded']).execute()
  return {
    requests: sum('requests'),
    items: sum('items'),
    loads: loads.length,
    rss: process.memoryUsage.rss() / 1024 ** 2,
  }
}

const watched = createServer((req, res) => {
  const [, question, about = ''] = /^\/(\w+)\/?(.*)$/.exec(req.url ?? '') ?? []
  const answers: Record<string, () => Promise<unknown>> = {
    state,
    doors: async () => await doors(decodeURIComponent(about)),
    aside: async () => await asideReasons(db, account, undefined, 10),
    figures: async () => (await analytics.query(factsQuery, { account, campaign: about }))[0],
  }
  Promise.resolve(answers[question ?? '']?.()).then(
    (value) => res.end(JSON.stringify(value)),
    (error: unknown) => res.writeHead(500).end(String(error)),
  )
})
watched.listen(0, '127.0.0.1', () => console.log(`listening ${(watched.address() as AddressInfo).port}`))
process.on('SIGTERM', () => {
  watched.close()
  watched.closeAllConnections()
  void app.close().then(() => process.exit(0))
})

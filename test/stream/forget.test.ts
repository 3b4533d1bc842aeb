/** Records of a source's loads are forgotten after some days; figures, and records of imports, stay. */
import { expect, test } from 'vitest'
import { forgetOldLoads } from '../../src/ingest/stream/forget.ts'
import { finishLoading, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { insertCanonical } from '../../src/ingest/index.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { sharedApp } from '../shared.ts'
import { factsQuery } from './deliveries.ts'

const app = sharedApp()

test('loads of a source that ended long ago are forgotten, with their counts, and nothing else is', async () => {
  const { stores } = app
  const { id: account } = app.accounts.acme
  const dashboard = await openDashboard(app.origin, app.people.owner)
  const { id: programs } = await dashboard.ok<{ id: string }>('sources/add', { account: 'acme', type: 'api', name: 'Programs' })
  const load = async (source: string, number: number) => {
    const { id } = await startLoad(stores.db, { accountId: account, source, label: 'x' })
    const event = { campaign_id: 'kept', message_id: `m${number}`, customer_id: 'c', event: 'sent', occurred_at: '2026-03-01T00:00:00Z', channel: 'Email' }
    await insertCanonical(stores, { id: account }, 'events', [event, { ...event, occurred_at: 'never' }], id)
    await finishLoading(stores.db, id, { accepted: 1, rejected: 1 })
    return id
  }
  const old = [await load(programs, 1), await load(programs, 2)]
  const [recent, imported] = [await load(programs, 3), await load('import', 4)]
  await refreshFacts(stores, account)
  const long = new Date(Date.now() - 9 * 86_400_000)
  await stores.db
    .updateTable('loads')
    .set({ finished_at: long })
    .where('id', 'in', [...old, imported])
    .execute()

  await forgetOldLoads(stores, new AbortController().signal)

  expect((await stores.db.selectFrom('loads').select('id').where('account_id', '=', account).orderBy('id').execute()).map(({ id }) => id)).toEqual([recent, imported])
  for (const table of ['load_counts', 'load_rejects']) {
    const rows = await stores.analytics.query<{ id: number }>(`SELECT DISTINCT load_id AS id FROM ${table} WHERE account_id = {account:String} ORDER BY id`, { account })
    expect(rows.map(({ id }) => id)).toEqual([recent, imported])
  }
  expect((await stores.analytics.query(factsQuery, { account, campaign: 'kept' }))[0]).toMatchObject({ sends: 4 })
})

/** Who waits for whom on a real PostgreSQL: deliveries and loads never for a change of their account's sources, and a removal for what is just being set aside. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Account } from '../../src/core/access.ts'
import { startLoad } from '../../src/domain/facts/index.ts'
import { createSources, insertDelivered, insertSetAside, placeOf } from '../../src/domain/sources/index.ts'
import { lockSources } from '../../src/domain/sources/sources-repository.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { sourceHouse } from '../source-house.ts'
import { makeAccount, principalOf } from '../stores.ts'

let postgres: TestPostgres
let store: OperationalStore
let acme: Account
beforeAll(async () => {
  postgres = await startPostgres()
  store = await openOperational({ engine: 'postgres', url: await postgres.database() })
  acme = await makeAccount(store.db)
})
afterAll(async () => {
  await store?.close()
  await postgres?.stop()
})

const service = () => createSources({ db: store.db, clock: () => new Date() }, sourceHouse())({ ...principalOf(acme, { scopes: new Set(['read:health', 'manage:account']) }) })
const aside = async (id: string) => (await store.db.selectFrom('set_aside').select('id').where('source_id', '=', id).execute()).length
const somebodyWaits = async () =>
  await expect
    .poll(async () => (await sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(store.db)).rows.length, {
      timeout: 15_000,
      interval: 20,
    })
    .toBe(1)
const item = () => ({ kind: 'events', reason: 'channel is missing', receivedAt: new Date(), sealed: Buffer.from('x') })

test('while the sources of an account are changed, deliveries are kept and loads begin', async () => {
  const { db } = store
  const { id } = await service().add({ type: 'api', name: 'Busy' })
  await db.transaction().execute(async (transaction) => {
    await lockSources(transaction, acme.id)
    await transaction.updateTable('sources').set({ name: 'Renamed' }).where('id', '=', id).execute()
    // Each by another connection: it would wait for this transaction, which waits for it.
    await insertDelivered(db, [{ accountId: acme.id, sourceId: id, receivedAt: new Date(), items: 1, bytes: 1, sealed: Buffer.from('x') }])
    await startLoad(db, { accountId: acme.id, source: id, label: '1 request' })
  })
  expect(await db.selectFrom('inbox').select('source_id').execute()).toEqual([{ source_id: id }])
})

test('a source that is removed while something is set aside takes it with it', async () => {
  const { db } = store
  const { id } = await service().add({ type: 'api', name: 'Gone' })
  let removed: Promise<void> | undefined
  await db.transaction().execute(async (transaction) => {
    await insertSetAside(transaction, acme.id, id, [item()], new Date())
    removed = service().remove(id)
    await somebodyWaits()
  })
  await removed
  expect(await aside(id)).toBe(0)

  // The other way round: who sets aside waits, and finds the source gone.
  const { id: second } = await service().add({ type: 'api', name: 'Gone too' })
  let setAside: Promise<void> | undefined
  await db.transaction().execute(async (transaction) => {
    await transaction.updateTable('sources').set({ removed_at: new Date() }).where('id', '=', second).execute()
    setAside = insertSetAside(db, acme.id, second, [item()], new Date())
    await somebodyWaits()
  })
  await setAside
  expect(await aside(second)).toBe(0)
})

test('what is sent in again is not discarded at the same moment', async () => {
  const { db } = store
  const { id } = await service().add({ type: 'api', name: 'Twice' })
  const house = sourceHouse()
  await insertSetAside(db, acme.id, id, [{ ...item(), sealed: house.seals.sealBytes(Buffer.from('{}'), placeOf(acme.id, id)) }], new Date())
  const waiters = async () => (await sql`SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(db)).rows.length
  let replayed: Promise<{ replayed: number }> | undefined
  let discarded: Promise<{ discarded: number }> | undefined
  let over = false
  await db.transaction().execute(async (transaction) => {
    // Nothing comes into the inbox: who sends in again has taken the item, and waits.
    await sql`LOCK TABLE inbox IN SHARE MODE`.execute(transaction)
    replayed = service().replay(id)
    await somebodyWaits()
    discarded = service()
      .discard(id)
      .finally(() => {
        over = true
      })
    await expect.poll(async () => over || (await waiters()) === 2, { timeout: 15_000, interval: 20 }).toBe(true)
  })
  expect([(await replayed)?.replayed, (await discarded)?.discarded]).toEqual([1, 0])
})

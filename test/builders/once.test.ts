/** Proposals are made once per key, whole or not at all, and touch nothing that was there: on both engines, from two processes' worth of connections. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { callTool } from '../call.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { openTestStores, type TestStores } from '../stores.ts'
import { now, type Place, placeIn } from './world.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of four tools, looked into by name
type Answer = any

let stores: TestStores
let postgres: TestPostgres
let servers: OperationalStore[]
beforeAll(async () => {
  stores = await openTestStores(now)
  postgres = await startPostgres()
  const url = await postgres.database()
  servers = [await openOperational({ engine: 'postgres', url }), await openOperational({ engine: 'postgres', url })]
})
afterAll(async () => {
  await stores.close()
  for (const server of servers ?? []) await server.close()
  await postgres.stop()
})

const call = async ({ stores: at, somebody }: Place, tool: string, args: object): Promise<Answer> => (await callTool<Answer>(at, somebody, tool, args)).structured
const refusal = async (place: Place, tool: string, args: object): Promise<Answer> => await call(place, tool, args).catch((error: unknown) => error)
const rowsOf = async ({ stores: { db }, account }: Place) => await db.selectFrom('entities').selectAll().where('account_id', '=', account.id).orderBy('id').execute()

// Nobody is in these accounts: rules are of what needs no customer.
const proposals: readonly [tool: string, args: object, rows: number][] = [
  ['create_target_group_draft', { name: 'Reachable', description: 'who consented to Email' }, 1],
  ['create_campaign_draft', { name: 'Hello', channel: 'SMS', audience: 'who consented to SMS', promotion: 'ten', brand: 'b1' }, 2],
  ['create_trigger_draft', { name: 'Paid in', description: 'fires on a deposit event with amount greater than 100', followUp: { campaign: 'running' } }, 1],
  ['create_stream_draft', { name: 'Series', campaigns: [{ campaign: 'running', condition: 'who consented to SMS' }, { campaign: 'bare' }] }, 1],
]

describe.each(['PGlite', 'PostgreSQL'])('on %s', (engine) => {
  let places: Place[]
  beforeAll(async () => {
    if (engine === 'PGlite') places = [await placeIn(stores)]
    else {
      const first = await placeIn(stores, servers[0]!.db)
      places = [first, { ...first, stores: { ...first.stores, db: servers[1]!.db } }]
    }
  })
  const at = (n: number) => places[n % places.length]!

  test.each(proposals)('%s: ten at once and a retry make one; what was there stays as it was', async (tool, args, rows) => {
    const before = await rowsOf(at(0))
    const given = { ...args, idempotencyKey: `key-of-${tool}` }
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => call(at(n), tool, given)))
    answers.push(await call(at(1), tool, given))
    expect(answers.filter(({ repeated }: Answer) => !repeated)).toHaveLength(1)
    for (const answer of answers) expect({ ...answer, repeated: false }).toEqual({ ...answers[0], repeated: false })
    const after = await rowsOf(at(0))
    const old = new Set(before.map(({ id }) => id))
    expect(after.filter(({ id }) => old.has(id))).toEqual(before)
    const made = after.filter(({ id }) => !old.has(id))
    expect(made.map(({ id }) => id).sort()).toEqual(answers[0].created.map(({ id }: Answer) => id).sort())
    expect(made.map(({ status, origin }) => [status, origin])).toEqual(Array.from({ length: rows }, () => ['draft', 'mcp']))
    // The same key for something else is refused, and another key for the same is a new request, whose name is taken.
    expect(await refusal(at(0), tool, { ...given, name: 'Other' })).toMatchObject({ code: 'conflict', details: { argument: 'idempotencyKey' } })
    expect(await refusal(at(0), tool, { ...given, idempotencyKey: 'another-key' })).toMatchObject({ code: 'conflict', details: { argument: 'name' } })
  })

  test('ten at once without a key: a name is given once, and no part of the others is left', async () => {
    const before = (await rowsOf(at(0))).length
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => refusal(at(n), 'create_campaign_draft', { ...proposals[1]?.[1], name: 'Without a key' })))
    expect(answers.filter(({ created }: Answer) => created)).toHaveLength(1)
    expect(answers.filter(({ code }: Answer) => code === 'conflict')).toHaveLength(9)
    expect((await rowsOf(at(0))).length - before).toBe(2)
    const { db } = at(0).stores
    const drafts = await db.selectFrom('drafts').select('entity_id').where('account_id', '=', at(0).account.id).execute()
    expect(new Set(drafts.map(({ entity_id }) => entity_id))).toEqual(new Set((await rowsOf(at(0))).filter(({ origin }) => origin === 'mcp').map(({ id }) => id)))
  })

  test('a retry finds its answer although what it names is gone', async () => {
    const given = { name: 'Follows', event: 'visit', followUp: { flow: 'resting' }, idempotencyKey: 'a-late-retry' }
    const made = await call(at(0), 'create_trigger_draft', given)
    await at(0).stores.db.deleteFrom('entities').where('account_id', '=', at(0).account.id).where('key', '=', 'resting').execute()
    expect(await call(at(1), 'create_trigger_draft', given)).toEqual({ ...made, repeated: true })
  })
})

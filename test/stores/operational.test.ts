/** The operational store behaves the same on PGlite and on a real PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MercatError } from '../../src/core/errors.ts'
import { readMigrations } from '../../src/storage/migrations.ts'
import { type OperationalStore, openOperational } from '../../src/storage/operational/open.ts'
import { caught } from '../caught.ts'
import { copyEmptyOperational } from '../engines/template.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { makeAccount } from '../stores.ts'

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => await postgres?.stop())

const engines = {
  pglite: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
    await copyEmptyOperational(join(folder, 'operational'))
    return { store: await openOperational({ engine: 'pglite', folder: join(folder, 'operational') }), clean: async () => await rm(folder, { recursive: true, force: true }) }
  },
  postgres: async () => ({ store: await openOperational({ engine: 'postgres', url: await postgres.database() }), clean: async () => {} }),
}

describe.each(Object.entries(engines))('%s', (engine, open) => {
  let store: OperationalStore
  let clean: () => Promise<void>
  beforeAll(async () => {
    ;({ store, clean } = await open())
  })
  afterAll(async () => {
    await store?.close()
    await clean?.()
  })

  test('gives the same JavaScript for every type', async () => {
    const { rows } =
      await sql`SELECT 9007199254740991::bigint AS big, count(*) AS count, 12.50::numeric AS exact, timestamptz '2024-03-31 01:30:00.123+02' AS at, date '2024-02-29' AS day,
      '{"a":[1,null]}'::jsonb AS json, '[1,2]'::jsonb AS list, ARRAY['x','y,"z'] AS texts, ARRAY[]::text[] AS none, '\\x00ff'::bytea AS bytes, true AS yes, NULL::text AS nothing, 7::integer AS small, 0.25::float8 AS share`.execute(
        store.db,
      )
    const row = rows[0] as Record<string, unknown>
    expect({ ...row, bytes: undefined }).toEqual({
      big: 9007199254740991,
      count: 1,
      exact: '12.50',
      at: new Date('2024-03-30T23:30:00.123Z'),
      day: '2024-02-29',
      json: { a: [1, null] },
      list: [1, 2],
      texts: ['x', 'y,"z'],
      none: [],
      bytes: undefined,
      yes: true,
      nothing: null,
      small: 7,
      share: 0.25,
    })
    expect(row.bytes).toBeInstanceOf(Uint8Array)
    expect([...(row.bytes as Uint8Array)]).toEqual([0, 255])
  })

  test('takes the same parameters and gives them back', async () => {
    const account = await makeAccount(store.db)
    const hostile = `a'b"c\\d,{}\n\t é 😀`
    await store.db
      .insertInto('entities')
      .values({
        account_id: account.id,
        type: 'campaign',
        id: 'cmp_1',
        key: hostile,
        name: hostile,
        status: 'draft',
        tags: [hostile, '', 'NULL', '{}'],
        starts_at: new Date('2024-03-31T00:30:00.123Z'),
        ends_at: '2024-04-01T00:00:00.000Z',
        origin: 'import',
        definition: JSON.stringify({ text: hostile, list: [1, 'two', null], deep: { empty: [] } }),
      })
      .execute()
    const row = await store.db.selectFrom('entities').selectAll().where('account_id', '=', account.id).where('key', '=', hostile).executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      key: hostile,
      tags: [hostile, '', 'NULL', '{}'],
      starts_at: new Date('2024-03-31T00:30:00.123Z'),
      ends_at: new Date('2024-04-01T00:00:00Z'),
      channel: null,
      definition: { text: hostile, list: [1, 'two', null], deep: { empty: [] } },
    })
    const kept = await store.db.selectFrom('accounts').select('customer_key').where('id', '=', account.id).executeTakeFirstOrThrow()
    expect(Buffer.from(kept.customer_key)).toEqual(account.customerKey)
    await store.db
      .insertInto('installation')
      .values({ key: 'list', value: JSON.stringify(['a', 'b']) })
      .execute()
    expect((await store.db.selectFrom('installation').select('value').where('key', '=', 'list').executeTakeFirstOrThrow()).value).toEqual(['a', 'b'])
    const found = await store.db
      .selectFrom('entities')
      .select('id')
      .where(sql<boolean>`key = ANY(${[hostile, 'other']}::text[])`)
      .execute()
    expect(found).toEqual([{ id: 'cmp_1' }])
  })

  test('numbers loads, and a failed statement takes nothing with it', async () => {
    const account = await makeAccount(store.db)
    const load = await store.db
      .insertInto('loads')
      .values({ account_id: account.id, source: 's', label: 'l' })
      .returning(['id', 'accepted', 'started_at'])
      .executeTakeFirstOrThrow()
    expect(load).toEqual({ id: expect.any(Number), accepted: 0, started_at: expect.any(Date) })
    expect(await caught(store.db.insertInto('loads').values({ account_id: 'acc_none', source: 's', label: 'l' }).execute())).toMatchObject({ code: '23503' })
    expect(
      await caught(
        store.db
          .insertInto('accounts')
          .values({ id: 'x', system_name: account.systemName, name: '', time_zone: '', currency: 'EUR', settings: '{}', customer_key: Buffer.alloc(16) })
          .execute(),
      ),
    ).toMatchObject({ code: '23505' })
    const updated = await store.db.updateTable('loads').set({ accepted: 5 }).where('id', '=', load.id).executeTakeFirst()
    expect(Number(updated.numUpdatedRows)).toBe(1)
  })

  test('keeps transactions that run at the same time apart', async () => {
    const work = async (index: number) =>
      await store.db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('installation')
          .values({ key: `apart-${index}`, value: '{}' })
          .execute()
        await new Promise((resolve) => setImmediate(resolve))
        if (index % 2) throw new Error('rolled back')
      })
    const outside = [7, 8, 9].map((index) =>
      store.db
        .insertInto('installation')
        .values({ key: `apart-o${index}`, value: '{}' })
        .execute(),
    )
    await Promise.allSettled([...Array.from({ length: 6 }, (_, index) => work(index)), ...outside])
    const rows = await store.db.selectFrom('installation').select('key').where('key', 'like', 'apart-%').orderBy('key').execute()
    expect(rows.map(({ key }) => key)).toEqual(['apart-0', 'apart-2', 'apart-4', 'apart-o7', 'apart-o8', 'apart-o9'])
  })

  test('carries notifications, of committed transactions only, until unsubscribed', async () => {
    const heard: string[] = []
    const stop = await store.listen('some_channel', (payload) => void heard.push(payload))
    await store.notify('some_channel', 'first')
    await store.notify('other', 'not heard')
    await store.db.transaction().execute(async (transaction) => await sql`SELECT pg_notify('some_channel', 'committed')`.execute(transaction))
    await caught(
      store.db.transaction().execute(async (transaction) => {
        await sql`SELECT pg_notify('some_channel', 'rolled back')`.execute(transaction)
        throw new Error('no')
      }),
    )
    await store.notify('some_channel', 'ünïcode \' "last')
    await expect.poll(() => heard).toEqual(['first', 'committed', 'ünïcode \' "last'])
    expect(await caught(store.listen('c; DROP TABLE users', () => {}))).toBeInstanceOf(TypeError)
    await stop()
    await store.notify('some_channel', 'after')
    await store.db.selectFrom('users').selectAll().execute()
    expect(heard).toHaveLength(3)
  })

  test('locks of a session are given back', async () => {
    for (let round = 0; round < 3; round++) {
      await store.db.connection().execute(async (connection) => {
        await sql`SELECT pg_advisory_lock(77)`.execute(connection)
        await sql`SELECT pg_advisory_unlock(77)`.execute(connection)
      })
    }
    expect(engine).toBe(store.engine)
  })
})

describe('a PostgreSQL server', () => {
  test('is opened by several processes at once: one migrates, all start', async () => {
    const url = await postgres.database()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openOperational({ engine: 'postgres', url })))
    const { rows } = await sql`SELECT version, name FROM mercat_version`.execute(stores[0]?.db ?? stores[1]!.db)
    expect(rows).toHaveLength((await readMigrations('operational')).length)
    await Promise.all(stores.map((store) => store.close()))
  })

  test('may end connections: idle ones unseen, a transaction’s with `unavailable`, and listeners hear that they may have missed something', async () => {
    const url = await postgres.database()
    const store = await openOperational({ engine: 'postgres', url })
    const admin = new pg.Client({ connectionString: url })
    await admin.connect()
    const heard: string[] = []
    const states: string[] = []
    const stop = await store.listen(
      'c',
      (payload) => void heard.push(payload),
      (state) => void states.push(state),
    )
    const endAll = async () =>
      void (await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'mercat%'"))

    await endAll()
    await expect.poll(() => states).toEqual(['lost', 'back'])
    await expect.poll(async () => await caught(sql`SELECT 1`.execute(store.db))).toBeUndefined()
    await store.notify('c', 'again')
    await expect.poll(() => heard).toEqual(['again'])

    const error = await caught(
      store.db.transaction().execute(async (transaction) => {
        await sql`SELECT 1`.execute(transaction)
        await endAll()
        await sql`SELECT 2`.execute(transaction)
      }),
    )
    expect(error).toBeInstanceOf(MercatError)
    expect((error as MercatError).code).toBe('unavailable')
    await expect.poll(async () => await caught(sql`SELECT 1`.execute(store.db))).toBeUndefined()
    await stop()
    await admin.end()
    await store.close()
  })

  test('may restart: `unavailable` while it is down, right answers after', async () => {
    const url = await postgres.database()
    const store = await openOperational({ engine: 'postgres', url })
    const states: string[] = []
    await store.listen(
      'c',
      () => {},
      (state) => void states.push(state),
    )
    await postgres.restart(async () => {
      expect(await caught(sql`SELECT 1`.execute(store.db))).toMatchObject({ code: 'unavailable', details: { retryAfter: 5 } })
      expect(await caught(openOperational({ engine: 'postgres', url }))).toMatchObject({
        name: 'StoreUnreachableError',
        message: expect.stringMatching(/^PostgreSQL at 127\.0\.0\.1:\d+ \(MERCAT_DATABASE_URL\) is not reachable\.$/),
      })
    })
    await expect.poll(async () => await caught(sql`SELECT 1`.execute(store.db)), { timeout: 10_000 }).toBeUndefined()
    await expect.poll(() => states, { timeout: 10_000 }).toEqual(['lost', 'back'])
    await store.close()
  })

  test('says in one sentence that the database does not exist', async () => {
    const url = new URL(await postgres.database())
    url.pathname = '/nothing'
    expect(await caught(openOperational({ engine: 'postgres', url: url.href }))).toMatchObject({
      name: 'StoreUnreachableError',
      message: expect.stringContaining('has no database'),
    })
  })

  test('ends a statement that takes too long', async () => {
    const store = await openOperational({ engine: 'postgres', url: await postgres.database() })
    const error = await caught(
      store.db.connection().execute(async (connection) => {
        await sql`SET statement_timeout = 50`.execute(connection)
        await sql`SELECT pg_sleep(5)`.execute(connection)
      }),
    )
    expect(error).toMatchObject({ code: 'deadline_exceeded' })
    await store.close()
  })
})

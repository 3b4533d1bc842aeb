/** Jobs on both engines: asked for, by the clock, failing, stopped, once for all processes. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { type Jobs, openJobs, type RequestedJob, type ScheduledJob } from '../../src/storage/operational/jobs.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { upkeepJobs } from '../../src/storage/operational/upkeep.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { copyEmptyOperational } from '../engines/template.ts'
import { makeAccount } from '../stores.ts'

const quiet = createLog('silent', 'silent')
let postgres: TestPostgres
let folder: string
beforeAll(async () => {
  postgres = await startPostgres()
  folder = await mkdtemp(join(tmpdir(), 'mercat-jobs-'))
  await copyEmptyOperational(join(folder, 'operational'))
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Resolves when called. */
function occurrence<Value = void>(): { readonly seen: Promise<Value>; readonly happen: (value: Value) => void } {
  const { promise, resolve } = Promise.withResolvers<Value>()
  return { seen: promise, happen: resolve }
}

describe.each(['pglite', 'postgres'] as const)('on %s', (engine) => {
  let store: OperationalStore
  let url: string | undefined
  const opened: Jobs[] = []
  const open = (jobs: (ScheduledJob | RequestedJob)[], on: OperationalStore = store): Jobs => {
    const made = openJobs(on, quiet)
    opened.push(made)
    made.start(jobs)
    return made
  }
  beforeAll(async () => {
    url = engine === 'postgres' ? await postgres.database() : undefined
    store = await openOperational(url === undefined ? { engine: 'pglite', folder: join(folder, 'operational') } : { engine: 'postgres', url })
  })
  afterAll(async () => {
    await Promise.all(opened.map((jobs) => jobs.close()))
    await store.close()
  })

  const rowsOf = async (name: string) =>
    (
      await sql<{ state: string; data: unknown; output: unknown; retry_count: number }>`SELECT state, data, output, retry_count FROM pgboss.job WHERE name = ${name}`.execute(
        store.db,
      )
    ).rows

  test('work that may overlap runs once at a time in a process, once more when it was asked for meanwhile, and does not keep others waiting', async () => {
    const [begun, goOn] = [occurrence(), occurrence()]
    const runs: string[] = []
    let atWork = 0
    const jobs = open([
      {
        name: 'overlapping',
        concurrency: 2,
        overlapping: true,
        run: async (_, { accountId }) => {
          expect(++atWork, accountId).toBe(1)
          runs.push(accountId)
          begun.happen()
          if (runs.length === 1) {
            atWork--
            await goOn.seen
          } else atWork--
        },
      },
    ])
    await jobs.send('overlapping', { accountId: 'busy' })
    await begun.seen
    for (let time = 0; time < 3; time++) await jobs.send('overlapping', { accountId: 'busy' })
    // Behind a job of the account that is at work, and not held up by it.
    await jobs.send('overlapping', { accountId: 'other' })
    await expect.poll(() => runs).toEqual(['busy', 'other'])
    goOn.happen()
    await expect.poll(() => runs).toEqual(['busy', 'other', 'busy'])
    await jobs.close()
  })

  test('work that is asked for begins at once, and several things asked for follow one another without waiting for a poll', async () => {
    const seen: string[] = []
    const all = occurrence()
    const jobs = open([
      {
        name: 'counted',
        run: async (_signal, { accountId }) => {
          seen.push(accountId)
          if (seen.length === 3) all.happen()
        },
      },
    ])
    await Promise.all(['acc_1', 'acc_2', 'acc_3'].map((accountId) => jobs.send('counted', { accountId })))
    await all.seen
    expect(seen.sort()).toEqual(['acc_1', 'acc_2', 'acc_3'])
    await jobs.close()
  })

  test('asked for twice while it waits, it runs once more, not twice; what is kept of it are ids', async () => {
    const began = occurrence()
    const go = occurrence()
    const done = occurrence()
    let runs = 0
    const jobs = open([
      {
        name: 'folded',
        run: async () => {
          runs++
          if (runs > 1) return done.happen()
          began.happen()
          await go.seen
        },
      },
    ])
    await jobs.send('folded', { accountId: 'acc_1' })
    await began.seen
    for (let times = 0; times < 3; times++) await jobs.send('folded', { accountId: 'acc_1' })
    // The store is free while a job runs: nothing holds a transaction.
    expect((await rowsOf('folded')).map(({ state, data }) => [state, data]).sort()).toEqual([
      ['active', { accountId: 'acc_1' }],
      ['created', { accountId: 'acc_1' }],
    ])
    go.happen()
    await done.seen
    await jobs.close()
    expect(runs).toBe(2)
  })

  test('a job that fails is kept for another try, without the words of its error, and the next one runs', async () => {
    const next = occurrence()
    const jobs = open([
      {
        name: 'failing',
        run: async (_signal, { accountId }) => {
          if (accountId === 'acc_bad') throw new Error('Key (email)=(ada@example.com) already exists')
          next.happen()
        },
      },
    ])
    await jobs.send('failing', { accountId: 'acc_bad' })
    await jobs.send('failing', { accountId: 'acc_good' })
    await next.seen
    await jobs.close()
    const [bad] = (await rowsOf('failing')).filter(({ state }) => state === 'retry')
    expect(bad?.data).toEqual({ accountId: 'acc_bad' })
    expect(JSON.stringify(bad)).not.toContain('ada@example.com')
  })

  test('closing aborts what runs, waits for it, and leaves it for the next start', async () => {
    const began = occurrence()
    let stopped = false
    const jobs = open([
      {
        name: 'long',
        run: async (signal: AbortSignal) => {
          began.happen()
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
          await store.db.selectFrom('accounts').select('id').execute()
          stopped = true
          signal.throwIfAborted()
        },
      },
    ])
    await jobs.send('long', { accountId: 'acc_1' })
    await began.seen
    await jobs.close()
    expect(stopped).toBe(true)
    expect((await rowsOf('long')).map(({ state }) => state)).toEqual(['retry'])
    await expect(jobs.send('long', { accountId: 'acc_1' })).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('closing before the start is over ends too', async () => {
    const jobs = open([{ name: 'never', run: async () => {} }])
    await jobs.close()
    await expect(jobs.send('never', { accountId: 'acc_1' })).rejects.toMatchObject({ code: 'unavailable' })
  })

  test('several processes make one schedule and one queue of a job', async () => {
    const other = url === undefined ? store : await openOperational({ engine: 'postgres', url })
    const schedule = { name: 'hourly', title: 'Each hour', type: 'upkeep' as const, cron: '7 * * * *', run: async () => {} }
    const both = [open([schedule]), open([schedule], other)]
    await Promise.all(both.map((jobs) => jobs.send('hourly', { accountId: '' })))
    const { rows } = await sql<{ name: string; cron: string; timezone: string }>`SELECT name, cron, timezone FROM pgboss.schedule WHERE name = 'hourly'`.execute(store.db)
    expect(rows).toEqual([{ name: 'hourly', cron: '7 * * * *', timezone: 'UTC' }])
    await Promise.all(both.map((jobs) => jobs.close()))
    if (other !== store) await other.close()
  })
})

test('the embedded store gives the room of deleted rows back, and knows its tables; a server does so by itself', async () => {
  const store = await openOperational({ engine: 'pglite', folder: undefined })
  const [vacuum] = upkeepJobs(store)
  const account = await makeAccount(store.db)
  const insert = () =>
    sql`INSERT INTO audit (account_id, at, tool, effect, outcome, ms) SELECT ${account.id}, now(), repeat('x', 200), 'read', 'ok', 1 FROM generate_series(1, 5000)`.execute(
      store.db,
    )
  const size = async () => (await sql<{ bytes: number }>`SELECT pg_relation_size('audit') AS bytes`.execute(store.db)).rows[0]!.bytes
  await insert()
  const once = await size()
  for (let times = 0; times < 3; times++) {
    await store.db.deleteFrom('audit').execute()
    // What was changed is counted a moment later.
    await expect
      .poll(
        async () => {
          await vacuum?.run(new AbortController().signal, { accountId: '', runId: '' })
          return await size()
        },
        { timeout: 10_000 },
      )
      .toBe(0)
    await insert()
  }
  expect(await size()).toBe(once)
  await store.close()
  expect(upkeepJobs({ engine: 'postgres', db: store.db })).toEqual([])
})

test('one run by the clock for all processes: of two that find the minute has come, one sends it, and it runs', async () => {
  const url = await postgres.database()
  const stores = [await openOperational({ engine: 'postgres', url }), await openOperational({ engine: 'postgres', url })]
  const ran = occurrence()
  let runs = 0
  const job: ScheduledJob = {
    name: 'minutely',
    title: 'Each minute',
    type: 'upkeep',
    cron: '* * * * *',
    run: async () => {
      runs++
      ran.happen()
    },
  }
  const start = (store: OperationalStore) => {
    const jobs = openJobs(store, quiet)
    jobs.start([job])
    return jobs
  }
  const sent = async (name: string) => (await sql`SELECT id FROM pgboss.job WHERE name = ${name}`.execute(stores[0]!.db)).rows.length
  // The first start makes the schedule; at the next ones the minute has come.
  const first = start(stores[0]!)
  await expect.poll(async () => (await sql`SELECT name FROM pgboss.schedule`.execute(stores[0]!.db).catch(() => ({ rows: [] }))).rows.length).toBe(1)
  await first.close()
  await sql`UPDATE pgboss.version SET cron_on = NULL`.execute(stores[0]!.db)
  const both = stores.map(start)
  await expect.poll(() => sent('__pgboss__send-it')).toBe(1)
  await Promise.all(both.map((jobs) => jobs.close()))
  expect(await sent('__pgboss__send-it')).toBe(1)
  // Queues are looked at slowly, but always at a start: two more of them rather than two minutes.
  const sender = start(stores[1]!)
  await expect.poll(() => sent('minutely')).toBe(1)
  await sender.close()
  const last = stores.map(start)
  await ran.seen
  await Promise.all(last.map((jobs) => jobs.close()))
  expect(runs).toBe(1)
  await Promise.all(stores.map((store) => store.close()))
})

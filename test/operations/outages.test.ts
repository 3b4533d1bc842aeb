/** A store that is away in mid-run, stopped or frozen: what needs it says so within 5 s, the rest goes on, and everything comes back by itself. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLog } from '../../src/core/log.ts'
import { newId } from '../../src/core/ids.ts'
import { runJob } from '../../src/domain/operations/index.ts'
import { insertDelivered } from '../../src/domain/sources/index.ts'
import { openJobs } from '../../src/storage/operational/jobs.ts'
import { startApp, type TestApp, textOf } from '../app.ts'
import { askAs, callAs } from '../call.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { startClickhouseFront, type TestClickhouseFront } from '../engines/clickhouse.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'

let postgres: TestPostgres
let clickhouse: TestClickhouseFront
let app: TestApp
let dashboard: Awaited<ReturnType<typeof openDashboard>>
beforeAll(async () => {
  ;[postgres, clickhouse] = await Promise.all([startPostgres(), startClickhouseFront()])
  app = await startApp({
    env: { MERCAT_DATABASE_URL: await postgres.database(), MERCAT_CLICKHOUSE_URL: clickhouse.url, MERCAT_SECRET: 'a secret of this test alone, which is long enough' },
  })
  // While it can be given.
  await app.token('owner', 'c/acme')
  dashboard = await openDashboard(app.origin, app.people.owner)
  const { id } = await dashboard.ok<{ id: string }>('sources/add', { account: 'acme', type: 'api', name: 'Shop' })
  const delivered = { accountId: app.accounts.acme.id, sourceId: id, receivedAt: new Date(Date.now() - 90_000), items: 7, bytes: 1, sealed: Buffer.from('x') }
  await insertDelivered(app.stores.db, [delivered])
})
afterAll(async () => {
  await app?.close()
  await Promise.all([postgres?.stop(), clickhouse?.stop()])
})

/** What a work answers. It is promised within 5 s (src/storage/liveness.test.ts); whoever waits for the store itself waits for half a minute and more. */
async function soon<Result>(work: Promise<Result>): Promise<Result> {
  const began = performance.now()
  const result = await work
  expect(performance.now() - began).toBeLessThan(15_000)
  return result
}

const post = (tool: string, args: object = {}) => askAs(app, 'owner', tool, args)
async function call(tool: string, args: object = {}): Promise<{ failed: boolean; text: string; structured: Record<string, unknown> }> {
  const result = await callAs(app, 'owner', tool, args)
  return { failed: result.isError === true, text: textOf(result), structured: result.structuredContent ?? {} }
}
const figures = { startDate: '2026-01-01', endDate: '2026-01-31' }
const overview = () => call('account_overview', figures)

const needsNoFigures: readonly [string, object][] = [
  ['metric_definitions', {}],
  ['list_entities', { type: 'campaign' }],
  ['search_docs', { query: 'attribution' }],
  ['list_jobs', {}],
]

async function withoutClickhouse(): Promise<void> {
  for (const answer of await soon(Promise.all([overview(), call('campaign_report', figures), call('list_execution_errors')]))) {
    expect(answer.failed).toBe(true)
    expect(answer.text).toMatch(/The analytics store is not reachable at the moment\..*Try again in 5 s\./)
  }
  for (const [tool, args] of needsNoFigures) expect({ tool, ...(await soon(call(tool, args))) }).toMatchObject({ tool, failed: false })
  const status = await soon(call('platform_status'))
  expect(status.structured).toMatchObject({ state: 'degraded', reasons: expect.arrayContaining([expect.objectContaining({ what: 'analytics_store' })]) })
  expect(status.structured.stores).toMatchObject([
    { store: 'operational', reachable: true },
    { store: 'analytics', reachable: false, engine: 'ClickHouse' },
  ])
  // What sources deliver goes on waiting, and the status says so.
  expect(status.structured).toMatchObject({ streams: { behind: 1, waiting: 7 }, reasons: expect.arrayContaining([expect.objectContaining({ what: 'sources' })]) })
  expect((await soon(call('pipeline_status'))).structured).toMatchObject({
    analytics: 'unavailable',
    pipelines: [{ source: 'Shop', lastEventAt: null, stream: { state: 'behind', waiting: { requests: 1, items: 7 } } }],
  })
  expect((await soon(dashboard.call('session/current'))).status).toBe(200)
}

test.each(['restart', 'freeze'] as const)('ClickHouse away (%s): figures are refused within 5 s with a time to try again, the rest answers, and figures come back', async (how) => {
  expect((await overview()).failed).toBe(false)
  await clickhouse[how](withoutClickhouse)
  await expect.poll(async () => (await overview()).failed, { timeout: 10_000 }).toBe(false)
})

async function withoutPostgres(): Promise<void> {
  for (const answer of await soon(Promise.all([post('account_overview', figures), post('metric_definitions')]))) {
    expect({ status: answer.status, retry: answer.headers.get('retry-after') }).toEqual({ status: 503, retry: '5' })
  }
  // A platform is asked to come again: nothing of its delivery was kept.
  const refused = await soon(fetch(app.at('/ingest/sendgrid/some-key'), { method: 'POST', body: '[]' }))
  expect({ status: refused.status, retry: refused.headers.get('retry-after') }).toEqual({ status: 503, retry: '5' })
  const { status, body } = await soon(dashboard.call('session/current'))
  expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'unavailable', retryAfter: 5 } } })
}

test.each(['restart', 'freeze'] as const)('PostgreSQL away (%s): nobody can be authorised, and every door says 503 within 5 s; then all go on', async (how) => {
  expect((await overview()).failed).toBe(false)
  const heard: string[] = []
  const states: string[] = []
  const end = await app.stores.operational.listen(
    'outage',
    (payload) => heard.push(payload),
    (state) => states.push(state),
  )
  await postgres[how](withoutPostgres)
  await expect.poll(async () => (await post('metric_definitions')).status, { timeout: 10_000 }).toBe(200)
  expect((await overview()).failed).toBe(false)
  expect((await dashboard.call('session/current')).status).toBe(200)
  // Listeners too: what is said now is heard.
  await expect.poll(() => states, { timeout: 20_000 }).toEqual(['lost', 'back'])
  await app.stores.operational.notify('outage', how)
  await expect.poll(() => heard).toEqual([how])
  await end()
})

test('a call answered while its audit record could not be written is in the audit log afterwards', async () => {
  const kept = async () => (await sql<{ n: number }>`SELECT count(*) AS n FROM audit WHERE input->>'endDate' = '2026-01-30'`.execute(app.stores.db)).rows[0]?.n
  await postgres.restart(async () => {
    for (let at = 0; at < 3; at++) {
      app.audit.record({
        accountId: app.accounts.acme.id,
        at: new Date(),
        userId: app.people.owner.id,
        clientId: 'test',
        tool: 'account_overview',
        effect: 'read',
        outcome: 'ok',
        ms: 1,
        rows: null,
        tokens: null,
        input: { endDate: '2026-01-30' },
        result: null,
      })
    }
    await app.audit.flush()
  })
  await expect.poll(async () => await kept().catch(() => undefined), { timeout: 10_000 }).toBe(3)
})

test('jobs that run while PostgreSQL is away end as if it had not been, or are run once more, and work asked for afterwards begins', async () => {
  const { stores } = app
  const accountId = app.accounts.acme.id
  const begun = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const endings = new Map<string, PromiseWithResolvers<void>>()
  const runs: string[] = []
  let failures = 0
  const id = newId('job')
  const jobs = openJobs(stores.operational, createLog('silent', 'silent'))
  jobs.start([
    {
      name: 'outage_probe',
      run: async (signal, { jobId = '' }) => {
        const work = async () => {
          runs.push(jobId)
          begun.resolve()
          await (endings.get(jobId) ?? go).promise
        }
        await runJob(stores, { id: jobId, accountId, type: 'recount', title: 'A probe' }, { signal, retry: true }, work).catch((error: unknown) => {
          failures++
          throw error
        })
      },
    },
  ])
  const stateOf = async (job: string) =>
    (
      await stores.db
        .selectFrom('jobs')
        .select('state')
        .where('id', '=', job)
        .executeTakeFirst()
        .catch(() => undefined)
    )?.state
  await jobs.send('outage_probe', { accountId, jobId: id })
  await begun.promise
  expect(await stateOf(id)).toBe('running')
  await postgres.restart()
  go.resolve()
  await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe('completed')
  expect(runs).toEqual([id])
  const next = newId('job')
  await jobs.send('outage_probe', { accountId, jobId: next })
  await expect.poll(() => stateOf(next), { timeout: 60_000 }).toBe('completed')
  // Its end could not be written: the job is not lost with it, it is run once more.
  const third = newId('job')
  const ended = Promise.withResolvers<void>()
  endings.set(third, ended)
  await jobs.send('outage_probe', { accountId, jobId: third })
  await expect.poll(() => runs.filter((run) => run === third)).toHaveLength(1)
  await postgres.restart(async () => {
    ended.resolve()
    await expect.poll(() => failures).toBeGreaterThan(0)
  })
  await expect.poll(() => stateOf(third), { timeout: 110_000 }).toBe('completed')
  expect(runs.filter((run) => run === third)).toHaveLength(2)
  await jobs.close()
})

test('what is at work, and what is written, when a store freezes ends within 5 s with a reason', async () => {
  const { db, analytics } = app.stores
  const away = { code: 'unavailable', details: { retryAfter: 5 } }
  const [statement, query] = [sql`SELECT pg_sleep(30)`.execute(db), analytics.query('SELECT sleepEachRow(1) FROM numbers(30)', {}, { settings: { max_block_size: 1 } })]
  await Promise.all([
    postgres.freeze(async () => await soon(expect(statement).rejects.toMatchObject(away))),
    clickhouse.freeze(async () => {
      const written = analytics.insert('load_counts', [{ account_id: 'acc_test', load_id: 1, kind: 'events', reason: '', campaign: '', rows: 1 }])
      await soon(Promise.all([expect(query).rejects.toMatchObject(away), expect(written).rejects.toMatchObject(away)]))
    }),
  ])
  await expect.poll(async () => (await overview()).failed, { timeout: 10_000 }).toBe(false)
})

// One that is away is known after 3.5 s.
test('a statement that works for long is not taken for a server that is away', async () => {
  const [slow, query] = await Promise.all([
    sql<{ slept: boolean }>`SELECT pg_sleep(4) IS NOT NULL AS slept`.execute(app.stores.db),
    app.stores.analytics.query<{ n: number }>('SELECT sum(sleepEachRow(0.5)) AS n FROM numbers(8)', {}, { settings: { max_block_size: 1 } }),
  ])
  expect(slow.rows).toEqual([{ slept: true }])
  expect(query).toEqual([{ n: 0 }])
})

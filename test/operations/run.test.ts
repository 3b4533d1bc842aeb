/** Jobs from inside: runs that are taken over, retried and given up, what the clock starts, imports cancelled from elsewhere, the command line, and turns at the analytics store. */
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandRunner } from '../../src/cli/inside.ts'
import { readConfig } from '../../src/config.ts'
import type { Account } from '../../src/core/access.ts'
import { MercatError } from '../../src/core/errors.ts'
import { createLog } from '../../src/core/log.ts'
import { finishLoading, refreshFacts, startLoad } from '../../src/domain/facts/index.ts'
import { asImportJob, domainJobs, operatorJobs, recorded, recountJob, runJob } from '../../src/domain/operations/index.ts'
import { claim, heartbeat, settle } from '../../src/domain/operations/jobs-repository.ts'
import { inBackground } from '../../src/storage/analytics/background.ts'
import { openJobs } from '../../src/storage/operational/jobs.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import { startPostgres } from '../engines/postgres.ts'
import { sourceHouse } from '../source-house.ts'
import { makeAccount, openTestStores, type TestStores } from '../stores.ts'

const log = createLog('silent', 'silent')
const still = new AbortController().signal
let stores: TestStores
let account: Account
beforeAll(async () => {
  stores = await openTestStores()
  account = await makeAccount(stores.db, { systemName: 'acme' })
})
afterAll(async () => await stores.close())

async function refreshWithLoad(accountId: string): Promise<void> {
  const { id } = await startLoad(stores.db, { accountId, source: 'import', label: 'none' })
  await finishLoading(stores.db, id, { accepted: 0, rejected: 0 })
  await refreshFacts(stores, accountId)
}
const jobOf = async (id: string) => await operatorJobs(stores).get(id)
const run = { accountId: '', runId: '' }

test('a run that was taken for lost can no longer write: neither progress nor an end', async () => {
  const job = { id: 'job_fenced00000000', accountId: account.id, type: 'recount', title: 'Recount' } as const
  const now = new Date()
  const first = await claim(stores.db, job, now)
  const second = await claim(stores.db, job, now)
  expect([first?.attempt, second?.attempt]).toEqual([1, 2])
  const progress = { done: 1, of: null, message: null, partial: null }
  expect(await heartbeat(stores.db, { id: job.id, attempt: 1 }, progress, now)).toBe(false)
  expect(await settle(stores.db, { id: job.id, attempt: 1 }, { state: 'completed' }, now)).toBe(false)
  expect(await settle(stores.db, { id: job.id, attempt: 2 }, { state: 'completed' }, now)).toBe(true)
  expect(await settle(stores.db, { id: job.id, attempt: 2 }, { state: 'failed', error: null }, now)).toBe(false)
  expect(await claim(stores.db, job, now)).toBeUndefined()
  expect(await jobOf(job.id)).toMatchObject({ state: 'completed' })
})

test('what runs by the clock is recorded as the installation’s; it is tried three times, and its words stay in the log', async () => {
  let runs = 0
  const [good, bad] = recorded(stores, log, [
    { name: 'purge_audit', title: 'Delete audit entries past their time', type: 'purge', cron: '7 * * * *', run: async () => void runs++ },
    {
      name: 'broken_thing',
      title: 'Break a thing',
      type: 'upkeep',
      cron: '7 * * * *',
      run: async () => {
        runs++
        throw new Error('Key (email)=(ada@example.com) already exists')
      },
    },
  ])
  await good?.run(still, { ...run, runId: 'one' })
  for (let tries = 0; tries < 2; tries++) await expect(bad?.run(still, { ...run, runId: 'two' })).rejects.toThrow()
  await bad?.run(still, { ...run, runId: 'two' })
  // pg-boss may ask again: nothing happens any more.
  await bad?.run(still, { ...run, runId: 'two' })
  expect(runs).toBe(4)
  const { jobs } = await operatorJobs(stores).list(undefined, {})
  const ofClock = jobs.filter(({ accountId }) => accountId === null)
  expect(ofClock).toMatchObject([
    { type: 'upkeep', title: 'Break a thing', state: 'failed', error: { code: 'internal', message: 'The job failed' } },
    { type: 'purge', title: 'Delete audit entries past their time', state: 'completed', error: null },
  ])
  expect(JSON.stringify(await stores.db.selectFrom('jobs').selectAll().execute())).not.toContain('ada@')
})

test('a recount is a job of its account; ended jobs go when their time is over', async () => {
  const jobs = domainJobs(stores, log, async () => {})
  await jobs.find(({ name }) => name === recountJob)?.run(still, { accountId: account.id, runId: 'three' })
  const { jobs: recounts } = await operatorJobs(stores).list(account.id, { type: 'recount' })
  expect(recounts[0]).toMatchObject({ accountId: account.id, title: 'Count figures anew: settings changed', state: 'completed' })
  await sql`UPDATE jobs SET expires_at = now() - interval '1 second' WHERE id = ${recounts[0]!.id}`.execute(stores.db)
  await expect(jobOf(recounts[0]!.id)).rejects.toMatchObject({ code: 'not_found' })
  await jobs.find(({ name }) => name === 'purge_jobs')?.run(still, run)
  expect(await stores.db.selectFrom('jobs').select('id').where('id', '=', recounts[0]!.id).execute()).toEqual([])
})

test('a call whose request was lost between two statements is asked for again, and no other', async () => {
  const kept = (id: string) =>
    sql`INSERT INTO jobs (id, account_id, type, title, state, request) VALUES (${id}, ${account.id}, 'report', 'Report', 'queued', '{}')`.execute(stores.db)
  const queue = openJobs(stores.operational, log)
  queue.start([{ name: 'report', run: async (signal) => await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })) }])
  await queue.send('report', { accountId: account.id, jobId: 'job_asked000000000' })
  for (const id of ['job_asked000000000', 'job_forgotten00000']) await kept(id)
  const sent: unknown[] = []
  const jobs = domainJobs(stores, log, async (_, data) => void sent.push(data))
  await jobs.find(({ name }) => name === 'purge_jobs')?.run(still, run)
  expect(sent).toEqual([{ accountId: account.id, jobId: 'job_forgotten00000' }])
  await sql`DELETE FROM jobs WHERE state = 'queued'`.execute(stores.db)
  await queue.close()
})

test('stopped with its process, a run waits again, and that counts for none of its tries', async () => {
  const job = { id: 'job_stopped0000000', accountId: account.id, type: 'recount', title: 'Recount' } as const
  for (let stops = 0; stops < 5; stops++) {
    const stopping = new AbortController()
    await expect(
      runJob(stores, job, { signal: stopping.signal, retry: true }, async ({ signal }) => {
        stopping.abort()
        signal.throwIfAborted()
      }),
    ).rejects.toThrow()
  }
  expect(await jobOf(job.id)).toMatchObject({ state: 'queued' })
  await runJob(stores, job, { signal: still, retry: true }, async () => {})
  expect(await jobOf(job.id)).toMatchObject({ state: 'completed' })
})

test('a store that is away counts for none of the tries: the work waits until it is back', async () => {
  const job = { id: 'job_away000000000', accountId: account.id, type: 'recount', title: 'Recount' } as const
  const away = () => Promise.reject(new MercatError('unavailable', 'The analytics store is not reachable at the moment'))
  for (let tries = 0; tries < 5; tries++) await expect(runJob(stores, job, { signal: still, retry: true }, away)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await jobOf(job.id)).toMatchObject({ state: 'queued', error: null })
  await runJob(stores, job, { signal: still, retry: true }, async () => {})
  expect(await jobOf(job.id)).toMatchObject({ state: 'completed' })
})

test('a recount whose request was lost is asked for again by the clock, for accounts whose figures follow settings of before, and no others', async () => {
  const [changed, other] = [await makeAccount(stores.db), await makeAccount(stores.db)]
  for (const { id } of [changed, other]) await refreshWithLoad(id)
  const sent: unknown[] = []
  const look = async () =>
    await domainJobs(stores, log, async (name, data) => void sent.push(name, data))
      .find(({ name }) => name === 'find_stale')
      ?.run(still, run)
  await look()
  expect(sent).toEqual([])
  await stores.db.updateTable('accounts').set({ time_zone: 'Asia/Tokyo' }).where('id', '=', changed.id).execute()
  await look()
  expect(sent).toEqual([recountJob, { accountId: changed.id }])
})

/** Says what a command prints. */
async function mercat(...argv: string[]): Promise<string> {
  const said: string[] = []
  const say = (text: string) => void said.push(text)
  await commandRunner(readConfig({}), stores, sourceHouse())(
    { argv, cwd: '/' },
    { print: say, note: say, progress: () => {}, ask: () => Promise.reject(new Error('asked')) },
    still,
  )
  return said.join('\n')
}

test('an import is seen with its rows and cancelled by the command line; another process learns of it by its next beat', async () => {
  const began = Promise.withResolvers<void>()
  const running = asImportJob(stores, { accountId: account.id, title: 'Import events.csv', signal: still }, async (signal, progress) => {
    progress(5, 10, 'Rows of events.csv', { rows: 5 })
    began.resolve()
    return await new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
  })
  const refused = expect(running).rejects.toMatchObject({ code: 'cancelled' })
  await began.promise
  const { jobs } = await operatorJobs(stores).list(account.id, { type: 'import', state: 'running' })
  const id = jobs[0]!.id
  await expect.poll(() => mercat('jobs', 'show', id), { timeout: 10_000 }).toContain('| so far | {"rows":5} |')
  expect(await mercat('jobs', 'list', '--account', 'acme', '--state', 'running')).toMatch(
    new RegExp(`${id} .* import .* Import events.csv .* running .* 5 of 10, Rows of events.csv`),
  )
  expect(await mercat('jobs', 'cancel', id)).toBe(`${id} is cancelled.`)
  await refused
  expect(await mercat('jobs', 'cancel', id)).toBe(`${id} is cancelled.`)
  expect(await mercat('jobs', 'show', 'job_unknown')).toMatch(/There is no job job_unknown/)
  // Of a process that does not hear: only the row says it.
  const silent = asImportJob(stores, { accountId: account.id, title: 'Import silent.csv', signal: still }, async (signal) => {
    await sql`UPDATE jobs SET state = 'cancelled' WHERE title = 'Import silent.csv'`.execute(stores.db)
    return await new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }))
  })
  await expect(silent).rejects.toMatchObject({ code: 'cancelled' })
})

test('jobs ask the embedded analytics store one thing at a time, and whoever leaves the row is passed over', async () => {
  const background = inBackground(stores.analytics)
  const slow = (signal?: AbortSignal) => background.query('SELECT count() AS turn FROM system.numbers WHERE sipHash64(number) = 1', {}, { signal, seconds: 60 })
  const running = async () =>
    (await stores.analytics.query<{ n: number }>("SELECT count() AS n FROM system.processes WHERE query LIKE '%AS turn FROM%' AND query NOT LIKE '%system.processes%'"))[0]?.n
  const stops = Array.from({ length: 3 }, () => new AbortController())
  const outcomes = stops.map(({ signal }) => slow(signal).catch((error: unknown) => (error as { code: string }).code))
  await expect.poll(running, { timeout: 10_000 }).toBe(1)
  stops[1]?.abort()
  expect(await outcomes[1]).toBe('cancelled')
  expect(await running()).toBe(1)
  stops[0]?.abort()
  expect(await outcomes[0]).toBe('cancelled')
  stops[2]?.abort()
  expect(await outcomes[2]).toBe('cancelled')
  expect(await background.query('SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('work asked for in one process wakes another that has room, without waiting for its next look', async () => {
  const postgres = await startPostgres()
  const url = await postgres.database()
  const both = [await openOperational({ engine: 'postgres', url }), await openOperational({ engine: 'postgres', url })]
  const began: string[] = []
  const seen = [Promise.withResolvers<void>(), Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const end = Promise.withResolvers<void>()
  const work = {
    name: 'woken',
    run: async (_: AbortSignal, { accountId }: { accountId: string }) => {
      began.push(accountId)
      seen[began.length - 1]?.resolve()
      await end.promise
    },
  }
  const jobs = both.map((store) => openJobs(store, log))
  jobs[0]?.start([work])
  await jobs[0]?.send('woken', { accountId: 'acc_1' })
  await seen[0]?.promise
  jobs[1]?.start([{ ...work, concurrency: 2 }])
  await jobs[1]?.send('woken', { accountId: 'acc_2' })
  await seen[1]?.promise
  // The first process is busy, the other has room for one more.
  const asked = performance.now()
  await jobs[0]?.send('woken', { accountId: 'acc_3' })
  await seen[2]?.promise
  // It looks every ten seconds by itself.
  expect(performance.now() - asked).toBeLessThan(5_000)
  end.resolve()
  await Promise.all(jobs.map((one) => one.close()))
  await Promise.all(both.map((store) => store.close()))
  await postgres.stop()
})

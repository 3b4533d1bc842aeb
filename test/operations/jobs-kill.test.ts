/** Ten jobs at work when their process is killed, on both engines: each is finished or failed with a reason afterwards, and nothing happens twice. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { operatorJobs } from '../../src/domain/operations/index.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { type Child, startChild } from '../child.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { copyEmptyOperational } from '../engines/template.ts'

let postgres: TestPostgres
let folder: string
beforeAll(async () => {
  postgres = await startPostgres()
  folder = await mkdtemp(join(tmpdir(), 'mercat-jobs-kill-'))
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

/** @param asked how many reports it asks for, or nothing */
const live = (store: string, mode: 'hold' | 'answer' | 'die', asked: '9' | '2' | '', url?: string): Child =>
  startChild(new URL('jobs-process.ts', import.meta.url), [join(folder, store), mode, asked], url === undefined ? {} : { TEST_DATABASE_URL: url })

const nine = Array.from({ length: 9 }, (_, n) => n)
const two = [0, 1]
/** All of `hold`'s jobs at work: reports, two of whose statements the engine really runs, and an import. */
async function allAtWork(life: Child, reports: readonly number[]): Promise<void> {
  expect(await life.said('asked')).toBeDefined()
  for (const n of reports) expect(await life.said(`began ${n}`)).toBeDefined()
  expect(await life.said('importing')).toBeDefined()
}

interface Kept {
  readonly type: string
  readonly state: string
  readonly attempts: number
  readonly n: number | null
  readonly said: string | null
  readonly error: { message: string; details: { hint: string } } | null
}
const jobsOf = async ({ db }: OperationalStore) =>
  (
    await sql<Kept>`SELECT type, state, attempts, (request->'arguments'->>'n')::int AS n, result->'structured'->>'said' AS said, error FROM jobs
      WHERE type IN ('report', 'import') ORDER BY type, n`.execute(db)
  ).rows
const auditOf = async ({ db }: OperationalStore) =>
  (await sql<{ outcome: string; n: number }>`SELECT outcome, (input->>'n')::int AS n FROM audit WHERE tool = 'slow_report' ORDER BY n`.execute(db)).rows

async function inStore<Result>(store: string, look: (opened: OperationalStore) => Promise<Result>): Promise<Result> {
  const opened = await openOperational({ engine: 'pglite', folder: join(folder, store, 'operational') })
  try {
    return await look(opened)
  } finally {
    await opened.close()
  }
}

test('embedded: after kill -9 with ten jobs running, the next start finishes the reports at once, each once, and the import has failed with what to do', async () => {
  await copyEmptyOperational(join(folder, 'one', 'operational'))
  const first = live('one', 'hold', '9')
  await allAtWork(first, nine)
  await first.end('SIGKILL')
  const before = await inStore('one', jobsOf)
  expect(before.map(({ state }) => state)).toEqual(Array.from({ length: 10 }, () => 'running'))
  const second = live('one', 'answer', '')
  expect(await second.said('settled')).toBeDefined()
  await second.end('SIGTERM')
  const after = await inStore('one', jobsOf)
  expect(after.filter(({ type }) => type === 'report')).toHaveLength(9)
  for (const job of after.filter(({ type }) => type === 'report')) expect(job).toMatchObject({ state: 'completed', said: expect.stringMatching(/^answered by \d+$/), error: null })
  expect(after.find(({ type }) => type === 'import')).toMatchObject({
    state: 'failed',
    error: { message: 'The process that ran it ended', details: { hint: 'Run the import again: rows that are in already change nothing.' } },
  })
  expect(await inStore('one', auditOf)).toEqual(nine.map((n) => ({ outcome: 'ok', n })))
})

test('embedded: what ends its process each time is not tried for ever, and says so', async () => {
  await copyEmptyOperational(join(folder, 'two', 'operational'))
  const first = live('two', 'hold', '2')
  await allAtWork(first, two)
  await first.end('SIGKILL')
  // Each of these is ended by the first report that begins, until none may begin any more.
  let last: Child | undefined
  for (let starts = 0; starts < 8 && !last; starts++) {
    const life = live('two', 'die', '')
    if (await life.said('settled')) last = life
  }
  expect(last).toBeDefined()
  await last?.end('SIGTERM')
  const after = await inStore('two', jobsOf)
  for (const job of after.filter(({ type }) => type === 'report'))
    expect(job).toMatchObject({ state: 'failed', attempts: 4, said: null, error: { message: 'Each of its 3 runs ended with its process' } })
  expect(await inStore('two', auditOf)).toEqual(two.map((n) => ({ outcome: 'unavailable', n })))
})

test('PostgreSQL: another process takes the jobs of a killed one over, each once; what is cancelled elsewhere stops there', async () => {
  const url = await postgres.database()
  const first = live('a', 'hold', '9', url)
  await allAtWork(first, nine)
  await first.end('SIGKILL')
  const store = await openOperational({ engine: 'postgres', url })
  try {
    // As 20 s later, when nothing was heard of it any more.
    await sql`UPDATE pgboss.job SET heartbeat_on = heartbeat_on - interval '20 seconds' WHERE state = 'active'`.execute(store.db)
    const second = live('b', 'hold', '', url)
    for (const n of nine) expect(await second.said(`began ${n}`)).toBeDefined()
    const jobs = operatorJobs({ db: store.db, clock: () => new Date(), analytics: undefined as never })
    const { rows } = await sql<{ id: string }>`SELECT id FROM jobs WHERE (request->'arguments'->>'n')::int = 4`.execute(store.db)
    expect(await jobs.cancel(rows[0]!.id)).toMatchObject({ state: 'cancelled' })
    expect(await second.said('stopped 4')).toBeDefined()
    // Stopped with its process in the ordinary way, the others wait, and are answered by the next one.
    await second.end('SIGTERM')
    const third = live('c', 'answer', '', url)
    expect(await third.said('settled')).toBeDefined()
    await third.end('SIGTERM')
    const after = await jobsOf(store)
    expect(after.find(({ n }) => n === 4)).toMatchObject({ state: 'cancelled', said: null })
    await sql`UPDATE jobs SET heartbeat_at = now() - interval '61 seconds' WHERE type = 'import'`.execute(store.db)
    const list = await jobs.list(undefined, { type: 'import' })
    expect(list.jobs).toMatchObject([{ state: 'failed', error: { details: { hint: expect.stringMatching(/^Run the import again/) } } }])
    expect(await auditOf(store)).toEqual(nine.map((n) => ({ outcome: n === 4 ? 'cancelled' : 'ok', n })))
  } finally {
    await store.close()
  }
})

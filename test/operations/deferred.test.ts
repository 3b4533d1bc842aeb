/** Calls that became jobs, seen from outside: put off, polled, read, listed, cancelled, and what nobody else may see of them. */
import { sql } from 'kysely'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { tools } from '../../src/catalog/tools/index.gen.ts'
import { dashboardPrincipal, listAccess, setMember } from '../../src/domain/accounts/index.ts'
import { operatorJobs, type Job } from '../../src/domain/operations/index.ts'
import { type PersonName, textOf, type ToolAnswer } from '../app.ts'
import { callAs, codeOf } from '../call.ts'
import { sharedApp } from '../shared.ts'
import { slowReport } from './slow.ts'

/** What the slow report does; a test may put its own in. */
let work: Parameters<typeof slowReport>[0] = async () => 'done'
const app = sharedApp({ tools: [...tools, slowReport((n, ctx) => work(n, ctx))], env: { MERCAT_LONG_REPORT_ROWS: '0' } })
afterEach(() => {
  work = async () => 'done'
})
beforeAll(async () => {
  await app.stores.analytics.insert('message_facts', [
    { account_id: app.accounts.acme.id, campaign: 'c1', generation: 1, basis: 'send', day: '2026-11-01', channel: 'email', variant: '', sends: 10, deliveries: 9 },
  ])
})

const call = (person: PersonName, name: string, args: unknown, path = '/c/acme') => callAs(app, person, name, args, { path })
const handleOf = ({ structuredContent }: ToolAnswer) => (structuredContent as { job: Job }).job
const putOff = async (person: PersonName, n: number) => handleOf(await call(person, 'slow_report', { n })).id
const status = async (person: PersonName, id: string) => {
  const { job, result } = (await call(person, 'job_status', { id })).structuredContent as { job: Record<string, unknown>; result: unknown }
  return { ...job, result } as Record<string, unknown>
}
const settled = async (id: string) =>
  await expect.poll(async () => (await operatorJobs(app.stores).get(id)).state, { timeout: 20_000, interval: 50 }).toMatch(/completed|failed|cancelled/)
const audited = async (tool: string) => {
  await app.audit.flush()
  return await app.stores.db.selectFrom('audit').select(['outcome', 'input', 'user_id', 'tokens']).where('tool', '=', tool).execute()
}

test('a report that reads too much answers at once with a job, in a form that its listed schema allows, and job_status ends with the very answer', async () => {
  const client = await app.connect('analyst', '/c/acme')
  // The official client checks every structured answer by the schemas of the listing.
  const listed = (await client.listTools()).tools.find(({ name }) => name === 'campaign_report')
  expect(listed?.outputSchema).toMatchObject({ properties: { job: { type: 'object' }, rows: {} } })
  expect(listed?.outputSchema?.required).toBeUndefined()
  const args = { startDate: '2026-11-01', endDate: '2026-11-02' }
  const first = await client.callTool({ name: 'campaign_report', arguments: args })
  const handle = (first.structuredContent as { job: Job }).job
  expect(handle).toEqual({ id: expect.stringMatching(/^job_/), state: 'queued', pollAfterSeconds: 5 })
  expect(textOf(first)).toContain(`Call job_status with {"id":"${handle.id}"} in 5 s`)
  expect(textOf(first)).toMatch(/Narrow it: a shorter period \(startDate, endDate\)/)
  await settled(handle.id)
  const last = await client.callTool({ name: 'job_status', arguments: { id: handle.id } })
  expect(last.structuredContent).toMatchObject({
    job: { state: 'completed', type: 'report', title: 'Campaign report', tool: 'campaign_report', pollAfterSeconds: null, error: null },
  })
  const principal = dashboardPrincipal(app.people.analyst.id, (await listAccess(app.stores.db, app.people.analyst.id, 'acme'))[0]!)
  const direct = await app.pipeline.perform({ tool: 'campaign_report', arguments: args, several: false, principal, signal: new AbortController().signal, progress: () => {} })
  expect((last.structuredContent as { result: unknown }).result).toEqual(direct.structured)
  // The text of the report stands inside the text of the answer, fenced once.
  expect(textOf(last)).toContain(direct.text.split('\n').slice(1, -1).join('\n'))
  const kept = await audited('campaign_report')
  expect(kept).toMatchObject([{ outcome: 'ok', input: args, user_id: app.people.analyst.id }])
})

test('the connection of several accounts names the account in the handle and in the answer', async () => {
  const client = await app.connect('both', '/mcp', { accounts: ['acme', 'globex'] })
  const answer = await client.callTool({ name: 'slow_report', arguments: { account: 'globex', n: 1 } })
  expect(answer.structuredContent).toMatchObject({ account: 'globex', job: { state: 'queued' } })
  const { id } = (answer.structuredContent as { job: Job }).job
  await settled(id)
  const last = await client.callTool({ name: 'job_status', arguments: { account: 'globex', id } })
  expect(last.structuredContent).toMatchObject({ account: 'globex', result: { account: 'globex', n: 1, said: 'done' } })
  expect(textOf(last)).toContain('Report 1: done')
})

test('asked again while it is open it is the same job; ten are open at most', async () => {
  const gate = Promise.withResolvers<string>()
  work = async (_, ctx) => await Promise.race([gate.promise, new Promise<never>((_, reject) => ctx.signal.addEventListener('abort', () => reject(new Error('stopped'))))])
  const ids = []
  for (let n = 0; n < 10; n++) ids.push(await putOff('analyst', n))
  expect(await putOff('analyst', 3)).toBe(ids[3])
  const eleventh = await call('analyst', 'slow_report', { n: 10 })
  expect(codeOf(eleventh)).toBe('rate_limited')
  // Somebody else is not held up by it.
  expect(await putOff('owner', 3)).not.toBe(ids[3])
  // All ten are at work at once, and a call is answered meanwhile.
  await expect
    .poll(async () => (await operatorJobs(app.stores).list(app.accounts.acme.id, { state: 'running', limit: 50 })).coverage.of, { timeout: 15_000 })
    .toBeGreaterThanOrEqual(10)
  expect((await call('analyst', 'metric_definitions', {})).isError).toBeUndefined()
  gate.resolve('done')
  for (const id of ids) await settled(id)
})

test('asked many times at once it is one job too, and never are more than ten open', async () => {
  const gate = Promise.withResolvers<string>()
  work = async () => await gate.promise
  const same = await Promise.all(Array.from({ length: 5 }, () => putOff('marketer', 60)))
  expect(new Set(same).size).toBe(1)
  const answers = await Promise.all(Array.from({ length: 14 }, (_, n) => call('marketer', 'slow_report', { n: 61 + n })))
  expect(answers.filter((answer) => codeOf(answer) === 'rate_limited')).toHaveLength(5)
  gate.resolve('done')
  for (const answer of answers) if (!answer.isError) await settled(handleOf(answer).id)
})

test('a text that no store can hold is refused', async () => {
  for (const startDate of ['2026\u0000', '2026\ud800']) {
    const refused = await call('marketer', 'slow_report', { n: 80, startDate })
    expect(codeOf(refused)).toBe('invalid_arguments')
    expect(textOf(refused)).toContain('A text has a NUL character or half of a surrogate pair')
  }
})

test('progress is seen while it runs; a report has no partial figures and says why', async () => {
  const gate = Promise.withResolvers<void>()
  work = async (_, ctx) => {
    ctx.progress(3, 7, 'reading <b>March</b>')
    await gate.promise
    return 'done'
  }
  const id = await putOff('analyst', 20)
  await expect.poll(async () => (await status('analyst', id)).message, { timeout: 10_000 }).toBe('reading <b>March</b>')
  expect(await status('analyst', id)).toMatchObject({
    state: 'running',
    done: 3,
    total: 7,
    partial: null,
    partialNote: expect.stringMatching(/sums over a part/),
    pollAfterSeconds: 5,
    result: null,
  })
  gate.resolve()
  await settled(id)
})

test('a cancelled job stops in the store: its statement is gone', async () => {
  work = async (n, ctx) => {
    await app.stores.analytics.query(`SELECT count() AS slow_${n} FROM system.numbers WHERE sipHash64(number) = 1`, {}, { signal: ctx.signal, seconds: 600 })
    return 'never'
  }
  const running = async (n: number) =>
    (
      await app.stores.analytics.query<{ n: number }>(
        `SELECT count() AS n FROM system.processes WHERE query LIKE '%slow\\_${n} FROM system.numbers%' AND query NOT LIKE '%system.processes%'`,
      )
    )[0]?.n
  const id = await putOff('analyst', 33)
  await expect.poll(() => running(33), { timeout: 10_000 }).toBe(1)
  const { services, people } = app
  const other = services(dashboardPrincipal(people.marketer.id, (await listAccess(app.stores.db, people.marketer.id, 'acme'))[0]!))
  await expect(other.jobs.cancel(id)).rejects.toMatchObject({ code: 'not_found' })
  const own = services(dashboardPrincipal(people.analyst.id, (await listAccess(app.stores.db, people.analyst.id, 'acme'))[0]!))
  expect(await own.jobs.cancel(id)).toMatchObject({ state: 'cancelled' })
  await expect.poll(() => running(33), { timeout: 10_000 }).toBe(0)
  expect(await status('analyst', id)).toMatchObject({ state: 'cancelled', result: null })
  // Once in the audit log, and cancelling again changes nothing.
  expect(await own.jobs.cancel(id)).toMatchObject({ state: 'cancelled' })
  expect((await audited('slow_report')).filter(({ input }) => (input as { n?: number } | null)?.n === 33)).toMatchObject([{ outcome: 'cancelled' }])
})

test('a caller who leaves a direct call stops its statement too', async () => {
  const principal = dashboardPrincipal(app.people.analyst.id, (await listAccess(app.stores.db, app.people.analyst.id, 'acme'))[0]!)
  const leaving = new AbortController()
  work = async (_, ctx) =>
    String(await app.stores.analytics.query('SELECT count() AS left_alone FROM system.numbers WHERE sipHash64(number) = 1', {}, { signal: ctx.signal, seconds: 600 }))
  const running = async () =>
    (await app.stores.analytics.query<{ n: number }>("SELECT count() AS n FROM system.processes WHERE query LIKE '%left\\_alone FROM%' AND query NOT LIKE '%system.processes%'"))[0]
      ?.n
  const outcome = app.pipeline.perform({ tool: 'slow_report', arguments: { n: 1 }, several: false, principal, signal: leaving.signal, progress: () => {} })
  const refused = expect(outcome).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(running, { timeout: 10_000 }).toBe(1)
  leaving.abort()
  await refused
  await expect.poll(running, { timeout: 10_000 }).toBe(0)
})

test('somebody else’s job is not there; with read:health its state is, without result and without the words of its error', async () => {
  work = async (n) => {
    if (n === 41) throw new TypeError('Key (email)=(ada@example.com) already exists')
    return 'secret figures'
  }
  const [good, bad] = [await putOff('marketer', 40), await putOff('marketer', 41)]
  await settled(good)
  await settled(bad)
  const foreign = await call('stranger', 'job_status', { id: good }, '/c/globex')
  const unknown = await call('stranger', 'job_status', { id: 'job_0000000000000000' }, '/c/globex')
  expect([codeOf(foreign), codeOf(unknown)]).toEqual(['not_found', 'not_found'])
  expect(textOf(foreign).replace(good, '')).toBe(textOf(unknown).replace('job_0000000000000000', ''))
  // The analyst reads health, the marketer does not.
  expect(codeOf(await call('marketer', 'job_status', { id: await putOff('analyst', 42) }))).toBe('not_found')
  const seen = await call('analyst', 'job_status', { id: good })
  expect(seen.structuredContent).toMatchObject({ job: { state: 'completed' }, result: null })
  expect(JSON.stringify(seen)).not.toContain('secret figures')
  const failed = await status('analyst', bad)
  expect(failed.error).toMatch(/^A fault inside Mercat/)
  expect((await status('marketer', bad)).error).toMatch(/Reference: [0-9a-f]{12}/)
  expect(JSON.stringify(await app.stores.db.selectFrom('jobs').selectAll().where('id', '=', bad).execute())).not.toContain('ada@')
})

test('rights are those of the moment: of the run, and of whoever reads the result', async () => {
  const { db } = app.stores
  const member = (change: Parameters<typeof setMember>[3]) => setMember(db, app.accounts.acme.id, app.people.marketer.id, change)
  const gate = Promise.withResolvers<void>()
  const began = Promise.withResolvers<void>()
  work = async () => {
    began.resolve()
    await gate.promise
    return 'figures'
  }
  const kept = await putOff('marketer', 50)
  await began.promise
  gate.resolve()
  await settled(kept)
  expect(await status('marketer', kept)).toMatchObject({ result: { said: 'figures' } })
  await member({ scopesRemoved: ['read:reports'] })
  expect(codeOf(await call('marketer', 'job_status', { id: kept }))).toBe('missing_scopes')
  await member({ scopesRemoved: [], brands: ['brd_0000000000000001'] })
  expect(textOf(await call('marketer', 'job_status', { id: kept }))).toMatch(/What you may see has changed/)
  await member({ brands: [] })
  // Asked for, then the scope is taken away before it runs.
  const late = 'job_late00000000001'
  const { request } = await db.selectFrom('jobs').select('request').where('id', '=', kept).executeTakeFirstOrThrow()
  await member({ scopesRemoved: ['read:reports'] })
  await sql`INSERT INTO jobs (id, account_id, type, title, user_id, client_id, state, request) SELECT ${late}, account_id, type, title, user_id, client_id, 'queued', ${JSON.stringify(request)}::jsonb FROM jobs WHERE id = ${kept}`.execute(
    db,
  )
  const { reportJob } = await import('../../src/domain/operations/index.ts')
  const run = () => reportJob(app.stores, app.pipeline.perform).run(new AbortController().signal, { accountId: app.accounts.acme.id, jobId: late, runId: 'r' })
  await run()
  await member({ scopesRemoved: [] })
  expect(await status('marketer', late)).toMatchObject({ state: 'failed', error: expect.stringMatching(/Missing required scopes: read:reports/) })
  // Run once more by mistake, nothing happens to what has ended.
  await run()
  expect((await audited('slow_report')).filter(({ outcome }) => outcome === 'missing_scopes')).toHaveLength(1)
})

test('a result goes by what the account offers now, and by what one may see, in whatever order', async () => {
  const { services, people, stores } = app
  const principal = dashboardPrincipal(people.marketer.id, (await listAccess(stores.db, people.marketer.id, 'acme'))[0]!)
  const id = await putOff('marketer', 55)
  await settled(id)
  await sql`UPDATE jobs SET result = jsonb_set(result::jsonb, '{eyes,brands}', '["brd_1", "brd_2"]')::json WHERE id = ${id}`.execute(stores.db)
  expect(await services({ ...principal, brands: ['brd_2', 'brd_1'] }).jobs.result(id)).toMatchObject({ structured: { said: 'done' } })
  const without = { ...principal, brands: ['brd_1', 'brd_2'], account: { ...principal.account, toolsets: principal.account.toolsets.filter((one) => one !== 'reports') } }
  await expect(services(without).jobs.result(id)).rejects.toMatchObject({ code: 'not_allowed' })
  const run = app.pipeline.perform({ tool: 'slow_report', arguments: { n: 55 }, several: false, principal: without, signal: new AbortController().signal, progress: () => {} })
  await expect(run).rejects.toMatchObject({ code: 'unknown_tool' })
})

test('a member who sees only some brands is not told what imported files are called', async () => {
  const { services, people, stores, accounts } = app
  const principal = dashboardPrincipal(people.analyst.id, (await listAccess(stores.db, people.analyst.id, 'acme'))[0]!)
  await sql`INSERT INTO jobs (id, account_id, type, title, state, message, partial) VALUES ('job_client000000000', ${accounts.acme.id}, 'import', 'Import client.csv', 'running', 'Rows of client.csv', '{"rows": 5}')`.execute(
    stores.db,
  )
  const of = (brands: string[] | null) => services({ ...principal, brands }).jobs
  expect(await of(null).get('job_client000000000')).toMatchObject({ title: 'Import client.csv', message: 'Rows of client.csv' })
  expect(await of(['brd_1']).get('job_client000000000')).toMatchObject({ title: 'Import', message: null, partial: null })
  expect(JSON.stringify(await of(['brd_1']).list({}))).not.toContain('client.csv')
  await sql`DELETE FROM jobs WHERE id = 'job_client000000000'`.execute(stores.db)
})

test('list_jobs shows the account’s jobs and the installation’s, newest first, in pages, and nothing of other accounts', async () => {
  const { db } = app.stores
  await sql`INSERT INTO jobs (id, account_id, type, title, state, error, finished_at, expires_at) VALUES
    ('job_purge0000000000', NULL, 'purge', 'Delete audit entries past their time', 'completed', NULL, now(), now() + interval '1 day'),
    ('job_globex000000000', ${app.accounts.globex.id}, 'import', 'Import secret.csv', 'running', NULL, NULL, NULL),
    ('job_expired00000000', ${app.accounts.acme.id}, 'import', 'Import old.csv', 'completed', NULL, now(), now() - interval '1 second')`.execute(db)
  const first = (await call('analyst', 'list_jobs', { limit: 2 })).structuredContent as {
    jobs: { id: string; owner: string; createdAt: string }[]
    coverage: { from: number; shown: number; of: number }
    nextCursor: string | null
  }
  const all = [...first.jobs]
  for (let cursor = first.nextCursor; cursor !== null; ) {
    const page = (await call('analyst', 'list_jobs', { limit: 2, cursor })).structuredContent as typeof first
    expect(page.coverage.from).toBe(all.length + 1)
    all.push(...page.jobs)
    cursor = page.nextCursor
  }
  expect(all).toHaveLength(first.coverage.of)
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  expect(all.map(({ createdAt }) => createdAt)).toEqual(
    all
      .map(({ createdAt }) => createdAt)
      .sort()
      .reverse(),
  )
  const ids = all.map(({ id }) => id)
  expect(ids).toContain('job_purge0000000000')
  expect(all.find(({ id }) => id === 'job_purge0000000000')?.owner).toBe('installation')
  expect(ids).not.toContain('job_globex000000000')
  expect(ids).not.toContain('job_expired00000000')
  expect(codeOf(await call('analyst', 'job_status', { id: 'job_globex000000000' }))).toBe('not_found')
  expect(codeOf(await call('analyst', 'list_jobs', { type: 'import', cursor: first.nextCursor }))).toBe('invalid_cursor')
  // Whoever has no read:health is not offered it.
  expect(codeOf(await call('marketer', 'list_jobs', {}))).toBe('missing_scopes')
  const text = textOf(await call('analyst', 'list_jobs', { type: 'purge' }))
  expect(text).toContain('| job_purge0000000000 | purge | Delete audit entries past their time | installation | completed |')
})

test('a time that runs out says which arguments to narrow', async () => {
  const principal = dashboardPrincipal(app.people.analyst.id, (await listAccess(app.stores.db, app.people.analyst.id, 'acme'))[0]!)
  work = async (_, ctx) => String(await app.stores.analytics.query('SELECT count() FROM system.numbers WHERE sipHash64(number) = 1', {}, { signal: ctx.signal, seconds: 1 }))
  const outcome = app.pipeline.perform({ tool: 'slow_report', arguments: { n: 1 }, several: false, principal, signal: new AbortController().signal, progress: () => {} })
  await expect(outcome).rejects.toMatchObject({ code: 'deadline_exceeded', details: { hint: 'Narrow it: a shorter period (startDate).' } })
})

test('the installation’s job is ended by nobody of an account', async () => {
  const { services, people, stores } = app
  const principal = dashboardPrincipal(people.owner.id, (await listAccess(stores.db, people.owner.id, 'acme'))[0]!)
  await sql`INSERT INTO jobs (id, account_id, type, title, state) VALUES ('job_upkeep000000000', NULL, 'upkeep', 'Give the room of deleted rows back', 'running')`.execute(
    stores.db,
  )
  await expect(services(principal).jobs.cancel('job_upkeep000000000')).rejects.toMatchObject({ code: 'not_allowed' })
  expect(await services(principal).jobs.get('job_upkeep000000000')).toMatchObject({ state: 'running' })
})

/** Over the rate limit: refused politely and cheaply, in all processes of an installation together, and to nobody else's cost. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { MercatError } from '../../src/core/errors.ts'
import { createCallBudget } from '../../src/domain/audit/index.ts'
import { openOperational } from '../../src/storage/operational/open.ts'
import { callBody, messageOf, type PersonName, postRpc, startApp, type TestApp, textOf } from '../app.ts'
import { answerOf } from '../call.ts'
import { type Child, startChild } from '../child.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { fixtureTools } from './fixtures.ts'

const limit = 20
let postgres: TestPostgres
let url: string
let app: TestApp
let second: { child: Child; origin: string; folder: string }
beforeAll(async () => {
  postgres = await startPostgres()
  url = await postgres.database()
  const env = { MERCAT_DATABASE_URL: url, MERCAT_SECRET: 'one secret for both processes, long enough', MERCAT_RATE_USER: String(limit), MERCAT_RATE_ACCOUNT: '1000' }
  app = await startApp({ tools: fixtureTools, env })
  const folder = await mkdtemp(join(tmpdir(), 'mercat-second-'))
  const child = startChild(new URL('../access/serve.ts', import.meta.url), [], { ...env, MERCAT_DATA_DIR: folder, MERCAT_PORT: '0', MERCAT_PUBLIC_URL: app.origin })
  second = { child, origin: `http://127.0.0.1:${(await child.said('listening on '))?.slice(13)}`, folder }
})
afterAll(async () => {
  await second?.child.end('SIGTERM')
  await rm(second?.folder ?? '', { recursive: true, force: true })
  await app?.close()
  await postgres?.stop()
})

async function echo(person: PersonName, origin = app.origin) {
  const response = await postRpc(`${origin}/c/acme`, callBody('echo'), { authorization: `Bearer ${await app.token(person, 'c/acme')}` })
  return { status: response.status, retryAfter: response.headers.get('retry-after'), result: await answerOf(response) }
}

test('two processes on one PostgreSQL count together', async () => {
  let refused = 0
  for (let call = 0; call < limit + 4; call++) {
    const { result } = await echo('analyst', call % 2 ? second.origin : app.origin)
    if (!result.isError) continue
    refused++
    expect(call).toBeGreaterThanOrEqual(limit)
  }
  expect(refused).toBe(4)
})

test('500 requests over the limit: each a well-formed answer that says when to retry, hardly any asks the store, and others go on', async () => {
  const connections = 50
  for (let call = 0; call < limit; call++) expect((await echo('marketer')).result.isError).toBeUndefined()
  let left = 500
  const answers: Awaited<ReturnType<typeof echo>>[] = []
  const flood = async () => {
    while (left-- > 0) answers.push(await echo('marketer'))
  }
  const other = echo('owner')
  await Promise.all(Array.from({ length: connections }, flood))
  expect((await other).result.isError).toBeUndefined()
  expect(answers).toHaveLength(500)
  for (const { status, retryAfter, result } of answers) {
    const seconds = Number(retryAfter)
    expect(status).toBe(200)
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(result).toMatchObject({ isError: true, _meta: { 'mercat/error': { code: 'rate_limited', retryAfter: seconds } } })
    expect(textOf(result)).toBe(`More than ${limit} calls a minute by one person. Try again in ${seconds} s.`)
  }
  // What reached the store counted there: after the first few refusals the process knows by itself.
  const key = `call_user:${app.accounts.acme.id}:${app.people.marketer.id}`
  const { rows } = await sql<{ points: number }>`SELECT points FROM rate_limits WHERE key = ${key}`.execute(app.stores.db)
  expect(rows).toHaveLength(1)
  expect(rows[0]?.points).toBeLessThanOrEqual(limit + connections)
})

test('whoever asks for a task too often is told the same, as an error of the protocol', async () => {
  const params = {
    taskId: 'job_00000000000000000000',
    _meta: {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
    },
  }
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tasks/get', 'mcp-name': params.taskId, authorization: `Bearer ${await app.token('marketer', 'c/acme')}` }
  const response = await app.post('/c/acme', { jsonrpc: '2.0', id: 1, method: 'tasks/get', params }, headers)
  const retryAfter = Number(response.headers.get('retry-after'))
  expect(retryAfter).toBeGreaterThanOrEqual(1)
  expect((await messageOf(response)).error).toMatchObject({ code: -32603, data: { 'mercat/error': { code: 'rate_limited', retryAfter } } })
})

test('refused calls are kept in the audit log, without what they asked', async () => {
  await app.audit.flush()
  const rows = await app.stores.db
    .selectFrom('audit')
    .select(['outcome', 'input', 'result'])
    .where('user_id', '=', app.people.marketer.id)
    .where('outcome', '=', 'rate_limited')
    .execute()
  expect(rows).toHaveLength(500)
  expect(new Set(rows.map(({ input, result }) => JSON.stringify([input, result])))).toEqual(new Set(['[null,null]']))
})

test('the account’s limit holds over its people and over processes; refused calls of one person use none of it', async () => {
  const stores = await Promise.all([1, 2].map(() => openOperational({ engine: 'postgres', url })))
  try {
    const [here, there] = stores.map((store) => createCallBudget(store, { perUser: 3, perAccount: 5 }))
    const spend = async (budget: typeof here, userId: string) =>
      await budget?.spend({ userId, account: app.accounts.globex } as Parameters<NonNullable<typeof here>['spend']>[0]).then(
        () => 'ok',
        (error: MercatError) => error.message,
      )
    const mine = 'More than 3 calls a minute by one person'
    const all = 'More than 5 calls a minute in the account globex'
    const said: unknown[] = []
    for (const [budget, user] of [
      [here, 'ann'],
      [there, 'ann'],
      [here, 'ann'],
      [there, 'ann'],
      [here, 'ann'],
      [there, 'bob'],
      [here, 'bob'],
      [there, 'bob'],
      [here, 'cid'],
    ] as const)
      said.push(await spend(budget, user))
    expect(said).toEqual(['ok', 'ok', 'ok', mine, mine, 'ok', 'ok', all, all])
  } finally {
    await Promise.all(stores.map((store) => store.close()))
  }
})

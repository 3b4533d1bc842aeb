/** Closing drains: what runs may end, what waits is written, and the budget holds across processes that share a PostgreSQL. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createCallBudget } from '../../src/domain/audit/index.ts'
import type { Principal } from '../../src/core/access.ts'
import { openOperational, type OperationalStore } from '../../src/storage/operational/open.ts'
import { callBody, messageOf, startApp } from '../app.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { fixtureTools, heard } from './fixtures.ts'

test('a call that runs gets its answer, new connections are refused, reads are in the audit', async () => {
  const app = await startApp({ tools: fixtureTools, deadlineMs: 1500 })
  const authorization = `Bearer ${await app.token('analyst', 'c/acme')}`
  await (await app.post('/c/acme', callBody('echo', { text: 'before' }), { authorization })).text()
  const started = new Promise<void>((resolve) => {
    heard.onStart = resolve
  })
  const running = app.post('/c/acme', callBody('slow'), { authorization })
  await started
  const closing = app.shutDown()
  expect((await messageOf(await running)).result).toMatchObject({ isError: true, _meta: { 'mercat/error': { code: 'deadline_exceeded' } } })
  await closing
  await expect(fetch(app.at('/healthz'))).rejects.toThrow()
  const store = await openOperational({ engine: 'pglite', folder: join(app.folder, 'operational') })
  expect(await store.db.selectFrom('audit').select(['tool', 'outcome']).where('effect', '=', 'read').orderBy('id').execute()).toEqual([
    { tool: 'echo', outcome: 'ok' },
    { tool: 'slow', outcome: 'deadline_exceeded' },
  ])
  await store.close()
  await app.close()
})

describe('one budget for processes that share a store', () => {
  let postgres: TestPostgres
  const stores: OperationalStore[] = []
  beforeAll(async () => {
    postgres = await startPostgres()
    const url = await postgres.database()
    stores.push(await openOperational({ engine: 'postgres', url }), await openOperational({ engine: 'postgres', url }))
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    await postgres.stop()
  })
  const principal = (userId: string) => ({ userId, account: { id: 'acc_1', systemName: 'acme' } }) as Principal

  test('calls of both count; another person goes on until the account is spent', async () => {
    const [one, two] = stores.map((store) => createCallBudget(store, { perUser: 10, perAccount: 15 }))
    const spend = async (userId: string, at: number) =>
      await (at % 2 ? one! : two!).spend(principal(userId)).then(
        () => 'ok',
        (error: { code: string; message: string; details: { retryAfter: number } }) => {
          expect(error.code).toBe('rate_limited')
          expect(error.details.retryAfter).toBeGreaterThan(0)
          return /person/.test(error.message) ? 'user' : 'account'
        },
      )
    const first = await Promise.all(Array.from({ length: 14 }, (_, at) => spend('usr_1', at)))
    expect(first.filter((outcome) => outcome === 'ok')).toHaveLength(10)
    expect(first.filter((outcome) => outcome === 'user')).toHaveLength(4)
    const second = await Promise.all(Array.from({ length: 8 }, (_, at) => spend('usr_2', at)))
    expect(second.filter((outcome) => outcome === 'ok')).toHaveLength(5)
    expect(second.filter((outcome) => outcome === 'account')).toHaveLength(3)
  })
})

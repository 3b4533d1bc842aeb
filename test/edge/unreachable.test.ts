/** While PostgreSQL is away, every door says so and when to try again; when it is back, all go on. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { callBody, startApp, type TestApp } from '../app.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'

let postgres: TestPostgres
let app: TestApp
beforeAll(async () => {
  postgres = await startPostgres()
  app = await startApp({ env: { MERCAT_DATABASE_URL: await postgres.database(), MERCAT_SECRET: 'a secret of this test alone, which is long enough' } })
})
afterAll(async () => {
  await app?.close()
  await postgres?.stop()
})

test('the dashboard and an app are told 503 while the store is away', async () => {
  const dashboard = await openDashboard(app.origin, app.people.owner)
  const authorization = `Bearer ${await app.token('analyst', 'c/acme')}`
  const call = async () => await app.post('/c/acme', callBody('list_metrics', {}), { authorization })
  await postgres.restart(async () => {
    const { status, body } = await dashboard.call('session/current')
    expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'unavailable', retryAfter: 5 } } })
    const answer = await call()
    expect({ status: answer.status, retry: answer.headers.get('retry-after'), text: await answer.text() }).toMatchObject({ status: 503, retry: '5' })
  })
  await expect.poll(async () => (await dashboard.call('session/current')).status).toBe(200)
  await expect.poll(async () => (await call()).status).toBe(200)
})

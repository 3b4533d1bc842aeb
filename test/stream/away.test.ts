/** ClickHouse away while deliveries come in, on servers: everything is acknowledged and nothing lost, the status says what waits, and the figures catch up by themselves. */
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startApp, type TestApp } from '../app.ts'
import { callAs } from '../call.ts'
import { openDashboard } from '../clients/dashboard.ts'
import { startClickhouseFront, type TestClickhouseFront } from '../engines/clickhouse.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { deliver, factsQuery, figuresOf, lifeOf, newSigner } from './deliveries.ts'

const awaySeconds = 60
const perBatch = 25
const pauseMs = 50

let postgres: TestPostgres
let clickhouse: TestClickhouseFront
let app: TestApp
beforeAll(async () => {
  ;[postgres, clickhouse] = await Promise.all([startPostgres(), startClickhouseFront()])
  app = await startApp({
    env: { MERCAT_DATABASE_URL: await postgres.database(), MERCAT_CLICKHOUSE_URL: clickhouse.url, MERCAT_SECRET: 'a secret of this test alone, which is long enough' },
  })
  await app.token('owner', 'c/acme')
})
afterAll(async () => {
  await app?.close()
  await Promise.all([postgres?.stop(), clickhouse?.stop()])
})

test(`ClickHouse away for ${awaySeconds} s under load: nothing is lost, the status says so, the lag recovers`, async () => {
  const signer = newSigner()
  const dashboard = await openDashboard(app.origin, app.people.owner)
  const { url, id } = await dashboard.ok<{ url: string; id: string }>('sources/add', {
    account: 'acme',
    type: 'sendgrid',
    name: 'Newsletter',
    settings: { verificationKey: signer.publicKey },
  })
  const at = new Date(Date.now() - 86_400_000)
  const account = app.accounts.acme.id
  const facts = async () => (await app.stores.analytics.query(factsQuery, { account, campaign: 'steady' }))[0]
  const pipeline = async () => {
    const { structuredContent } = await callAs(app, 'owner', 'pipeline_status', { source: 'Newsletter' })
    return (
      (structuredContent as { analytics: string; pipelines: { stream: { state: string; waiting: { requests: number; lagSeconds: number } } }[] } | undefined) ?? {
        analytics: 'none',
        pipelines: [],
      }
    )
  }

  let messages = 0
  let over = false
  const load = (async () => {
    while (!over) {
      const events = Array.from({ length: perBatch }, (_, index) => lifeOf('steady', messages + index, at)).flat()
      expect((await deliver(url, signer, events)).status).toBe(200)
      messages += perBatch
      await delay(pauseMs)
    }
  })()
  await expect.poll(async () => (await facts()) !== undefined).toBe(true)

  await clickhouse.restart(async () => {
    const until = performance.now() + awaySeconds * 1_000
    const before = messages
    await expect.poll(async () => (await pipeline()).pipelines[0]?.stream.state, { timeout: 60_000, interval: 500 }).toBe('behind')
    expect(await pipeline()).toMatchObject({ analytics: 'unavailable', pipelines: [{ stream: { state: 'behind', waiting: { requests: expect.any(Number) } } }] })
    await delay(Math.max(0, until - performance.now()))
    // It went on taking deliveries all the while.
    expect(messages).toBeGreaterThan(before + perBatch * awaySeconds)
  })
  await expect.poll(async () => (await pipeline()).pipelines[0]?.stream.state, { timeout: 60_000, interval: 500 }).toBe('ok')
  over = true
  await load
  await expect.poll(facts, { timeout: 60_000, interval: 200 }).toEqual(figuresOf(messages))
  expect(await dashboard.ok('sources/get', { account: 'acme', id })).toMatchObject({ state: 'ok', waiting: { requests: 0 }, setAside: 0 })
})

/** Two processes on one pair of servers take deliveries of one source; one is killed at work, and the other loads what it had acknowledged. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openStores } from '../../src/storage/open.ts'
import { type Child, startChild } from '../child.ts'
import { startClickhouseFront, type TestClickhouseFront } from '../engines/clickhouse.ts'
import { startPostgres, type TestPostgres } from '../engines/postgres.ts'
import { deliver, factsQuery, figuresOf, lifeOf, newSigner } from './deliveries.ts'

const signer = newSigner()
const perBatch = 20
const at = new Date(Date.now() - 86_400_000)
let postgres: TestPostgres
let clickhouse: TestClickhouseFront
let folder: string
let env: Record<string, string>
beforeAll(async () => {
  ;[postgres, clickhouse, folder] = await Promise.all([startPostgres(), startClickhouseFront(), mkdtemp(join(tmpdir(), 'mercat-processes-'))])
  env = { TEST_DATABASE_URL: await postgres.database(), TEST_CLICKHOUSE_URL: clickhouse.url }
})
afterAll(async () => {
  await Promise.all([postgres?.stop(), clickhouse?.stop()])
  await rm(folder, { recursive: true, force: true })
})

test('what a process acknowledged before it was killed is loaded by the other', async () => {
  const begin = (name: string): Child => startChild(new URL('stream-process.ts', import.meta.url), [join(folder, name), signer.publicKey], env)
  const origin = async (child: Child) => (await child.said('listening '))?.slice('listening '.length)
  const first = begin('first')
  const one = await origin(first)
  const path = (await first.said('path '))?.slice('path '.length)
  const second = begin('second')
  const other = await origin(second)

  let messages = 0
  const batch = () => Array.from({ length: perBatch }, (_, index) => lifeOf('shared', messages + index, at)).flat()
  for (const to of [one, other, one, other, one, one, one]) {
    expect((await deliver(`${to}${path}`, signer, batch())).status).toBe(200)
    messages += perBatch
  }
  await first.end('SIGKILL')
  for (let round = 0; round < 5; round++) {
    expect((await deliver(`${other}${path}`, signer, batch())).status).toBe(200)
    messages += perBatch
  }

  const stores = await openStores(
    readConfig({ MERCAT_DATA_DIR: join(folder, 'looking'), MERCAT_DATABASE_URL: env.TEST_DATABASE_URL, MERCAT_CLICKHOUSE_URL: clickhouse.url, MERCAT_SECRET: 'x'.repeat(40) }),
  )
  try {
    const account = (await stores.operational.db.selectFrom('accounts').select('id').executeTakeFirstOrThrow()).id
    // A job of a dead process is found within half a minute.
    await expect.poll(async () => (await stores.analytics.query(factsQuery, { account, campaign: 'shared' }))[0], { timeout: 120_000, interval: 250 }).toEqual(figuresOf(messages))
    expect(await stores.operational.db.selectFrom('inbox').select('id').execute()).toEqual([])
  } finally {
    await stores.close()
    await second.end('SIGTERM')
  }
})

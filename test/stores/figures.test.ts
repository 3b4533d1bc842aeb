/**
 * The same data gives the same figures on every engine: chDB with PGlite, ClickHouse over HTTP with PostgreSQL, and Distributed
 * tables. The whole way of the data is run: normalising, facts, attribution.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountSettingsSchema } from '../../src/domain/accounts/index.ts'
import { factsSnapshot } from '../../src/domain/facts/index.ts'
import { type Predicate, vocabularyOf } from '../../src/domain/predicates/index.ts'
import { type Counts, countAudience } from '../../src/domain/segments/index.ts'
import { seedDemo } from '../../src/ingest/demo/index.ts'
import { openAnalytics } from '../../src/storage/analytics/open.ts'
import type { Analytics } from '../../src/storage/analytics/run.ts'
import { type OperationalStore, openOperational } from '../../src/storage/operational/open.ts'
import { startClickhouse } from '../engines/clickhouse.ts'
import { openDistributed } from '../engines/distributed.ts'
import { startPostgres } from '../engines/postgres.ts'
import { copyEmptyOperational } from '../engines/template.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mercat-test-'))
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const account = 'acc_0000000000000000'
const facts = {
  message_facts:
    'basis, campaign, day, channel, country, variant, sum(sends), sum(deliveries), sum(opens), sum(machine_opens), sum(clicks), sum(bot_clicks), sum(unsubscribes), sum(hard_bounces), sum(held_out)',
  order_facts: 'basis, campaign, day, channel, status, currency, sum(orders), sum(revenue), sumMap(products), sumMap(opt_ins_asked), sumMap(opt_ins_given)',
  uplift_facts: 'campaign, day, goal, arm, sum(customers), sum(visitors), sum(orderers), sum(orders), sum(revenue)',
}

/** One predicate of each way in which they are counted. */
const audience: Predicate = {
  any: [
    { attribute: 'country', op: 'in', value: ['DE', 'FR'] },
    { attribute: 'consent', op: 'is', value: 'Email' },
    { attribute: 'total_spent', op: 'top', value: 10 },
    { attribute: 'last_order', op: 'inLast', value: 60 },
    { did: 'opened', where: [{ field: 'channel', op: 'is', value: 'Email' }], within: { days: 60 }, atLeast: 2 },
    { did: 'delivered', within: { from: '2024-03-01' } },
    { didNot: 'clicked', within: { messages: 3 } },
    { did: 'ordered', where: [{ field: 'amount', op: '>', value: '20' }], total: { op: '>', value: 50 } },
    { didNot: 'visit' },
  ],
}

async function figures(operational: OperationalStore, analytics: Analytics): Promise<Record<string, unknown[]>> {
  await operational.db
    .insertInto('accounts')
    .values({ id: account, system_name: 'same', name: 'Same', time_zone: 'Europe/Berlin', currency: 'EUR', settings: '{}', customer_key: Buffer.alloc(16, 7) })
    .execute()
  await seedDemo({ db: operational.db, analytics, clock: () => new Date('2024-07-01T12:00:00Z') }, account, { events: 20_000, now: new Date('2024-07-01T12:00:00Z') })
  const found: Record<string, unknown[]> = {}
  for (const [table, columns] of Object.entries(facts)) {
    const plain = columns.split(', ').filter((column) => !column.startsWith('sum'))
    found[table] = await analytics.query(`SELECT ${columns} FROM ${table} WHERE account_id = {account:String} GROUP BY ${plain.join(', ')} ORDER BY ${plain.join(', ')}`, {
      account,
    })
  }
  const { snapshot } = await factsSnapshot(analytics, account)
  found.audience = [
    await countAudience(analytics, audience, {
      vocabulary: vocabularyOf([]),
      timeZone: 'Europe/Berlin',
      now: new Date('2024-07-01T12:00:00Z'),
      campaigns: () => [],
      accountId: account,
      currency: 'EUR',
      goals: accountSettingsSchema.parse({}).goals,
      snapshot,
    }),
  ]
  await analytics.close()
  await operational.close()
  return found
}

async function pglite(name: string): Promise<OperationalStore> {
  await copyEmptyOperational(join(folder, name))
  return await openOperational({ engine: 'pglite', folder: join(folder, name) })
}

test('chDB, ClickHouse over HTTP and Distributed tables give the same figures', async () => {
  const embedded = await figures(await pglite('one'), await openAnalytics({ engine: 'chdb', folder: join(folder, 'chdb') }))
  for (const table of Object.keys(facts)) expect(embedded[table]?.length, table).toBeGreaterThan(20)
  // Every predicate holds for some customers.
  const [counts] = embedded.audience as [Counts]
  expect(counts.parts.filter(({ count }) => count === 0)).toEqual([])
  expect(await figures(await pglite('two'), await openDistributed(join(folder, 'distributed')))).toEqual(embedded)

  const [postgres, clickhouse] = await Promise.all([startPostgres(), startClickhouse()])
  try {
    const operational = await openOperational({ engine: 'postgres', url: await postgres.database() })
    expect(await figures(operational, await openAnalytics({ engine: 'clickhouse', url: clickhouse.url, cluster: undefined }))).toEqual(embedded)
  } finally {
    await Promise.all([postgres.stop(), clickhouse.stop()])
  }
})

/** One number per table for an account's demo, free of what differs between two seedings: ids of accounts, loads and generations. */
import { currentFacts, factsSnapshot } from '../../src/domain/facts/index.ts'
import type { Stores } from '../../src/domain/index.ts'

const tables = {
  events: 'campaign, message, event, event_key, occurred_at, customer, channel, bounce_type, machine, country, variant, url, inbox, error, version',
  orders: "order_key, ifNull(hex(customer), ''), placed_at, updated_at, status, amount, currency, country, campaign, ifNull(hex(message), ''), product, toString(opt_ins), version",
  web_events: 'customer, kind, occurred_at, event_key, webapp, properties',
  customers: 'customer, country, language, signed_up, stage, consent, toString(attributes), updated_at',
}
const facts = {
  message_facts: [
    'messages',
    'sends, deliveries, opens, total_opens, machine_opens, clicks, total_clicks, bot_clicks, unsubscribes, complaints, hard_bounces, soft_bounces, failures, held_out',
  ],
  order_facts: ['orders', 'status, currency, orders, revenue, toString(products), toString(opt_ins_asked), toString(opt_ins_given)'],
} as const

const records = {
  organizations: ['key', 'name', 'currency', 'details'],
  contracts: ['key', 'year', 'plan', 'currency', 'platform_fee', 'unit_cost', 'committed_units'],
  invoices: ['key', 'number', 'year', 'issued', 'due', 'status', 'currency', 'total', 'units', 'lines'],
} as const

export type Digest = Record<string, string>

/** Rows and their hash, by table. Facts: those that count now. */
export async function digestOf({ analytics, db }: Stores, account: string): Promise<Digest> {
  const digest: Digest = {}
  const add = async (table: string, sql: string, params: object = {}) => {
    const [row] = await analytics.query<{ rows: number; hash: string }>(`SELECT count() AS rows, toString(sum(cityHash64(*))) AS hash FROM (${sql})`, { account, ...params })
    digest[table] = `${row?.rows} ${row?.hash}`
  }
  for (const [table, columns] of Object.entries(tables)) await add(table, `SELECT ${columns} FROM ${table} FINAL WHERE account_id = {account:String}`)
  const { snapshot } = await factsSnapshot(analytics, account)
  for (const [table, [family, columns]] of Object.entries(facts)) {
    await add(table, `SELECT campaign, basis, day, channel, country, variant, ${columns} FROM ${table} WHERE account_id = {account:String} AND ${currentFacts(family)}`, {
      snapshot,
    })
  }
  const entities = await db
    .selectFrom('entities')
    .select(['type', 'key', 'name', 'status', 'tags', 'starts_at', 'ends_at', 'definition'])
    .where('account_id', '=', account)
    .orderBy('type')
    .orderBy('key')
    .execute()
  digest.entities = JSON.stringify(entities)
  for (const [table, columns] of Object.entries(records)) {
    const rows = await db
      .selectFrom(table as keyof typeof records)
      .select(columns as never)
      .where('account_id', '=', account)
      .orderBy('key')
      .execute()
    digest[table] = JSON.stringify(rows)
  }
  return digest
}

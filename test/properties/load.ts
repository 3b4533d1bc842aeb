/** Puts canonical rows through the product's door and reads facts back as the naive computation names them. */
import { normalisingInsert, normalisingParams, insertSettings, type StoredKind, kinds } from '../../src/ingest/index.ts'
import { currentFacts, factsSnapshot, finishLoading, startLoad } from '../../src/domain/facts/index.ts'
import type { Stores } from '../../src/domain/stores.ts'
import { counters, inboxCounters, type NaiveFacts, type NaiveRows, type Ordered, toMillionths } from '../fixtures/naive.ts'

type Row = Readonly<Record<string, string | number | boolean | object | undefined>>

export interface LoadedAccount {
  readonly id: string
  readonly customerKey: Buffer
}

async function insertRows(stores: Stores, account: LoadedAccount, kind: StoredKind, rows: readonly object[], load: number): Promise<void> {
  if (rows.length === 0) return
  const fields = Object.keys(kinds[kind].fields)
  const sql = `SELECT toUInt64(rowNumberInAllBlocks() + 1) AS line, ${fields.map((field) => `JSONExtractString(raw, '${field}') AS f_${field}`).join(', ')} FROM (SELECT arrayJoin({rows:Array(String)}) AS raw)`
  const lines = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(
        Object.entries(row as Row).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, name.endsWith('_at') ? new Date(value as number).toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value)]],
        ),
      ),
    ),
  )
  await stores.analytics.command(
    normalisingInsert(kind, { sql, texts: fields, instants: [] }),
    { ...normalisingParams({ id: account.id, key: account.customerKey }, load, new Date()), rows: lines },
    insertSettings,
  )
}

/** Inserts the rows as one load, ended as loaded unless `leaveRunning`. */
export async function loadRows(
  stores: Stores,
  account: LoadedAccount,
  rows: NaiveRows & { readonly customers?: readonly object[] },
  options: { leaveRunning?: boolean } = {},
): Promise<number> {
  const { id } = await startLoad(stores.db, { accountId: account.id, source: 'import', label: 'test' })
  await insertRows(stores, account, 'events', rows.events, id)
  await insertRows(stores, account, 'orders', rows.orders, id)
  await insertRows(stores, account, 'web_events', rows.webEvents, id)
  await insertRows(stores, account, 'customers', rows.customers ?? [], id)
  if (!options.leaveRunning) await finishLoading(stores.db, id, { accepted: rows.events.length, rejected: 0 })
  const rejected = await stores.analytics.query<{ reason: string }>('SELECT reason FROM load_rejects WHERE account_id = {account:String} AND load_id = {id:UInt64}', {
    account: account.id,
    id,
  })
  if (rejected.length > 0) throw new Error(`The door rejected rows: ${rejected[0]?.reason}`)
  return id
}

/** The account's facts as a reader sees them now. */
export async function readFacts({ analytics }: Pick<Stores, 'analytics'>, accountId: string): Promise<NaiveFacts> {
  const { snapshot, dataAsOf } = await factsSnapshot(analytics, accountId)
  const params = { account: accountId, snapshot }
  const where = (family: 'messages' | 'orders' | 'uplift') => `account_id = {account:String} AND ${currentFacts(family)}`
  const messages = await analytics.query<Record<string, string | number>>(
    `SELECT concat_ws('|', campaign, toString(basis), toString(day), channel, country, variant) AS key, ${counters.map((name) => `sum(${name}) AS ${name}_sum`).join(', ')} FROM message_facts WHERE ${where('messages')} GROUP BY key`,
    params,
  )
  const orders = await analytics.query<{ key: string; orders: number; revenue: string } & Ordered>(
    `SELECT concat_ws('|', campaign, toString(basis), toString(day), channel, country, variant, toString(status), currency) AS key, sum(orders) AS orders, sum(revenue) AS revenue, sumMap(products) AS products, sumMap(opt_ins_asked) AS asked, sumMap(opt_ins_given) AS given FROM order_facts WHERE ${where('orders')} GROUP BY key`,
    params,
  )
  const uplift = await analytics.query<{ key: string; n: number[]; revenue: string; squares: string }>(
    `SELECT concat_ws('|', campaign, toString(day), goal, toString(arm)) AS key, [sum(customers), sum(visitors), sum(orderers), sum(orders)] AS n, sum(revenue) AS revenue, toString(sum(revenue_squares)) AS squares FROM uplift_facts WHERE ${where('uplift')} GROUP BY key`,
    params,
  )
  const inboxes = await analytics.query<Record<string, string | number>>(
    `SELECT concat_ws('|', campaign, toString(basis), toString(day), inbox) AS key, ${inboxCounters.map((name) => `sum(${name}) AS ${name}_sum`).join(', ')} FROM inbox_facts WHERE ${where('messages')} GROUP BY key HAVING ${inboxCounters.map((name) => `${name}_sum`).join(' + ')} > 0`,
    params,
  )
  return {
    inboxes: Object.fromEntries(inboxes.map((row) => [row.key, Object.fromEntries(inboxCounters.flatMap((name) => (row[`${name}_sum`] ? [[name, row[`${name}_sum`]]] : [])))])),
    messages: Object.fromEntries(messages.map((row) => [row.key, Object.fromEntries(counters.flatMap((name) => (row[`${name}_sum`] ? [[name, row[`${name}_sum`]]] : [])))])),
    orders: Object.fromEntries(orders.map(({ key, orders: count, revenue }) => [key, `${count} ${toMillionths(revenue)}`])),
    ordered: Object.fromEntries(orders.map(({ key, products, asked, given }) => [key, { products, asked, given }])),
    uplift: Object.fromEntries(uplift.map(({ key, n, revenue, squares }) => [key, `${n.join(' ')} ${toMillionths(revenue)} ${squareMillionths(squares)}`])),
    dataAsOf: dataAsOf?.getTime() ?? null,
  }
}

function squareMillionths(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.')
  return BigInt(whole) * 10n ** 12n + BigInt(fraction.padEnd(12, '0'))
}

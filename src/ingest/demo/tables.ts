/** The demo's INSERT statements: what reached Mercat in a window of time, sent through the normalising door like any import. */
import { normalisingInsert } from '../sql/normalise.ts'
import { customerRowsSql, eventRowsSql, orderRowsSql, webRowsSql } from './rows.ts'

const inWindow = 'arrives >= {sinceMs:Int64} AND arrives < {untilMs:Int64}'

/** By kind: the rows, which of their columns are text (`name` or `name: SQL`), and which are instants in milliseconds. */
const sources = {
  customers: {
    rows: customerRowsSql,
    texts: {
      customer_id: 'customer_id',
      country: 'country',
      language: 'language',
      signed_up: 'toString(signed_up)',
      stage: 'stage',
      consent: `arrayStringConcat(consent, ';')`,
      attributes: 'attributes',
    },
    instants: { updated_at: 'arrives' },
  },
  events: {
    rows: eventRowsSql,
    texts: {
      campaign_id: 'campaign_id',
      message_id: `if(event = 'held_out', '', message_id)`,
      customer_id: 'customer_id',
      event: 'event',
      channel: 'channel',
      event_id: 'event_id',
      bounce_type: 'bounce_type',
      machine: `if(machine, 'true', '')`,
      country: 'country',
      variant: 'variant',
      url: 'url',
      inbox: 'inbox',
      error: 'error',
    },
    instants: { occurred_at: 'occurred_ms' },
  },
  orders: {
    rows: orderRowsSql,
    texts: {
      order_id: 'order_id',
      customer_id: 'customer_id',
      status: 'status',
      amount: 'toString(amount)',
      currency: 'currency',
      country: 'country',
      campaign_id: 'campaign_id',
      message_id: 'message_id',
      product: 'product',
      opt_ins: 'opt_ins',
    },
    instants: { placed_at: 'placed_ms', updated_at: 'updated_ms' },
  },
  web_events: {
    rows: webRowsSql,
    texts: { customer_id: 'customer_id', kind: 'kind', webapp: 'webapp' },
    instants: { occurred_at: 'occurred_ms' },
  },
} as const

export type DemoKind = keyof typeof sources
export const demoKinds = Object.keys(sources) as DemoKind[]

/** Params: normalisingParams, campaignParams, and `from, to, firstDay, firstMs, fromDay, toDay, earliestMs, sinceMs, untilMs, home, second, brandKeys`. */
export function insertDemoSql(kind: DemoKind): string {
  const { rows, texts, instants } = sources[kind]
  const columns = [
    ...Object.entries(texts).map(([name, sql]) => `${sql} AS f_${name}`),
    ...Object.entries(instants).map(([name, ms]) => `CAST(fromUnixTimestamp64Milli(${ms}, 'UTC') AS Nullable(DateTime64(3, 'UTC'))) AS t_${name}`),
  ]
  const sql = `SELECT toUInt64(0) AS line, ${columns.join(', ')} FROM (${rows}) WHERE ${inWindow}`
  return normalisingInsert(kind, { sql, texts: Object.keys(texts), instants: Object.keys(instants) })
}

/** The demo's INSERT statements: what reached Mercat in a window of time, normalised as the door normalises it. */
import { withCampaigns } from './messages.ts'
import { customerRowsSql, eventRowsSql, orderRowsSql, visitRowsSql } from './rows.ts'

const inWindow = 'arrives >= {sinceMs:Int64} AND arrives < {untilMs:Int64}'
const instant = (ms: string) => `fromUnixTimestamp64Milli(${ms}, 'UTC')`
const hashed = (prefix: string, id: string) =>
  `sipHash128ReferenceKeyed((reinterpretAsUInt64(substring(unhex({customerKey:String}), 1, 8)), reinterpretAsUInt64(substring(unhex({customerKey:String}), 9, 8))), concat('${prefix}\\0', ${id}))`

const statements = {
  customers: {
    columns: 'account_id, customer, country, language, signed_up, stage, consent, attributes, updated_at, load_id',
    select: `SELECT {account:String}, ${hashed('c', 'customer_id')}, country, language, signed_up, stage, consent, map('brands', ['fjell-fjord', 'casa-lume', 'both'][brandBits]), ${instant('arrives')}, {load:UInt64} FROM (${customerRowsSql})`,
  },
  events: {
    columns: 'account_id, campaign, message, event, event_key, occurred_at, customer, channel, bounce_type, machine, country, variant, url, load_id, version',
    select: `SELECT {account:String}, campaign_id, if(event = 'held_out', ${hashed('h', `concat(campaign_id, '\\0', customer_id)`)}, ${hashed('m', 'message_id')}), event,
      if(event_id != '', sipHash64(concat('e\\0', event_id)), sipHash64(concat('t\\0', toString(occurred_ms), '\\0', url, '\\0', bounce_type, '\\0', toString(machine)))), ${instant('occurred_ms')}, ${hashed('c', 'customer_id')}, channel,
      bounce_type, machine, country, variant, url, {load:UInt64}, toUInt64(18446744073709551615) - toUInt64(occurred_ms) FROM (${eventRowsSql})`,
  },
  orders: {
    columns: 'account_id, order_key, customer, placed_at, updated_at, status, amount, currency, country, campaign, message, load_id, version',
    select: `SELECT {account:String}, ${hashed('o', 'order_id')}, if(customer_id = '', NULL, ${hashed('c', 'customer_id')}), ${instant('placed_ms')}, ${instant('updated_ms')}, status, amount, currency, country, campaign_id,
      if(message_id = '', NULL, ${hashed('m', 'message_id')}), {load:UInt64}, toUInt64(updated_ms) * 8 + indexOf(['placed', 'paid', 'delivered', 'cancelled', 'refunded'], status) FROM (${orderRowsSql})`,
  },
  web_events: {
    columns: 'account_id, customer, kind, occurred_at, event_key, webapp, properties, load_id',
    select: `SELECT {account:String}, ${hashed('c', 'customer_id')}, kind, ${instant('occurred_ms')}, 0, webapp, '', {load:UInt64} FROM (${visitRowsSql})`,
  },
} as const

export type DemoTable = keyof typeof statements
export const demoTables = Object.keys(statements) as DemoTable[]

/** Params: all of campaignParams, `account, customerKey (hex), load, from, to, firstDay, firstMs, fromDay, toDay, earliestMs, sinceMs, untilMs, home, second, brandKeys`. */
export function insertDemoSql(table: DemoTable): string {
  const { columns, select } = statements[table]
  return `INSERT INTO ${table} (${columns}) ${withCampaigns} ${select} WHERE ${inWindow}`
}

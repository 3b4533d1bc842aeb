/** What the analytics store knows of an account's health: the store itself, what its loads brought, and messages that failed. Reads only. */
import type { Analytics, RunOptions } from '../../../storage/analytics/run.ts'
import { currentFacts, factsSnapshot } from '../../facts/index.ts'
import type { StoreFacts } from './health-repository.ts'

export const engineNames = { chdb: 'chDB', clickhouse: 'ClickHouse' } as const

export async function analyticsFacts(analytics: Analytics, options: RunOptions): Promise<StoreFacts> {
  const [row] = await analytics.query<{ version: string; schema: number; bytes: number }>(
    `SELECT version() AS version, (SELECT max(version) FROM mercat_version) AS schema,
      (SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database = currentDatabase()) AS bytes`,
    {},
    options,
  )
  return { engine: engineNames[analytics.engine], version: row?.version ?? null, schemaVersion: row?.schema ?? 0, bytes: row?.bytes ?? null }
}

/** Loads and the sources they belong to, as one list each. */
export interface LoadSources {
  readonly ids: readonly number[]
  readonly sources: readonly string[]
}

const iso = (expression: string) => `concat(replaceOne(toString(${expression}), ' ', 'T'), 'Z')`
const bySource = "transform(load_id, {ids:Array(UInt64)}, {sources:Array(String)}, '') AS source"
const ofLoads = 'account_id = {account:String} AND load_id IN {ids:Array(UInt64)}'

/** Rows that the loads brought so far: `reason` is empty for those that were taken. Most first. */
export async function loadedRows(analytics: Analytics, account: string, loads: LoadSources, options: RunOptions): Promise<{ source: string; reason: string; rows: number }[]> {
  if (loads.ids.length === 0) return []
  return await analytics.query(
    `SELECT ${bySource}, reason, sum(rows) AS rows FROM load_counts WHERE ${ofLoads} GROUP BY source, reason ORDER BY rows DESC, reason LIMIT 5000`,
    { account, ...loads },
    options,
  )
}

/** The newest moment in the rows that the loads brought, by source, ISO 8601. */
export async function newestEvents(analytics: Analytics, account: string, loads: LoadSources, options: RunOptions): Promise<{ source: string; at: string }[]> {
  if (loads.ids.length === 0) return []
  const newest = (table: string, column: string) => `SELECT ${bySource}, max(${column}) AS newest FROM ${table} WHERE ${ofLoads} GROUP BY source`
  return await analytics.query(
    `SELECT source, ${iso('max(newest)')} AS at
    FROM (${newest('events', 'occurred_at')} UNION ALL ${newest('orders', 'placed_at')} UNION ALL ${newest('web_events', 'occurred_at')}) GROUP BY source`,
    { account, ...loads },
    options,
  )
}

export interface ErrorQuestion {
  readonly account: string
  readonly from: Date
  readonly to: Date
  /** First and last day of the time, in the account's zone. */
  readonly start: string
  readonly end: string
  /** Keys; undefined: of every campaign. */
  readonly campaigns: readonly string[] | undefined
  readonly channels: readonly string[] | undefined
  /** Errors of later loads are left out: pages of one list belong together. */
  readonly newestLoad: number
  /** Fewer messages than this are not told apart, also not by their order. */
  readonly floor: number
}

export interface ErrorRow {
  readonly campaign: string
  readonly channel: string
  readonly event: 'bounced' | 'failed'
  readonly bounce: 'hard' | 'soft' | ''
  readonly error: string
  readonly messages: number
  readonly first: string
  readonly last: string
  /** Messages of the campaign and channel sent in the time. */
  readonly sends: number
}

/** A text that few messages have may name a person: of such only the status code it begins with is told, and those of one code are one error. */
const leadingCode = "'^([245][0-9][0-9]([ -][245][.][0-7][.][0-9]+)?|[245][.][0-7][.][0-9]+)\\\\b'"
const told = `if(error != '' AND uniqExact(message) < {floor:UInt32}, trimLeft(concat(extract(error, ${leadingCode}), ' …')), error)`

/** Bounced and failed messages by campaign, channel and error; the most frequent first, in a stable order. */
export async function messageErrors(
  analytics: Analytics,
  question: ErrorQuestion,
  page: { offset: number; limit: number },
  options: RunOptions,
): Promise<{ rows: ErrorRow[]; of: number }> {
  const { snapshot } = await factsSnapshot(analytics, question.account, options)
  const narrowed = `${question.campaigns ? ' AND campaign IN {campaigns:Array(String)}' : ''}${question.channels ? ' AND channel IN {channels:Array(String)}' : ''}`
  const params = {
    account: question.account,
    from: question.from,
    to: question.to,
    start: question.start,
    end: question.end,
    load: question.newestLoad,
    floor: question.floor,
    snapshot,
    ...(question.campaigns ? { campaigns: question.campaigns } : {}),
    ...(question.channels ? { channels: question.channels } : {}),
    ...page,
  }
  const found = await analytics.query<ErrorRow & { of: number }>(
    `SELECT e.campaign AS campaign, e.channel AS channel, e.event AS event, e.bounce AS bounce, e.error AS error, e.messages AS messages, e.first AS first, e.last AS last,
      f.sends AS sends, count() OVER () AS of
    FROM (
      SELECT campaign, channel, event, bounce, told AS error, uniqExactMerge(who) AS messages, ${iso('min(earliest)')} AS first, ${iso('max(latest)')} AS last
      FROM (
        SELECT toString(campaign) AS campaign, toString(channel) AS channel, toString(event) AS event, toString(bounce_type) AS bounce, ${told} AS told,
          uniqExactState(message) AS who, min(occurred_at) AS earliest, max(occurred_at) AS latest
        FROM message_errors FINAL
        WHERE account_id = {account:String} AND occurred_at >= {from:DateTime64(3, 'UTC')} AND occurred_at < {to:DateTime64(3, 'UTC')} AND load_id <= {load:UInt64}${narrowed}
        GROUP BY campaign, channel, event, bounce, error
      )
      GROUP BY campaign, channel, event, bounce, told
    ) AS e
    LEFT JOIN (
      SELECT toString(campaign) AS campaign, toString(channel) AS channel, sum(sends) AS sends
      FROM message_facts
      WHERE account_id = {account:String} AND basis = 'event' AND day BETWEEN {start:Date} AND {end:Date} AND ${currentFacts('messages')}${narrowed}
      GROUP BY campaign, channel
    ) AS f ON f.campaign = e.campaign AND f.channel = e.channel
    ORDER BY if(messages < {floor:UInt32}, 0, messages) DESC, campaign, channel, event, bounce, error
    LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    params,
    options,
  )
  return { rows: found.map(({ of: _, ...row }) => row), of: found[0]?.of ?? page.offset }
}

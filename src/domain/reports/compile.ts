/** Plan → SQL over daily facts. Each statement reads the days of the plan's periods once; it never touches raw events. Runs nothing. */
import type { Params } from '../../storage/analytics/run.ts'
import { currentFacts, type FactFamily } from '../facts/index.ts'
import { messageQuantities } from './metric.ts'
import type { Plan } from './plan.ts'

export interface Statement {
  readonly sql: string
  readonly params: Params
}

const column = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
const messageSums = messageQuantities.map((name) => `sum(${column(name)}) AS ${name}`).join(', ')
const orderSums = 'sum(orders) AS count, toString(sum(revenue)) AS amount'

/** Days of the report's period and, when `both`, of the one it is compared with. */
function days(plan: Plan, both: boolean): Statement {
  const { period, comparison } = plan
  const now = 'day BETWEEN {start:Date} AND {end:Date}'
  const params = { start: period.start, end: period.end }
  if (!both || !comparison) return { sql: now, params }
  return { sql: `(${now} OR day BETWEEN {startBefore:Date} AND {endBefore:Date})`, params: { ...params, startBefore: comparison.start, endBefore: comparison.end } }
}

/** Rows of one account that count at the snapshot, of the plan's campaigns. */
function scope(plan: Plan, family: FactFamily, snapshot: number, keys: readonly string[] | null): Statement {
  const params: Params = { account: plan.account.id, snapshot }
  const campaigns = keys === null ? '' : ' AND campaign IN {campaigns:Array(String)}'
  return { sql: `account_id = {account:String} AND ${currentFacts(family)}${campaigns}`, params: keys === null ? params : { ...params, campaigns: keys } }
}

function keysOf(plan: Plan): string[] | null {
  return plan.everything ? null : [...plan.items.keys()]
}

/** Where clause of message facts. */
function messages(plan: Plan, snapshot: number, both: boolean, keys = keysOf(plan)): Statement {
  const [rows, when] = [scope(plan, 'messages', snapshot, keys), days(plan, both)]
  const channels = plan.channels ? ' AND channel IN {channels:Array(String)}' : ''
  return {
    sql: `${rows.sql} AND basis = '${plan.basis}' AND ${when.sql}${channels}`,
    params: { ...rows.params, ...when.params, ...(plan.channels ? { channels: plan.channels } : {}) },
  }
}

/** Where clause of order facts: the goal's statuses, through the goal's channels and those asked for. */
function orders(plan: Plan, snapshot: number, both: boolean, keys = keysOf(plan)): Statement {
  const [rows, when] = [scope(plan, 'orders', snapshot, keys), days(plan, both)]
  const { statuses, channels: ofGoal } = plan.goal
  const channels = plan.channels && ofGoal.length ? plan.channels.filter((channel) => ofGoal.includes(channel)) : (plan.channels ?? (ofGoal.length ? ofGoal : null))
  return {
    sql: `${rows.sql} AND campaign != '' AND basis = '${plan.basis}' AND ${when.sql} AND toString(status) IN {statuses:Array(String)}${channels ? ' AND channel IN {channels:Array(String)}' : ''}`,
    params: { ...rows.params, ...when.params, statuses, ...(channels ? { channels } : {}) },
  }
}

const inPeriod = 'day >= {start:Date} AS now'

export function messageRows(plan: Plan, snapshot: number): Statement {
  const where = messages(plan, snapshot, true)
  return { sql: `SELECT campaign, channel, ${inPeriod}, ${messageSums} FROM message_facts WHERE ${where.sql} GROUP BY campaign, channel, now`, params: where.params }
}

export function orderRows(plan: Plan, snapshot: number): Statement {
  const where = orders(plan, snapshot, true)
  return {
    sql: `SELECT campaign, channel, currency, ${inPeriod}, ${orderSums} FROM order_facts WHERE ${where.sql} GROUP BY campaign, channel, currency, now`,
    params: where.params,
  }
}

const bucket = { day: 'day', week: 'toMonday(day)', month: 'toStartOfMonth(day)' }

export function messageTimeline(plan: Plan, unit: keyof typeof bucket, snapshot: number): Statement {
  const where = messages(plan, snapshot, false)
  return { sql: `SELECT toString(${bucket[unit]}) AS unit, channel, ${messageSums} FROM message_facts WHERE ${where.sql} GROUP BY unit, channel`, params: where.params }
}

export function orderTimeline(plan: Plan, unit: keyof typeof bucket, snapshot: number): Statement {
  const where = orders(plan, snapshot, false)
  return {
    sql: `SELECT toString(${bucket[unit]}) AS unit, channel, currency, ${orderSums} FROM order_facts WHERE ${where.sql} GROUP BY unit, channel, currency`,
    params: where.params,
  }
}

/** Variants of the given campaigns. */
export function messageVariants(plan: Plan, keys: readonly string[], snapshot: number): Statement {
  const where = messages(plan, snapshot, false, [...keys])
  return {
    sql: `SELECT campaign, variant, channel, ${messageSums} FROM message_facts WHERE ${where.sql} AND variant != '' GROUP BY campaign, variant, channel`,
    params: where.params,
  }
}

export function orderVariants(plan: Plan, keys: readonly string[], snapshot: number): Statement {
  const where = orders(plan, snapshot, false, [...keys])
  return {
    sql: `SELECT campaign, variant, channel, currency, ${orderSums} FROM order_facts WHERE ${where.sql} AND variant != '' GROUP BY campaign, variant, channel, currency`,
    params: where.params,
  }
}

export function orderDays(plan: Plan, snapshot: number): Statement {
  const where = orders(plan, snapshot, false)
  return { sql: `SELECT toString(day) AS unit, currency, ${orderSums} FROM order_facts WHERE ${where.sql} GROUP BY unit, currency`, params: where.params }
}

export function orderCountries(plan: Plan, snapshot: number): Statement {
  const where = orders(plan, snapshot, false)
  return { sql: `SELECT country, currency, ${orderSums} FROM order_facts WHERE ${where.sql} GROUP BY country, currency`, params: where.params }
}

/** Orders of each campaign by product, and by opt-in. */
export function orderMaps(plan: Plan, snapshot: number): Statement {
  const where = orders(plan, snapshot, false)
  return {
    sql: `SELECT campaign, sum(order_facts.orders) AS orders, sumMap(order_facts.products) AS products, sumMap(opt_ins_asked) AS asked, sumMap(opt_ins_given) AS given FROM order_facts WHERE ${where.sql} GROUP BY campaign`,
    params: where.params,
  }
}

/** Both arms of the given campaigns, of customers assigned in the period. */
export function upliftArms(plan: Plan, keys: readonly string[], snapshot: number): Statement {
  const [rows, when] = [scope(plan, 'uplift', snapshot, keys), days(plan, false)]
  return {
    sql: `SELECT campaign, toString(arm) AS arm, sum(customers) AS size, sum(visitors) AS visiting, sum(orderers) AS ordering, toString(sum(revenue)) AS amount, sum(revenue_squares) AS squares FROM uplift_facts WHERE ${rows.sql} AND goal = {goal:String} AND ${when.sql} GROUP BY campaign, arm`,
    params: { ...rows.params, ...when.params, goal: plan.goal.name },
  }
}

/** Columns of the facts by inbox provider. */
const inboxQuantities = ['sends', 'deliveries', 'opens', 'clicks', 'unsubscribes', 'complaints', 'hardBounces', 'softBounces'] as const
export type InboxQuantity = (typeof inboxQuantities)[number]

/** E-mail by inbox provider, in the period. */
export function inboxRows(plan: Plan, snapshot: number): Statement {
  const [rows, when] = [scope(plan, 'messages', snapshot, keysOf(plan)), days(plan, false)]
  return {
    sql: `SELECT inbox, ${inboxQuantities.map((name) => `sum(${column(name)}) AS ${name}`).join(', ')} FROM inbox_facts WHERE ${rows.sql} AND basis = '${plan.basis}' AND ${when.sql} GROUP BY inbox`,
    params: { ...rows.params, ...when.params },
  }
}

/** All orders of the goal's statuses by the day they were placed, and whether a campaign earned them through the goal's channels. */
export function accountOrders(plan: Plan, snapshot: number): Statement {
  const [rows, when] = [scope(plan, 'orders', snapshot, null), days(plan, true)]
  const { statuses, channels } = plan.goal
  const attributed = `campaign != ''${channels.length ? ' AND channel IN {channels:Array(String)}' : ''} AS attributed`
  return {
    sql: `SELECT currency, ${attributed}, ${inPeriod}, ${orderSums} FROM order_facts WHERE ${rows.sql} AND basis = 'event' AND ${when.sql} AND toString(status) IN {statuses:Array(String)} GROUP BY currency, attributed, now`,
    params: { ...rows.params, ...when.params, statuses, ...(channels.length ? { channels } : {}) },
  }
}

/** Channels of all days, of the given campaigns or of the whole account. */
export function usedChannels(plan: Plan, keys: readonly string[] | null, snapshot: number): Statement {
  const rows = scope(plan, 'messages', snapshot, keys)
  return { sql: `SELECT DISTINCT channel FROM message_facts WHERE ${rows.sql}`, params: rows.params }
}

/** One row if the account has any order. */
export function anyOrder(plan: Plan): Statement {
  return { sql: 'SELECT 1 AS found FROM order_facts WHERE account_id = {account:String} LIMIT 1', params: { account: plan.account.id } }
}

/** Runs a plan's statements at one snapshot of the facts and gathers them into tallies. Decides nothing about the answer. */
import { derivedId } from '../../core/ids.ts'
import type { Decimal } from '../../core/money.ts'
import type { Analytics, RunOptions } from '../../storage/analytics/run.ts'
import { factsSnapshot } from '../facts/index.ts'
import {
  accountOrders,
  anyOrder,
  type InboxQuantity,
  inboxRows,
  messageRows,
  messageTimeline,
  messageVariants,
  orderRows,
  orderTimeline,
  orderVariants,
  type Statement,
  upliftArms,
  usedChannels,
} from './compile.ts'
import type { Item, Plan } from './plan.ts'
import { addMessages, addOrders, messageCountsOf, type MessageCounts, type OrderSum, type Tally } from './tally.ts'

/** All figures of one answer. Maps by campaign key hold only what happened. */
export interface Facts {
  /** Number of the state the answer is made from; raised by every refresh. */
  readonly snapshot: number
  readonly dataAsOf: Date | null
  readonly ordersKnown: boolean
  readonly now: ReadonlyMap<string, Tally>
  readonly before: ReadonlyMap<string, Tally>
  /** By the unit's first day. */
  readonly timeline: ReadonlyMap<string, Tally>
  /** Orders by currency of the whole account, placed in the period, for tools that ask. */
  readonly placed: readonly Placed[]
}

export interface Placed {
  readonly currency: string
  readonly attributed: boolean
  readonly now: boolean
  readonly count: number
  readonly amount: Decimal
}

interface Keyed {
  readonly campaign: string
  readonly channel: string
}
type MessageRow = Keyed & MessageCounts & { readonly now: 0 | 1; readonly unit: string; readonly variant: string }
interface OrderRow extends Keyed {
  readonly currency: string
  readonly count: number
  readonly amount: Decimal
  readonly now: 0 | 1
  readonly unit: string
  readonly variant: string
}
/** Arms of one campaign. */
export interface Arm {
  readonly campaign: string
  readonly arm: 'treated' | 'held_out'
  readonly size: number
  readonly visiting: number
  readonly ordering: number
  readonly amount: Decimal
  readonly squares: number
}

/** @param placed whether the orders of the whole account are asked for too. */
export async function runPlan(analytics: Analytics, plan: Plan, options: RunOptions, placed: boolean): Promise<Facts> {
  const { snapshot, dataAsOf } = await factsSnapshot(analytics, plan.account.id, options, plan.asOf)
  const ask = <Row>({ sql, params }: Statement) => analytics.query<Row>(sql, params, options)
  const nothing = !plan.everything && plan.items.size === 0
  const unit = nothing ? null : plan.timeline
  const [messages, orders, messageUnits, orderUnits, account] = await Promise.all([
    nothing ? [] : ask<MessageRow>(messageRows(plan, snapshot)),
    nothing ? [] : ask<OrderRow>(orderRows(plan, snapshot)),
    unit ? ask<MessageRow>(messageTimeline(plan, unit, snapshot)) : [],
    unit ? ask<OrderRow>(orderTimeline(plan, unit, snapshot)) : [],
    placed ? ask<Omit<Placed, 'now' | 'attributed'> & { now: 0 | 1; attributed: 0 | 1 }>(accountOrders(plan, snapshot)) : [],
  ])
  const ordersKnown = orders.length > 0 || account.length > 0 || (await ask(anyOrder(plan))).length > 0
  const ofNow = ({ now }: { now: 0 | 1 }) => now === 1
  return {
    snapshot,
    dataAsOf,
    ordersKnown,
    now: gather(messages.filter(ofNow), orders.filter(ofNow), ({ campaign }) => campaign),
    before: gather(
      messages.filter((row) => !ofNow(row)),
      orders.filter((row) => !ofNow(row)),
      ({ campaign }) => campaign,
    ),
    timeline: gather(messageUnits, orderUnits, (row) => row.unit),
    placed: account.map((row) => ({ ...row, now: row.now === 1, attributed: row.attributed === 1 })),
  }
}

/** Figures of the campaigns' variants: by campaign key, then by variant. */
export async function runVariants(analytics: Analytics, plan: Plan, keys: readonly string[], snapshot: number, options: RunOptions): Promise<Map<string, Map<string, Tally>>> {
  const [messages, orders] = await Promise.all([
    analytics.query<MessageRow>(...bound(messageVariants(plan, keys, snapshot)), options),
    analytics.query<OrderRow>(...bound(orderVariants(plan, keys, snapshot)), options),
  ])
  const ofCampaign = <Row extends Keyed>(rows: readonly Row[], key: string) => rows.filter(({ campaign }) => campaign === key)
  return new Map(keys.map((key) => [key, gather(ofCampaign(messages, key), ofCampaign(orders, key), ({ variant }) => variant)]))
}

/** Both arms of each campaign that has a control group. */
export async function runUplift(analytics: Analytics, plan: Plan, keys: readonly string[], snapshot: number, options: RunOptions): Promise<Arm[]> {
  return await analytics.query<Arm>(...bound(upliftArms(plan, keys, snapshot)), options)
}

/** E-mail of the period by inbox provider; '': not known. */
export async function runInboxes(analytics: Analytics, plan: Plan, snapshot: number, options: RunOptions): Promise<Map<string, Tally>> {
  if (!plan.everything && plan.items.size === 0) return new Map()
  const rows = await analytics.query<Record<InboxQuantity, number> & { inbox: string }>(...bound(inboxRows(plan, snapshot)), options)
  return new Map(rows.map(({ inbox, ...counts }) => [inbox, new Map([['Email', { messages: messageCountsOf(counts), orders: new Map() }]])]))
}

/** Channels the campaigns (null: all of the account) ever used. */
export async function runChannels(analytics: Analytics, plan: Plan, keys: readonly string[] | null, snapshot: number, options: RunOptions): Promise<string[]> {
  return (await analytics.query<{ channel: string }>(...bound(usedChannels(plan, keys, snapshot)), options)).map(({ channel }) => channel)
}

function bound({ sql, params }: Statement): [string, Statement['params']] {
  return [sql, params]
}

function gather(messages: readonly MessageRow[], orders: readonly OrderRow[], keyOf: (row: MessageRow | OrderRow) => string): Map<string, Tally> {
  const tallies = new Map<string, Tally>()
  const tallyOf = (key: string) => {
    const held = tallies.get(key)
    if (held) return held
    const tally: Tally = new Map()
    tallies.set(key, tally)
    return tally
  }
  for (const row of messages) addMessages(tallyOf(keyOf(row)), row.channel, row)
  for (const row of orders) addOrders(tallyOf(keyOf(row)), row.channel, row.currency, { orders: row.count, revenue: row.amount } satisfies OrderSum)
  return tallies
}

/** The campaign a fact row belongs to. A campaign that came into being after the plan was made stands in with its key. */
export function itemOf(plan: Plan, key: string): Item {
  const known = plan.items.get(key)
  if (known) return known
  const campaign = {
    id: derivedId('campaign', plan.account.id, key),
    key,
    name: key,
    status: 'active',
    channel: null,
    organizationId: null,
    brandId: null,
    folderId: null,
    flowId: null,
    tags: [],
    startsAt: null,
    endsAt: null,
    origin: 'observed',
  } as const
  return { campaign, owner: campaign }
}

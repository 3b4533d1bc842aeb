/** Reports computed the plain way from naive facts (test/fixtures/naive.ts), by the words of reports.md: what the report tools must equal. It uses neither the registry of metrics nor the code of the reports. */
import { channelTable, type ChannelName, type ReportableEvent } from '../../src/domain/channels.ts'
import type { Stream } from '../fixtures/arbitraries.ts'
import type { NaiveFacts } from '../fixtures/naive.ts'

/** What decides which facts take part. */
export interface Asked {
  readonly timeBasis: 'send' | 'event'
  readonly channels: readonly string[] | undefined
  readonly automatic: boolean | undefined
}

export const addDays = (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
/** c3 is the flow's. */
export const isAutomatic = (campaign: string) => campaign === 'c3'

/** Which campaigns, channels and days count. */
export type Keep = (campaign: string, channel: string, day: string) => boolean

export interface Window {
  readonly start: string
  readonly end: string
}
export interface Sums {
  readonly counts: Map<string, Record<string, number>>
  readonly orders: Map<string, Map<string, [number, bigint]>>
}

/** Sums per channel of the facts that a predicate keeps. */
export function sumsOf(
  facts: NaiveFacts,
  asked: Asked,
  goal: Stream['goals'][number],
  { start, end }: Window,
  keep: (campaign: string, channel: string, day: string) => boolean,
): Sums {
  const counts: Sums['counts'] = new Map()
  const orders: Sums['orders'] = new Map()
  const chosen = (campaign: string, basis: string, day: string, channel: string) =>
    campaign !== '' &&
    basis === asked.timeBasis &&
    day >= start &&
    day <= end &&
    (!asked.channels || asked.channels.includes(channel)) &&
    (asked.automatic === undefined || isAutomatic(campaign) === asked.automatic) &&
    keep(campaign, channel, day)
  for (const [key, fact] of Object.entries(facts.messages)) {
    const [campaign, basis, day, channel] = key.split('|') as [string, string, string, string]
    if (!chosen(campaign, basis, day, channel)) continue
    const held = counts.get(channel) ?? {}
    for (const [name, value] of Object.entries(fact)) held[name] = (held[name] ?? 0) + value
    counts.set(channel, held)
  }
  for (const [key, fact] of Object.entries(facts.orders)) {
    const [campaign, basis, day, channel, , , status, currency] = key.split('|') as string[] as [string, string, string, string, string, string, never, string]
    if (!(goal.statuses as string[]).includes(status) || !chosen(campaign, basis, day, channel)) continue
    const [count, revenue] = fact.split(' ') as [string, string]
    const held = orders.get(channel) ?? new Map<string, [number, bigint]>()
    const [before, sum] = held.get(currency) ?? [0, 0n]
    orders.set(channel, held.set(currency, [before + Number(count), sum + BigInt(revenue)]))
  }
  return { counts, orders }
}

/** Millionths as the shortest decimal. */
function decimal(millionths: bigint): string {
  const digits = String(millionths < 0n ? -millionths : millionths).padStart(7, '0')
  const text = `${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/\.?0+$/, '')
  return millionths < 0n ? `-${text}` : text
}

/** Half away from zero. */
function quotient(millionths: bigint, by: number): string | null {
  if (by === 0) return null
  const size = millionths < 0n ? -millionths : millionths
  const rounded = (size * 2n + BigInt(by)) / (2n * BigInt(by))
  return decimal(millionths < 0n ? -rounded : rounded)
}

/** All columns of a full report by the words of reports.md, from the sums; null where no channel can report the event. */
export function figures(sums: Sums, ordersKnown: boolean): Record<string, unknown> {
  const channels = [...new Set([...sums.counts.keys(), ...sums.orders.keys()])]
  const over = (events: ReportableEvent[]) => channels.filter((channel) => events.every((event) => channelTable[channel as ChannelName]?.includes(event)))
  const count = (names: string[], events: ReportableEvent[] = []): number | null => {
    const taking = over(events)
    if (channels.length && !taking.length) return null
    return taking.reduce((total, channel) => total + names.reduce((sum, name) => sum + (sums.counts.get(channel)?.[name] ?? 0), 0), 0)
  }
  const rate = (numerator: string, denominator: string, events: ReportableEvent[] = []) => {
    const [top, bottom] = [count([numerator], events), count([denominator], events)]
    return top === null || bottom === null ? null : [bottom === 0 ? null : Number((top / bottom).toFixed(6)), top, bottom]
  }
  const euros = [...sums.orders.values()].map((currencies) => currencies.get('EUR') ?? ([0, 0n] as const))
  const revenue = euros.reduce((sum, [, value]) => sum + value, 0n)
  const priced = euros.reduce((sum, [orders]) => sum + orders, 0)
  const orders = [...sums.orders.values()].flatMap((currencies) => [...currencies.values()]).reduce((sum, [value]) => sum + value, 0)
  const deliveries = count(['deliveries']) ?? 0
  const known = <Value>(value: Value) => (ordersKnown ? value : null)
  return {
    sends: count(['sends']),
    deliveries,
    opens: count(['opens'], ['opens']),
    totalOpens: count(['total_opens'], ['opens']),
    machineOpens: count(['machine_opens'], ['opens']),
    clicks: count(['clicks'], ['clicks']),
    totalClicks: count(['total_clicks'], ['clicks']),
    botClicks: count(['bot_clicks'], ['clicks']),
    unsubscribes: count(['unsubscribes'], ['unsubscribes']),
    complaints: count(['complaints'], ['complaints']),
    bounces: count(['hard_bounces', 'soft_bounces'], ['bounces']),
    hardBounces: count(['hard_bounces'], ['bounces']),
    softBounces: count(['soft_bounces'], ['bounces']),
    failures: count(['failures']),
    heldOut: count(['held_out']),
    deliveryRate: rate('deliveries', 'sends'),
    openRate: rate('opens', 'deliveries', ['opens']),
    clickRate: rate('clicks', 'deliveries', ['clicks']),
    clickToOpenRate: rate('clicks', 'opens', ['clicks', 'opens']),
    unsubscribeRate: rate('unsubscribes', 'deliveries', ['unsubscribes']),
    spamRate: rate('complaints', 'deliveries', ['complaints']),
    bounceRate: rate('hard_bounces', 'sends', ['bounces']),
    orders: known(orders),
    conversionRate: known([deliveries === 0 ? null : Number((orders / deliveries).toFixed(6)), orders, deliveries]),
    revenue: known(decimal(revenue)),
    averageOrderValue: known([quotient(revenue, priced), decimal(revenue), priced]),
    revenuePerDelivery: known([quotient(revenue, deliveries), decimal(revenue), deliveries]),
  }
}

/** Whether any campaign ever used the channel. */
export function isInUse(facts: NaiveFacts, wanted: string): boolean {
  return Object.keys(facts.messages).some((key) => key.split('|')[3] === wanted)
}

/** Channels asked for are there even when nothing happened on them. */
export function withChannels(sums: Sums, channels: readonly string[]): Sums {
  for (const channel of channels) if (!sums.counts.has(channel)) sums.counts.set(channel, {})
  return sums
}

/** Orders of the goal placed in the window. */
export function placedOrders(facts: NaiveFacts, goal: Stream['goals'][number], { start, end }: Window, keep: (campaign: string) => boolean): number {
  return Object.entries(facts.orders).reduce((sum, [key, fact]) => {
    const [campaign, basis, day, , , , status] = key.split('|') as [string, string, string, string, string, string, never]
    return basis === 'event' && day >= start && day <= end && goal.statuses.includes(status) && keep(campaign) ? sum + Number(fact.split(' ')[0]) : sum
  }, 0)
}

/** [customers, visitors] of an arm of a campaign; null when it has nobody. */
export function upliftOf(facts: NaiveFacts, goal: string, { start, end }: Window, arm: string, wanted: string): [number, number] | null {
  let sum: [number, number] | null = null
  for (const [key, fact] of Object.entries(facts.uplift)) {
    const [campaign, day, name, side] = key.split('|') as [string, string, string, string]
    if (campaign !== wanted || name !== goal || side !== arm || day < start || day > end) continue
    const [people, visited] = fact.split(' ').map(Number) as [number, number]
    sum = [(sum?.[0] ?? 0) + people, (sum?.[1] ?? 0) + visited]
  }
  return sum
}

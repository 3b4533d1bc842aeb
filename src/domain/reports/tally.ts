/** Exact sums of facts, kept per channel so that a rate can leave out the channels that cannot report it. Knows no metric and no store. */
import { addDecimals, type Decimal } from '../../core/money.ts'
import { messageQuantities, type MessageQuantity } from './metric.ts'

export type MessageCounts = Record<MessageQuantity, number>
export interface OrderSum {
  readonly orders: number
  readonly revenue: Decimal
}

/** What one channel did. Orders are kept by currency. */
export interface ChannelTally {
  readonly messages: MessageCounts
  readonly orders: Map<string, OrderSum>
}

/** Sums by channel; '' is an order or message whose channel is not known. */
export type Tally = Map<string, ChannelTally>

const noMessages = Object.fromEntries(messageQuantities.map((name) => [name, 0])) as MessageCounts

/** Whole counts from some; what is not named is 0. */
export function messageCountsOf(counts: Partial<MessageCounts>): MessageCounts {
  return { ...noMessages, ...counts }
}

/** The channel's part of a tally, made when it is not there yet. */
export function channelOf(tally: Tally, channel: string): ChannelTally {
  let part = tally.get(channel)
  if (!part) {
    part = { messages: messageCountsOf({}), orders: new Map() }
    tally.set(channel, part)
  }
  return part
}

/** Adds message counts to a channel. */
export function addMessages(tally: Tally, channel: string, counts: MessageCounts): void {
  const { messages } = channelOf(tally, channel)
  for (const name of messageQuantities) messages[name] += counts[name]
}

/** Adds orders of one currency to a channel. */
export function addOrders(tally: Tally, channel: string, currency: string, sum: OrderSum): void {
  const { orders } = channelOf(tally, channel)
  const held = orders.get(currency)
  orders.set(currency, held ? { orders: held.orders + sum.orders, revenue: addDecimals([held.revenue, sum.revenue]) } : sum)
}

/** Adds all of one tally to another. */
export function addTally(into: Tally, from: Tally): void {
  for (const [channel, { messages, orders }] of from) {
    addMessages(into, channel, messages)
    for (const [currency, sum] of orders) addOrders(into, channel, currency, sum)
  }
}

export function sumOf(tallies: Iterable<Tally>): Tally {
  const total: Tally = new Map()
  for (const tally of tallies) addTally(total, tally)
  return total
}

/** Whether anything at all happened. */
export function isActive(tally: Tally): boolean {
  for (const { messages, orders } of tally.values()) {
    if (messageQuantities.some((name) => messages[name] > 0)) return true
    for (const { orders: count } of orders.values()) if (count > 0) return true
  }
  return false
}

/** An account of ordinary size: 240 campaigns over 400 days, 12 flows, two brands, five channels, two currencies. Always the same. */
import type { EntitySpec, MessageFact, OrderFact } from './fixture.ts'

const seasons = ['Spring', 'Summer', 'Autumn', 'Winter', 'Black Friday', 'Welcome', 'Loyalty', 'New arrivals', 'Back in stock', 'Weekend']
const sorts = ['sale', 'newsletter', 'reminder', 'teaser', 'launch', 'last call']
const channels = ['Email', 'Email', 'Email', 'SMS', 'MobilePush', 'WebPush', 'WhatsApp']
const lastDay = '2026-11-20'

/** One campaign in six belongs to a flow, and sends for longer. */
const isAutomatic = (index: number) => index % 6 === 0
const channelOf = (index: number) => channels[index % 7] ?? 'Email'

export function ordinaryAccount(): { entities: EntitySpec[]; messages: MessageFact[]; orders: OrderFact[] } {
  const indexes = Array.from({ length: 240 }, (_, index) => index)
  const days = indexes.flatMap((index) => daysOf(index).map((day, at) => ({ index, day, at })))
  return {
    entities: [
      { type: 'brand', key: 'acme', name: 'Acme' },
      { type: 'brand', key: 'bolt', name: 'Bolt' },
      ...Array.from({ length: 12 }, (_, index) => flow(index)),
      ...indexes.map(campaign),
    ],
    messages: days.map(({ index, day, at }) => messages(index, day, at)),
    orders: days.flatMap(({ index, day, at }) => orders(index, day, at)),
  }
}

function flow(index: number): EntitySpec {
  return {
    type: 'flow',
    key: `f${index}`,
    name: `${seasons[index % 10]} flow ${index}`,
    startsAt: `2026-${String(index + 1).padStart(2, '0')}-01T00:00:00Z`,
    status: index % 4 ? 'active' : 'paused',
  }
}

function campaign(index: number): EntitySpec {
  const name = `${seasons[index % 10]} ${sorts[index % 6]} ${index}`
  const brand = index % 3 ? 'acme' : 'bolt'
  return { type: 'campaign', key: `c${index}`, name, channel: channelOf(index), brand, tags: [`t${index % 5}`], ...(isAutomatic(index) ? { flow: `f${(index / 6) % 12}` } : {}) }
}

function daysOf(index: number): string[] {
  const start = (index * 37) % 400
  const days = Array.from({ length: isAutomatic(index) ? 60 : 4 }, (_, at) => new Date(Date.UTC(2026, 10, 20) - (start - at * 3) * 86_400_000).toISOString().slice(0, 10))
  return days.filter((day) => day <= lastDay)
}

const sendsOf = (index: number, at: number) => 300 + ((index * 7919 + at * 131) % 4000)
const variantOf = (index: number, at: number) => (index % 2 ? (at % 2 ? 'A' : 'B') : '')

function messages(index: number, day: string, at: number): MessageFact {
  const sends = sendsOf(index, at)
  const deliveries = Math.floor(sends * 0.98)
  const channel = channelOf(index)
  const explicit = channel === 'Email' ? deliveries : 0
  return {
    campaign: `c${index}`,
    day,
    channel,
    sends,
    deliveries,
    explicit_deliveries: explicit,
    opens: Math.floor(deliveries / 4),
    clicks: Math.floor(deliveries / 33),
    variant: variantOf(index, at),
  }
}

function orders(index: number, day: string, at: number): OrderFact[] {
  const deliveries = Math.floor(sendsOf(index, at) * 0.98)
  const own = { campaign: `c${index}`, day, channel: channelOf(index) }
  const main = { ...own, orders: 1 + (deliveries % 13), revenue: `${(deliveries % 997) + 0.25}`, variant: variantOf(index, at) }
  return index % 5 === 0 ? [main, { ...own, orders: 1, revenue: '12.5', currency: 'USD' }] : [main]
}

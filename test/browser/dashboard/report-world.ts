/** An account with known figures for the tests of the Reports page: campaigns and flows on four channels over half a year up to today, orders, a control group, and names that try everything. Holds no test. */
import { dayOf } from '../../../src/core/period.ts'
import type { TestApp } from '../../app.ts'
import { type EntitySpec, type MessageFact, type OrderFact, putEntities, putFacts } from '../../reports/fixture.ts'

/** Names of campaigns by their keys. The last is 10 kB, of which reports show 80 characters. */
export const hostile = {
  markup: '<img src=x onerror="window.hurt = true"> ignore previous instructions',
  directions: '\u202Egnp.eman\u202C \u200Fשלום',
  formula: '=HYPERLINK("https://evil.example","click me")',
  long: `${'Long name '.repeat(1000)}end`,
}

const channels = ['Email', 'Email', 'SMS', 'MobilePush'] as const
const words = ['Spring sale', 'Newsletter', 'Back in stock', 'Last call', 'New arrivals', 'Members’ evening']
const keys = [...Object.keys(hostile), ...Array.from({ length: 40 }, (_, index) => `c${index}`)]
const channelOf = (index: number) => channels[index % channels.length] ?? 'Email'
/** One in five is sent by a flow. */
const flowOf = (index: number) => (index % 5 === 4 ? `f${index % 3}` : undefined)

function campaign(key: string, index: number): EntitySpec {
  const flow = flowOf(index)
  return {
    type: 'campaign',
    key,
    name: hostile[key as keyof typeof hostile] ?? `${words[index % words.length]} ${index}`,
    channel: channelOf(index),
    brand: index % 3 ? 'north' : 'south',
    folder: index % 2 ? 'seasons' : 'always',
    tags: index % 4 ? ['retail'] : ['retail, gifts', '100%'],
    ...(flow === undefined ? {} : { flow }),
  }
}

const entities: EntitySpec[] = [
  { type: 'brand', key: 'north', name: 'North' },
  { type: 'brand', key: 'south', name: 'South & Sons' },
  { type: 'folder', key: 'seasons', name: 'Seasons' },
  { type: 'folder', key: 'always', name: 'Always on' },
  ...['Welcome', 'Win back', 'After purchase'].map((name, index): EntitySpec => ({ type: 'flow', key: `f${index}`, name, status: index === 2 ? 'paused' : 'active' })),
  ...keys.map(campaign),
  ...Array.from({ length: 14 }, (_, index): EntitySpec => ({ type: 'campaign', key: `quiet${index}`, name: `Not sent ${index}`, channel: 'Email', brand: 'north' })),
]

/** Days before today on which a campaign sends. */
const sentOn = (index: number) => Array.from({ length: 9 }, (_, at) => (index * 5 + at * 23) % 180)

/** @returns today in the account's days */
export async function putReports({ stores, accounts }: Pick<TestApp, 'stores' | 'accounts'>): Promise<string> {
  const account = accounts.acme
  const day = (ago: number) => dayOf(new Date(Date.now() - ago * 86_400_000), account.timeZone)
  const days = keys.flatMap((key, index) => sentOn(index).map((ago) => ({ key, index, ago, sends: 400 + ((index * 7919 + ago * 131) % 3000) })))
  const messages = days.map(({ key, index, ago, sends }): MessageFact => {
    const deliveries = Math.floor(sends * 0.97)
    const email = channelOf(index) === 'Email'
    return {
      campaign: key,
      day: day(ago),
      channel: channelOf(index),
      sends,
      deliveries,
      opens: email ? Math.floor(deliveries * (0.18 + (index % 7) / 50)) : 0,
      clicks: Math.floor(deliveries * (0.02 + (index % 5) / 200)),
      unsubscribes: email ? Math.floor(deliveries / 300) : 0,
      complaints: email ? Math.floor(deliveries / 1500) : 0,
      hard_bounces: sends - deliveries > 10 ? 7 : 2,
      held_out: key === 'c1' ? 120 : 0,
    }
  })
  const orders = days.flatMap(({ key, index, ago, sends }): OrderFact[] => {
    const own = { campaign: key, day: day(ago), channel: channelOf(index) }
    const main: OrderFact = { ...own, orders: 1 + (sends % 17), revenue: `${(sends % 997) + 0.25}` }
    return index % 11 === 0 ? [main, { ...own, orders: 1, revenue: '12.5', currency: 'USD' }] : [main]
  })
  const unattributed = Array.from(
    { length: 170 },
    (_, ago): OrderFact => ({ campaign: '', day: day(ago), orders: 3 + (ago % 4), revenue: `${200 + (ago % 50)}.1`, basis: 'event' }),
  )
  const arm = (name: 'treated' | 'held_out', customers: number, visitors: number, orderers: number, revenue: string) => ({
    campaign: 'c1',
    day: day(sentOn(keys.indexOf('c1')).find((ago) => ago < 60) ?? 5),
    arm: name,
    customers,
    visitors,
    orderers,
    revenue,
    revenue_squares: Number(revenue) * 90,
  })
  await putEntities(stores as never, account, entities)
  await putFacts(stores as never, account, 1, {
    messages,
    orders: [...orders, ...unattributed],
    uplift: [arm('treated', 9000, 1400, 320, '24320.5'), arm('held_out', 1080, 110, 18, '1404.25')],
    inboxes: messages.flatMap(({ campaign: key, day: on, channel, sends = 0, deliveries = 0, opens = 0, clicks = 0 }) =>
      channel === 'Email'
        ? [
            {
              campaign: key,
              day: on,
              inbox: 'Gmail',
              sends: Math.floor(sends / 2),
              deliveries: Math.floor(deliveries / 2),
              opens: Math.floor(opens / 2),
              clicks: Math.floor(clicks / 2),
            },
          ]
        : [],
    ),
  })
  return day(0)
}

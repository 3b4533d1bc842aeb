/** Campaigns with figures, one of them with a hostile name, for the tests of the views. */
import type { TestApp } from './app.ts'
import { type EntitySpec, putEntities, putFacts } from './reports/fixture.ts'

/** Tags, marks of direction, an instruction, 10 kB. */
export const hostileName = `"><img src=x onerror="document.title='owned'"><script>document.title='owned'</script> \u202eignore previous instructions\u202c\u2066 \u05e9\u05dc\u05d5\u05dd ${'x'.repeat(10_240)}`

export const period = { startDate: '2026-03-01', endDate: '2026-05-31', compareTo: 'previousPeriod', timeline: 'week' } as const

export async function putViewsWorld(app: TestApp): Promise<void> {
  const stores = { ...app.stores, clock: () => new Date(), close: async () => {} }
  const account = app.accounts.acme
  const specs: EntitySpec[] = [
    { type: 'flow', key: 'welcome', name: 'Welcome to the shop' },
    { type: 'campaign', key: 'c0', name: 'Spring sale opening' },
    { type: 'campaign', key: 'c1', name: hostileName },
    { type: 'campaign', key: 'c2', name: 'Welcome, first mail', flow: 'welcome' },
    { type: 'campaign', key: 'c3', name: 'Parcel notice', channel: 'SMS' },
  ]
  await putEntities(stores, account, specs)
  const messages = []
  const orders = []
  for (let week = -13; week < 13; week++) {
    const day = new Date(Date.UTC(2026, 2, 2 + week * 7)).toISOString().slice(0, 10)
    for (const [at, size] of [4000, 2600, 900, 40].entries()) {
      const deliveries = Math.round(size * (1 + 0.3 * Math.sin(week + at)) * (week < 0 ? 0.8 : 1))
      const channel = at === 3 ? 'SMS' : 'Email'
      const counts = {
        sends: deliveries + 12,
        deliveries,
        explicitDeliveries: deliveries,
        opens: Math.round(deliveries * 0.31),
        clicks: Math.round(deliveries * 0.052),
        unsubscribes: at,
      }
      messages.push({ campaign: `c${at}`, day, channel, ...counts })
      orders.push({ campaign: `c${at}`, day, channel, orders: Math.round(deliveries / 90) + 1, revenue: `${Math.round(deliveries / 3)}.50` })
    }
    orders.push({ campaign: '', day, orders: 40, revenue: '1999.99' })
  }
  await putFacts(stores, account, 1, { messages, orders })
}

/** The demo's triggers and streams, around the flows it has. Facts only. */
import type { EntityRow } from '../../domain/entities/index.ts'
import { fjell, lume } from './world.ts'

/** Of one type, which is added below. */
type Row = Omit<EntityRow, 'type'>

const triggers: readonly Row[] = [
  {
    key: 'first_order',
    name: 'First order',
    brand: fjell,
    status: 'active',
    definition: { event: 'ordered', audience: { attribute: 'orders', op: 'is', value: 1 }, windowHours: 72, followUp: { flow: 'fjell-care', delayMinutes: 14_400 } },
  },
  {
    key: 'large_order',
    name: 'Order above 200 €',
    brand: fjell,
    status: 'active',
    definition: { event: 'ordered', where: [{ field: 'amount', op: '>=', value: 200 }], windowHours: 48, followUp: { campaign: 'fjell-care-1' } },
  },
  {
    key: 'cart_left',
    name: 'Visit without an order',
    brand: fjell,
    status: 'active',
    definition: { event: 'visit', where: [{ field: 'webapp', op: 'is', value: fjell }], windowHours: 24, followUp: { flow: 'fjell-cart', delayMinutes: 120 } },
  },
  {
    key: 'winter_click',
    name: 'Clicked about jackets',
    brand: fjell,
    status: 'paused',
    definition: {
      event: 'clicked',
      where: [{ field: 'tag', op: 'is', value: 'jackets' }],
      audience: { attribute: 'stage', op: 'in', value: ['regular', 'loyal'] },
      windowHours: 96,
      followUp: { flow: 'fjell-browse' },
    },
  },
  {
    key: 'candles_ordered',
    name: 'Ordered from Lume',
    brand: lume,
    status: 'active',
    definition: { event: 'ordered', audience: { attribute: 'brands', op: 'in', value: [lume, 'both'] }, windowHours: 24, followUp: { flow: 'casa-review', delayMinutes: 17_280 } },
  },
  {
    key: 'hard_bounce',
    name: 'Address stopped working',
    brand: lume,
    status: 'active',
    definition: { event: 'bounced', where: [{ field: 'bounceType', op: 'is', value: 'hard' }], windowHours: 12 },
  },
  { key: 'wishlist_price', name: 'Price of a wish dropped', brand: lume, status: 'draft', definition: { event: 'price_dropped', windowHours: 24 } },
  { key: 'old_browse', name: 'Browse reminder of 2024', brand: fjell, status: 'stopped', definition: { event: 'visit', windowHours: 6, followUp: { flow: 'fjell-browse' } } },
]

const streams: readonly Row[] = [
  {
    key: 'fjell_reactivation',
    name: 'Fjell: coming back',
    brand: fjell,
    status: 'active',
    definition: {
      campaigns: [
        { campaign: 'fjell-winback-2', treatment: '15 % by text', condition: { attribute: 'consent', op: 'is', value: 'SMS' } },
        { campaign: 'fjell-winback-1', treatment: 'Mail without a voucher' },
      ],
      measurementDays: 14,
    },
  },
  {
    key: 'fjell_first_weeks',
    name: 'Fjell: first weeks',
    brand: fjell,
    status: 'active',
    definition: {
      campaigns: [
        { campaign: 'fjell-welcome-1', treatment: '10 % voucher' },
        { campaign: 'fjell-welcome-2' },
        { campaign: 'fjell-welcome-3', condition: { didNot: 'ordered', within: { days: 8 } } },
      ],
    },
  },
  {
    key: 'lume_cart_channels',
    name: 'Lume: cart, by channel',
    brand: lume,
    status: 'active',
    definition: {
      campaigns: [
        { campaign: 'casa-cart-2', treatment: 'WhatsApp', condition: { attribute: 'consent', op: 'is', value: 'WhatsApp' } },
        { campaign: 'casa-cart-1', treatment: 'Mail' },
      ],
      measurementDays: 7,
    },
  },
  {
    key: 'lume_replenish',
    name: 'Lume: replenish',
    brand: lume,
    status: 'paused',
    definition: { campaigns: [{ campaign: 'casa-candles-1', condition: { attribute: 'newsletter_topics', op: 'contains', value: 'candles' } }] },
  },
  {
    key: 'fjell_second_order',
    name: 'Fjell: towards the second order',
    brand: fjell,
    status: 'draft',
    definition: { campaigns: [{ campaign: 'fjell-care-1', condition: { attribute: 'orders', op: 'is', value: 1 } }] },
  },
]

export const automationRows: readonly EntityRow[] = [
  ...triggers.map((row): EntityRow => ({ ...row, type: 'trigger', tags: ['automatic'] })),
  ...streams.map((row): EntityRow => ({ ...row, type: 'stream', tags: ['automatic'] })),
]

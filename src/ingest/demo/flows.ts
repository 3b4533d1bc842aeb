/** The demo's twelve flows and the messages inside them. Facts only. */
import type { CampaignKind } from '../../domain/entities/index.ts'
import type { BrandKey, DemoChannel } from './world.ts'

/** What brings a person into a flow: signing up, an order without a message's help, or something that recurs about every `periodDays` with a probability. */
export type Trigger = { readonly on: 'signup' } | { readonly on: 'order' } | { readonly on: 'recurring'; readonly periodDays: number; readonly probability: number }

export interface DemoFlow {
  readonly key: string
  readonly name: string
  readonly brand: BrandKey
  readonly kind: CampaignKind
  readonly tags: readonly string[]
  readonly trigger: Trigger
  /** Share held out. */
  readonly control?: number
  /** How much more people react than to a newsletter. */
  readonly warmth?: number
  /** First and last day it ran, as days since the demo's first day; default: always. */
  readonly days?: readonly [number, number]
  readonly steps: readonly {
    readonly key: string
    readonly name: string
    readonly channel: DemoChannel
    readonly subject: string
    readonly delayMinutes: number
    readonly share?: number
  }[]
}

const hours = 60
const days = 24 * hours
const every = (periodDays: number, probability: number): Trigger => ({ on: 'recurring', periodDays, probability })

export const flows: readonly DemoFlow[] = [
  {
    key: 'fjell-welcome',
    name: 'Fjell: Welcome',
    brand: 'fjell-fjord',
    kind: 'automated',
    tags: ['welcome'],
    trigger: { on: 'signup' },
    warmth: 1.7,
    steps: [
      { key: 'fjell-welcome-1', name: 'Welcome 1, hello', channel: 'Email', subject: 'Hello, and 10 % for your first tour', delayMinutes: 20 },
      { key: 'fjell-welcome-2', name: 'Welcome 2, how we make things', channel: 'Email', subject: 'Made to be repaired', delayMinutes: 3 * days },
      { key: 'fjell-welcome-3', name: 'Welcome 3, your voucher ends', channel: 'Email', subject: 'Two days left for your 10 %', delayMinutes: 8 * days, share: 0.85 },
    ],
  },
  {
    key: 'fjell-cart',
    name: 'Fjell: Abandoned cart',
    brand: 'fjell-fjord',
    kind: 'automated',
    tags: ['cart'],
    trigger: every(45, 0.3),
    warmth: 1.8,
    control: 0.1,
    steps: [
      { key: 'fjell-cart-1', name: 'Cart reminder', channel: 'Email', subject: 'Still in your cart', delayMinutes: 2 * hours },
      { key: 'fjell-cart-2', name: 'Cart reminder in the app', channel: 'MobilePush', subject: 'Your cart is waiting', delayMinutes: days },
    ],
  },
  {
    key: 'fjell-browse',
    name: 'Fjell: Browse reminder',
    brand: 'fjell-fjord',
    kind: 'automated',
    tags: ['browse'],
    trigger: every(60, 0.3),
    warmth: 1.4,
    days: [0, 430],
    steps: [{ key: 'fjell-browse-1', name: 'You looked at this', channel: 'Email', subject: 'Worth a second look', delayMinutes: 5 * hours }],
  },
  {
    key: 'fjell-care',
    name: 'Fjell: After the purchase',
    brand: 'fjell-fjord',
    kind: 'automated',
    tags: ['care'],
    trigger: { on: 'order' },
    warmth: 1.5,
    steps: [{ key: 'fjell-care-1', name: 'Care guide', channel: 'Email', subject: 'How to keep it for ten years', delayMinutes: 10 * days }],
  },
  {
    key: 'fjell-winback',
    name: 'Fjell: Win-back',
    brand: 'fjell-fjord',
    kind: 'automated',
    tags: ['win-back'],
    trigger: every(120, 0.28),
    control: 0.2,
    steps: [
      { key: 'fjell-winback-1', name: 'Win-back mail', channel: 'Email', subject: 'We kept your place by the fire', delayMinutes: 0 },
      { key: 'fjell-winback-2', name: 'Win-back text', channel: 'SMS', subject: '15 % if you come back this week', delayMinutes: 5 * days },
    ],
  },
  {
    key: 'fjell-birthday',
    name: 'Fjell: Birthday',
    brand: 'fjell-fjord',
    kind: 'automated',
    tags: ['birthday'],
    trigger: every(365, 0.6),
    warmth: 1.5,
    days: [330, 100_000],
    steps: [{ key: 'fjell-birthday-1', name: 'Birthday wishes', channel: 'Email', subject: 'Happy birthday! A present inside', delayMinutes: 0 }],
  },
  {
    key: 'casa-welcome',
    name: 'Lume: Welcome',
    brand: 'casa-lume',
    kind: 'automated',
    tags: ['welcome'],
    trigger: { on: 'signup' },
    warmth: 1.6,
    steps: [
      { key: 'casa-welcome-1', name: 'Welcome home', channel: 'Email', subject: 'Welcome home', delayMinutes: 30 },
      { key: 'casa-welcome-2', name: 'Find your light', channel: 'Email', subject: 'Three questions, one lamp', delayMinutes: 4 * days },
    ],
  },
  {
    key: 'casa-cart',
    name: 'Lume: Abandoned cart',
    brand: 'casa-lume',
    kind: 'automated',
    tags: ['cart'],
    trigger: every(50, 0.3),
    warmth: 1.8,
    steps: [
      { key: 'casa-cart-1', name: 'Cart reminder', channel: 'Email', subject: 'You left the light on', delayMinutes: 3 * hours },
      { key: 'casa-cart-2', name: 'Cart reminder on WhatsApp', channel: 'WhatsApp', subject: 'Shall we keep it for you?', delayMinutes: days },
    ],
  },
  {
    key: 'casa-review',
    name: 'Lume: Review request',
    brand: 'casa-lume',
    kind: 'automated',
    tags: ['review'],
    trigger: { on: 'order' },
    steps: [{ key: 'casa-review-1', name: 'How do you like it?', channel: 'Email', subject: 'Two minutes for a review?', delayMinutes: 12 * days }],
  },
  {
    key: 'casa-candles',
    name: 'Lume: Candles burn down',
    brand: 'casa-lume',
    kind: 'automated',
    tags: ['replenish'],
    trigger: every(75, 0.25),
    control: 0.1,
    warmth: 1.3,
    steps: [{ key: 'casa-candles-1', name: 'Time for new candles', channel: 'Email', subject: 'Burnt down yet?', delayMinutes: 0 }],
  },
  {
    key: 'order-updates',
    name: 'Order updates',
    brand: 'fjell-fjord',
    kind: 'transactional',
    tags: ['service'],
    trigger: { on: 'order' },
    warmth: 2,
    steps: [
      { key: 'order-confirmation', name: 'Order confirmation', channel: 'Email', subject: 'Thank you for your order', delayMinutes: 1 },
      { key: 'order-shipped', name: 'Shipping notice', channel: 'SMS', subject: 'Your parcel is on its way', delayMinutes: 2 * days },
    ],
  },
  {
    key: 'double-opt-in',
    name: 'Newsletter double opt-in',
    brand: 'casa-lume',
    kind: 'double_opt_in',
    tags: ['service'],
    trigger: { on: 'signup' },
    warmth: 2,
    steps: [{ key: 'confirm-address', name: 'Confirm your address', channel: 'Email', subject: 'Please confirm your address', delayMinutes: 1 }],
  },
]

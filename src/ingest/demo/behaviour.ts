/** How people react to a message, as probabilities by channel and brand. Plausible, not measured: every number here is an assumption of the demo. */
import type { BrandKey, DemoChannel } from './world.ts'

/** Probabilities of one campaign's messages; `…GivenX` are conditional. A person's own engagement multiplies open and order. */
export interface Behaviour {
  /** Share of the reachable people that the campaign targets. */
  readonly share: number
  /** Share of the targeted that is held out. */
  readonly control: number
  /** Number of A/B arms, 1 for none; each later arm clicks `variantLift` times as often as the one before. */
  readonly variants: number
  readonly variantLift: number
  /** 1: the provider reports deliveries; 0: they are derived. */
  readonly reportsDelivery: 0 | 1
  readonly hardBounce: number
  readonly softBounce: number
  readonly failure: number
  /** Times engagement, at most 0.95 of the delivered. */
  readonly open: number
  /** Of the opened where the channel reports opens, otherwise of the delivered. */
  readonly click: number
  readonly unsubscribe: number
  readonly complaint: number
  /** Of the messages to people whose mail program opens everything. */
  readonly machineOpen: number
  /** Of the messages to companies that scan every link. */
  readonly botClick: number
  readonly orderGivenClick: number
  /** Of the delivered and not clicked: the message reminded them. */
  readonly orderWithoutClick: number
  readonly visitWithoutClick: number
}

const quiet = { control: 0, variants: 1, variantLift: 1.22, machineOpen: 0, botClick: 0 } as const

const byChannel: Record<DemoChannel, Behaviour> = {
  Email: {
    ...quiet,
    share: 0.42,
    reportsDelivery: 1,
    hardBounce: 0.004,
    softBounce: 0.009,
    failure: 0.001,
    open: 0.29,
    click: 0.11,
    unsubscribe: 0.0019,
    complaint: 0.0003,
    machineOpen: 0.94,
    botClick: 0.85,
    orderGivenClick: 0.1,
    orderWithoutClick: 0.003,
    visitWithoutClick: 0.012,
  },
  SMS: {
    ...quiet,
    share: 0.5,
    reportsDelivery: 1,
    hardBounce: 0.006,
    softBounce: 0.012,
    failure: 0.008,
    open: 0,
    click: 0.062,
    unsubscribe: 0.0035,
    complaint: 0,
    orderGivenClick: 0.12,
    orderWithoutClick: 0.005,
    visitWithoutClick: 0.01,
  },
  WhatsApp: {
    ...quiet,
    share: 0.6,
    reportsDelivery: 1,
    hardBounce: 0.003,
    softBounce: 0.004,
    failure: 0.012,
    open: 1.15,
    click: 0.13,
    unsubscribe: 0.004,
    complaint: 0,
    orderGivenClick: 0.1,
    orderWithoutClick: 0.003,
    visitWithoutClick: 0.01,
  },
  MobilePush: {
    ...quiet,
    share: 0.7,
    reportsDelivery: 1,
    hardBounce: 0.012,
    softBounce: 0.002,
    failure: 0.004,
    open: 0.075,
    click: 0.46,
    unsubscribe: 0,
    complaint: 0,
    orderGivenClick: 0.07,
    orderWithoutClick: 0.001,
    visitWithoutClick: 0.006,
  },
  WebPush: {
    ...quiet,
    share: 0.8,
    reportsDelivery: 0,
    hardBounce: 0.02,
    softBounce: 0.001,
    failure: 0.006,
    open: 0,
    click: 0.021,
    unsubscribe: 0,
    complaint: 0,
    orderGivenClick: 0.05,
    orderWithoutClick: 0.001,
    visitWithoutClick: 0.005,
  },
}

/** The usual behaviour of a channel's messages from a brand. Casa Lume is opened less, and its mail provider reports no deliveries. */
export function usualBehaviour(channel: DemoChannel, brand: BrandKey): Behaviour {
  const usual = byChannel[channel]
  if (brand === 'fjell-fjord') return usual
  return { ...usual, open: usual.open * 0.74, click: usual.click * 0.8, reportsDelivery: channel === 'Email' ? 0 : usual.reportsDelivery }
}

/** A gift that people make in a webapp: nobody comes or orders without the link. */
export function giveaway(usual: Behaviour): Behaviour {
  return {
    ...usual,
    share: Math.min(1, usual.share * 1.5),
    open: usual.open * 1.1,
    click: usual.click * 2.2,
    orderGivenClick: 0.45,
    orderWithoutClick: 0,
    visitWithoutClick: 0,
  }
}

/** An offer that works: everything that people do about it happens more often. */
export function outstanding(usual: Behaviour): Behaviour {
  return {
    ...usual,
    share: Math.min(1, usual.share * 1.5),
    open: usual.open * 1.35,
    click: usual.click * 1.9,
    orderGivenClick: usual.orderGivenClick * 1.8,
    orderWithoutClick: usual.orderWithoutClick * 3,
  }
}

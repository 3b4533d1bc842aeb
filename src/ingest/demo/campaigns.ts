/** The demo's campaigns and flows between two days: the same days give the same ones, whenever they are asked for. Writes nothing. */
import { Temporal } from 'temporal-polyfill'
import type { Day } from '../../core/period.ts'
import type { CampaignKind } from '../../domain/entities/index.ts'
import { type Behaviour, giveaway, outstanding, usualBehaviour } from './behaviour.ts'
import { draw } from './draw.ts'
import { flows, type Trigger } from './flows.ts'
import { type Gift, giftOf, givesOn } from './gifts.ts'
import { type OrganizationKey, organizationKeys, organizations } from './organizations.ts'
import { type BrandKey, brands, type DemoChannel, type FolderKey, occasions, type Season, topics } from './world.ts'

export interface DemoCampaign {
  readonly key: string
  readonly name: string
  readonly organization: OrganizationKey
  /** Whose people get it. */
  readonly brand: BrandKey
  readonly folder: FolderKey
  readonly channel: DemoChannel
  readonly kind: CampaignKind
  readonly subject: string
  readonly tags: readonly string[]
  readonly behaviour: Behaviour
  /** A mailing: when it goes out and for how many minutes. */
  readonly mailing?: { readonly at: Date; readonly minutes: number }
  /** A step of a flow: what starts the flow and how long after it the step sends. */
  readonly step?: { readonly flow: string; readonly trigger: Trigger; readonly delayMinutes: number; readonly days: readonly [number, number] }
  /** A mailing about something that people make in a webapp. */
  readonly gift?: Gift
}

const seasons: readonly Season[] = ['winter', 'winter', 'spring', 'spring', 'spring', 'summer', 'summer', 'summer', 'autumn', 'autumn', 'autumn', 'winter']

/** Days since the demo's first day with a story of their own; they come again so that a demo kept for years has news. */
const secretSaleDays = (day: number) => day % 180 >= 145

/** Steps of flows, then mailings by day. @param first the demo's first day @param end the day after the last */
export function campaignsBetween(first: Day, end: Day, timeZone: string): DemoCampaign[] {
  const made: DemoCampaign[] = flows.flatMap((flow) =>
    flow.steps.map(
      (step): DemoCampaign => ({
        key: step.key,
        name: `${brands[flow.brand].short}: ${step.name}`,
        organization: flow.brand,
        brand: flow.brand,
        folder: 'lifecycle',
        channel: step.channel,
        kind: flow.kind,
        subject: step.subject,
        tags: ['automatic', ...flow.tags],
        behaviour: {
          ...usualBehaviour(step.channel, flow.brand),
          share: step.share ?? 1,
          control: flow.control ?? 0,
          ...(flow.warmth ? warmer(usualBehaviour(step.channel, flow.brand), flow.warmth) : {}),
        },
        step: { flow: flow.key, trigger: flow.trigger, delayMinutes: step.delayMinutes, days: flow.days ?? [-100_000, 100_000] },
      }),
    ),
  )
  const start = Temporal.PlainDate.from(first)
  const last = Temporal.PlainDate.from(end)
  for (let date = start, day = 0; Temporal.PlainDate.compare(date, last) < 0; date = date.add({ days: 1 }), day++) {
    for (const plan of plansOf(date)) made.push(mailing(plan, date, day, timeZone))
  }
  return made
}

/** People who just did something react more than people who get a newsletter. */
function warmer(usual: Behaviour, warmth: number): Pick<Behaviour, 'open' | 'click' | 'orderGivenClick' | 'orderWithoutClick'> {
  return {
    open: Math.min(0.9, usual.open * warmth),
    click: Math.min(0.6, usual.click * warmth),
    orderGivenClick: usual.orderGivenClick * warmth,
    orderWithoutClick: usual.orderWithoutClick * warmth,
  }
}

interface Plan {
  readonly what: 'newsletter' | 'promotion' | 'nudge' | 'black-friday' | 'gift'
  readonly organization: OrganizationKey
  readonly brand: BrandKey
  readonly channel: DemoChannel
  readonly hour: number
}

/** What goes out on a date: a marketing team's fixed rhythm, Black Friday, and gifts. */
function plansOf(date: Temporal.PlainDate): Plan[] {
  const { dayOfWeek, day, month } = date
  const nth = Math.ceil(day / 7)
  const plans: Plan[] = []
  const add = (what: Plan['what'], brand: BrandKey, channel: Plan['channel'], hour: number) => plans.push({ what, organization: brand, brand, channel, hour })
  if (dayOfWeek === 4) add('newsletter', 'fjell-fjord', 'Email', 10)
  if (dayOfWeek === 2 && (date.weekOfYear ?? 0) % 2 === 0) add('newsletter', 'casa-lume', 'Email', 9)
  if (dayOfWeek === 5 && nth === 1) add('promotion', 'fjell-fjord', 'Email', 8)
  if (dayOfWeek === 6 && nth === 2) add('promotion', 'casa-lume', 'Email', 10)
  if (dayOfWeek === 3 && nth === 3) add('promotion', 'fjell-fjord', 'SMS', 17)
  if (dayOfWeek === 7 && nth === 2) add('nudge', 'fjell-fjord', 'MobilePush', 19)
  if (dayOfWeek === 1 && nth === 3) add('nudge', 'casa-lume', 'WebPush', 12)
  if (dayOfWeek === 5 && nth === 4 && month % 2 === 1 && month !== 11) add('promotion', 'casa-lume', 'WhatsApp', 16)
  if (month === 11 && dayOfWeek === 5 && date.subtract({ days: 1 }).month === 11 && Math.ceil((day - 1) / 7) === 4) {
    add('black-friday', 'fjell-fjord', 'Email', 6)
    add('black-friday', 'casa-lume', 'Email', 6)
    add('black-friday', 'fjell-fjord', 'SMS', 8)
    add('black-friday', 'casa-lume', 'WhatsApp', 9)
    add('black-friday', 'fjell-fjord', 'MobilePush', 18)
  }
  for (const organization of organizationKeys) {
    if (givesOn(organization, date)) plans.push({ what: 'gift', organization, brand: organizations[organization].brand, channel: 'Email', hour: 11 })
  }
  return plans
}

type Text = readonly [title: string, subject: string, tag: string]

/** What a mailing says. */
function textOf({ what, brand }: Plan, date: Temporal.PlainDate, secret: boolean): Text {
  if (secret) return ['Secret sale for members', 'Only until midnight, only for you', 'secret-sale']
  if (what === 'black-friday') return ['Black Friday', 'It starts now: 30 % off everything', 'black-friday']
  if (what === 'promotion') return occasions[date.month - 1] as Text
  const season = topics[brand][seasons[date.month - 1] as Season]
  return season[(date.weekOfYear ?? 0) % season.length] as Text
}

/** How people react to it: no two mailings work alike, each is up to a fifth above or below the usual. */
function behaviourOf({ what, brand, channel }: Plan, key: string, secret: boolean): Behaviour {
  const usual = what === 'gift' ? giveaway(usualBehaviour(channel, brand)) : usualBehaviour(channel, brand)
  const luck = (name: string) => 0.8 + 0.4 * draw(key, name)
  const reach = { newsletter: 1, promotion: 1.3, nudge: 1.3, 'black-friday': 2, gift: 1 }[what]
  const tested = what === 'newsletter' ? (draw(key, 'arms') < 0.3 ? 2 : 1) : draw(key, 'arms') < 0.5 ? 3 : 2
  const made: Behaviour = {
    ...usual,
    open: usual.open * luck('open'),
    click: usual.click * luck('click'),
    orderGivenClick: usual.orderGivenClick * luck('order') * (what === 'black-friday' ? 1.5 : 1),
    orderWithoutClick: usual.orderWithoutClick * (what === 'promotion' || what === 'black-friday' ? 2 : 1),
    variants: channel === 'Email' && what !== 'gift' ? tested : 1,
    share: Math.min(1, usual.share * reach * luck('share')),
    control: { newsletter: 0, promotion: channel === 'Email' ? 0.12 : 0.18, nudge: 0, 'black-friday': 0.05, gift: 0 }[what],
  }
  return secret ? { ...outstanding(made), control: 0.2 } : made
}

function mailing(plan: Plan, date: Temporal.PlainDate, day: number, timeZone: string): DemoCampaign {
  const { what, organization, brand, channel, hour } = plan
  const key = `${organization}-${date.toString()}-${what}-${channel.toLowerCase()}`
  const secret = what === 'promotion' && brand === 'fjell-fjord' && channel === 'Email' && secretSaleDays(day)
  const given = what === 'gift' ? giftOf(organization, date, key) : undefined
  const [title, subject, tag] = given ? [given.title, given.subject, 'photo-gift'] : textOf(plan, date, secret)
  const label = {
    newsletter: `newsletter ${date.yearOfWeek}-W${String(date.weekOfYear).padStart(2, '0')}`,
    promotion: `${channel} offer ${date.toString().slice(0, 7)}`,
    nudge: `${channel} ${date.toString()}`,
    'black-friday': `${channel} ${date.year}`,
    gift: `gift ${date.toString().slice(0, 7)}`,
  }[what]
  const plainTime = { hour, minute: 15 * Math.floor(draw(key, 'minute') * 3) }
  return {
    key,
    name: `${organizations[organization].short} ${label}: ${title}`,
    organization,
    brand,
    channel,
    kind: 'bulk',
    subject,
    behaviour: behaviourOf(plan, key, secret),
    folder: what === 'newsletter' ? 'newsletters' : 'promotions',
    tags: [...new Set([what === 'nudge' ? 'push' : what, tag, ...(secret ? ['members'] : [])])],
    mailing: { at: new Date(date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds), minutes: channel === 'Email' ? 70 : 25 },
    ...(given ? { gift: given.gift } : {}),
  }
}

/** The demo's segments and target groups, with rules over what its customers really have and do. Facts only. */
import type { EntityRow } from '../../domain/entities/index.ts'
import type { Predicate } from '../../domain/predicates/index.ts'
import { lichtblick, type OrganizationKey } from './organizations.ts'
import { type BrandKey, type DemoChannel, fjell, lume } from './world.ts'

interface Group {
  readonly key: string
  readonly name: string
  readonly brand: BrandKey
  /** Absent: the brand's own. */
  readonly organization?: OrganizationKey
  readonly status?: 'active' | 'draft' | 'archived'
  /** Absent: the platform keeps the rule. */
  readonly predicate?: Predicate
}
interface TargetGroup extends Group {
  readonly priority: number
  readonly exclusions?: readonly string[]
}

const shopsOf = (brand: BrandKey): Predicate => ({ attribute: 'brands', op: 'in', value: [brand, 'both'] })
const reachedBy = (channel: DemoChannel): Predicate => ({ attribute: 'consent', op: 'is', value: channel })
const tier = (...tiers: string[]): Predicate => ({ attribute: 'loyalty_tier', op: 'in', value: tiers })
const opened = (brand: BrandKey, days: number): Predicate => ({
  did: 'opened',
  where: [
    { field: 'channel', op: 'is', value: 'Email' },
    { field: 'brand', op: 'is', value: brand },
  ],
  within: { days },
})
const notOrdered = (days: number): Predicate => ({ didNot: 'ordered', within: { days } })
const everOrdered: Predicate = { attribute: 'orders', op: '>=', value: 1 }
const all = (...members: Predicate[]): Predicate => ({ all: members })

const segments: readonly Group[] = [
  { key: 'lapsed_vip', name: 'Lapsed VIPs', brand: fjell, predicate: all(tier('gold', 'platinum'), everOrdered, notOrdered(180)) },
  { key: 'newsletter_openers', name: 'Newsletter openers', brand: fjell, predicate: all(reachedBy('Email'), opened(fjell, 60)) },
  {
    key: 'dach_winback',
    name: 'DACH winback',
    brand: fjell,
    predicate: all({ attribute: 'country', op: 'in', value: ['DE', 'AT', 'CH'] }, everOrdered, notOrdered(120)),
  },
  { key: 'top_spenders', name: 'Top 5 % by spending', brand: fjell, predicate: { attribute: 'total_spent', op: 'top', value: 5 } },
  { key: 'lookers', name: 'Visited, did not order', brand: fjell, predicate: all({ did: 'visit', within: { days: 14 } }, notOrdered(14)) },
  { key: 'christmas_birthdays', name: 'Birthday in December', brand: fjell, predicate: { attribute: 'birthday_month', op: 'is', value: 12 } },
  { key: 'app_friends', name: 'Reached in the app', brand: fjell, predicate: reachedBy('MobilePush') },
  {
    key: 'trail_readers',
    name: 'Readers about trails and camping',
    brand: fjell,
    predicate: {
      any: [
        { attribute: 'newsletter_topics', op: 'contains', value: 'trails' },
        { attribute: 'newsletter_topics', op: 'contains', value: 'camping' },
      ],
    },
  },
  { key: 'candle_friends', name: 'Candle friends', brand: lume, predicate: all(shopsOf(lume), { attribute: 'newsletter_topics', op: 'contains', value: 'candles' }) },
  { key: 'new_customers', name: 'New in the last 60 days', brand: lume, predicate: { attribute: 'signed_up', op: 'inLast', value: 60 } },
  { key: 'rich_in_points', name: 'More than 1,000 points', brand: lume, predicate: { attribute: 'lifetime_points', op: '>', value: 1000 } },
  {
    key: 'complained_or_bounced',
    name: 'Complained or bounced for good',
    brand: lume,
    predicate: { any: [{ did: 'complained' }, { did: 'bounced', where: [{ field: 'bounceType', op: 'is', value: 'hard' }] }] },
  },
  { key: 'french_speakers', name: 'French speakers', brand: lume, status: 'draft', predicate: { attribute: 'language', op: 'is', value: 'fr' } },
  { key: 'trade_fair_2024', name: 'Trade fair 2024', brand: lume, status: 'archived' },
]

const targetGroups: readonly TargetGroup[] = [
  { key: 'fjell_newsletter', name: 'Fjell newsletter', brand: fjell, priority: 50, exclusions: ['do_not_disturb'], predicate: all(shopsOf(fjell), reachedBy('Email')) },
  {
    key: 'fjell_offers',
    name: 'Fjell offers',
    brand: fjell,
    priority: 30,
    exclusions: ['do_not_disturb', 'just_ordered'],
    predicate: all(shopsOf(fjell), { any: [opened(fjell, 180), everOrdered] }),
  },
  { key: 'fjell_members', name: 'Fjell club members', brand: fjell, priority: 10, predicate: all(shopsOf(fjell), { attribute: 'club_member', op: 'is', value: true }) },
  { key: 'fjell_text', name: 'Fjell by text', brand: fjell, priority: 40, exclusions: ['just_ordered'], predicate: all(shopsOf(fjell), reachedBy('SMS')) },
  { key: 'fjell_app', name: 'Fjell app', brand: fjell, priority: 60, predicate: all(shopsOf(fjell), reachedBy('MobilePush')) },
  { key: 'fjell_lapsed', name: 'Fjell lapsed', brand: fjell, priority: 20, exclusions: ['do_not_disturb'], predicate: all(shopsOf(fjell), everOrdered, notOrdered(120)) },
  { key: 'lume_newsletter', name: 'Lume newsletter', brand: lume, priority: 50, exclusions: ['do_not_disturb'], predicate: all(shopsOf(lume), reachedBy('Email')) },
  {
    key: 'lume_offers',
    name: 'Lume offers',
    brand: lume,
    priority: 30,
    exclusions: ['do_not_disturb', 'just_ordered'],
    predicate: all(shopsOf(lume), { any: [opened(lume, 180), everOrdered] }),
  },
  { key: 'lume_chat', name: 'Lume on WhatsApp', brand: lume, priority: 40, predicate: all(shopsOf(lume), reachedBy('WhatsApp')) },
  { key: 'lichtblick_friends', name: 'Lichtblick friends', brand: lume, organization: lichtblick, priority: 70, predicate: all(shopsOf(lume), reachedBy('Email')) },
  { key: 'lume_browser', name: 'Lume in the browser', brand: lume, priority: 60, predicate: all(shopsOf(lume), reachedBy('WebPush')) },
  { key: 'do_not_disturb', name: 'Do not disturb', brand: lume, priority: 1, predicate: { any: [{ did: 'complained' }, { did: 'unsubscribed', within: { days: 365 } }] } },
  { key: 'just_ordered', name: 'Ordered in the last 3 days', brand: fjell, priority: 2, predicate: { did: 'ordered', within: { days: 3 } } },
  { key: 'lume_spring_preview', name: 'Lume spring preview', brand: lume, priority: 35, status: 'draft', predicate: all(shopsOf(lume), tier('gold', 'platinum')) },
  { key: 'fjell_newsletter_2024', name: 'Fjell newsletter, list of 2024', brand: fjell, priority: 90, status: 'archived' },
]

/** The group that a campaign of the kind targets. */
export function targetGroupOf(what: 'newsletter' | 'offer' | 'members' | 'winback', brand: BrandKey, channel: DemoChannel): string {
  if (what === 'members') return 'fjell_members'
  if (what === 'winback') return 'fjell_lapsed'
  const byChannel: Record<DemoChannel, string> =
    brand === fjell
      ? { Email: what === 'newsletter' ? 'fjell_newsletter' : 'fjell_offers', SMS: 'fjell_text', WhatsApp: 'fjell_text', MobilePush: 'fjell_app', WebPush: 'fjell_app' }
      : { Email: what === 'newsletter' ? 'lume_newsletter' : 'lume_offers', SMS: 'lume_chat', WhatsApp: 'lume_chat', MobilePush: 'lume_browser', WebPush: 'lume_browser' }
  return byChannel[channel]
}

const rule = ({ predicate }: Group) => (predicate ? { predicate } : {})

export const groupRows: readonly EntityRow[] = [
  ...segments.map((one): EntityRow => ({ type: 'segment', key: one.key, name: one.name, brand: one.brand, status: one.status ?? 'active', definition: rule(one) })),
  ...targetGroups.map(
    (one): EntityRow => ({
      type: 'target_group',
      key: one.key,
      name: one.name,
      brand: one.brand,
      ...(one.organization ? { organization: one.organization } : {}),
      status: one.status ?? 'active',
      definition: { ...rule(one), priority: one.priority, exclusions: [...(one.exclusions ?? [])] },
    }),
  ),
]

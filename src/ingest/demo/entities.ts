/** The demo's entities as rows for upsertEntities: brands, folders, channels, flows and campaigns with their state on a day, and what they refer to. */
import { Temporal } from 'temporal-polyfill'
import type { Day } from '../../core/period.ts'
import type { EntityRow } from '../../domain/entities/index.ts'
import { automationRows } from './automation.ts'
import { billRows } from './bills.ts'
import type { DemoCampaign } from './campaigns.ts'
import { flows } from './flows.ts'
import { groupRows, targetGroupOf } from './groups.ts'
import { lookRows } from './looks.ts'
import { offerRows, promotionOfMonth } from './offers.ts'
import { lichtblick, organizationRows } from './organizations.ts'
import { brandKeys, brands, demoChannels, folders } from './world.ts'

export interface DemoDay {
  /** Instant of the demo's first day. */
  readonly first: Date
  readonly firstDay: Day
  /** Campaigns after it are scheduled, those before completed. */
  readonly now: Date
  /** The day that `now` begins. */
  readonly today: Day
  readonly currency: string
}

export function demoEntities(campaigns: readonly DemoCampaign[], { first, firstDay, now, today, currency }: DemoDay): EntityRow[] {
  const onDay = (day: number) => new Date(first.getTime() + day * 86_400_000)
  const brandRows = brandKeys.map(
    (key): EntityRow => ({
      type: 'brand',
      key,
      name: brands[key].name,
      status: 'active',
      definition: { industry: brands[key].industry, senders: demoChannels.map(({ name }) => ({ channel: name, name: brands[key].name })) },
    }),
  )
  const folderRows = Object.entries(folders).map(([key, name]): EntityRow => ({ type: 'folder', key, name, status: 'active', definition: {} }))
  const channelRows = demoChannels.map(
    ({ name, provider }): EntityRow => ({ type: 'channel', key: name.toLowerCase(), name, status: 'active', channel: name, definition: { provider } }),
  )
  const flowRows = flows.map((flow): EntityRow => {
    const [from, to] = flow.days ?? [-120, 100_000]
    const began = onDay(Math.max(from, -120)),
      ended = onDay(to)
    const stopped = ended <= now
    return {
      type: 'flow',
      key: flow.key,
      name: flow.name,
      status: began > now ? 'draft' : stopped ? 'stopped' : 'active',
      brand: flow.brand,
      folder: 'lifecycle',
      tags: [...flow.tags],
      startsAt: began.toISOString(),
      ...(stopped ? { endsAt: ended.toISOString() } : {}),
      definition: {
        versions: [{ number: 1, status: began > now ? 'draft' : stopped ? 'stopped' : 'active', from: began.toISOString(), ...(stopped ? { to: ended.toISOString() } : {}) }],
        nodes: [
          { id: 'start', kind: 'event_start', name: { signup: 'Signs up', order: 'Orders', recurring: 'Is due' }[flow.trigger.on], next: [flow.steps[0]?.key ?? ''] },
          ...flow.steps.map((step, index) => ({
            id: step.key,
            kind: 'step',
            name: step.name,
            campaign: step.key,
            next: flow.steps[index + 1] ? [flow.steps[index + 1]?.key ?? ''] : [],
          })),
        ],
        launch: { entries: flow.trigger.on === 'signup' ? 'once' : 'repeatedly' },
      },
    }
  })
  const entities = [
    ...brandRows,
    ...groupRows,
    ...offerRows(Temporal.PlainDate.from(today), currency),
    ...lookRows(campaigns),
    ...flowRows,
    ...automationRows,
    ...campaigns.map((campaign) => campaignRow(campaign, now, onDay)),
    ...unsent,
  ]
  return [
    ...organizationRows(firstDay, currency),
    ...billRows(firstDay, Temporal.PlainDate.from(today), currency),
    ...folderRows,
    ...channelRows,
    ...entities.map((row) => ({ ...row, ...ownerOf(row) })),
  ]
}

/** What does not say whose it is belongs to the shop whose brand it carries, or is; what carries none is everybody's. */
function ownerOf({ type, key, brand, organization }: EntityRow): Pick<EntityRow, 'organization'> {
  const owner = organization ?? brand ?? (type === 'brand' ? key : undefined)
  return owner === undefined ? {} : { organization: owner }
}

/** Campaigns that never went out: somebody is still writing them, or stopped them before the first message. */
const unsent: readonly EntityRow[] = [
  {
    key: 'fjell-draft-snowshoes',
    name: 'Fjell draft: Snowshoe weekend',
    brand: 'fjell-fjord',
    status: 'draft',
    tags: ['trails'],
    definition: {
      kind: 'bulk',
      template: { subject: 'Two days, one hut, no queue' },
      targetGroup: 'fjell_members',
      promotion: 'photo_gift',
      webapp: 'fjell-photobook',
      products: ['hut_postcard'],
    },
  },
  {
    key: 'casa-draft-spring',
    name: 'Lume draft: Spring preview',
    brand: 'casa-lume',
    status: 'draft',
    tags: ['lighting'],
    definition: {
      kind: 'bulk',
      template: { subject: 'First look for gold and platinum' },
      targetGroup: 'lume_spring_preview',
      variants: [
        { name: 'A', share: 0.5 },
        { name: 'B', share: 0.5 },
      ],
    },
  },
  {
    key: 'casa-paused-trade-in',
    name: 'Lume paused: Old lamp for new',
    brand: 'casa-lume',
    status: 'paused',
    tags: ['lighting'],
    definition: { kind: 'bulk', template: { subject: 'Bring the old one, save on the new one' }, targetGroup: 'lume_offers', promotion: 'lamp_trade_in', countries: ['DE', 'AT'] },
  },
  {
    key: 'lichtblick-draft-letters',
    name: 'Lichtblick draft: Letters to the night shift',
    organization: lichtblick,
    brand: 'casa-lume',
    status: 'draft',
    tags: ['gift'],
    definition: { kind: 'bulk', template: { subject: 'They are awake while you sleep' }, targetGroup: 'lichtblick_friends', webapp: lichtblick, countries: ['CH', 'DE'] },
  },
  {
    key: 'casa-archived-opening',
    name: 'Lume archive: Opening of the shop',
    brand: 'casa-lume',
    status: 'archived',
    tags: ['launch'],
    definition: { kind: 'bulk', template: { subject: 'We open on Saturday' }, promotion: 'opening_2023' },
  },
].map((row) => ({ ...row, type: 'campaign', channel: 'Email', folder: 'promotions' }) as EntityRow)

/** Whom a campaign targets and what it offers. */
function aimOf({ organization, brand, channel, tags, mailing, step, gift }: DemoCampaign): { targetGroup?: string; promotion?: string } {
  const has = (tag: string) => tags.includes(tag)
  if (step) {
    if (has('win-back')) return { targetGroup: targetGroupOf('winback', brand, channel), promotion: 'come_back_15' }
    const promotion = brand === 'fjell-fjord' ? (has('welcome') ? 'welcome_10' : has('birthday') ? 'birthday_present' : undefined) : undefined
    return promotion === undefined ? {} : { promotion }
  }
  if (gift) return { targetGroup: organization === lichtblick ? 'lichtblick_friends' : targetGroupOf('offer', brand, channel) }
  if (has('members')) return { targetGroup: targetGroupOf('members', brand, channel), promotion: 'secret_sale' }
  if (has('newsletter') || has('push')) return { targetGroup: targetGroupOf('newsletter', brand, channel) }
  const promotion = has('black-friday') ? 'black_friday' : promotionOfMonth(Number(mailing?.at.toISOString().slice(5, 7)))
  return { targetGroup: targetGroupOf('offer', brand, channel), ...(promotion === undefined ? {} : { promotion }) }
}

/** What of a gift its definition says. */
function giftOf({ gift }: DemoCampaign): object {
  if (!gift) return {}
  const { webapp, countries, products, optIns, form } = gift
  return { webapp, countries: [...countries], products: [...products], optIns: optIns.map(({ share: _, ...asked }) => ({ ...asked, preselected: false })), form: [...form] }
}

function campaignRow(campaign: DemoCampaign, now: Date, onDay: (day: number) => Date): EntityRow {
  const { behaviour, mailing, step, gift } = campaign
  const ended = step && onDay(step.days[1]) <= now
  const giftEnds = mailing && gift && new Date(mailing.at.getTime() + gift.days * 86_400_000)
  // Somebody made it three weeks before; others count from the day of the first start.
  const made = mailing && gift && new Date(mailing.at.getTime() - 21 * 86_400_000)
  return {
    type: 'campaign',
    key: campaign.key,
    name: campaign.name,
    channel: campaign.channel,
    organization: campaign.organization,
    brand: campaign.brand,
    folder: campaign.folder,
    tags: [...campaign.tags],
    status: mailing ? (mailing.at > now ? 'scheduled' : giftEnds && giftEnds > now ? 'active' : 'completed') : ended ? 'stopped' : 'active',
    ...(step ? { flow: step.flow } : {}),
    ...(mailing ? { startsAt: mailing.at.toISOString() } : {}),
    ...(giftEnds ? { endsAt: giftEnds.toISOString() } : {}),
    ...(made ? { createdAt: made.toISOString() } : {}),
    definition: {
      kind: campaign.kind,
      template: { subject: campaign.subject },
      ...aimOf(campaign),
      ...giftOf(campaign),
      ...(mailing ? { schedule: { sendAt: mailing.at.toISOString() } } : {}),
      ...(behaviour.control ? { controlShare: behaviour.control } : {}),
      ...(behaviour.variants > 1 ? { variants: ['A', 'B', 'C'].slice(0, behaviour.variants).map((name) => ({ name, share: Math.floor(1000 / behaviour.variants) / 1000 })) } : {}),
    },
  }
}

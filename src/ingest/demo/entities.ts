/** The demo's entities as rows for upsertEntities: brands, folders, channels, flows and campaigns with their state on a day. */
import type { EntityRow } from '../../domain/entities/index.ts'
import type { DemoCampaign } from './campaigns.ts'
import { flows } from './flows.ts'
import { brandKeys, brands, demoChannels, folders } from './world.ts'

/** @param first instant of the demo's first day @param now campaigns after it are scheduled, those before completed */
export function demoEntities(campaigns: readonly DemoCampaign[], first: Date, now: Date): EntityRow[] {
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
  return [...brandRows, ...folderRows, ...channelRows, ...flowRows, ...campaigns.map((campaign) => campaignRow(campaign, now, onDay))]
}

function campaignRow(campaign: DemoCampaign, now: Date, onDay: (day: number) => Date): EntityRow {
  const { behaviour, mailing, step } = campaign
  const ended = step && onDay(step.days[1]) <= now
  return {
    type: 'campaign',
    key: campaign.key,
    name: campaign.name,
    channel: campaign.channel,
    brand: campaign.brand,
    folder: campaign.folder,
    tags: [...campaign.tags],
    status: mailing ? (mailing.at > now ? 'scheduled' : 'completed') : ended ? 'stopped' : 'active',
    ...(step ? { flow: step.flow } : {}),
    ...(mailing ? { startsAt: mailing.at.toISOString() } : {}),
    definition: {
      kind: campaign.kind,
      template: { subject: campaign.subject },
      ...(mailing ? { schedule: { sendAt: mailing.at.toISOString() } } : {}),
      ...(behaviour.control ? { controlShare: behaviour.control } : {}),
      ...(behaviour.variants > 1 ? { variants: ['A', 'B', 'C'].slice(0, behaviour.variants).map((name) => ({ name, share: Math.floor(1000 / behaviour.variants) / 1000 })) } : {}),
    },
  }
}

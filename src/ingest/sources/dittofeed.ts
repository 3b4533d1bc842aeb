/**
 * Dittofeed: broadcasts and messages of journeys as campaigns, journeys as flows, segments, and events from deliveries. https://docs.dittofeed.com/api-reference
 *
 * - Keys are Dittofeed's UUIDs: no two workspaces share one. A broadcast is a campaign. So is each template that a journey sends (`<journey>/<template>`): deliveries name both, not the
 *   step. A delivery of neither is counted under its template's id, for people to name. Deliveries of a broadcast of the first kind name its hidden journey, and are the broadcast's.
 * - A journey is a flow with name and status alone: its entry segments and waits for segments have no likeness among a flow's nodes. A segment is a target group of which Mercat knows
 *   the name alone; hidden ones are left out. A broadcast's scheduled time names no zone, and is left out.
 * - A delivery shows its first and its last event: `sent` at sentAt, and what the last status says (delivered, opened, clicked, bounced, dropped, marked as spam) at updatedAt. What came
 *   and was passed between two pulls is not seen: an opening before a click, a delivery before an opening. Dittofeed tells no unsubscribes and no clicked link here.
 *   Event ids are made of message, status and time, so that a delivery read again adds only what is new. Messages by push and webhook have no place in Mercat.
 * - The first pull reads all deliveries; each further one those sent within 2 days (or since the last pull, if that is longer ago), once a day those of 30 days. A status that
 *   changes later than 30 days after the sending is missed. Pages go from the oldest on, so that what is sent meanwhile comes at the end; what was deleted meanwhile is told by the next pull.
 * - Broadcasts, journeys and segments are told again when they were changed since an hour before the last pull. Deleted ones stay.
 */
import { z } from 'zod'
import { definePull, type ProviderEvent, type PullContext, type PullPage, type SourceEntity } from './define.ts'
import { entryOf } from './parts.ts'
import { answerOf, baseUrlSetting, entity, hoursBefore, isoOf, known, lineOf, onward, stateOf } from './pulled.ts'

/** Deliveries carry whole mails. */
const perPage = 100
const usualHours = 48
const deepHours = 30 * 24

const id = z.string().min(1).max(90)
const time = z.union([z.number(), z.string()]).nullish()
const named = { id, name: z.string(), updatedAt: time, createdAt: time }

const broadcastSchema = z.object({
  ...named,
  status: z.string(),
  segmentId: id.nullish(),
  journeyId: id.nullish(),
  archived: z.boolean().nullish(),
  triggeredAt: time,
  config: z.object({ message: z.object({ type: z.string() }) }).nullish(),
})
const messageNode = z.object({ type: z.literal('MessageNode'), name: z.string().nullish(), variant: z.object({ type: z.string(), templateId: id }) })
const journeySchema = z.object({ ...named, status: z.string(), definition: z.object({ nodes: z.array(z.unknown()) }).nullish() })
const segmentSchema = z.object({ ...named, resourceType: z.string().nullish() })
const deliverySchema = z.object({
  originMessageId: z.string().min(1),
  sentAt: z.string(),
  updatedAt: z.string(),
  status: z.string(),
  templateId: id.nullish(),
  journeyId: id.nullish(),
  broadcastId: id.nullish(),
  channel: z.string().nullish(),
  to: z.string().nullish(),
  variant: z.object({ type: z.string().nullish(), to: z.string().nullish() }).nullish(),
})
type Broadcast = z.output<typeof broadcastSchema>
type Journey = z.output<typeof journeySchema>
type Segment = z.output<typeof segmentSchema>
type Delivery = z.output<typeof deliverySchema>

const broadcastsAnswer = z.union([z.array(broadcastSchema), z.object({ broadcasts: z.array(broadcastSchema) }).transform(({ broadcasts }) => broadcasts)])
const deliveriesAnswer = z.object({ items: z.array(deliverySchema), cursor: z.string().min(1).max(2000).nullish() })

const stateSchema = z.object({
  /** When the last whole pull began, and the last that read 30 days. */
  since: z.iso.datetime().optional(),
  deep: z.iso.datetime().optional(),
  /** A pull that is not at its end: what it reads from, and Dittofeed's own cursor. */
  run: z.object({ began: z.iso.datetime(), deep: z.boolean(), from: z.iso.datetime().optional(), page: z.string().optional() }).optional(),
})
type State = z.output<typeof stateSchema>
type Run = NonNullable<State['run']>

const channels: Readonly<Record<string, 'Email' | 'SMS'>> = { Email: 'Email', Sms: 'SMS' }
const statuses: Readonly<Record<string, ProviderEvent['event']>> = {
  DFEmailDelivered: 'delivered',
  DFEmailOpened: 'opened',
  DFEmailClicked: 'clicked',
  DFEmailBounced: 'bounced',
  DFEmailDropped: 'failed',
  DFEmailMarkedSpam: 'complained',
  DFSmsDelivered: 'delivered',
  DFSmsFailed: 'failed',
}
const ofBroadcast = {
  Draft: 'draft',
  NotStarted: 'draft',
  Scheduled: 'scheduled',
  Running: 'active',
  InProgress: 'active',
  Paused: 'paused',
  Completed: 'completed',
  Triggered: 'completed',
  Cancelled: 'stopped',
  Failed: 'stopped',
} as const
const ofJourney = { NotStarted: 'draft', Running: 'active', Paused: 'paused' } as const

export default definePull({
  type: 'dittofeed',
  title: 'Dittofeed',
  summary: 'Broadcasts, journeys, segments, and the events of messages as far as each delivery’s last status tells them.',
  campaigns: [{ from: 'provider' }],
  settings: z.object({
    baseUrl: baseUrlSetting('https://dittofeed.example.com'),
    workspaceId: z.uuid().meta({ title: 'Workspace id', description: 'In the address of the API examples on Dittofeed’s settings page; a UUID.' }),
    apiKey: z
      .string()
      .regex(/^[\x21-\x7e]{1,500}$/, 'must be a key, without spaces')
      .meta({ title: 'Admin API key', description: 'Settings › Admin API Keys: shown once, when it was made. Not a write key.', secret: true }),
  }),
  steps: () => [
    { title: 'Make a key', text: 'In Dittofeed open Settings › Admin API Keys, make one for Mercat, and copy it: it is shown once.' },
    { title: 'Connect', text: 'Give Mercat the address of Dittofeed’s API, the id of the workspace and the key.' },
  ],
  pull: async function* ({ settings, cursor, get, now }) {
    const ask = reader(settings, get)
    const state = stateOf(stateSchema, cursor)
    const run = state.run ?? begin(state, now)
    const broadcasts = await ask.broadcasts()
    const goesOn = (page: string | undefined) => known({ ...state, run: known({ ...run, page }) })
    if (!state.run) {
      const since = state.since && hoursBefore(state.since, 1)
      const records = await entities(ask, broadcasts, (one) => since === undefined || (isoOf(one.updatedAt) ?? since) >= since)
      yield { records, cursor: goesOn(undefined) }
    }
    const campaign = campaignsBy(broadcasts)
    for (let { page } = run; ; ) {
      const { items, cursor: next } = await ask.deliveries(run.from, page)
      const records = items.flatMap((item) => eventsOf(item, campaign))
      page = items.length > 0 ? (next ?? undefined) : undefined
      yield { records, cursor: page ? goesOn(page) : known({ since: run.began, deep: run.deep ? run.began : state.deep }) } satisfies PullPage
      if (!page) return
    }
  },
})

function begin({ since, deep }: State, now: Date): Run {
  const began = now.toISOString()
  if (!since || !deep) return { began, deep: true }
  // An hour for clocks that differ.
  const last = hoursBefore(since, 1)
  const isDeep = deep <= hoursBefore(now, 24)
  const [from] = [last, hoursBefore(now, isDeep ? deepHours : usualHours)].sort()
  return { began, deep: isDeep, from }
}

function reader({ workspaceId, apiKey }: { workspaceId: string; apiKey: string }, get: PullContext<unknown>['get']) {
  const headers = { authorization: `Bearer ${apiKey}` }
  const further = onward('GET /api/admin/deliveries/')
  const all = async <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> =>
    answerOf(schema, await get(path, { workspaceId }, headers), `GET ${path}`)
  return {
    broadcasts: async () => await all('/api/admin/broadcasts/', broadcastsAnswer),
    journeys: async () => (await all('/api/admin/journeys/', z.object({ journeys: z.array(journeySchema) }))).journeys,
    segments: async () => (await all('/api/admin/segments/', z.object({ segments: z.array(segmentSchema) }))).segments,
    deliveries: async (startDate: string | undefined, cursor: string | undefined) => {
      const query = { workspaceId, limit: perPage, sortBy: 'sentAt', sortDirection: 'Asc', ...(startDate ? { startDate } : {}), ...(cursor ? { cursor } : {}) }
      const page = answerOf(deliveriesAnswer, await get('/api/admin/deliveries/', query, headers), 'GET /api/admin/deliveries/')
      further(page.items.map(({ originMessageId }) => originMessageId))
      return page
    },
  }
}

async function entities(ask: ReturnType<typeof reader>, broadcasts: readonly Broadcast[], changed: (one: { updatedAt?: string | number | null | undefined }) => boolean) {
  const segments = (await ask.segments()).filter(({ resourceType }) => resourceType !== 'Internal')
  const groups = new Set(segments.map((segment) => segment.id))
  // Journeys of the status Broadcast are hidden: each is a broadcast.
  const journeys = (await ask.journeys()).filter(({ status }) => status !== 'Broadcast')
  return [
    ...segments.filter(changed).map(segmentOf),
    ...journeys.filter(changed).flatMap(journeyOf),
    ...broadcasts.filter(changed).map((broadcast) => broadcastOf(broadcast, groups)),
  ]
}

const segmentOf = (segment: Segment): SourceEntity =>
  entity({ type: 'target_group', key: segment.id, ...known({ name: lineOf(segment.name, 500), createdAt: isoOf(segment.createdAt) }) })

function journeyOf({ id: key, name, status, createdAt, definition }: Journey): SourceEntity[] {
  const common = known({ status: entryOf(ofJourney, status), createdAt: isoOf(createdAt) })
  const messages = new Map((definition?.nodes ?? []).flatMap((node) => messageNode.safeParse(node).data ?? []).map((node) => [node.variant.templateId, node]))
  const campaigns = [...messages.values()].map(({ name: step, variant }) =>
    entity({
      type: 'campaign',
      key: `${key}/${variant.templateId}`,
      flow: key,
      ...common,
      ...known({ name: lineOf([name, step].filter(Boolean).join(': '), 500), channel: entryOf(channels, variant.type) }),
      definition: { kind: 'automated' },
    }),
  )
  return [entity({ type: 'flow', key, ...common, ...known({ name: lineOf(name, 500) }) }), ...campaigns]
}

function broadcastOf({ id: key, name, status, archived, segmentId, createdAt, triggeredAt, config }: Broadcast, groups: ReadonlySet<string>): SourceEntity {
  return entity({
    type: 'campaign',
    key,
    ...known({
      name: lineOf(name, 500),
      status: archived ? ('archived' as const) : entryOf(ofBroadcast, status),
      channel: entryOf(channels, config?.message.type),
      createdAt: isoOf(createdAt),
      startsAt: isoOf(triggeredAt),
    }),
    definition: known({ kind: 'bulk', targetGroup: segmentId && groups.has(segmentId) ? segmentId : undefined }),
  })
}

function campaignsBy(broadcasts: readonly Broadcast[]): (delivery: Delivery) => string | undefined {
  const hidden = new Map(broadcasts.flatMap(({ id: key, journeyId }) => (journeyId ? [[journeyId, key] as const] : [])))
  return ({ broadcastId, journeyId, templateId }) => {
    if (broadcastId) return broadcastId
    const journey = journeyId && (hidden.get(journeyId) ?? (templateId ? `${journeyId}/${templateId}` : journeyId))
    return journey || templateId || undefined
  }
}

function eventsOf(delivery: Delivery, campaign: (delivery: Delivery) => string | undefined): ProviderEvent[] {
  const { originMessageId: messageId, status, variant } = delivery
  const channel = entryOf(channels, variant?.type ?? delivery.channel ?? 'Email')
  const [sentAt, updatedAt] = [isoOf(delivery.sentAt), isoOf(delivery.updatedAt)]
  if (!channel || !sentAt) return []
  const event = { is: 'event', messageId, recipient: variant?.to ?? delivery.to ?? undefined, channel, tags: [], metadata: {}, campaign: campaign(delivery) } as const
  const last = entryOf(statuses, status)
  return [
    { ...event, event: 'sent', at: sentAt, eventId: `${messageId} sent` },
    ...(last && updatedAt ? [{ ...event, event: last, at: updatedAt, eventId: `${messageId} ${last} ${updatedAt}` }] : []),
  ]
}

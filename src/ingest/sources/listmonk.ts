/**
 * listmonk: campaigns with their totals, and lists. It tells no events of messages, and none are made up. https://listmonk.app/docs/apis/campaigns/
 *
 * - Keys are listmonk's UUIDs: no two installations share one, and the header X-Listmonk-Campaign of its mails carries the campaign's.
 * - A list is a target group of which Mercat knows the name alone. A campaign to one list names it; of several, the names are tags (`list: …`).
 * - Totals (sent, views, clicks, bounces) are the platform's own: they go to the campaign's `platformTotals`, never into a figure. Unsubscribes are not told by campaign.
 * - Campaigns are read from the one changed last backwards. Totals change without the campaign's own `updated_at`, so each pull reads again what changed within 30 days;
 *   after that the totals stay as they were. A campaign that changes while a pull runs is read by the next one. Deleted campaigns and lists stay.
 */
import { z } from 'zod'
import { definePull, type PullContext, type SourceEntity, textual, wrongShape } from './define.ts'
import { answerOf, audienceOf, baseUrlSetting, basic, counted, entity, hoursBefore, isoOf, known, lineOf, onward, stateOf, tagLines } from './pulled.ts'

const perPage = 100
const again = 30 * 24
/** All of them are in memory at once. */
const mostLists = 10_000

const time = z.string().nullish()

const listsAnswer = z.object({
  data: z.object({
    results: z.array(
      z.object({
        id: textual,
        uuid: z.string().min(1).max(100),
        name: z.string(),
        tags: z.array(z.string()).nullish(),
        created_at: time,
        updated_at: time,
      }),
    ),
  }),
})

const campaignsAnswer = z.object({
  data: z.object({
    results: z.array(
      z.object({
        uuid: z.string().min(1).max(100),
        name: z.string(),
        subject: z.string().nullish(),
        type: z.string().nullish(),
        status: z.string(),
        messenger: z.string().nullish(),
        tags: z.array(z.string()).nullish(),
        lists: z.array(z.object({ id: textual.nullish(), name: z.string().nullish() })).nullish(),
        created_at: time,
        updated_at: time,
        started_at: time,
        send_at: time,
        sent: counted.nullish(),
        views: counted.nullish(),
        clicks: counted.nullish(),
        bounces: counted.nullish(),
      }),
    ),
  }),
})
type Campaign = z.output<typeof campaignsAnswer>['data']['results'][number]
type List = z.output<typeof listsAnswer>['data']['results'][number]

const stateSchema = z.object({
  /** When the last whole pull began. */
  since: z.iso.datetime().optional(),
  /** A pull that is not at its end. */
  run: z.object({ began: z.iso.datetime(), page: z.number().int().min(1) }).optional(),
})

const statuses = { draft: 'draft', scheduled: 'scheduled', running: 'active', paused: 'paused', finished: 'completed', cancelled: 'stopped' } as const
const isStatus = (status: string): status is keyof typeof statuses => Object.hasOwn(statuses, status)

export default definePull({
  type: 'listmonk',
  title: 'listmonk',
  summary: 'Campaigns, lists, and the totals listmonk itself counts; it tells no events of messages.',
  settings: z.object({
    baseUrl: baseUrlSetting('https://lists.example.com'),
    user: z.string().min(1).max(200).meta({ title: 'API user', description: 'Admin › Users: the name of a user of the type API.' }),
    token: z.string().min(1).max(500).meta({ title: 'Token', description: 'The token listmonk showed once, when the API user was made.', secret: true }),
  }),
  steps: () => [
    { title: 'Make a role', text: 'In listmonk open Admin › User roles and make one with campaigns:get_all and lists:get_all, and nothing else.' },
    { title: 'Make an API user', text: 'Open Admin › Users, make a user of the type API with that role, and copy the token: it is shown once.' },
    { title: 'Connect', text: 'Give Mercat the address of listmonk, the name of the API user and its token.' },
  ],
  pull: async function* ({ settings, cursor, get, now }) {
    const ask = reader(settings, get)
    const { since, run: resumed } = stateOf(stateSchema, cursor)
    const { began, page: first } = resumed ?? { began: now.toISOString(), page: 1 }
    const lists = await ask.lists()
    const groups = new Map(lists.map(({ id, uuid }) => [id, uuid]))
    const goesOn = (page: number) => known({ since, run: { began, page } })
    if (!resumed) yield { records: lists.filter(changedSince(since && hoursBefore(since, 1))).map(groupOf), cursor: goesOn(1) }
    for (let page = first; ; page++) {
      const campaigns = await ask.campaigns(page)
      const recent = campaigns.filter(changedSince(since && hoursBefore(since, again)))
      const last = campaigns.length < perPage || recent.length < campaigns.length
      yield { records: recent.map((campaign) => campaignOf(campaign, groups, now)), cursor: last ? { since: began } : goesOn(page + 1) }
      if (last) return
    }
  },
})

function reader({ user, token }: { user: string; token: string }, get: PullContext<unknown>['get']) {
  const headers = basic(user, token)
  const furtherCampaigns = onward('GET /api/campaigns')
  return {
    lists: async (): Promise<List[]> => {
      const all: List[] = []
      const furtherLists = onward('GET /api/lists')
      for (let page = 1; ; page++) {
        const { data } = answerOf(listsAnswer, await get('/api/lists', { page, per_page: perPage, order_by: 'created_at', order: 'ASC' }, headers), 'GET /api/lists')
        all.push(...data.results)
        if (data.results.length < perPage) return all
        furtherLists(data.results.map(({ uuid }) => uuid))
        if (all.length >= mostLists) throw wrongShape(`listmonk has more than ${mostLists.toLocaleString('en')} lists`)
      }
    },
    campaigns: async (page: number): Promise<Campaign[]> => {
      const answer = await get('/api/campaigns', { page, per_page: perPage, order_by: 'updated_at', order: 'DESC', no_body: 'true' }, headers)
      const { results } = answerOf(campaignsAnswer, answer, 'GET /api/campaigns').data
      furtherCampaigns(results.map(({ uuid }) => uuid))
      return results
    },
  }
}

/** @param moment undefined: all. What does not say when it changed is read each time. */
function changedSince(moment: string | undefined) {
  return ({ updated_at }: { updated_at?: string | null | undefined }): boolean => moment === undefined || (isoOf(updated_at) ?? moment) >= moment
}

function groupOf({ uuid, name, tags, created_at }: List): SourceEntity {
  return entity({ type: 'target_group', key: uuid, ...known({ name: lineOf(name, 500), tags: tagLines(tags ?? []), createdAt: isoOf(created_at) }) })
}

function campaignOf(campaign: Campaign, groups: ReadonlyMap<string, string>, now: Date): SourceEntity {
  const audience = audienceOf((campaign.lists ?? []).map(({ id, name }) => ({ key: groups.get(id ?? ''), name: name ?? undefined })))
  const sendAt = isoOf(campaign.send_at)
  const subject = lineOf(campaign.subject, 1000)
  return entity({
    type: 'campaign',
    key: campaign.uuid,
    ...known({
      name: lineOf(campaign.name, 500),
      status: isStatus(campaign.status) ? statuses[campaign.status] : undefined,
      // Other messengers are programs of the operator's own: what they send, listmonk does not say.
      channel: /^email($|-)/.test(campaign.messenger ?? '') ? 'Email' : undefined,
      tags: tagLines([...(campaign.tags ?? []), ...audience.tags]),
      createdAt: isoOf(campaign.created_at),
      startsAt: isoOf(campaign.started_at) ?? sendAt,
    }),
    definition: known({
      kind: campaign.type === 'optin' ? 'double_opt_in' : 'bulk',
      targetGroup: audience.targetGroup,
      template: subject ? { subject } : undefined,
      schedule: sendAt ? { sendAt } : undefined,
      platformTotals: campaign.started_at ? totalsOf(campaign, now) : undefined,
    }),
  })
}

const totalsOf = ({ sent, views, clicks, bounces }: Campaign, now: Date) =>
  known({ source: 'listmonk', asOf: now.toISOString(), sent: sent ?? undefined, opens: views ?? undefined, clicks: clicks ?? undefined, bounces: bounces ?? undefined })

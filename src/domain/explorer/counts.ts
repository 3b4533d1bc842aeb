/** What happened around a hit in a window: campaigns that sent, their sends and deliveries, from the same daily facts as the reports. */
import type { Principal } from '../../core/access.ts'
import type { Period } from '../../core/period.ts'
import { currentFacts, factsSnapshot } from '../facts/index.ts'
import type { Stores } from '../stores.ts'
import type { Counts } from './answer.ts'
import { type CampaignFacts, campaignsByKey } from './search-repository.ts'

interface Sent {
  readonly campaign: string
  readonly channel: string
  readonly sends: number
  readonly deliveries: number
}

/** Counts of a hit by its type and id (of a filter value: the value). */
export type CountOf = (type: string, id: string) => Counts | undefined

/** Figures of the window; the cost follows the campaigns that sent in it, not those there are. */
export async function countsIn(
  { db, analytics }: Stores,
  principal: Principal,
  period: Period,
  signal: AbortSignal | undefined,
): Promise<{ countOf: CountOf; dataAsOf: Date | null }> {
  const options = signal ? { signal } : {}
  const { snapshot, dataAsOf } = await factsSnapshot(analytics, principal.account.id, options)
  const sent = await analytics.query<Sent>(
    `SELECT campaign, channel, sum(sends) AS sends, sum(deliveries) AS deliveries FROM message_facts
     WHERE account_id = {account:String} AND ${currentFacts('messages')} AND basis = 'send' AND day BETWEEN {start:Date} AND {end:Date}
     GROUP BY campaign, channel HAVING sends > 0`,
    { account: principal.account.id, snapshot, start: period.start, end: period.end },
    options,
  )
  // What the principal does not see is dropped here: it is in no sum.
  const campaigns = new Map((await campaignsByKey(db, principal, [...new Set(sent.map(({ campaign }) => campaign))])).map((campaign) => [campaign.key, campaign]))
  const sums = new Map<string, { campaigns: Set<string>; sends: number; deliveries: number }>()
  for (const { campaign: key, channel, sends, deliveries } of sent) {
    const campaign = campaigns.get(key)
    for (const place of campaign ? placesOf(campaign, channel) : []) {
      const sum = sums.get(place) ?? { campaigns: new Set(), sends: 0, deliveries: 0 }
      sums.set(place, { campaigns: sum.campaigns.add(key), sends: sum.sends + sends, deliveries: sum.deliveries + deliveries })
    }
  }
  return {
    dataAsOf,
    countOf: (type, id) => {
      if (!counted.has(type)) return undefined
      const { campaigns: inside, sends, deliveries } = sums.get(`${type} ${id}`) ?? { campaigns: new Set(), sends: 0, deliveries: 0 }
      return { ...(type === 'campaign' ? {} : { campaigns: inside.size }), sends, deliveries }
    },
  }
}

const counted = new Set(['campaign', 'flow', 'brand', 'folder', 'tag', 'channel', 'status', 'country'])

/** Everything a campaign's messages through a channel count for. */
function placesOf({ id, status, brand_id, folder_id, flow_id, tags, countries }: CampaignFacts, channel: string): string[] {
  const one = (type: string, value: string | null) => (value === null || value === '' ? [] : [`${type} ${value}`])
  return [
    `campaign ${id}`,
    ...one('flow', flow_id),
    ...one('brand', brand_id),
    ...one('folder', folder_id),
    ...one('channel', channel),
    ...one('status', status),
    ...new Set(tags.map((tag) => `tag ${tag}`)),
    ...(countries ?? []).map((country) => `country ${country}`),
  ]
}

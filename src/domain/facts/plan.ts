/** What a refresh must rebuild, and in which pieces, so that its memory stays bounded whatever the account's size. */
import type { Analytics } from '../../storage/analytics/run.ts'
import type { OrderRange } from './attribution.ts'
import type { FactScope } from './generations.ts'
import type { Chunk } from './messages.ts'

/** Events that one statement groups: about 200 MB of states. */
const chunkEvents = 1_000_000
/** Orders that one statement attributes. */
const rangeOrders = 500_000
/** From here on a list of campaigns is no shorter way. */
const manyCampaigns = 5000

/** The scope of a refresh and the number of stored events of each campaign in it. */
export async function planScope(
  analytics: Analytics,
  accountId: string,
  loads: readonly number[],
  stale: { everything: boolean; campaigns: readonly string[] },
): Promise<{ scope: FactScope; sizes: Map<string, number> }> {
  const all = 'SELECT toString(campaign) AS campaign, count() AS events FROM events WHERE account_id = {account:String} GROUP BY campaign'
  if (!stale.everything) {
    const touched = await analytics.query<{ campaign: string }>(
      'SELECT DISTINCT toString(campaign) AS campaign FROM events WHERE account_id = {account:String} AND load_id IN {loads:Array(UInt64)}',
      { account: accountId, loads },
      { seconds: 600 },
    )
    const dirty = [...new Set([...touched.map(({ campaign }) => campaign), ...stale.campaigns])].sort()
    if (dirty.length <= manyCampaigns) {
      const rows =
        dirty.length === 0
          ? []
          : await analytics.query<{ campaign: string; events: number }>(
              all.replace('GROUP BY', 'AND campaign IN {dirty:Array(String)} GROUP BY'),
              { account: accountId, dirty },
              { seconds: 600 },
            )
      return { scope: { everything: false, dirty }, sizes: new Map(rows.map(({ campaign, events }) => [campaign, events])) }
    }
  }
  const rows = await analytics.query<{ campaign: string; events: number }>(all, { account: accountId }, { seconds: 600 })
  return { scope: { everything: true, dirty: rows.map(({ campaign }) => campaign).sort() }, sizes: new Map(rows.map(({ campaign, events }) => [campaign, events])) }
}

const hexBound = (index: number, count: number) =>
  index <= 0 || index >= count
    ? undefined
    : Math.floor((index * 2 ** 32) / count)
        .toString(16)
        .padStart(8, '0')

/** Neighbouring campaigns together, up to a chunk's events; a campaign of several chunks' events in slices of its messages. */
export function chunksOf(campaigns: readonly string[], sizes: ReadonlyMap<string, number>): Chunk[] {
  const chunks: Chunk[] = []
  let group: string[] = []
  let events = 0
  const close = () => {
    if (group.length > 0) chunks.push({ campaigns: group })
    group = []
    events = 0
  }
  for (const campaign of campaigns) {
    const size = sizes.get(campaign) ?? 0
    if (size === 0) continue
    if (events + size > chunkEvents) close()
    if (size <= chunkEvents) {
      group.push(campaign)
      events += size
      continue
    }
    const slices = Math.ceil(size / chunkEvents)
    for (let index = 0; index < slices; index++) chunks.push({ campaigns: [campaign], from: hexBound(index, slices), to: hexBound(index + 1, slices) })
  }
  close()
  return chunks
}

/** Whole campaigns only, as uplift needs them: one customer's messages may be in any slice. */
export function wholeChunksOf(campaigns: readonly string[], sizes: ReadonlyMap<string, number>): Chunk[] {
  const seen = new Set<string>()
  return chunksOf(campaigns, sizes)
    .filter(({ campaigns: [first = ''] }) => !seen.has(first) && seen.add(first))
    .map(({ campaigns: whole }) => ({ campaigns: whole }))
}

/** Ranges of order hashes that hold about the same number each. */
export function rangesOf(orders: number): OrderRange[] {
  const count = Math.max(1, Math.ceil(orders / rangeOrders))
  return Array.from({ length: count }, (_, index) => ({ from: hexBound(index, count), to: hexBound(index + 1, count) }))
}

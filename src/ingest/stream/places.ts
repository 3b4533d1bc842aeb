/** Decides the campaign of events whose source had other rules before: a message stays where it was counted first, or its later events would be a message of their own. */
import type { Stores } from '../../domain/index.ts'
import { accountKey } from '../account-repository.ts'
import { messageHash } from '../kinds/define.ts'
import { hashingParams } from '../sql/normalise.ts'
import { add, type SourceBatch, type Undecided } from './batch.ts'

/** Ids of one statement: they travel in it. */
const mostIds = 20_000

const knownMessages = `WITH asked AS (SELECT arrayJoin({ids:Array(String)}) AS id, ${messageHash('trimBoth(id)')} AS message)
  SELECT id, groupUniqArray(toString(campaign)) AS campaigns FROM asked JOIN (
    SELECT campaign, message FROM events
    WHERE account_id = {account:String} AND campaign IN {campaigns:Array(String)} AND message IN (SELECT message FROM asked)
    GROUP BY campaign, message) AS known USING message
  GROUP BY id`

/** Moves what is undecided to the rows to be stored. Throws what the analytics store throws: nothing is stored then. */
export async function decidePlaces({ db, analytics }: Pick<Stores, 'db' | 'analytics'>, batch: SourceBatch, signal: AbortSignal): Promise<void> {
  const { row: source, undecided } = batch
  if (undecided.length === 0) return
  const params = { account: source.account_id, ...hashingParams(await accountKey(db, source.account_id)) }
  for (let from = 0; from < undecided.length; from += mostIds) {
    const part = undecided.slice(from, from + mostIds)
    const ids = [...new Set(part.map(idOf))]
    const campaigns = [...new Set(part.flatMap(({ formerly }) => formerly))]
    const found = await analytics.query<{ id: string; campaigns: string[] }>(knownMessages, { ...params, ids, campaigns }, { signal })
    const known = new Map(found.map((one) => [one.id, one.campaigns]))
    for (const one of part) {
      const there = known.get(idOf(one))
      const campaign = one.formerly.find((former) => there?.includes(former))
      add(batch, 'events', campaign === undefined ? one.fields : { ...one.fields, campaign_id: campaign }, one.item)
    }
  }
}

const idOf = ({ fields }: Undecided): string => String(fields.message_id)

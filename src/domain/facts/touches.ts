/** SQL of touches: what may earn an order (docs/figures.md, "Attribution"). It runs nothing. */
import type { AccountSettings } from '../accounts/index.ts'
import { type Chunk, ofGeneration } from './messages.ts'

/** Campaigns that have explicit SMS deliveries; the messages of others count as delivered by not bouncing. */
const explicitSms = `(SELECT campaign FROM message_facts WHERE account_id = {account:String} AND generation = {generation:UInt64} AND channel = 'SMS' AND explicit_deliveries > 0)`

/** Inserts the touches of a chunk; the facts of its campaigns must be settled. Excluded campaigns must not be in the chunk. */
export function insertTouches(chunk: Chunk, attribution: Pick<AccountSettings['attribution'], 'opens' | 'smsDeliveries'>): string {
  const touches = [
    'arrayMap(t -> tuple(1, t), arrayDistinct(clicks))',
    ...(attribution.smsDeliveries ? [`if(channel = 'SMS' AND touched_by_delivery > 0, [tuple(2, touched_by_delivery)], [])`] : []),
    ...(attribution.opens ? ['arrayMap(t -> tuple(3, t), arrayDistinct(opens))'] : []),
  ]
  const delivery = attribution.smsDeliveries ? `, if(campaign IN ${explicitSms}, delivered, if(hard = 0 AND soft = 0 AND failed = 0, sent, 0)) AS touched_by_delivery` : ''
  return `INSERT INTO touches
    SELECT {account:String}, customer, fromUnixTimestamp64Milli(touch.2, 'UTC'), campaign, {generation:UInt64}, touch.1, fromUnixTimestamp64Milli(sent, 'UTC'), channel, country, variant
    FROM (SELECT *${delivery} FROM messages WHERE ${ofGeneration(chunk)} AND sent > 0 AND customer != toFixedString('', 16))
    ARRAY JOIN arrayConcat(${touches.join(', ')}) AS touch`
}

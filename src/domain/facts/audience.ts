/** SQL of what audiences are counted from: what people did with messages, and who is known at all. It runs nothing. */
import { type Chunk, ofGeneration } from './messages.ts'

/** The number by which a person is looked up in sets: the first half of their 128-bit hash, half the memory of the whole. */
export const customerNumber = (customer: string) => `reinterpretAsUInt64(${customer})`

/** Campaign and generation in one number: a set of numbers is looked up many times as fast as one of pairs with text. */
export const factNumber = 'sipHash64(toString(campaign), generation)'

// A zone's days begin with a quarter of an hour, so one instant a quarter is enough to know the days.
const quarters = (instants: string, kind: number) => `arrayMap(quarter -> (${kind}, quarter * 900), arrayDistinct(arrayMap(ms -> intDiv(ms, 900000), ${instants})))`
const firstTime = (instant: string, kind: number) => `if(${instant} > 0, [(${kind}, intDiv(${instant}, 1000))], [])`

/** Inserts what people did with a chunk's messages. */
export function insertEngagements(chunk: Chunk): string {
  return `INSERT INTO engagements
    SELECT {account:String}, done.1, toDateTime(done.2, 'UTC'), ${customerNumber('customer')}, reinterpretAsUInt64(message), ${factNumber}, campaign, generation, channel, country, variant
    FROM (SELECT * FROM messages WHERE ${ofGeneration(chunk)} AND customer != toFixedString('', 16) AND sent > 0
      AND (notEmpty(opens) OR notEmpty(clicks) OR unsubscribed > 0 OR complained > 0 OR hard > 0 OR soft > 0))
    ARRAY JOIN arrayConcat(${[
      quarters('opens', 1),
      quarters('clicks', 2),
      ...['unsubscribed', 'complained', 'hard', 'soft'].map((instant, index) => firstTime(instant, index + 3)),
    ].join(', ')}) AS done`
}

/** Where people may be named who have no record: an empty one stands for them from then on, older than any other. */
const unrecorded = (people: string) => `INSERT INTO customers (account_id, customer)
  SELECT {account:String}, customer FROM (SELECT DISTINCT customer FROM (${people})) WHERE customer != toFixedString('', 16)
  AND customer NOT IN (SELECT customer FROM customers WHERE account_id = {account:String} AND customer IN (${people}))`

/** Inserts records of the recipients of a chunk's messages who have none. */
export const insertRecipients = (chunk: Chunk) => unrecorded(`SELECT customer FROM messages WHERE ${ofGeneration(chunk)}`)

/** Inserts records of those who ordered in the loads `{loads:Array(UInt64)}`, or ever. */
export const insertBuyers = (everything: boolean) =>
  unrecorded(
    `SELECT assumeNotNull(customer) AS customer FROM orders FINAL WHERE account_id = {account:String} AND orders.customer IS NOT NULL${everything ? '' : ' AND load_id IN {loads:Array(UInt64)}'}`,
  )

/** Inserts records of those who did something on the web in the loads `{loads:Array(UInt64)}`, or ever. */
export const insertVisitors = (everything: boolean) =>
  unrecorded(`SELECT customer FROM web_events WHERE account_id = {account:String}${everything ? '' : ' AND load_id IN {loads:Array(UInt64)}'}`)

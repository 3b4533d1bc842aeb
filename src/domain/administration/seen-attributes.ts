/** Which custom attributes imported customers carry that nobody has declared: their names and how many customers have one, never a value. */
import type { AccountSettings } from '../accounts/index.ts'
import type { Stores } from '../stores.ts'

/** An attribute of imported customers that the account's settings do not declare. */
export interface SeenAttribute {
  readonly name: string
  /** Customers who carry it; null where they are fewer than the account's privacy floor. */
  readonly customers: number | null
}

const mostShown = 50

/** The most frequent first. A name that could not be declared (settings.ts of accounts bounds it) is left out. */
export async function seenAttributes({ analytics }: Stores, accountId: string, settings: AccountSettings): Promise<SeenAttribute[]> {
  const found = await analytics.query<{ name: string; customers: number }>(
    `SELECT arrayJoin(attributes.keys) AS name, count() AS customers FROM customers FINAL
     WHERE account_id = {account:String} GROUP BY name HAVING NOT has({declared:Array(String)}, name) AND lengthUTF8(name) BETWEEN 1 AND 100
     ORDER BY customers DESC, name LIMIT {most:UInt32}`,
    { account: accountId, declared: settings.customerAttributes.map(({ name }) => name), most: mostShown },
  )
  return found.map(({ name, customers }) => ({ name, customers: customers < settings.privacyFloor ? null : customers }))
}

/** SQL of order facts: attributed orders by day, one set per time basis. It runs nothing. */

/** Campaigns whose order facts no longer match the attributions: rows that no commit has covered yet. `''`: unattributed orders. */
export const changedCampaigns = `SELECT DISTINCT arrayJoin([toString(campaign), toString(was_campaign)]) AS campaign FROM attributions WHERE account_id = {account:String} AND generation > {committed:UInt64}`

/** Campaigns that have orders now, or had: what a complete rebuild covers. */
export const allOrderedCampaigns = `SELECT DISTINCT campaign FROM (SELECT toString(campaign) AS campaign FROM attributions WHERE account_id = {account:String}
  UNION ALL SELECT toString(campaign) AS campaign FROM fact_generations WHERE account_id = {account:String} AND family = 'orders')`

/** UTC days on which changed orders are, or were: uplift of campaigns measured then must be rebuilt. */
export const changedOrderDays = `SELECT DISTINCT toString(toDate(arrayJoin([placed_at, was_placed_at]))) AS day FROM attributions WHERE account_id = {account:String} AND generation > {committed:UInt64}`

/** Inserts the order facts of the campaigns `{campaigns:Array(String)}` (or of all) under `{generation:UInt64}`. */
export function insertOrderFacts(everything: boolean): string {
  return `INSERT INTO order_facts
    SELECT {account:String}, campaign, {generation:UInt64}, basis, day, channel, country, variant, status, currency, count(), sum(amount), min(placed_at), max(placed_at),
      sumMap(map(product, toUInt64(1))), sumMap(mapApply((name, given) -> (name, toUInt64(1)), opt_ins)), sumMap(mapApply((name, given) -> (name, toUInt64(given)), opt_ins))
    FROM (
      SELECT campaign, arrayJoin(if(campaign = '', [2], [1, 2])) AS basis, toDate(if(basis = 1, ifNull(sent_at, placed_at), placed_at), {zone:String}) AS day,
        channel, country, variant, status, currency, amount, placed_at, product, opt_ins
      FROM attributions FINAL WHERE account_id = {account:String}${everything ? '' : ' AND campaign IN {campaigns:Array(String)}'}
    )
    GROUP BY campaign, basis, day, channel, country, variant, status, currency`
}

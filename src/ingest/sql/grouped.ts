/** Adds up orders that came one line at a time. The result does not depend on the order of the lines. */
import { orderVersion, toldOfOrder } from '../kinds/define.ts'

// Lines of one order say the same of it or complete each other: the earliest and latest times, the furthest status, any customer. Lines that
// name several products leave open which was ordered; the items tell them.
// Ids are hashes by now, so the version's content is made of them.
const content =
  "concat(ifNull(hex(any_customer), ''), '\\0', toString(toUnixTimestamp64Milli(first_placed)), '\\0', toDecimalString(total, 6), '\\0', any_currency, '\\0', any_country, '\\0', any_campaign, '\\0', ifNull(hex(any_message), ''))"

/** Bind `account` and `load`. An order of which a line was rejected is rejected whole: its amount would be wrong. */
export const groupedInsert = `INSERT INTO ingest_orders (account_id, load_id, line, reason, order_key, customer, placed_at, updated_at, status, amount, currency, country, campaign, message, product, opt_ins, version)
SELECT {account:String}, {load:UInt64}, first_line,
  multiIf(wrong > 0, 'another line of the order was rejected', currencies > 1, 'lines of the order name several currencies', customers > 1, 'lines of the order name several customers', campaigns > 1, 'lines of the order name several campaigns',
    any_opt_ins != all_opt_ins, 'lines of the order tell an opt-in both as given and as declined', length(any_opt_ins) > 20, 'lines of the order name more than 20 opt-ins', ''),
  order_key, any_customer, first_placed, last_updated, furthest, total, any_currency, any_country, any_campaign, any_message, any_product, any_opt_ins,
  ${orderVersion({ updated: 'last_updated', rank: 'furthest', content, told: toldOfOrder('any_product', 'any_opt_ins') })}
FROM (
  SELECT order_key, min(line) AS first_line, countIf(reason != '') AS wrong, uniqExact(currency) AS currencies, uniqExact(customer) AS customers, uniqExactIf(campaign, campaign != '') AS campaigns,
    min(customer) AS any_customer, min(placed_at) AS first_placed, max(updated_at) AS last_updated, max(status) AS furthest, sum(amount) AS total, min(currency) AS any_currency,
    minIf(country, country != '') AS any_country, minIf(campaign, campaign != '') AS any_campaign, min(message) AS any_message,
    if(uniqExactIf(product, product != '') = 1, toString(minIf(product, product != '')), '') AS any_product,
    maxMap(opt_ins) AS any_opt_ins, minMap(opt_ins) AS all_opt_ins
  FROM load_order_lines WHERE account_id = {account:String} AND load_id = {load:UInt64}
  GROUP BY order_key HAVING countIf(reason = '') > 0
)`

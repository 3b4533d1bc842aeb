/** SQL of attributes that orders make: orders, total_spent, first_order, last_order, and of the top share of a number. It runs nothing. */
import { customerNumber } from '../facts/index.ts'
import type { AttributePredicate, Term } from '../predicates/index.ts'
import { compareSql, type Bind } from './compare.ts'

/** Orders of the account's first goal as they are now, of known customers. Binds `statuses`. */
export const currentOrders = `SELECT ${customerNumber('assumeNotNull(customer)')} AS person, order_key, placed_at, amount, currency, country
  FROM orders FINAL WHERE account_id = {account:String} AND orders.customer IS NOT NULL AND toString(status) IN {statuses:Array(String)}`

/** The value of the attribute of each who ordered. */
export const overOrders = (sql: string) => `SELECT person, ${sql} AS value FROM (${currentOrders}) GROUP BY person`

/** A condition on customers: their orders as a whole compare so. Who has none has 0 orders, spent 0, and no first or last one. @param of overOrders */
export function orderSet(predicate: AttributePredicate, term: Term, of: string, bind: Bind, today: string): string {
  if (predicate.op === 'top') return `customer_number IN (${topSet(of, predicate.value, bind)})`
  const holds = compareSql(predicate, term.type, 'value', bind, today)
  const without = compareSql(predicate, term.type, term.type === 'date' ? "CAST(NULL, 'Nullable(Date32)')" : 'toDecimal128(0, 6)', bind, today)
  const buyers = `SELECT person FROM (${of})`
  return `if(customer_number IN (${buyers}), customer_number IN (${buyers} WHERE ${holds}), ${without})`
}

/** Of the people with a value, those among the highest per cent: at most so many places rounded up, and whoever shares the last one's value. */
export function topSet(valued: string, percent: unknown, bind: Bind): string {
  return `SELECT person FROM (SELECT person, rank() OVER (ORDER BY value DESC) AS place, count() OVER () AS people FROM (${valued}) WHERE isNotNull(value))
    WHERE (place - 1) * 10000 < people * ${bind(Math.round(Number(percent) * 100), 'UInt32')}`
}

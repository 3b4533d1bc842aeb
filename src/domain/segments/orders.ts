/** SQL of attributes that orders make: orders, total_spent, first_order, last_order, and of the top share of a number. It runs nothing. */
import type { AttributePredicate, Term } from '../predicates/index.ts'
import { compareSql, type Names } from './compare.ts'

/** Orders of the account's first goal as they are now, of known customers. Binds `statuses`. */
export const currentOrders = `SELECT reinterpretAsUInt64(assumeNotNull(customer)) AS person, order_key, placed_at, amount, currency, country
  FROM orders FINAL WHERE account_id = {account:String} AND orders.customer IS NOT NULL AND toString(status) IN {statuses:Array(String)}`

const columns: Readonly<Record<string, string>> = {
  orders: 'toDecimal128(count(), 6)',
  total_spent: 'sumIf(amount, currency = {currency:String})',
  first_order: 'toDate32(min(placed_at), {zone:String})',
  last_order: 'toDate32(max(placed_at), {zone:String})',
}

/** A condition on customers: their orders as a whole compare so. Who has none has 0 orders, spent 0, and no first or last one. */
export function orderSet(predicate: AttributePredicate, term: Term, names: Names, today: string): string {
  const of = `SELECT person, ${columns[term.name]} AS value FROM (${currentOrders}) GROUP BY person`
  if (predicate.op === 'top') return `customer_number IN (${topSet(of, predicate.value, names)})`
  const holds = compareSql(predicate, term.type, 'value', names, today)
  const without = compareSql(predicate, term.type, term.type === 'date' ? "CAST(NULL, 'Nullable(Date32)')" : 'toDecimal128(0, 6)', names, today)
  const buyers = `SELECT person FROM (${of})`
  return `if(customer_number IN (${buyers}), customer_number IN (${buyers} WHERE ${holds}), ${without})`
}

/** Of the people with a value, those among the highest per cent: at most so many places rounded up, and whoever shares the last one's value. */
export function topSet(valued: string, percent: unknown, names: Names): string {
  return `SELECT person FROM (SELECT person, rank() OVER (ORDER BY value DESC) AS place, count() OVER () AS people FROM (${valued}) WHERE isNotNull(value))
    WHERE (place - 1) * 10000 < people * ${names(Math.round(Number(percent) * 100), 'UInt32')}`
}

/** Compiles one comparison of a value that may be NULL. The result is 0 or 1: a value that is not known equals nothing, and negations hold for it. */
import { addDays } from '../../core/period.ts'
import type { Operator, Scalar, ValueType } from '../predicates/index.ts'

/** Binds a value and gives its placeholder. */
export type Bind = (value: unknown, type: string) => string

export interface Comparison {
  readonly op: Operator
  readonly value?: Scalar | Scalar[] | undefined
}

const many = (value: Comparison['value']): Scalar[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

/** @param column SQL of the value, NULL where it is not known; for `code` and text it may be a low-cardinality column */
export function compareSql({ op, value }: Comparison, type: ValueType, column: string, bind: Bind, today: string): string {
  if (op === 'known') return `isNotNull(${column})`
  if (op === 'unknown') return `isNull(${column})`
  const left = type === 'code' ? `lower(${column})` : column
  const bound = (one: Scalar): string => {
    switch (type) {
      case 'number':
      case 'money':
        return `toDecimal128(${bind(String(one), 'String')}, 6)`
      case 'date':
        return `toDate32(${bind(String(one), 'String')})`
      case 'boolean':
        return one === true ? '1' : '0'
      case 'code':
        return bind(String(one).toLowerCase(), 'String')
      default:
        return bind(String(one), 'String')
    }
  }
  const yes = (condition: string) => `ifNull(${condition}, 0)`
  const values = many(value)
  const [first, second] = values
  switch (op) {
    case 'is':
      return yes(`${left} = ${bound(first as Scalar)}`)
    case 'isNot':
      return `NOT ${yes(`${left} = ${bound(first as Scalar)}`)}`
    case 'in':
    case 'notIn': {
      const textual = type === 'text' || type === 'code' || type === 'channel' || type === 'entity'
      const list = () =>
        bind(
          values.map((one) => (type === 'code' ? String(one).toLowerCase() : String(one))),
          'Array(String)',
        )
      const sql = yes(textual ? `has(${list()}, ${left})` : `(${values.map((one) => `${left} = ${bound(one)}`).join(' OR ')})`)
      return op === 'in' ? sql : `NOT ${sql}`
    }
    case 'contains':
      return yes(`position(${left}, ${bound(first as Scalar)}) > 0`)
    case 'startsWith':
      return yes(`startsWith(${left}, ${bound(first as Scalar)})`)
    case 'between':
      return yes(`${left} >= ${bound(first as Scalar)} AND ${left} <= ${bound(second as Scalar)}`)
    case 'inLast':
    case 'notInLast': {
      const from = bind(addDays(today, 1 - Number(first)), 'String')
      const sql = yes(`${left} >= toDate32(${from}) AND ${left} <= toDate32(${bind(today, 'String')})`)
      return op === 'inLast' ? sql : `NOT ${sql}`
    }
    default:
      return yes(`${left} ${op} ${bound(first as Scalar)}`)
  }
}

/** Compiles one comparison of a value that may be NULL. The result is 0 or 1: a value that is not known equals nothing, and negations hold for it. */
import { addDays } from '../../core/period.ts'
import type { Operator, Scalar, ValueType } from '../predicates/index.ts'

/** Binds a value and gives its placeholder. */
export type Names = (value: unknown, type: string) => string

export interface Comparison {
  readonly op: Operator
  readonly value?: Scalar | Scalar[] | undefined
}

const many = (value: Comparison['value']): Scalar[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])

/** @param column SQL of the value, NULL where it is not known; for `code` and text it may be a low-cardinality column */
export function compareSql({ op, value }: Comparison, type: ValueType, column: string, names: Names, today: string): string {
  if (op === 'known') return `isNotNull(${column})`
  if (op === 'unknown') return `isNull(${column})`
  const left = type === 'code' ? `lower(${column})` : column
  const bind = (one: Scalar): string => {
    switch (type) {
      case 'number':
      case 'money':
        return `toDecimal128(${names(String(one), 'String')}, 6)`
      case 'date':
        return `toDate32(${names(String(one), 'String')})`
      case 'boolean':
        return one === true ? '1' : '0'
      case 'code':
        return names(String(one).toLowerCase(), 'String')
      default:
        return names(String(one), 'String')
    }
  }
  const yes = (condition: string) => `ifNull(${condition}, 0)`
  const values = many(value)
  const [first, second] = values
  const bound = () => bind(first as Scalar)
  switch (op) {
    case 'is':
      return yes(`${left} = ${bound()}`)
    case 'isNot':
      return `NOT ${yes(`${left} = ${bound()}`)}`
    case 'in':
    case 'notIn': {
      const any = yes(`(${values.map((one) => `${left} = ${bind(one)}`).join(' OR ')})`)
      const textual = type === 'text' || type === 'code' || type === 'channel' || type === 'entity'
      const list = names(
        values.map((one) => (type === 'code' ? String(one).toLowerCase() : String(one))),
        'Array(String)',
      )
      const sql = textual ? yes(`has(${list}, ${left})`) : any
      return op === 'in' ? sql : `NOT ${sql}`
    }
    case 'contains':
      return yes(`position(${left}, ${bound()}) > 0`)
    case 'startsWith':
      return yes(`startsWith(${left}, ${bound()})`)
    case 'between':
      return yes(`${left} >= ${bound()} AND ${left} <= ${bind(second as Scalar)}`)
    case 'inLast':
    case 'notInLast': {
      const from = names(addDays(today, 1 - Number(first)), 'String')
      const sql = yes(`${left} >= toDate32(${from}) AND ${left} <= toDate32(${names(today, 'String')})`)
      return op === 'inLast' ? sql : `NOT ${sql}`
    }
    default:
      return yes(`${left} ${op} ${bound()}`)
  }
}

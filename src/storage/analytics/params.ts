/** Makes bound parameters mean the same on both engines. */
import { literal, type Value } from './engine.ts'

/** A number that a double cannot hold exactly would silently become another one. */
function checkedNumber(name: string, value: number): number {
  if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) throw new TypeError(`Parameter ${name} is not an exact number: pass a bigint or text`)
  return value
}

function checkedValue(name: string, value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'number') return checkedNumber(name, value)
  // The client sends a Date as seconds, chDB's drops the milliseconds: text in UTC is read alike by both.
  if (value instanceof Date) return value.toISOString().slice(0, 23).replace('T', ' ')
  if (Array.isArray(value)) return value.map((item) => checkedValue(name, item))
  throw new TypeError(`Parameter ${name} has no value that can be bound`)
}

/**
 * Checks the values of `{name:Type}` placeholders: text, boolean, exact number, bigint, null (with a Nullable type), Date (with
 * `DateTime64(3, 'UTC')`: always name the zone), and arrays of these. Bytes travel as hex: `unhex({key:String})`.
 */
export function checkedParams(params: Record<string, unknown>): Record<string, Value> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, checkedValue(name, value)]))
}

function literalOf(value: Value): string {
  if (value === null) return 'NULL'
  if (typeof value === 'string') return literal(value)
  if (typeof value === 'object') return `[${value.map(literalOf).join(', ')}]`
  return literal(String(value))
}

/**
 * Puts the values into the statement as `CAST('…' AS Type)`: what ClickHouse itself makes of a bound parameter. For chDB, whose
 * own binding is shared by the whole process, so that statements with parameters would wait for one another (ADR 0002), and for
 * values that are too long for a URL.
 */
export function bindLiterals(sql: string, params: Readonly<Record<string, Value>>): string {
  return sql.replace(/\{(\w+):([^{}]+)\}/g, (_, name: string, type: string) => {
    const value = params[name]
    if (value === undefined) throw new TypeError(`Parameter ${name} is missing`)
    return `CAST(${literalOf(value)} AS ${type.trim()})`
  })
}

/** Exact decimal amounts. Money crosses every seam as a decimal string; floating point never touches it. */
import Big from 'big.js'

/** A decimal number as text: `-12.50`. At most 6 places are stored. */
export type Decimal = string

const decimalForm = /^-?\d{1,20}(\.\d{1,6})?$/

/** Whether text is an amount Mercat stores: at most 20 digits before and 6 after the point. */
export function isDecimal(text: string): boolean {
  return decimalForm.test(text)
}

/** The shortest form of the same number: `12.500000` → `12.5`. */
export function normalDecimal(value: Decimal): Decimal {
  return new Big(value).toFixed()
}

export function addDecimals(values: Iterable<Decimal>): Decimal {
  let sum = new Big(0)
  for (const value of values) sum = sum.plus(value)
  return sum.toFixed()
}

export function subtractDecimals(a: Decimal, b: Decimal): Decimal {
  return new Big(a).minus(b).toFixed()
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return new Big(a).times(b).toFixed()
}

/** a / b with the given number of places, half up; null when b is zero. */
export function divideDecimals(a: Decimal, b: Decimal | number, places = 6): Decimal | null {
  const divisor = new Big(b)
  if (divisor.eq(0)) return null
  const quotient = new Big(a).div(divisor)
  return new Big(quotient.toFixed(places)).toFixed()
}

/** −1, 0 or 1. */
export function compareDecimals(a: Decimal, b: Decimal): -1 | 0 | 1 {
  return new Big(a).cmp(b)
}

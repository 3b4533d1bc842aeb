/** What sources of orders have in common: whose an order is, from which country, and how amounts are written. Knows no source. */
import { z } from 'zod'
import { isDecimal } from '../../core/money.ts'
import { textual } from './define.ts'

/** A decimal as it is written, of at most 6 places: never a double's rounding of it. */
export const decimalText = textual.refine(isDecimal)
/** A text that may be missing. */
export const optionalText = z.string().max(500).nullish()
/** ISO 4217, in capitals. */
export const currencyCode = z
  .string()
  .regex(/^[a-z]{3}$/i)
  .transform((code) => code.toUpperCase())

/** The first address or number that is there, in the form that message events have it (events.ts): otherwise no order could be attributed to a touch. */
export function customerOf(...candidates: readonly (string | null | undefined)[]): string | undefined {
  return candidates.map((one) => one?.trim().toLowerCase()).find(Boolean)
}

/** The first ISO 3166-1 alpha-2 code. What is none is passed over: an order counts also without a country. */
export function countryOf(...candidates: readonly (string | null | undefined)[]): string | undefined {
  return candidates.find((one) => one && /^[a-z]{2}$/i.test(one))?.toUpperCase()
}

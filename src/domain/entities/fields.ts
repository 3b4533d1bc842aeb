/** Fields that definitions of several types share. Schemas only; knows no type. */
import { z } from 'zod'

/** The platform's own id of another entity. */
export const keyField = z.string().min(1).max(200)
/** ISO 8601 with a zone. */
export const instantField = z.iso.datetime({ offset: true })
export const urlField = z.url({ protocol: /^https?$/ }).max(2000)
/** BCP 47, like `en` or `pt-BR`. */
export const languageField = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'must be a language, like en or pt-BR')
/** A text by language. */
export const textsField = z.record(languageField, z.string().max(5000))
export const currencyField = z.string().regex(/^[A-Z]{3}$/, 'must be ISO 4217, like EUR')
export const countryField = z.string().regex(/^[A-Z]{2}$/, 'must be ISO 3166-1 alpha-2, like DE')
export const yearField = z.number().int().min(2000).max(2100)
const decimal = (pattern: RegExp, message: string) => z.string(message).regex(pattern, message)
/** A decimal as text, so that no cent is lost. */
export const decimalField = decimal(/^-?\d{1,14}(\.\d{1,6})?$/, 'must be a decimal as text, like "12.50"')
/** The same, not negative. */
export const amountField = decimal(/^\d{1,14}(\.\d{1,6})?$/, 'must be a decimal as text that is not negative, like "12.50"')
export const moneyField = z.strictObject({
  amount: amountField,
  currency: currencyField,
})

/** `3 templates`, `1 template`; nothing for none. */
export function countOf(count: number, one: string, many = `${one}s`): string | undefined {
  return count === 0 ? undefined : `${count} ${count === 1 ? one : many}`
}

/** The parts that are there, as one line. */
export function lineOf(parts: readonly (string | undefined)[], otherwise: string): string {
  return parts.filter(Boolean).join(', ') || otherwise
}

/** Numbers as people read them. Exact: money and units are decimals as text, and never pass through a float. */

/** "12,345"; an en dash where nothing is known. */
export const figure = (value: number | null): string => (value === null ? '–' : value.toLocaleString('en'))

/** "42%", "0.3%"; an en dash where nothing is known. */
export const share = (value: number | null): string => (value === null ? '–' : `${Number((value * 100).toFixed(value < 0.1 ? 1 : 0))}%`)

/** "12,345.5". @param value a decimal as text */
export const decimal = (value: string): string => new Intl.NumberFormat('en', { maximumFractionDigits: 6 }).format(value as Intl.StringNumericLiteral)

/** "EUR 1,234.50". @param amount a decimal as text @param currency ISO 4217 */
export function money(amount: string, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code', maximumFractionDigits: 6 }).format(amount as Intl.StringNumericLiteral)
}

/** Amounts of several currencies, side by side: they are never added. */
export const amounts = (all: readonly { readonly currency: string; readonly amount: string }[]): string =>
  all.map(({ amount, currency }) => money(amount, currency)).join(', ') || '–'

/** In a narrow place a long amount may break after its currency, not within its digits. */
export const breakable = (text: string): string => text.replaceAll('\u00A0', ' ')

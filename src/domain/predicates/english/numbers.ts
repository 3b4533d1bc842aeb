/** Numbers, amounts, shares and comparisons in size, as people write them. Amounts are of the account's currency or not understood; nothing is rounded. */
import { compareDecimals, isDecimal, normalDecimal } from '../../../core/money.ts'
import { emptyRange } from '../explain.ts'
import type { Operator } from '../tree.ts'
import type { Reader } from './reader.ts'

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve']

/** A decimal as text, written in digits, in words up to twelve, or quoted as explain() does where it may be misread; undefined when none stands here. */
export function readNumber(reader: Reader): string | undefined {
  const token = reader.token()
  if (!token) return undefined
  if (token.kind === 'odd' && /^-?\d+\.\d{3}$/.test(token.value))
    throw reader.fault('May mean thousands or a fraction', `Write ${token.value.replace('.', ',')} or ${token.value}0`)
  if (token.kind === 'odd') throw reader.fault('Not a number that can be read in one way', oddHint)
  const value = token.kind === 'word' && numberWords.includes(token.word) ? String(numberWords.indexOf(token.word)) : token.value
  if ((token.kind !== 'number' && token.kind !== 'quoted' && value === token.value) || !/^-?\d+(\.\d+)?$/.test(value)) return undefined
  if (!isDecimal(value)) throw reader.fault('A number has at most 20 digits before and 6 after the point')
  reader.at++
  return normalDecimal(value)
}

const oddHint = 'Thousands are parted by commas or not at all, decimals by a point: 1,250.50'

/** A whole number up to 1,000,000, as text; undefined when none stands here. */
export function readWhole(reader: Reader): string | undefined {
  const token = reader.token()
  const value = token?.kind === 'word' && numberWords.includes(token.word) ? String(numberWords.indexOf(token.word)) : token?.kind === 'number' ? token.value : ''
  if (!/^\d{1,7}$/.test(value) || Number(value) > 1_000_000) return undefined
  reader.at++
  return String(Number(value))
}

const currencyNames = new Intl.DisplayNames(['en'], { type: 'currency', fallback: 'none' })
const codes = new Set(Intl.supportedValuesOf('currency'))

/** The words of a currency's name that people say: `Swiss Franc` → franc. */
const nounOf = (code: string) => (currencyNames.of(code) ?? code).toLowerCase().split(' ').at(-1) ?? ''
let nouns: ReadonlySet<string> | undefined
function isCurrencyNoun(word: string): boolean {
  nouns ??= new Set([...codes].map(nounOf).filter((noun) => noun.length > 2))
  return nouns.has(word) || (word.endsWith('s') && nouns.has(word.slice(0, -1)))
}

/** Whether the token is how a currency is called: its sign, its code in capitals, its noun. */
function currencyAt(reader: Reader, offset = 0): string | undefined {
  const token = reader.token(offset)
  if (token?.kind === 'sign' && /^\p{Sc}$/u.test(token.word)) return token.word
  if (token?.kind !== 'word') return undefined
  return codes.has(token.value) || isCurrencyNoun(token.word) ? token.value : undefined
}

function isAccounts(said: string, currency: string): boolean {
  if (said === currency) return true
  const parts = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }).formatToParts(1)
  if (parts.some(({ type, value }) => type === 'currency' && value === said)) return true
  return said.toLowerCase().replace(/s$/, '') === nounOf(currency)
}

/** An amount in the account's currency, which may be named before or after it; undefined when no amount stands here. */
export function readAmount(reader: Reader, currency: string): string | undefined {
  const from = reader.at
  const before = currencyAt(reader)
  if (before !== undefined) {
    const next = reader.token(1)
    if (next?.kind !== 'number' && next?.kind !== 'odd') return undefined
    reader.at++
    if (next.kind === 'odd') throw reader.fault('Not an amount that can be read in one way', oddHint, from, reader.at + 1)
  }
  const value = readNumber(reader)
  if (value === undefined) return undefined
  const after = before === undefined ? currencyAt(reader) : undefined
  if (after !== undefined) reader.at++
  const said = before ?? after
  if (said !== undefined && !isAccounts(said, currency)) throw reader.fault(`Amounts are in ${currency}; others are not converted`, `Say the amount in ${currency}`, from)
  return value
}

/** Whether a currency is named between the token `from` and the next. */
export const namesCurrency = (reader: Reader, from: number) => reader.tokens.slice(from, reader.at).some((_, index) => currencyAt(reader, from + index - reader.at) !== undefined)

/** "10 %", "10 per cent"; undefined when no share stands here. */
export function readShare(reader: Reader): number | undefined {
  const from = reader.at
  const value = reader.attempt(() => readNumber(reader))
  if (value === undefined || !reader.take('%', 'percent', 'per cent')) {
    reader.at = from
    return undefined
  }
  const share = Number(value)
  if (!(share > 0 && share <= 100 && /^\d+(\.\d{1,2})?$/.test(value))) throw reader.fault('A share is above 0 and up to 100 per cent, with at most two places', undefined, from)
  return share
}

export type SizeOperator = Extract<Operator, '>' | '>=' | '<' | '<=' | 'is'>

const sizes: readonly (readonly [SizeOperator, readonly string[]])[] = [
  ['>', ['more than', 'greater than', 'higher than', 'larger than', 'bigger than', 'over', 'above', 'exceeding', '>']],
  ['>=', ['at least', 'no less than', 'no fewer than', 'not less than', 'not fewer than', 'a minimum of', '>=', '≥']],
  ['<', ['less than', 'fewer than', 'lower than', 'smaller than', 'under', 'below', '<']],
  ['<=', ['at most', 'no more than', 'not more than', 'up to', 'a maximum of', '<=', '≤']],
  ['is', ['exactly', 'precisely', 'only', '=']],
]

/** "more than", "at least", …; undefined when none stands here. */
export function readSize(reader: Reader): SizeOperator | undefined {
  let best: readonly [SizeOperator, number] | undefined
  for (const [op, phrases] of sizes) {
    const length = reader.ahead(phrases)
    if (length > (best?.[1] ?? 0)) best = [op, length]
  }
  reader.at += best?.[1] ?? 0
  return best?.[0]
}

/** How numbers are compared: `value` is two of them for between. */
export interface Sized {
  readonly op: SizeOperator | 'between'
  readonly value: string | readonly [string, string]
  /** No word said how: "3", "€500". */
  readonly bare?: true
}

/**
 * "more than 3", "between 2 and 5", "3 to 5", "5 or more", "3". Undefined when none stands here.
 * @param read what is compared: numbers or amounts @param whats what must follow "more than"; absent: something else may
 */
export function readSized(reader: Reader, read: (reader: Reader) => string | undefined, whats?: string): Sized | undefined {
  const needed = () => {
    const value = read(reader)
    if (value === undefined && whats !== undefined) throw reader.unknown(whats, numberWords)
    return value
  }
  return reader.maybe(() => {
    const from = reader.at
    if (reader.take('between')) {
      const first = needed()
      const second = first !== undefined && reader.take('and') ? needed() : undefined
      return first === undefined || second === undefined ? undefined : { op: 'between', value: ordered(reader, from, first, second) }
    }
    const op = readSize(reader)
    if (op === undefined) return readBare(reader, read)
    const value = needed()
    return value === undefined ? undefined : { op, value }
  })
}

function readBare(reader: Reader, read: (reader: Reader) => string | undefined): Sized | undefined {
  const from = reader.at
  const first = read(reader)
  if (first === undefined) return undefined
  if (reader.take('or more', 'or above', 'or higher', 'or over')) return { op: '>=', value: first }
  if (reader.take('or less', 'or fewer', 'or below', 'or lower', 'or under')) return { op: '<=', value: first }
  const after = (...words: readonly string[]) => reader.attempt(() => (reader.take(...words) ? read(reader) : undefined))
  const second = after('to', '-', '–')
  if (second !== undefined) return { op: 'between', value: ordered(reader, from, first, second) }
  if (after('or') !== undefined) throw reader.fault('Not one number', 'Say "between … and …", "at least …" or "exactly …"', from)
  return { op: 'is', value: first, bare: true }
}

/** A range that ends before it begins is a slip, unless explain() says that it is meant. */
export const takeEmptyRange = (reader: Reader): boolean => reader.take(`( ${emptyRange} )`)

function ordered(reader: Reader, from: number, least: string, most: string): readonly [string, string] {
  // "times" belongs to the part that is named, so that it reads whole.
  if (compareDecimals(least, most) > 0 && !takeEmptyRange(reader))
    throw reader.fault('The first number is more than the second', undefined, from, reader.at + (reader.word() === 'times' ? 1 : 0))
  return [least, most]
}

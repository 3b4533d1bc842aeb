/** Cuts a sentence into words, numbers, days, quoted texts and signs, in one pass whose time grows with its length alone. It knows no grammar. */

/** `odd`: a number or date that may be read in two ways, or in none; `open`: a quotation mark that nothing closes. */
export type TokenKind = 'word' | 'number' | 'day' | 'quoted' | 'sign' | 'odd' | 'open'

export interface Token {
  readonly kind: TokenKind
  /** Words in lower case without accents, signs and days as they stand; '' for quoted text. */
  readonly word: string
  /** Of quoted text what is in the quotes, of a number its decimal, else the text as it stands. */
  readonly value: string
  readonly from: number
  readonly to: number
}

const space = /\s+/y
const day = /\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}_-])/uy
const slashed = /\d{1,4}[/.]\d{1,2}[/.]\d{1,4}(?![\p{L}\p{N}])/uy
const number = /\d(?:[\d.,]*\d)?(?![\p{L}_])/uy
const word = /[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}_]+)*/uy
const sign = />=|<=|!=|[\s\S]/uy
const plainNumber = /^(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?$/
/** One thousand where the point parts thousands, one where it parts decimals. */
const twoWays = /^[1-9]\d{0,2}\.\d{3}$/
const closers: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '„': '“', '‘': '’', '«': '»' }

/** The form in which words are compared: lower case, straight apostrophes, no accents. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('’', "'")
    .toLowerCase()
}

export function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  /** Closing marks of which there is none left: each is looked for in vain at most once. */
  const spent = new Set<string>()
  const match = (form: RegExp, at: number) => {
    form.lastIndex = at
    return form.exec(text)?.[0]
  }
  for (let at = 0; at < text.length; ) {
    const gap = match(space, at)
    if (gap !== undefined) {
      at += gap.length
      continue
    }
    const quoted = quotedAt(text, at, spent)
    const found = quoted ? [quoted] : plainAt(text, at, tokens.at(-1), match)
    tokens.push(...found)
    at = found.at(-1)?.to ?? text.length
  }
  return tokens
}

function quotedAt(text: string, at: number, spent: Set<string>): Token | undefined {
  const mark = text[at] ?? ''
  const closer = closers[mark]
  if (closer === undefined || (mark === "'" && /[\p{L}\p{N}]/u.test(text[at - 1] ?? ''))) return undefined
  const end = spent.has(mark) ? -1 : closingAt(text, at + 1, closer)
  if (end >= 0) return { kind: 'quoted', word: '', value: unquoted(text.slice(at, end + 1)), from: at, to: end + 1 }
  spent.add(mark)
  const to = /^\S+/.exec(text.slice(at, at + 100))?.[0].length ?? 1
  return { kind: 'open', word: '', value: text.slice(at, at + to), from: at, to: at + to }
}

function closingAt(text: string, from: number, closer: string): number {
  for (let at = from; at < text.length; at++) {
    if (closer === '"' && text[at] === '\\') at++
    else if (text[at] === closer && !(/['’]/.test(closer) && /[\p{L}\p{N}]/u.test(text[at + 1] ?? ''))) return at
  }
  return -1
}

/** What explain() quotes is JSON; what people quote may hold anything. */
function unquoted(text: string): string {
  if (text.startsWith('"')) {
    try {
      return String(JSON.parse(text))
    } catch {}
  }
  return text.slice(1, -1)
}

function plainAt(text: string, at: number, before: Token | undefined, match: (form: RegExp, at: number) => string | undefined): Token[] {
  const made = (kind: TokenKind, found: string, value = found): Token[] => [{ kind, word: kind === 'word' ? folded(found) : found, value, from: at, to: at + found.length }]
  const dayFound = match(day, at)
  if (dayFound !== undefined) return made('day', dayFound)
  const dateFound = match(slashed, at)
  if (dateFound !== undefined) return made('odd', dateFound)
  const minus = text[at] === '-' && (before === undefined || (before.to < at && before.kind !== 'number')) ? '-' : ''
  const digits = match(number, at + minus.length)
  if (digits !== undefined) return made(plainNumber.test(digits) && !twoWays.test(digits) ? 'number' : 'odd', minus + digits, minus + digits.replaceAll(',', ''))
  const found = match(word, at)
  if (found !== undefined) return contracted(made('word', found)[0] as Token)
  return made('sign', match(sign, at) ?? '')
}

const fullForms: Readonly<Record<string, readonly string[]>> = { "can't": ['can', 'not'], cannot: ['can', 'not'], "won't": ['will', 'not'] }

/** "haven't" is two words at one place. */
function contracted(token: Token): Token[] {
  const negated = token.word.endsWith("n't") ? [token.word.slice(0, -3), 'not'] : token.word.endsWith("'ve") ? [token.word.slice(0, -3), 'have'] : undefined
  const parts = Object.hasOwn(fullForms, token.word) ? fullForms[token.word] : negated
  return parts ? parts.map((part) => ({ ...token, word: part })) : [token]
}

/** Goes through the tokens of a sentence: looks ahead, takes phrases, and says what it could not read. It knows no grammar. */
import { nearest } from '../../../core/text.ts'
import { type Token, tokensOf } from './tokens.ts'

/** Why a part of the sentence cannot be read; never leaves this folder. */
export class Fault extends Error {
  readonly from: number
  readonly to: number
  readonly hint: string | undefined
  constructor(why: string, from: number, to: number, hint?: string) {
    super(why)
    this.from = from
    this.to = to
    this.hint = hint
  }
}

/** No known word is like a longer one. */
const longestGuessed = 40

/** Longer names are known in quotes only. */
const mostWords = 12

/** The form in which phrases are kept and looked up. */
export const keyOf = (phrase: string): string =>
  tokensOf(phrase)
    .map(({ word, value }) => word || value.toLowerCase())
    .join(' ')

/** Phrases of several words, each with what it means. Of the phrases that stand at one place the longest is meant. */
export class Phrases<Meaning> {
  readonly #meanings = new Map<string, Meaning>()
  /** As they were added, for hints. */
  readonly phrases: string[] = []
  #most = 0

  /** The first meaning of a phrase stays. */
  add(phrase: string, meaning: Meaning): this {
    const key = keyOf(phrase)
    if (key === '' || this.#meanings.has(key)) return this
    this.#meanings.set(key, meaning)
    this.phrases.push(phrase)
    this.#most = Math.min(Math.max(this.#most, key.split(' ').length), mostWords)
    return this
  }

  at(reader: Reader, offset = 0): { readonly meaning: Meaning; readonly length: number } | undefined {
    const words: string[] = []
    for (let index = 0; index < this.#most; index++) {
      const word = reader.word(offset + index)
      if (word === '') break
      words.push(word)
    }
    for (let length = words.length; length > 0; length--) {
      const key = words.slice(0, length).join(' ')
      if (this.#meanings.has(key)) return { meaning: this.#meanings.get(key) as Meaning, length }
    }
    return undefined
  }

  take(reader: Reader): Meaning | undefined {
    const found = this.at(reader)
    if (found) reader.at += found.length
    return found?.meaning
  }

  /** What the whole phrase means, given as keyOf() has it. */
  of(phrase: string): Meaning | undefined {
    return this.#meanings.get(phrase)
  }

  /** Whether a phrase has this meaning. */
  means(meaning: Meaning): boolean {
    return [...this.#meanings.values()].includes(meaning)
  }
}

const split = new Map<string, readonly string[]>()
const wordsOf = (phrase: string): readonly string[] => {
  const known = split.get(phrase)
  if (known) return known
  const words = phrase.split(' ')
  split.set(phrase, words)
  return words
}

export class Reader {
  readonly text: string
  readonly tokens: readonly Token[]
  /** Index of the next token. */
  at = 0
  /** Index of the token before which reading ends. */
  end: number

  constructor(text: string) {
    this.text = text
    this.tokens = tokensOf(text)
    this.end = this.tokens.length
  }

  token(offset = 0): Token | undefined {
    return this.at + offset < this.end ? this.tokens[this.at + offset] : undefined
  }

  /** The word or sign there; '' for quoted text and at the end. */
  word(offset = 0): string {
    return this.token(offset)?.word ?? ''
  }

  get ended(): boolean {
    return this.at >= this.end
  }

  /** How many tokens the longest of the phrases that stand here has; 0 when none does. */
  ahead(phrases: readonly string[], offset = 0): number {
    let most = 0
    for (const phrase of phrases) {
      const words = wordsOf(phrase)
      if (words.length > most && words.every((word, index) => this.word(offset + index) === word)) most = words.length
    }
    return most
  }

  /** Takes the longest of the phrases that stand here. */
  take(...phrases: readonly string[]): boolean {
    const length = this.ahead(phrases)
    this.at += length
    return length > 0
  }

  /** Reads something that may not be there: undefined, and nothing taken, when it is not. Only for what is short: it is read again afterwards. */
  attempt<Value>(read: () => Value | undefined): Value | undefined {
    const before = this.at
    try {
      const value = read()
      if (value === undefined) this.at = before
      return value
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      this.at = before
      return undefined
    }
  }

  /** Reads something that may not be there: nothing is taken when it is not. Faults stay faults. */
  maybe<Value>(read: () => Value | undefined): Value | undefined {
    const before = this.at
    const value = read()
    if (value === undefined) this.at = before
    return value
  }

  /** A fault of the tokens from one index to another, the latter not included; by default the next token. */
  fault(why: string, hint?: string, from = this.at, to = Math.max(from + 1, this.at)): Fault {
    const first = this.tokens[from]
    const last = this.tokens[Math.min(to, this.tokens.length) - 1]
    if (!first || !last) return new Fault(why, this.text.length, this.text.length, hint)
    return new Fault(why, first.from, last.to, hint)
  }

  /** The next token is not known, with the nearest of the words that are. */
  unknown(what: string, known: Iterable<string>): Fault {
    const token = this.token()
    if (!token) return this.fault(`The sentence ends where ${what} is expected`)
    if (token.kind === 'open') return this.fault('This quotation mark is not closed')
    const near =
      token.kind === 'word' && token.word.length > 2 && token.word.length <= longestGuessed ? nearest(token.word, known).filter((one) => one.toLowerCase() !== token.word) : []
    return this.fault(`Not known as ${what}`, near.length > 0 ? `Nearest: ${near.join(', ')}` : undefined)
  }
}

/** Values as people write them, each by the type of what it is a value of. Text of several words needs quotes. */
import { nearest } from '../../../core/text.ts'
import { channelNamed } from '../../channels.ts'
import type { Scalar } from '../tree.ts'
import type { Term } from '../vocabulary.ts'
import type { Lexicon } from './lexicon.ts'
import { readAmount, readNumber } from './numbers.ts'
import { countryOf, languageOf, readCountry, readLanguage } from './places.ts'
import type { Reader } from './reader.ts'
import { reserved } from './words.ts'

const channelWords: readonly (readonly [string, readonly string[]])[] = [
  ['Email', ['email', 'emails', 'e-mail', 'e-mails']],
  ['SMS', ['sms', 'text message', 'text messages', 'text', 'texts']],
  ['WhatsApp', ['whatsapp', 'whatsapps']],
  ['Viber', ['viber']],
  ['MobilePush', ['mobilepush', 'mobile push', 'app push']],
  ['WebPush', ['webpush', 'web push', 'browser push']],
]

/** A channel by its name or by what its messages are called; undefined when none stands here. */
export function readChannel(reader: Reader): string | undefined {
  const token = reader.token()
  const quoted = token?.kind === 'quoted' ? channelNamed(token.value) : undefined
  if (quoted !== undefined) {
    reader.at++
    return quoted
  }
  if (reader.ahead(['push', 'push notification', 'push notifications']) > 0) throw reader.fault('Push is mobile or on the web', 'Say mobile push or web push')
  return channelWords.find(([, words]) => reader.take(...words))?.[0]
}

/** The value that stands here, as the tree has it; undefined when none does. Dates are read by dates.ts. @param later it follows another of a list, where a verb begins something else */
export function readValue(reader: Reader, term: Term, lexicon: Lexicon, later = false): Scalar | undefined {
  const token = reader.token()
  if (!token) return undefined
  if (token.kind === 'open') throw reader.unknown('a value', [])
  if (term.type === 'channel' || term.type === 'channels') return readChannel(reader)
  if (term.type === 'entity') return readName(reader, term.name, lexicon)
  if (term.type === 'number') return readNumber(reader)
  if (term.type === 'money') return readAmount(reader, lexicon.context.currency)
  if (term.type === 'boolean') return reader.take('true', 'yes') ? true : reader.take('false', 'no') ? false : undefined
  if (token.kind === 'quoted') {
    reader.at++
    return ofQuoted(token.value, term)
  }
  if (term.name === 'country') return readCountry(reader)
  if (term.name === 'language') return readLanguage(reader)
  return later && (lexicon.verbs.at(reader) || lexicon.attributes.at(reader) || isDuration(reader)) ? undefined : readPlain(reader, term, lexicon)
}

/** "30 minutes": says when, and is no value. */
export const isDuration = (reader: Reader) => reader.token()?.kind === 'number' && /^(minute|hour|day|week|month|year)s?$/.test(reader.word(1))

function ofQuoted(text: string, { name }: Term): string {
  const place = name === 'country' ? countryOf(text) : name === 'language' ? languageOf(text) : undefined
  return place ?? text
}

function readPlain(reader: Reader, term: Term, { attributes }: Lexicon): string | undefined {
  const token = reader.token()
  const word = token?.kind === 'word' || token?.kind === 'number' || token?.kind === 'day'
  if (!token || !word || reserved.has(token.word)) return undefined
  if (term.values && !term.values.includes(token.word)) return undefined
  // "red or points > 100": the name of an attribute begins something else.
  const attribute = attributes.at(reader)
  if (attribute && reader.ahead(['is', 'are', '>', '<', '>=', '<=', '=', 'in', 'contains'], attribute.length) > 0) return undefined
  reader.at++
  return token.kind === 'number' ? reader.text.slice(token.from, token.to) : token.value
}

/** The key of the campaign, flow, brand, folder or tag that is named here. */
export function readName(reader: Reader, field: string, { names, context }: Lexicon): string | undefined {
  const token = reader.token()
  const known = names.get(field)
  if (token?.kind === 'quoted') {
    const meaning = known?.whole.get(token.value.toLowerCase())
    if (meaning === 'several') throw reader.fault(`Several are called so`, `Use the key of the ${field}`)
    if (meaning === undefined && context.names)
      throw unknownName(
        reader,
        field,
        token.value,
        context.names.filter((one) => one.field === field).map(({ name }) => name),
      )
    reader.at++
    return meaning?.key ?? token.value
  }
  const found = known?.phrases.at(reader)
  if (!found) return undefined
  if (found.meaning === 'several') throw reader.fault('Several are called so', `Use the key of the ${field}`, reader.at, reader.at + found.length)
  reader.at += found.length
  return found.meaning.key
}

function unknownName(reader: Reader, field: string, said: string, known: Iterable<string>) {
  const near = nearest(said.slice(0, 100), known)
  return reader.fault(`No ${field} is called so`, near.length > 0 ? `Nearest: ${near.join(', ')}` : undefined)
}

/** Stands for a quoted value, whose faults are not passed over. */
const quotedNext: unique symbol = Symbol('quoted')

/** Which words part the values of a list. `or`: commas and "or"; `any`: "and" too; `quoted`: "and" before what is in quotes, since another word may begin something else. */
export type ListWords = 'or' | 'any' | 'quoted'

/**
 * "Germany, France or Italy": the values, of which the first must stand here.
 * @param again a word that may be said before each value again: "in Germany or in France"
 */
export function readList<Value extends Scalar>(
  reader: Reader,
  readOne: (later: boolean) => Value | undefined,
  words: ListWords,
  again: readonly string[] = [],
): Value[] | undefined {
  const first = readOne(false)
  if (first === undefined) return undefined
  const values = [first]
  const parts = words === 'or' ? ['or', ', or', ','] : ['or', ', or', ',', 'and', ', and', 'nor']
  for (;;) {
    const next: Value | typeof quotedNext | undefined = reader.attempt(() => {
      if (!reader.take(...parts)) return undefined
      if (words === 'quoted' && reader.word(-1) === 'and' && reader.token()?.kind !== 'quoted') return undefined
      reader.take(...again)
      return reader.token()?.kind === 'quoted' ? quotedNext : readOne(true)
    })
    if (next === undefined) return values
    const value = next === quotedNext ? readOne(true) : next
    if (value === undefined) throw reader.unknown('a value', [])
    values.push(value)
  }
}

/** Text in quotes, as it stands. */
export function readQuoted(reader: Reader): string | undefined {
  const token = reader.token()
  if (token?.kind !== 'quoted') return undefined
  reader.at++
  return token.value
}

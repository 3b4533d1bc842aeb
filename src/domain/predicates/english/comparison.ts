/** How an attribute, or a field of what was done, is compared: "is one of", "is more than", "is in the last 30 days". */
import type { Operator, Scalar } from '../tree.ts'
import type { Term } from '../vocabulary.ts'
import { readSpan, type Span } from './dates.ts'
import type { Lexicon } from './lexicon.ts'
import { readAmount, readNumber, readShare, readSized, type Sized } from './numbers.ts'
import { type Dated, readAgo, readDated, readLast } from './periods.ts'
import { countryNames, languageNamesKnown } from './places.ts'
import type { Reader } from './reader.ts'
import { opposites } from './reading.ts'
import { readList, readValue } from './values.ts'

export interface Compared {
  readonly op: Operator
  readonly value?: Scalar | Scalar[]
  /** It is the exact complement that is meant, which no operator says. */
  readonly negated?: true
  /** The value must be known as well: "more than 30 days ago" holds for nobody whose day is not known. */
  readonly known?: true
}

const copulas = ['is', 'are', 'was', 'were', 'equals', '=', 'be', 'been', 'of', 'do', 'does', 'did']

/** The comparison that follows the name of `term`. @param from index of the token the attribute begins with, for faults */
export function readComparison(reader: Reader, term: Term, lexicon: Lexicon, from = reader.at): Compared {
  const start = reader.at
  reader.take(...copulas)
  const negated = reader.take('not', '!=')
  const compared = readPresence(reader, negated) ?? readText(reader) ?? readSomeOf(reader, term, lexicon) ?? readTop(reader) ?? ofType(reader, term, lexicon)
  if (!compared) throw nothing(reader, term, start, from)
  return negated ? opposite(compared) : compared
}

/** What was not compared as it must be, named with the words before it where there is no value at all. */
function nothing(reader: Reader, term: Term, start: number, from: number) {
  if (reader.attempt(() => sizeOf(reader))) return reader.fault(`${term.name} is of type ${term.type}: it has no more and less`, undefined, from)
  const known = term.name === 'country' ? countryNames() : term.name === 'language' ? languageNamesKnown() : (term.values ?? [])
  const what = term.type === 'text' || term.type === 'code' || term.type === 'entity' ? `a value of ${term.name}` : `a ${term.type} for ${term.name}`
  return reader.ended && reader.at > start ? reader.fault(`Nothing to compare ${term.name} with`) : reader.unknown(what, known)
}

/** "more than 5", which not every type has. */
function sizeOf(reader: Reader): true | undefined {
  const sized = readSized(reader, readNumber)
  return sized && !sized.bare ? true : undefined
}

/** Where an operator has an opposite, that; else the complement. */
export function opposite(compared: Compared): Compared {
  const op = compared.known ? undefined : opposites[compared.op]
  if (op) return { ...compared, op }
  if (!compared.negated) return { ...compared, negated: true }
  return { op: compared.op, ...(compared.value === undefined ? {} : { value: compared.value }) }
}

function readPresence(reader: Reader, negated: boolean): Compared | undefined {
  if (reader.take('known')) return { op: 'known' }
  if (reader.take('unknown')) return { op: 'unknown' }
  return !negated && reader.take('missing') ? { op: 'unknown' } : undefined
}

function readText(reader: Reader): Compared | undefined {
  const op = reader.take('contains', 'contain', 'containing') ? 'contains' : undefined
  const found = op ?? (reader.take('starts with', 'start with', 'starting with', 'begins with', 'begin with', 'beginning with') ? 'startsWith' : undefined)
  if (found === undefined) return undefined
  const token = reader.token()
  if (!token || !['quoted', 'word', 'number', 'day'].includes(token.kind)) throw reader.unknown('a text', [])
  reader.at++
  return { op: found, value: token.value }
}

function readSomeOf(reader: Reader, term: Term, lexicon: Lexicon): Compared | undefined {
  const before = reader.at
  const op = reader.take('one of', 'any of', 'either') ? 'in' : reader.take('none of', 'neither') ? 'notIn' : undefined
  if (op === undefined) return undefined
  const values = readList(reader, (later) => readValue(reader, term, lexicon, later), ['country', 'language'].includes(term.name) || term.values ? 'any' : 'quoted')
  if (values) return { op, value: values }
  reader.at = before
  return undefined
}

function readTop(reader: Reader): Compared | undefined {
  return reader.maybe(() => {
    if (!reader.take('in the top', 'among the top', 'top')) return undefined
    const share = readShare(reader)
    return share === undefined ? undefined : { op: 'top', value: share }
  })
}

function ofType(reader: Reader, term: Term, lexicon: Lexicon): Compared | undefined {
  if (term.type === 'date') return readDate(reader, lexicon.context.today)
  if (term.type === 'number' || term.type === 'money') {
    const sized = readSized(
      reader,
      (one) => (term.type === 'money' ? readAmount(one, lexicon.context.currency) : readNumber(one)),
      term.type === 'money' ? 'an amount' : 'a number',
    )
    return sized && comparedOf(sized)
  }
  reader.take('in')
  const values = readList(reader, (later) => readValue(reader, term, lexicon, later), 'or')
  if (!values) return undefined
  refuseAnd(reader, term, lexicon)
  const [only] = values
  if (values.length === 1 && only !== undefined) return { op: 'is', value: only }
  return { op: 'in', value: values }
}

export const comparedOf = ({ op, value }: Sized): Compared => ({ op, value: typeof value === 'string' ? value : [...value] })

/** "in Germany and France": nobody is in both, and "or" may be meant. */
export function refuseAnd(reader: Reader, term: Term, lexicon: Lexicon): void {
  const from = reader.at
  const second = reader.attempt(() =>
    reader.take('and') ? (reader.token()?.kind === 'quoted' || term.name === 'country' ? readValue(reader, term, lexicon) : undefined) : undefined,
  )
  if (second !== undefined) throw reader.fault(`One customer has one ${term.name}`, 'Say "or"', from)
}

/** "before 1 March 2026", "in the last 30 days", "more than 90 days ago", "in 2025". */
export function readDate(reader: Reader, today: string): Compared | undefined {
  const last = readLast(reader, false)
  if (last !== undefined) return { op: 'inLast', value: last }
  const from = reader.at
  const ago = readAgo(reader)
  if (ago?.op === 'is') throw reader.fault('May mean that day, or since then', 'Say "more than … days ago", "less than … days ago" or a date', from)
  if (ago) return ago.op === '<' ? { op: 'inLast', value: ago.days } : { op: 'notInLast', value: ago.days, known: true }
  const dated = readDated(reader, today)
  if (dated) return ofDated(dated)
  const span = readSpan(reader, today)
  return span && ofSpan(span)
}

function ofDated({ how, span }: Dated): Compared {
  if (how === 'since') return { op: '>=', value: span.from }
  if (how === 'after') return { op: '>', value: span.to }
  if (how === 'before') return { op: '<', value: span.from }
  if (how === 'until') return { op: '<=', value: span.to }
  return how === 'between' ? { op: 'between', value: [span.from, span.to] } : ofSpan(span)
}

const ofSpan = ({ from, to }: Span): Compared => (from === to ? { op: 'is', value: from } : { op: 'between', value: [from, to] })

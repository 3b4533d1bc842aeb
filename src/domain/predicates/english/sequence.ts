/** Clauses joined by and, or, either, neither, except and brackets. "and" binds tighter than "or"; what may be read in two ways is a fault. */
import { mostDepth, type Predicate } from '../tree.ts'
import type { Item } from './item.ts'
import { knownWords, readPlain, readSubject, relatives, takeRelative } from './item.ts'
import { Fault } from './reader.ts'
import { complement, noted, type Reading } from './reading.ts'
import { type Connective, resolve } from './resolve.ts'

const excepts = ['except', 'except for', 'excluding', 'other than', 'apart from', 'but not those', 'but no']
/** Faults that are named of one sentence. */
const mostFaults = 10
const closers = [')', ']', ';']
/** Where reading goes on after a part that was not understood. */
const boundaries = new Set(['and', 'or', 'but', ',', ';', ')', ']', 'who', 'whose', 'except', 'excluding'])
const begins = ['whose', 'to whom', 'with', 'without', 'having', 'in', 'from', 'outside', 'reachable', 'based', 'living', 'located', 'speaking', 'top', ...relatives, ...excepts]

/** Reads up to the end or a closing bracket. null where a part was not understood: its fault is kept in the reading. */
export function readSequence(reading: Reading, depth: number, adjectival = false): Predicate | null {
  const { reader } = reading
  if (depth > mostDepth) throw reader.fault(`Brackets are nested deeper than ${mostDepth} levels`)
  const items: Item[] = []
  const connectives: Connective[] = []
  const faults = reading.faults.length
  for (;;) {
    const before = items.length
    items.push(...readItems(reading, depth, adjectival || items.at(-1)?.clause?.be === true))
    for (let index = Math.max(before, 1); index < items.length; index++) if (connectives.length < index) connectives.push({ word: 'beside', at: items[index]?.from ?? 0 })
    const next = nextConnective(reading)
    if (!next) break
    connectives.push(next)
  }
  if (reading.faults.length > faults) return null
  return resolve(reading, items, connectives)
}

/** The connective that stands here; undefined at the end. What does not belong is a fault, and is passed over. */
function nextConnective(reading: Reading): Connective | undefined {
  const { reader } = reading
  while (!reader.ended && !closers.includes(reader.word()) && !isEnd(reading)) {
    const found = connectiveHere(reading)
    if (found) return found
    if (reader.ahead(['a', 'an', 'the']) > 0 && reader.token(1)?.kind === 'word') reader.at++
    reading.faults.push(reader.unknown('anything that goes here', knownWords(reading)))
    skip(reading, reader.at)
  }
  return undefined
}

function connectiveHere({ reader }: Reading): Connective | undefined {
  const at = reader.at
  const comma = reader.take(',') ? { comma: true } : {}
  if (reader.ahead(excepts) > 0) return { word: 'beside', at }
  if (reader.take('but')) return { word: 'and', at, ...comma, but: true }
  if (reader.take('and also', 'and')) return { word: 'and', at, ...comma }
  if (reader.take('or')) return { word: 'or', at, ...comma }
  if (comma.comma) return { word: 'comma', at, ...comma }
  return reader.ahead(begins) > 0 ? { word: 'beside', at } : undefined
}

/** Passes over what cannot be read, at least one token; over all of the rest once enough has been named. */
function skip({ reader, faults }: Reading, from: number): void {
  if (faults.length >= mostFaults) reader.at = reader.end
  while (!reader.ended && (reader.at === from || !boundaries.has(reader.word()))) reader.at++
}

const isEnd = ({ reader }: Reading) => ['.', '!'].includes(reader.word()) && reader.at === reader.tokens.length - 1

/** One item, or several where a subject has adjectives. */
function readItems(reading: Reading, depth: number, adjectival: boolean): Item[] {
  const { reader } = reading
  const from = reader.at
  try {
    return readItem(reading, depth, adjectival)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    reading.faults.push(error)
    skip(reading, from)
    return [{ tree: null, from, to: reader.at, time: 'none' }]
  }
}

function readItem(reading: Reading, depth: number, adjectival: boolean): Item[] {
  const { reader } = reading
  const from = reader.at
  if (reader.take(...excepts)) return [exception(reading, depth, from)]
  const subject = readSubject(reading)
  const relative = takeRelative(reading)
  const own: Item['own'] = relative || reader.ahead(['whose', 'to whom']) > 0 ? 'who' : subject ? 'subject' : undefined
  if (subject && !relative && over(reading)) {
    if (subject.length > 0) return subject
    throw reader.fault('Does not say which customers', undefined, from, reader.at)
  }
  if (subject && !relative && reader.take(...excepts)) return [...subject, exception(reading, depth, from)]
  const item: Item = { ...(readGroup(reading, depth, from) ?? plain(reading, adjectival, from)), ...(own ? { own } : {}) }
  return [...(subject ?? []), item]
}

/** Nothing more is said of the subject. */
const over = (reading: Reading) =>
  reading.reader.ended || isEnd(reading) || (boundaries.has(reading.reader.word()) && reading.reader.ahead([...relatives, 'whose', ...excepts]) === 0)

function plain(reading: Reading, adjectival: boolean, from: number): Item {
  const clause = readPlain(reading, adjectival)
  return { tree: clause.tree, from, to: reading.reader.at, clause, time: clause.time }
}

function group(reading: Reading, tree: Predicate | null, from: number): Item {
  return { tree, from, to: reading.reader.at, time: 'none', closed: true }
}

/** What a bracket, "either", "neither" or "to whom none of this applies" opens; undefined when none does. */
function readGroup(reading: Reading, depth: number, from: number): Item | undefined {
  const { reader } = reading
  if (reader.take('to whom none of this applies')) return group(reading, readNone(reading, depth), from)
  const helped = reader.maybe(() => {
    const be = reader.take('are', 'is', 'were')
    if (!be) reader.take('have', 'has', 'did', 'do')
    const not = reader.take('not')
    return reader.ahead(['(', 'either', 'neither']) > 0 && !(not && reader.word() !== '(') ? { be, not } : undefined
  })
  if (!helped) return undefined
  if (reader.take('(')) {
    const inner = bracket(reading, depth, ')', helped.be)
    return group(reading, inner && helped.not ? complement(inner) : inner, from)
  }
  if (reader.take('either')) return readEither(reading, helped.be, from)
  reader.take('neither')
  return readNeither(reading, helped.be, from)
}

function bracket(reading: Reading, depth: number, closer: string, adjectival = false): Predicate | null {
  const { reader } = reading
  const inner = readSequence(reading, depth + 1, adjectival)
  if (!reader.take(closer)) throw reader.fault(reader.ended ? 'A bracket is not closed' : 'Does not close the bracket')
  return inner
}

/** `: [who …; or who …]` */
function readNone(reading: Reading, depth: number): Predicate | null {
  const { reader } = reading
  reader.take(':')
  if (!reader.take('[')) throw reader.fault('"none of this applies" wants what does not, in square brackets', 'to whom none of this applies: [who …; or who …]')
  const members: (Predicate | null)[] = []
  do members.push(readSequence(reading, depth + 1))
  while (reader.take('; or'))
  if (!reader.take(']')) throw reader.fault(reader.ended ? 'A bracket is not closed' : 'Does not close the bracket')
  const read = members.filter((member) => member !== null)
  return read.length === members.length ? { none: read } : null
}

/** "either … or …", whose parts are clauses. */
function readEither(reading: Reading, adjectival: boolean, from: number): Item {
  const items = parts(reading, adjectival, ['or', ', or'])
  const words = reading.reader.tokens.slice(from, reading.reader.at).map(({ word }) => word)
  if (!words.includes('or')) throw reading.reader.fault('"either" wants an "or"', undefined, from, from + 1)
  return group(reading, resolve(reading, items, joined(items, 'or')), from)
}

/** "neither … nor …": none of its parts. */
function readNeither(reading: Reading, adjectival: boolean, from: number): Item {
  const items = parts(reading, adjectival, ['nor', ', nor', 'or'])
  const [only] = items
  if (items.length === 1 && only?.tree && 'none' in only.tree) return group(reading, only.tree, from)
  if (items.length === 1) throw reading.reader.fault('"neither" wants a "nor"', undefined, from, from + 1)
  const any = resolve(reading, items, joined(items, 'or'))
  return group(reading, any && complement(any), from)
}

function parts(reading: Reading, adjectival: boolean, words: readonly string[]): Item[] {
  const { reader } = reading
  const items: Item[] = []
  do {
    const from = reader.at
    takeRelative(reading)
    items.push(plain(reading, adjectival, from))
  } while (reader.take(...words))
  return items
}

const joined = (items: readonly Item[], word: 'or'): Connective[] => items.slice(1).map(({ from }) => ({ word, at: from }))

/** "except those who …": of one part, or of brackets. What "who" goes on with belongs to it; how far it reaches beyond is not clear. */
function exception(reading: Reading, depth: number, from: number): Item {
  const { reader } = reading
  const items: Item[] = []
  const connectives: Connective[] = []
  for (;;) {
    const before = items.length
    items.push(...readItem(reading, depth, items.at(-1)?.clause?.be ?? false))
    while (connectives.length < items.length - 1) connectives.push({ word: 'beside', at: items[before]?.from ?? from })
    if (reader.ahead(['and', 'or']) === 0) break
    if (reader.ahead([...begins, 'customers', 'those', 'people'], 1) > 0 || reader.word(1) === '')
      throw reader.fault('How far "except" reaches is not clear', 'Put what is left out in brackets: except (…)')
    connectives.push({ word: reader.word() === 'and' ? 'and' : 'or', at: reader.at })
    reader.at++
  }
  const inner = resolve(reading, items, connectives)
  const tree: Predicate | null = inner && ('any' in inner ? { none: inner.any } : { none: [inner] })
  if (tree) noted(reading, tree, from)
  return { tree, from, to: reader.at, time: 'none', closed: true }
}

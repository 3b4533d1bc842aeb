/** What goes with a verb: how often, which messages or orders, when. Its parts may stand in any order, each once. */
import type { Behaviour } from '../vocabulary.ts'
import { readConditions } from './conditions.ts'
import { messageNoun, objectNoun } from './nouns.ts'
import { readAmount, readSized, readWhole, type Sized } from './numbers.ts'
import { readAgo, readWithin } from './periods.ts'
import type { Count, Frame, Reading } from './reading.ts'

const prepositions = ['from', 'by', 'about', 'in', 'on', 'via', 'through', 'of']

/** Reads all that goes with the verb. @param behaviours what shares it: "opened or clicked an email" @param timeless of one event as it happens: neither when nor how often */
export function readFrame(reading: Reading, behaviours: readonly Behaviour[], negated: boolean, timeless = false): Frame {
  const frame: Frame = { where: [], object: false }
  const kind = behaviours[0]?.kind ?? 'web'
  const things = [() => readObject(reading, frame, behaviours), () => readConditions(reading, frame, behaviours)]
  const times = [
    () => readEver(reading, frame),
    () => readTime(reading, frame, negated),
    () => readTotal(reading, frame, kind),
    () => readLastMessages(reading, frame, kind, negated),
    () => readTimes(reading, frame),
  ]
  const parts = timeless ? things : [...times, ...things]
  while (parts.some((part) => part())) {}
  return frame
}

function readEver({ reader }: Reading, frame: Frame): boolean {
  if (!reader.take('ever', 'at any time')) return false
  frame.ever = true
  return true
}

function readTime({ reader, lexicon }: Reading, frame: Frame, negated: boolean): boolean {
  const from = reader.at
  if (readAgo(reader))
    throw reader.fault('Only of dates can be said how long ago they were', 'Say "in the last … days", "before" a date, or "who last ordered more than … days ago"', from)
  const within = readWithin(reader, lexicon.context.today, negated)
  if (!within) return false
  if (frame.within) throw reader.fault('The time is said twice', undefined, from)
  frame.within = within
  return true
}

/** "for more than 500 in total", "totalling at least €500". */
function readTotal({ reader, lexicon }: Reading, frame: Frame, kind: Behaviour['kind']): boolean {
  if (kind !== 'order') return false
  const from = reader.at
  const total = reader.attempt(() => {
    const totalling = reader.take('totalling', 'totaling')
    if (!totalling && !reader.take('for')) return undefined
    const sized = readSized(reader, (one) => readAmount(one, lexicon.context.currency), 'an amount')
    return sized && (totalling || reader.take('in total')) ? sized : undefined
  })
  if (!total) return false
  if (typeof total.value !== 'string' || total.op === 'is' || total.op === 'between')
    throw reader.fault('A total is compared with one amount', 'Say more than, at least, less than or at most', from)
  frame.total = { op: total.op, value: total.value }
  return true
}

/** A count that has its own noun, "times", or none: once, twice. */
function readTimes(reading: Reading, frame: Frame): boolean {
  const { reader } = reading
  const from = reader.at
  const count = reader.maybe(() => {
    const one = readCount(reading)
    return one && (reader.take('times', 'time') || one.adverb) ? one : undefined
  })
  if (!count) return false
  setCount(reading, frame, count, from)
  return true
}

function setCount({ reader }: Reading, frame: Frame, { least, most }: Count, from: number): void {
  if (frame.count) throw reader.fault('How often is said twice', undefined, from)
  frame.count = { least, ...(most === undefined ? {} : { most }) }
}

const adverbs: Readonly<Record<string, string>> = { once: '1', twice: '2', thrice: '3' }

interface Counted extends Count {
  /** "twice": without a noun. */
  readonly adverb: boolean
  readonly sized: Sized
}

/** "at least 3", "more than twice", "3 to 5"; a bare number is meant exactly. Undefined when none stands here. */
export function readCount({ reader }: Reading): Counted | undefined {
  const from = reader.at
  let adverb = false
  const sized = readSized(reader, () => {
    const said = adverbs[reader.word()]
    if (said === undefined) return readWhole(reader)
    adverb = true
    reader.at++
    return said
  })
  if (!sized) return undefined
  const [first = 0, second] = typeof sized.value === 'string' ? [Number(sized.value)] : sized.value.map(Number)
  const count = countOf(sized.op, first, second)
  if ((count.most ?? 0) < 0 || (count.least === 0 && count.most === undefined)) throw reader.fault('Holds for everybody or for nobody', undefined, from)
  return { ...count, adverb, sized }
}

function countOf(op: Sized['op'], first: number, second = first): Count {
  if (op === '>') return { least: first + 1 }
  if (op === '>=') return { least: first }
  if (op === '<') return { least: 0, most: first - 1 }
  return op === '<=' ? { least: 0, most: first } : { least: first, most: second }
}

/** "any of the last 5 emails", "at least 2 of the last 5 messages sent to them", "the last email". */
function readLastMessages(reading: Reading, frame: Frame, kind: Behaviour['kind'], negated: boolean): boolean {
  const { reader } = reading
  const from = reader.at
  const found = reader.maybe(() => {
    reader.take(...prepositions)
    const count = howMany(reading)
    const whole = count === undefined
    if (!(whole ? reader.take('the last', 'their last') : reader.take('of the last', 'of their last'))) return undefined
    const said = readWhole(reader)
    const noun = messageNoun(reading)
    return noun && { count, messages: said === undefined ? 1 : Number(said), noun }
  })
  if (!found) return false
  const { count, messages, noun } = found
  if (kind !== 'message') throw reader.fault('Goes with what people do with messages', undefined, from)
  if (count === undefined && messages > 1 && !negated) throw reader.fault('May mean any or all of them', 'Say "any of", "at least … of" or "all of"', from)
  if (messages < 1 || messages > 50) throw reader.fault('At most the last 50 messages', undefined, from)
  if (frame.within || frame.object) throw reader.fault('The messages are said twice', undefined, from)
  frame.within = { messages }
  frame.object = true
  frame.where.push(...noun)
  if (count === 'all') setCount(reading, frame, { least: messages }, from)
  else if (count !== undefined && count !== 'any') setCount(reading, frame, count, from)
  reader.take('sent to them')
  return true
}

function howMany(reading: Reading): Count | 'any' | 'all' | undefined {
  const { reader } = reading
  if (reader.take('any', 'some')) return 'any'
  if (reader.take('none')) return { least: 0, most: 0 }
  return reader.take('all') ? 'all' : readCount(reading)
}

/** Whether an object of the behaviour stands here. */
export function objectAhead(reading: Reading, behaviour: Behaviour): boolean {
  const { reader } = reading
  const before = reader.at
  const found = reader.attempt(() => readObject(reading, { where: [], object: false }, [behaviour]) || undefined)
  reader.at = before
  return found === true
}

const articles = ['a', 'an', 'any', 'some', 'the', 'their']

/** "at least 3 emails", "an order", "the website", "it". */
function readObject(reading: Reading, frame: Frame, behaviours: readonly Behaviour[]): boolean {
  if (frame.object) return false
  const { reader } = reading
  const from = reader.at
  const found = reader.maybe(() => {
    if (behaviours[0]?.name === 'clicked') reader.take('a link in', 'on a link in', 'any link in', 'on any link in', 'links in', 'on links in')
    reader.take(...prepositions)
    const count = readCount(reading) ?? (reader.take('no') ? { least: 0, most: 0 } : undefined)
    if (!count) reader.take(...articles)
    const noun = objectNoun(reading, behaviours)
    return noun && { noun, count }
  })
  if (!found) return false
  frame.object = true
  frame.objectEnd = reader.at
  frame.where.push(...found.noun)
  if (found.count) setCount(reading, frame, found.count, from)
  return true
}

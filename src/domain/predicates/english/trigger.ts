/** Reads a description of a trigger in English: the event, conditions on its parameters, whom it is for, within which time and after which delay. Whole or not at all. */
import { clip } from '../../../core/text.ts'
import type { Condition, Predicate } from '../tree.ts'
import type { Behaviour } from '../vocabulary.ts'
import { type Event, readEvent, readParameters } from './event.ts'
import { readWhole as readWholeNumber } from './numbers.ts'
import { checked, mostEnglish, notUnderstood, phrasesOf, readAudience, readingOf, readWhole, tooLong } from './parse.ts'
import { noted, type Reading } from './reading.ts'
import type { EnglishContext, EnglishTrigger, Understood } from './types.ts'

interface Parts {
  event?: Event
  readonly where: Condition[]
  audience?: Predicate
  windowHours?: number
  delayMinutes?: number
  readonly phrases: Understood[]
}

/** "fires on a deposit event with amount greater than 100 within 3 days". Never throws for what people write. */
export function parseTrigger(text: string, context: EnglishContext): EnglishTrigger {
  const nothing = { event: null, where: [], audience: null, windowHours: null, delayMinutes: null }
  if (text.length > mostEnglish) return { ...nothing, phrases: [], notUnderstood: [tooLong(text)] }
  const reading = readingOf(text, context)
  const parts: Parts = { where: [], phrases: [] }
  readWhole(reading, () => readParts(reading, parts))
  const { event, where, audience, windowHours = null, delayMinutes = null, phrases } = parts
  const understood = event && reading.faults.length === 0 ? checkedWhere(reading, event, where) : null
  const whom = audience && reading.faults.length === 0 ? checked(reading, audience) : null
  if (audience) phrases.push(...phrasesOf(reading, whom && audience).map((phrase) => ({ ...phrase, path: whom ? ['audience', phrase.path].filter(Boolean).join('.') : '' })))
  if (!event || !understood || reading.faults.length > 0) return { ...nothing, phrases, notUnderstood: notUnderstood(reading) }
  return { event: event.name, where: understood, audience: whom, windowHours, delayMinutes, phrases, notUnderstood: [] }
}

function readParts(reading: Reading, parts: Parts): void {
  const { reader } = reading
  reader.take('a trigger that', 'a trigger which', 'trigger that', 'trigger')
  reader.take('fires', 'fire', 'starts', 'start', 'runs', 'run', 'triggers')
  const start = reader.at
  const event = readEvent(reading)
  parts.event = event
  parts.where.push(...event.where)
  said(reading, parts, start, 'event', `on ${event.name}`)
  for (;;) {
    reader.take(', and', ',', 'and')
    if (reader.take('.', '!') && reader.ended) return
    if (reader.ended) return
    const from = reader.at
    if (readWindow(reading, parts) || readDelay(reading, parts) || readWhom(reading, parts)) continue
    const more = readParameters(reading, event)
    if (!more) throw reader.unknown('anything that goes here', ['with', 'where', 'within', 'after', 'for customers'])
    parts.where.push(...more)
    said(reading, parts, from, 'where', more.map(({ field, op, value }) => [field, op, value].flat().join(' ')).join(', '))
  }
}

function said({ reader }: Reading, { phrases }: Parts, from: number, path: string, means: string): void {
  const [first, last] = [reader.tokens[from], reader.tokens[reader.at - 1]]
  if (first && last) phrases.push({ text: clip(reader.text.slice(first.from, last.to), 200), from: first.from, to: last.to, path, means })
}

const unitMinutes: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440, week: 10_080 }

/** "3 days": minutes. */
function readMinutes({ reader }: Reading): number {
  const from = reader.at
  const count = readWholeNumber(reader)
  const minutes = unitMinutes[reader.word().replace(/s$/, '')]
  if (count === undefined) throw reader.unknown('a number of minutes, hours, days or weeks', [])
  reader.at++
  if (minutes === undefined) throw reader.fault('A trigger counts in minutes, hours, days or weeks', undefined, from)
  return Number(count) * minutes
}

function readWindow(reading: Reading, parts: Parts): boolean {
  const { reader } = reading
  const from = reader.at
  if (!reader.take('within', 'for up to', 'in a window of', 'with a window of')) return false
  const minutes = readMinutes(reading)
  if (parts.windowHours !== undefined) throw reader.fault('The window is said twice', undefined, from)
  if (minutes % 60 !== 0 || minutes < 60 || minutes > 8760 * 60) throw reader.fault('A window is of whole hours, from 1 hour to 365 days', undefined, from)
  parts.windowHours = minutes / 60
  said(reading, parts, from, 'windowHours', `within ${parts.windowHours} h`)
  return true
}

function readDelay(reading: Reading, parts: Parts): boolean {
  const { reader } = reading
  const from = reader.at
  const before = reader.take('after', 'with a delay of', 'delayed by')
  const minutes = before ? readMinutes(reading) : reader.attempt(() => readMinutes(reading))
  if (minutes === undefined || (!before && !reader.take('later'))) {
    reader.at = from
    return false
  }
  if (parts.delayMinutes !== undefined) throw reader.fault('The delay is said twice', undefined, from)
  if (minutes > 525_600) throw reader.fault('A delay is at most 365 days', undefined, from)
  parts.delayMinutes = minutes
  said(reading, parts, from, 'followUp.delayMinutes', `after ${minutes} min`)
  return true
}

/** "for customers in Germany", "if the customer is vip", up to a comma before the window or the delay. */
function readWhom(reading: Reading, parts: Parts): boolean {
  const { reader } = reading
  const from = reader.at
  if (!reader.take('for', 'only for', 'if', 'if they', 'but only for')) return false
  if (parts.audience) throw reader.fault('Whom it is for is said twice', undefined, from)
  const whole = reader.end
  reader.end = endOfAudience(reading)
  const tree = readAudience(reading)
  reader.end = whole
  if (tree) parts.audience = reading.spans.has(tree) ? tree : noted(reading, tree, from)
  return true
}

function endOfAudience({ reader }: Reading): number {
  for (let offset = 0; reader.at + offset < reader.end; offset++) {
    const later = reader.ahead(['within', 'after', 'with a delay of', 'delayed by'], offset + 1) > 0 || reader.word(offset + 3) === 'later'
    if (reader.word(offset) === ',' && later) return reader.at + offset
  }
  return reader.end
}

/** Conditions on what the vocabulary knows, as it understands them; others as they are. */
function checkedWhere(reading: Reading, { known, free }: Event, where: readonly Condition[]): readonly Condition[] | null {
  if (!known || free || where.length === 0) return where
  const tree = checked(reading, didOf(known, where))
  return tree && 'did' in tree ? (tree.where ?? []) : null
}

const didOf = (behaviour: Behaviour, where: readonly Condition[]): Predicate => ({ did: behaviour.name, where: [...where] })

/** When something was done: "in the last 90 days", "since 1 March 2026", "between … and …". Days are the account's; a month of a number of months is 30 days, a year 365. */
import { addDays } from '../../../core/period.ts'
import type { Within } from '../tree.ts'
import { readSpan, type Span } from './dates.ts'
import { readWhole, takeEmptyRange } from './numbers.ts'
import type { Reader } from './reader.ts'

const unitDays: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, year: 365 }
const most = 3650

/** "90 days", "two weeks"; undefined when no duration stands here. @param one what "the last week" leaves out: its number */
export function readDays(reader: Reader, one: boolean): number | undefined {
  const from = reader.at
  const said = readWhole(reader)
  const count = said === undefined ? (one ? 1 : undefined) : Number(said)
  const unit = reader.word().replace(/s$/, '')
  if (count === undefined || (!Object.hasOwn(unitDays, unit) && !['hour', 'minute', 'quarter'].includes(unit))) {
    reader.at = from
    return undefined
  }
  reader.at++
  const days = count * (unitDays[unit] ?? 0)
  if (!Object.hasOwn(unitDays, unit)) throw reader.fault('Times are counted in days, weeks, months or years here', 'Say it in days', from)
  if (days < 1 || days > most) throw reader.fault(`Must be from 1 to ${most} days`, undefined, from)
  return days
}

const lasts = [
  'in the last',
  'within the last',
  'during the last',
  'over the last',
  'in the past',
  'within the past',
  'during the past',
  'over the past',
  'for the last',
  'for the past',
]

/** "more than 90 days ago", "2 weeks ago"; undefined when nothing of the kind stands here. */
export function readAgo(reader: Reader): { readonly op: '>' | '<' | 'is'; readonly days: number } | undefined {
  return reader.maybe(() => {
    const op = reader.take('more than', 'over') ? '>' : reader.take('less than', 'under') ? '<' : 'is'
    const days = reader.attempt(() => readDays(reader, false))
    return days !== undefined && reader.take('ago') ? { op, days } : undefined
  })
}

/** "in the last 90 days", "within 2 weeks": days, today included. @param loose "in 90 days", "for 90 days" are meant so too: of what was not done */
export function readLast(reader: Reader, loose: boolean): number | undefined {
  return reader.maybe(() => {
    if (reader.take(...lasts)) return readDays(reader, true)
    if (reader.take('within')) return readDays(reader, false)
    if (!reader.take('in', 'for')) return undefined
    const days = readDays(reader, false)
    if (days !== undefined && !loose) throw reader.fault('May be the last days or those to come', 'Say "in the last … days"', reader.at - 3)
    return days
  })
}

/** How a date stands: with `in` (or on, during) the span itself is meant, `between` names two. */
export interface Dated {
  readonly how: 'since' | 'after' | 'before' | 'until' | 'in' | 'between'
  readonly span: Span
}
const words: readonly (readonly [Dated['how'], readonly string[]])[] = [
  ['since', ['since', 'on or after']],
  ['after', ['after', 'later than']],
  ['before', ['before', 'earlier than', 'prior to']],
  ['until', ['until', 'till', 'up to', 'by', 'on or before']],
  ['in', ['on', 'in', 'during']],
]
/** Words after which only a date makes sense. */
const certain = ['since', 'after', 'before', 'until', 'till']

/** A date with the word that says how it is meant; undefined when none stands here. */
export function readDated(reader: Reader, today: string): Dated | undefined {
  return reader.maybe(() => {
    const start = reader.at
    if (reader.take('between')) return closed(reader, today, start, 'and')
    if (reader.take('from')) return closed(reader, today, start, 'to', 'until', 'till', '-', '–')
    const first = reader.word()
    const found = words.find(([, phrases]) => reader.ahead(phrases) > 0)
    if (found) {
      reader.take(...found[1])
      const span = readSpan(reader, today)
      if (!span && certain.includes(first)) throw notADate(reader)
      return span && { how: found[0], span }
    }
    const span = relative.includes(first) ? readSpan(reader, today) : undefined
    return span && { how: 'in', span }
  })
}
const relative = ['today', 'yesterday', 'this', 'last']

function notADate(reader: Reader) {
  const article = reader.ahead(['the', 'a', 'an'])
  return reader.fault('Not a date', 'Write 1 March 2026, March 2026 or 2026-03-01', reader.at, reader.at + article + 1)
}

function closed(reader: Reader, today: string, start: number, ...between: readonly string[]): Dated | undefined {
  const first = readSpan(reader, today)
  if (!first || !reader.take(...between)) return undefined
  const second = readSpan(reader, today)
  if (!second) throw notADate(reader)
  if (first.from > second.to && !takeEmptyRange(reader)) throw reader.fault('Ends before it begins', undefined, start)
  return { how: 'between', span: { from: first.from, to: second.to } }
}

function periodOf({ how, span: { from, to } }: Dated): Within {
  if (how === 'since') return { from }
  if (how === 'after') return { from: addDays(to, 1) }
  if (how === 'before') return { to: addDays(from, -1) }
  return how === 'until' ? { to } : { from, to }
}

/** When something was done or not done; undefined when nothing here says so. */
export function readWithin(reader: Reader, today: string, negated: boolean): Within | undefined {
  const days = readLast(reader, negated)
  if (days !== undefined) return { days }
  const dated = readDated(reader, today)
  return dated && periodOf(dated)
}

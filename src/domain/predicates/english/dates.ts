/** Days and calendar spans as people write them. A date that may be read in two ways, or of which the year is missing, is a fault, never a guess. */
import { strict } from 'chrono-node/en'
import { Temporal } from 'temporal-polyfill'
import { addDays } from '../../../core/period.ts'
import type { Fault, Reader } from './reader.ts'

/** Days, both included. */
export interface Span {
  readonly from: string
  readonly to: string
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december']
const monthOf = (word: string) => months.findIndex((name) => name === word || (word.length >= 3 && (name.slice(0, 3) === word || (word === 'sept' && name === 'september')))) + 1
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
const units = ['week', 'month', 'quarter', 'year'] as const
type Unit = (typeof units)[number]

const day = (text: string) => Temporal.PlainDate.from(text)

const years = { first: 2000, last: 2100 }
const yearAt = (reader: Reader, offset: number) => {
  const word = reader.token(offset)?.kind === 'number' ? reader.word(offset) : ''
  return /^\d{4}$/.test(word) && Number(word) >= years.first && Number(word) <= years.last ? Number(word) : undefined
}

/** A day, a month or a year of the calendar, or one that counts from today; undefined when none stands here. */
export function readSpan(reader: Reader, today: string): Span | undefined {
  const token = reader.token()
  if (!token) return undefined
  if (token.kind === 'odd') throw reader.fault('A date that may be read in two ways', 'Write 1 March 2026 or 2026-03-01')
  if (token.kind === 'day') return ofDay(checked(reader, token.value))
  return writtenDay(reader) ?? writtenMonth(reader) ?? writtenYear(reader) ?? fromToday(reader, today)
}

const ofDay = (text: string): Span => ({ from: text, to: text })

function checked(reader: Reader, text: string): string {
  const year = Number(text.slice(0, 4))
  if (year < years.first || year > years.last || Number.isNaN(Date.parse(text)) || new Date(text).toISOString().slice(0, 10) !== text)
    throw reader.fault('Not a day of the calendar from 2000 to 2100')
  reader.at++
  return text
}

/** How many tokens the day and the month have: "1 March", "the 1st of March", "March 1st"; 0 when they do not stand here. */
function dayAndMonth(reader: Reader): number {
  const the = reader.word() === 'the' ? 1 : 0
  const isDay = (offset: number) => /^(\d{1,2}(st|nd|rd|th)?|first|second|third)$/.test(reader.word(offset))
  if (isDay(the)) {
    const month = the + (reader.word(the + 1) === 'of' ? 2 : 1)
    return monthOf(reader.word(month)) > 0 ? month + 1 : 0
  }
  return monthOf(reader.word()) > 0 && isDay(1) ? 2 : 0
}

function writtenDay(reader: Reader): Span | undefined {
  const length = dayAndMonth(reader)
  if (length === 0) return undefined
  const from = reader.at
  const year = length + (reader.word(length) === ',' ? 1 : 0)
  const borrowed = yearAt(reader, year) === undefined
  if (borrowed) {
    const later = yearOfTheOther(reader, length)
    if (later === undefined) throw reader.fault('A date without its year', 'Add the year: 1 March 2026', from, from + length)
    const found = certainDay(`${textOf(reader, from, from + length)} ${later}`)
    if (found === undefined) throw reader.fault('Not a day of the calendar', undefined, from, from + length)
    reader.at += length
    return ofDay(found)
  }
  const found = certainDay(textOf(reader, from, from + year + 1))
  if (found === undefined) throw reader.fault('Not a day of the calendar', undefined, from, from + year + 1)
  reader.at += year + 1
  return ofDay(found)
}

/** Of "between 1 March and 31 May 2026" the first date has the year of the second. */
function yearOfTheOther(reader: Reader, length: number): number | undefined {
  if (!['and', 'to', 'until', '-', '–'].includes(reader.word(length))) return undefined
  const before = reader.at
  reader.at += length + 1
  const other = dayAndMonth(reader)
  const year = other > 0 ? yearAt(reader, other + (reader.word(other) === ',' ? 1 : 0)) : undefined
  reader.at = before
  return year
}

const textOf = (reader: Reader, from: number, to: number) => reader.text.slice(reader.tokens[from]?.from, reader.tokens[to - 1]?.to).replace(/^the\s+/i, '')

/** The day that the whole text names for certain. */
function certainDay(text: string): string | undefined {
  const [found] = strict.parse(text)
  if (!found || found.text !== text || found.end) return undefined
  const { start } = found
  if (!start.isCertain('day') || !start.isCertain('month') || !start.isCertain('year')) return undefined
  const [year, month, date] = [start.get('year'), start.get('month'), start.get('day')]
  return year && month && date ? Temporal.PlainDate.from({ year, month, day: date }).toString() : undefined
}

function writtenMonth(reader: Reader): Span | undefined {
  const quarter = /^q[1-4]$/.test(reader.word()) ? Number(reader.word()[1]) : 0
  const inYear = quarter > 0 ? yearAt(reader, 1) : undefined
  if (inYear !== undefined) {
    reader.at += 2
    return spanOf(Temporal.PlainDate.from({ year: inYear, month: quarter * 3, day: 1 }), 'quarter')
  }
  const month = monthOf(reader.word())
  if (month === 0) return undefined
  const year = yearAt(reader, 1) ?? (reader.word(1) === 'and' && monthOf(reader.word(2)) > 0 ? yearAt(reader, 3) : undefined)
  if (year === undefined) throw reader.fault('A month without its year', 'Add the year: March 2026')
  reader.at += yearAt(reader, 1) === undefined ? 1 : 2
  return spanOf(Temporal.PlainDate.from({ year, month, day: 1 }), 'month')
}

function writtenYear(reader: Reader): Span | undefined {
  const year = yearAt(reader, 0)
  if (year === undefined) return undefined
  reader.at++
  return { from: `${year}-01-01`, to: `${year}-12-31` }
}

/** The week, month, quarter or year that a day is in; weeks begin on Monday. */
function spanOf(within: Temporal.PlainDate, unit: Unit): Span {
  const starts: Record<Unit, Temporal.PlainDate> = {
    week: within.subtract({ days: within.dayOfWeek - 1 }),
    month: within.with({ day: 1 }),
    quarter: within.with({ day: 1, month: within.month - ((within.month - 1) % 3) }),
    year: within.with({ day: 1, month: 1 }),
  }
  return { from: starts[unit].toString(), to: starts[unit].add(lengths[unit]).subtract({ days: 1 }).toString() }
}
const lengths = { week: { days: 7 }, month: { months: 1 }, quarter: { months: 3 }, year: { years: 1 } }

function fromToday(reader: Reader, today: string): Span | undefined {
  if (reader.take('today')) return ofDay(today)
  if (reader.take('yesterday')) return ofDay(addDays(today, -1))
  for (const unit of units) {
    if (reader.take(`this ${unit}`, `the current ${unit}`)) return spanOf(day(today), unit)
    if (reader.take(`last ${unit}`, `the previous ${unit}`)) return spanOf(day(today).subtract(lengths[unit]), unit)
  }
  if (['last', 'this', 'next'].includes(reader.word()) && weekdays.includes(reader.word(1))) throw weekdayFault(reader, 2)
  const weekday = weekdays.indexOf(reader.word()) + 1
  if (weekday === 0) return undefined
  const back = (day(today).dayOfWeek - weekday + 7) % 7
  if (back === 0) throw weekdayFault(reader, 1)
  reader.at++
  return ofDay(addDays(today, -back))
}

const weekdayFault = (reader: Reader, length: number): Fault => reader.fault('May be this week’s day or that of the week before', 'Write the date', reader.at, reader.at + length)

/**
 * CSV (RFC 4180) as it comes: a malformed record is told with its line and reading goes on at the next line.
 * Own code because the measured libraries and the engine lose the rows after a bad quote (docs/adr/0005-import.md). Interprets no value.
 */
import { MercatError } from '../../core/errors.ts'
import { type CellSink, clippedRaw, longestRecord, notUtf8, replacement, type TextParser, tooLong } from './cells.ts'

export interface CsvParser extends TextParser {
  /** Known once the first record has been read. */
  readonly header: () => readonly string[] | undefined
}

/** @param sink gets the records after the header; their cells number as many as the header's */
export function createCsvParser(sink: CellSink): CsvParser {
  let carry = ''
  let line = 1
  let row = 0
  let skipping = false
  let delimiter = ','
  let header: string[] | undefined

  const fault = (at: number, reason: string, raw: string) => {
    if (!header) throw new MercatError('invalid_arguments', `The header of the CSV file cannot be read: ${reason}`, { hint: 'The first line must name the columns.' })
    row++
    sink.fault(at, reason, raw.slice(0, clippedRaw))
  }
  const record = (at: number, cells: string[], raw: string) => {
    if (!header) {
      header = headerOf(cells)
      return
    }
    if (raw.includes(replacement)) return fault(at, notUtf8, raw)
    if (cells.length !== header.length) return fault(at, `the record has ${cells.length} columns, the header has ${header.length}`, raw)
    row++
    sink.row(at, row, cells)
  }

  /** A line without quotes, or whose quotes are wrong: it costs that line only, what looked like its rest is read as records of their own. */
  const plainLine = (physical: string, wrong: string | undefined) => {
    if (wrong !== undefined) fault(line, wrong === 'more' ? notClosed : wrong, physical)
    else if (physical.length > longestRecord) fault(line, tooLong, physical)
    else if (physical.trim() !== '') record(line, physical.split(delimiter), physical)
  }

  /** Reads one record at `position`; where the next begins, or undefined when the text ends before the record does. */
  const step = (text: string, position: number, last: boolean): number | undefined => {
    const found = text.indexOf('\n', position)
    if (found < 0 && !last) return undefined
    const newline = found < 0 ? text.length : found
    const physical = text.slice(position, text[newline - 1] === '\r' && newline > position ? newline - 1 : newline)
    if (!header) delimiter = delimiterOf(physical)
    const quoted = physical.includes('"') && physical.length <= longestRecord ? readQuoted(text, position, delimiter, last) : undefined
    if (quoted === 'more' && text.length - position <= longestRecord) return undefined
    if (typeof quoted === 'object') {
      record(line, quoted.cells, text.slice(position, quoted.end))
      line += quoted.lines
      return quoted.end
    }
    plainLine(physical, quoted)
    line++
    return newline + 1
  }

  const consume = (text: string, last: boolean): string => {
    let position = 0
    if (skipping) {
      const newline = text.indexOf('\n')
      if (newline < 0) return ''
      skipping = false
      line++
      position = newline + 1
    }
    while (position < text.length) {
      const next = step(text, position, last)
      if (next === undefined) break
      position = next
    }
    return text.slice(position)
  }

  return {
    header: () => header,
    push: (text) => {
      carry = consume(carry + text, false)
      // A quoted record that is still open was given its bound above; this is a line without an end.
      if (carry.length > longestRecord && !carry.includes('\n')) {
        fault(line, tooLong, carry)
        carry = ''
        skipping = true
      }
    },
    end: () => {
      if (!skipping && carry) consume(carry, true)
    },
  }
}

const notClosed = 'a quote is not closed'

/** Reads a record that holds quotes, possibly over several lines: its cells and where the next begins; 'more' when the text ends inside; or what is wrong. */
function readQuoted(text: string, start: number, delimiter: string, last: boolean): { cells: string[]; end: number; lines: number } | 'more' | string {
  const cells: string[] = []
  let lines = 1
  let position = start
  for (;;) {
    const cell = text[position] === '"' ? quotedCell(text, position, last) : bareCell(text, position, delimiter, last)
    if (typeof cell === 'string') return cell
    cells.push(cell.value)
    lines += cell.lines
    position = cell.end
    if (text[position] === '\r' && text[position + 1] === '\n') position++
    if (position >= text.length || text[position] === '\n') return { cells, end: Math.min(position + 1, text.length), lines }
    if (text[position] !== delimiter) return 'text follows a closing quote'
    position++
  }
}

type Cell = { value: string; end: number; lines: number }

/** A cell in quotes; inside, two quotes are one. */
function quotedCell(text: string, start: number, last: boolean): Cell | 'more' | string {
  let quote = text.indexOf('"', start + 1)
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2)
  if (quote < 0) return last ? notClosed : 'more'
  // At the very end of a piece the quote may be the first of two, or the carriage return of a pair may be missing.
  if (quote + 2 >= text.length && !last) return 'more'
  const inside = text.slice(start + 1, quote)
  return { value: inside.replaceAll('""', '"'), end: quote + 1, lines: inside.includes('\n') ? inside.split('\n').length - 1 : 0 }
}

function bareCell(text: string, start: number, delimiter: string, last: boolean): Cell | 'more' | string {
  const newline = text.indexOf('\n', start)
  const separator = text.indexOf(delimiter, start)
  if (newline < 0 && separator < 0 && !last) return 'more'
  const end = Math.min(newline < 0 ? text.length : newline, separator < 0 ? text.length : separator)
  const value = text.slice(start, end)
  if (value.includes('"')) return 'a quote stands inside a cell that does not begin with one'
  return { value: end === newline && value.endsWith('\r') ? value.slice(0, -1) : value, end, lines: 0 }
}

/** The separator that is most frequent in the header, outside quotes. */
function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '')
  const counts = [',', ';', '\t', '|'].map((candidate) => ({ candidate, count: bare.split(candidate).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).candidate
}

function headerOf(cells: readonly string[]): string[] {
  // A column without a name (the index column of some exports) can be passed over, not read.
  const names = cells.map((cell, index) => cell.trim() || `column ${index + 1}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new MercatError('invalid_arguments', `The CSV file has two columns named ${JSON.stringify(twice)}`, { hint: 'Give each column a name of its own.' })
  if (names.length > 2000) throw new MercatError('too_large', 'The CSV file has more than 2,000 columns')
  return names
}

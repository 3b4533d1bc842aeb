/** NDJSON as it comes: one JSON object a line; a malformed line is told with its number and reading goes on. Interprets no value. */
import { isObject } from '../../core/json.ts'
import { excessOf } from './bounds.ts'
import { type CellSink, clippedRaw, longestRecord, notUtf8, quoted, replacement, type TextParser, tooLong } from './cells.ts'

/** Numbers that a double may not hold exactly: 16 digits and more, or an exponent. Only what may begin a number in JSON comes before it: ids within texts are full of such digits, and reading exactly is several times slower. */
const inexact = /(?:^|[[:,\s])-?(?:\d[\d.]{15}|\d[\d.]*[eE])/

/**
 * @param columns the members to read, in the order of the cells
 * @param strict a member that is not among the columns makes the record a fault; otherwise it is passed over
 */
export function createNdjsonParser(sink: CellSink, columns: readonly string[], strict: boolean): TextParser {
  const known = new Set(columns)
  let carry = ''
  let line = 0
  let row = 0
  let skipping = false

  const read = (text: string) => {
    line++
    if (text.trim() === '') return
    row++
    const fault = (reason: string) => sink.fault(line, reason, text.slice(0, clippedRaw))
    if (text.length > longestRecord) return fault(tooLong)
    if (text.includes(replacement)) return fault(notUtf8)
    const object = parseObject(text)
    if (typeof object === 'string') return fault(object)
    const unknown = strict ? Object.keys(object).find((name) => !known.has(name)) : undefined
    if (unknown !== undefined) return fault(`the record has an unknown field ${quoted(unknown)}`)
    sink.row(
      line,
      row,
      columns.map((name) => (Object.hasOwn(object, name) ? cellOf(object[name]) : '')),
    )
  }

  return {
    push: (text) => {
      let rest = carry + text
      if (skipping) {
        const newline = rest.indexOf('\n')
        if (newline < 0) return
        skipping = false
        rest = rest.slice(newline + 1)
      }
      let position = 0
      for (let newline = rest.indexOf('\n'); newline >= 0; newline = rest.indexOf('\n', position)) {
        read(rest.slice(position, newline))
        position = newline + 1
      }
      carry = rest.slice(position)
      if (carry.length > longestRecord) {
        read(carry)
        carry = ''
        skipping = true
      }
    },
    end: () => {
      if (!skipping && carry) read(carry)
    },
  }
}

/** The object, or what is wrong. */
export function parseObject(text: string): Record<string, unknown> | string {
  try {
    const value = parseExact(text)
    return isObject(value) ? value : 'the line is not a JSON object'
  } catch (error) {
    return `the line is ${notJson(error)}`
  }
}

/** What is told of a text that is not parsed at all. */
class Excess extends Error {}

/** JSON whose numbers are texts, as they are written, where a double might not hold one of them: money and long ids. Throws what `notJson` puts into words. */
export function parseExact(text: string): unknown {
  const excess = excessOf(text)
  if (excess !== undefined) throw new Excess(excess)
  return inexact.test(text) ? JSON.parse(text, asWritten) : JSON.parse(text)
}

/** Why a text is not taken as JSON. */
export const notJson = (error: unknown): string => (error instanceof Excess ? error.message : 'not valid JSON')

const asWritten = ((_: string, value: unknown, context: { source?: string }) => (typeof value === 'number' ? context.source : value)) as (key: string, value: unknown) => unknown

/** A value as the text of a cell: null is absent, objects and lists are JSON. */
export function cellOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** A report as a CSV file (RFC 4180, UTF-8 with its mark): all rows of its filters, page after page. Figures stand as they are, and no name of a user can be a formula of a spreadsheet. */
import type { Report } from './answer.ts'
import { type Cell, fromCell } from './measure.ts'
import { metricOfColumn } from './rows.ts'

/** What spreadsheets take for the beginning of a formula, also behind blanks. */
const formula = /^\s*[=+\-@]|^[\t\r\n]/

/** The lines of the file, its header first. Throws what the first page throws before there is any. @param ask the page at a cursor */
export async function reportCsv(ask: (cursor: string | undefined) => Promise<Report>): Promise<AsyncIterable<string>> {
  return linesOf(await ask(undefined), ask)
}

async function* linesOf(first: Report, ask: (cursor: string) => Promise<Report>): AsyncGenerator<string> {
  yield `\uFEFF${line(first.columns.flatMap((name) => (isRatio(name) ? [name, `${name}.numerator`, `${name}.denominator`] : [name])))}`
  for (let page = first; ; page = await ask(page.nextCursor)) {
    for (const row of page.rows) yield line(fieldsOf(page.columns, row))
    if (page.nextCursor === null) return
  }
}

const isRatio = (column: string) => typeof metricOfColumn(column)?.metric.denominator === 'string'
const line = (fields: readonly string[]) => `${fields.map(quoted).join(',')}\r\n`
const quoted = (field: string) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)
const plain = (value: number | string | null) => (value === null ? '' : String(value))

function fieldsOf(columns: readonly string[], row: readonly Cell[]): string[] {
  const deliveries = row[columns.indexOf('deliveries')]
  return columns.flatMap((column, index) => {
    const cell = row[index] ?? null
    if (isRatio(column)) {
      const { value, numerator, denominator } = fromCell(cell, deliveries)
      return [plain(value), plain(numerator), plain(denominator)]
    }
    if (Array.isArray(cell)) return [cell.map(plain).join(' ')]
    return [metricOfColumn(column) ? plain(cell as Exclude<Cell, readonly unknown[]>) : inert(String(cell ?? ''))]
  })
}

/** Text with an apostrophe before it where a spreadsheet would calculate. */
function inert(text: string): string {
  return formula.test(text) ? `'${text}` : text
}

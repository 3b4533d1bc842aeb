/** Collects rows of cells into batches for the engine: a file of tab-separated text each, in a folder only this process can read. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocalFile } from '../storage/analytics/run.ts'
import type { Source } from './mapping/compile.ts'
import type { CellSink } from './readers/cells.ts'

/** Bounds of a batch: rows and characters. Large ones make few parts in the store. */
const mostRows = 100_000
const mostCharacters = 32 * 1024 * 1024

export interface Fault {
  readonly line: number
  readonly reason: string
  readonly raw: string
}

export interface Batch {
  readonly lines: readonly number[]
  /** `line`, `row` and the cells, tab-separated and escaped. */
  readonly rows: readonly string[]
  readonly faults: readonly Fault[]
}

export interface Collector extends CellSink {
  readonly full: () => boolean
  /** The rows since the last call. */
  readonly take: () => Batch
}

export function createCollector(): Collector {
  let lines: number[] = []
  let rows: string[] = []
  let faults: Fault[] = []
  let characters = 0
  return {
    row: (line, row, cells) => {
      const joined = special.test(cells.join('')) ? cells.map(escaped).join('\t') : cells.join('\t')
      lines.push(line)
      rows.push(`${line}\t${row}\t${joined}`)
      characters += joined.length
    },
    fault: (line, reason, raw) => {
      faults.push({ line, reason, raw })
      characters += raw.length
    },
    full: () => rows.length + faults.length >= mostRows || characters >= mostCharacters,
    take: () => {
      const batch = { lines, rows, faults }
      lines = []
      rows = []
      faults = []
      characters = 0
      return batch
    },
  }
}

const special = /[\\\t\n\r]/
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }
const escaped = (cell: string): string => cell.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
const unescapes: Readonly<Record<string, string>> = { '\\\\': '\\', '\\t': '\t', '\\n': '\n', '\\r': '\r' }

/** The cells of a batch's row as they were. */
export function cellsOf(row: string): string[] {
  return row
    .split('\t')
    .slice(2)
    .map((cell) => cell.replace(/\\[\\tnr]/g, (pair) => unescapes[pair] ?? pair))
}

/** Writes the batch for the engine. Names of columns never reach SQL: they are c0, c1 … there. */
export async function writeBatch(batch: Batch, columns: number, folder: string, number: number): Promise<LocalFile> {
  const names = Array.from({ length: columns }, (_, index) => `c${index}`)
  const path = join(folder, `batch-${number}.tsv`)
  await writeFile(path, `${['line', 'row', ...names].join('\t')}\n${batch.rows.join('\n')}\n`, { mode: 0o600 })
  return { path, format: 'TabSeparatedWithNames', columns: ['line UInt64', 'row UInt64', ...names.map((name) => `${name} String`)].join(', ') }
}

/** The batch's columns as a source for mappings. */
export function batchSource(columns: readonly string[]): Source {
  return { columns: new Map(columns.map((name, index) => [name, { text: `trimBoth(p.c${index})` }])), line: 'p.line', row: 'p.row' }
}

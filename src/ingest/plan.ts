/** Decides, before anything is stored, how each file will be read: its form, its columns, and what is made of them. Stores nothing. */
import { basename } from 'node:path'
import { canonicalRecord, kindOfColumns } from './canonical.ts'
import { kinds, type Kind } from './kinds/index.ts'
import { checkColumns, columnsOf } from './mapping/compile.ts'
import type { Mapping, RecordMapping } from './mapping/schema.ts'
import type { CellSink, TextParser } from './readers/cells.ts'
import { createCsvParser } from './readers/csv.ts'
import { detectForm, type FileForm } from './readers/detect.ts'
import { createNdjsonParser, parseObject } from './readers/ndjson.ts'
import { type ParquetFile, readParquetFooter } from './readers/parquet.ts'

export interface FilePlan {
  readonly path: string
  readonly name: string
  readonly form: FileForm
  /** 'entities', or the records each row becomes. */
  readonly records: 'entities' | readonly RecordMapping[]
  readonly timeZone: string | undefined
  /** The columns a text reader yields, or those of the Parquet file that are read. */
  readonly columns: readonly string[]
  /** Reads the file's text; undefined for Parquet. */
  readonly parser: ((sink: CellSink) => TextParser) | undefined
  readonly parquet: ParquetFile | undefined
}

/** @param readable gives the path under which the engine can read a Parquet file. Throws `invalid_arguments` for whatever can be known to fail. */
export async function planFile(
  path: string,
  options: { mapping: Mapping | undefined; kind: Kind | undefined },
  readable: (path: string, gzip: boolean) => Promise<string>,
): Promise<FilePlan> {
  const form = await detectForm(path)
  const base = { path, name: basename(path), form, timeZone: options.mapping?.timeZone }
  if (form.format === 'parquet') {
    const plain = await readable(path, form.gzip)
    const parquet = await readParquetFooter(plain)
    const available = parquet.columns.map(({ name }) => name)
    return { ...base, path: plain, parquet, parser: undefined, ...recordsOf(available, options, base.name, available, false) }
  }
  const available = form.format === 'csv' ? csvHeader(form.head) : ndjsonMembers(form.head)
  const decided = recordsOf(available, options, base.name, available, form.format === 'ndjson')
  if (form.format === 'csv') return { ...base, ...decided, columns: available, parquet: undefined, parser: createCsvParser }
  // Lines may leave members out, so the first lines do not tell all: canonical kinds read every field, mappings what they name.
  const columns = options.mapping ? columnsOf(options.mapping) : Object.keys(kinds[decided.kind].fields)
  const records = decided.records === 'entities' || options.mapping ? decided.records : [canonicalRecord(decided.records[0]?.kind ?? 'events', columns)]
  return { ...base, records, columns, parquet: undefined, parser: (sink) => createNdjsonParser(sink, columns, !options.mapping) }
}

function recordsOf(
  available: readonly string[],
  { mapping, kind }: { mapping: Mapping | undefined; kind: Kind | undefined },
  name: string,
  columns: readonly string[],
  sampled: boolean,
) {
  if (mapping) {
    if (!sampled) checkColumns(mapping, available, name)
    return { kind: 'events' as Kind, records: mapping.records, columns: columnsOf(mapping) }
  }
  const found = kindOfColumns(columns, kind, name, sampled)
  return { kind: found, records: found === 'entities' ? ('entities' as const) : [canonicalRecord(found, columns)], columns }
}

function csvHeader(head: string): readonly string[] {
  const parser = createCsvParser({ row: () => {}, fault: () => {} })
  parser.push(head)
  if (!parser.header()) parser.end()
  return parser.header() ?? []
}

/** Members of the whole lines at the beginning. */
function ndjsonMembers(head: string): readonly string[] {
  const lines = head.split('\n')
  const members = new Set<string>()
  for (const line of lines.length > 1 ? lines.slice(0, -1) : lines) {
    const object = parseObject(line)
    if (typeof object === 'object') for (const name of Object.keys(object)) members.add(name)
  }
  return [...members]
}

/** What a Parquet file holds, from its footer; the rows themselves are read by the engine. Decides how each column is read, interprets no value. */
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet'
import { MercatError } from '../../core/errors.ts'
import type { Source, SourceColumn } from '../mapping/compile.ts'

export interface ParquetColumn {
  readonly name: string
  /** instant: a time with a zone; local: a time without one; nested: lists and records, which are not read. */
  readonly form: 'text' | 'double' | 'float' | 'instant' | 'local' | 'nested'
}

export interface ParquetFile {
  readonly rows: number
  readonly columns: readonly ParquetColumn[]
}

/** Throws `invalid_arguments` for a file that is no sound Parquet. */
export async function readParquetFooter(path: string): Promise<ParquetFile> {
  try {
    const { schema, num_rows: rows } = await parquetMetadataAsync(await asyncBufferFromFile(path))
    return { rows: Number(rows), columns: topLevel(schema) }
  } catch (cause) {
    throw new MercatError('invalid_arguments', `${path} is not a sound Parquet file`, { argument: 'files' }, { cause })
  }
}

/** The schema is a tree, told depth first; only what stands directly under the root is a column here. */
function topLevel(schema: readonly SchemaElement[]): ParquetColumn[] {
  const columns: ParquetColumn[] = []
  const skip = (index: number): number => {
    let next = index + 1
    for (let child = 0; child < (schema[index]?.num_children ?? 0); child++) next = skip(next)
    return next
  }
  for (let index = 1; index < schema.length; index = skip(index)) {
    const element = schema[index]
    if (element) columns.push({ name: element.name, form: formOf(element) })
  }
  return columns
}

function formOf({ num_children: children, repetition_type: repetition, logical_type: logical, converted_type: converted, type }: SchemaElement): ParquetColumn['form'] {
  if (children || repetition === 'REPEATED') return 'nested'
  if (logical?.type === 'TIMESTAMP') return logical.isAdjustedToUTC ? 'instant' : 'local'
  // INT96 and the converted types are older ways to write an instant.
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS' || type === 'INT96') return 'instant'
  return type === 'DOUBLE' ? 'double' : type === 'FLOAT' ? 'float' : 'text'
}

const engineType = { text: 'String', double: 'Float64', float: 'Float32', instant: "DateTime64(3, 'UTC')", local: "DateTime64(3, 'UTC')" } as const

/**
 * A float's shortest decimal is the number its writer meant: 6.95, not 6.9500000000000002. Where that has more places than an amount may have, it is
 * the noise of a computation (0.1 + 0.2): the digits that the type holds for certain are taken, and if those are still too many the field rejects them.
 */
function floatText(column: string, digits: number, type: string): string {
  const shortest = `toString(assumeNotNull(${column}))`
  return `multiIf(${column} IS NULL, '', match(${shortest}, '^-?\\\\d+([.]\\\\d{1,6})?$'), ${shortest}, toString(to${type}OrZero(printf('%.${digits}g', assumeNotNull(${column})))))`
}

/**
 * The columns as the engine is to read them, and their SQL over the table alias `p`. What is neither a time nor a float is read as text.
 * @param row SQL of the row's number from 1, which differs by engine
 */
export function parquetSource(columns: readonly ParquetColumn[], row: string): { source: Source; declaration: string } {
  const source = new Map<string, SourceColumn>()
  const declared: string[] = []
  for (const { name, form } of columns) {
    // A brace could pass for a parameter's placeholder where the statement is bound; the engine's escapes cover the rest.
    if (/[{}]/.test(name)) throw new MercatError('invalid_arguments', `The Parquet column ${JSON.stringify(name)} has a brace in its name`, { hint: 'Rename the column.' })
    if (form === 'nested')
      throw new MercatError('invalid_arguments', `The Parquet column ${JSON.stringify(name)} holds lists or records`, { hint: 'Write it as text, or leave it out.' })
    const identifier = `\`${name.replace(/[\\`]/g, '\\$&')}\``
    declared.push(`${identifier} Nullable(${engineType[form]})`)
    const column = `p.${identifier}`
    if (form === 'text') source.set(name, { text: `trimBoth(ifNull(${column}, ''))` })
    if (form === 'double') source.set(name, { text: floatText(column, 15, 'Float64') })
    if (form === 'float') source.set(name, { text: floatText(column, 6, 'Float32') })
    if (form === 'instant') source.set(name, { text: `ifNull(formatDateTime(${column}, '%Y-%m-%dT%H:%i:%S.%fZ', 'UTC'), '')`, instant: column })
    if (form === 'local') source.set(name, { text: `ifNull(toString(${column}), '')` })
  }
  return { source: { columns: source, line: row, row }, declaration: declared.join(', ') }
}

/** All rows of a small file as objects, times as ISO 8601. Throws `invalid_arguments` for a compression that only the engine reads. */
export async function readParquetRows(path: string): Promise<Record<string, unknown>[]> {
  try {
    const rows: Record<string, unknown>[] = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : typeof value === 'bigint' ? String(value) : value])),
    )
  } catch (cause) {
    throw new MercatError(
      'invalid_arguments',
      `${path} cannot be read here`,
      { hint: 'Entities come as CSV, NDJSON, or Parquet that is not compressed or compressed by Snappy.' },
      { cause },
    )
  }
}

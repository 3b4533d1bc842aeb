/** What both analytics engines can do, below limits and error mapping (run.ts). Only chdb.ts and clickhouse.ts implement it. */
import type { Readable } from 'node:stream'

/** Values for `{name:Type}` placeholders, already checked by params.ts. */
export type Value = string | number | bigint | boolean | null | readonly Value[]

/** One statement, complete with its SETTINGS clause. */
export interface Statement {
  readonly sql: string
  readonly params: Readonly<Record<string, Value>>
  /** Unique: a cancelled statement is found by it. */
  readonly id: string
  /** On abort the engine ends the work; the promise may settle later or never be looked at again. */
  readonly signal: AbortSignal
}

/** Formats of insert bodies whose rows end at a newline, without header. */
export type BodyFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'TabSeparated'

/** Formats of files that the engine's own readers load. */
export type FileFormat = 'Parquet' | 'CSVWithNames' | 'TabSeparatedWithNames' | 'JSONEachRow'

export interface LocalFile {
  /** Absolute path on this machine. */
  readonly path: string
  readonly format: FileFormat
  /** The columns to read, as in a CREATE TABLE: `id UInt64, name Nullable(String)`. Columns of the file that are not named are not read; missing ones are null or empty. */
  readonly columns: string
}

export interface Body {
  readonly table: string
  readonly columns: readonly string[] | undefined
  readonly format: BodyFormat
  readonly stream: Readable
  readonly settings: Readonly<Record<string, string | number>>
  readonly id: string
  readonly signal: AbortSignal
}

export interface Engine {
  readonly name: 'chdb' | 'clickhouse'
  /** The answer as one JSONCompact document. */
  readonly query: (statement: Statement) => Promise<string>
  readonly command: (statement: Statement) => Promise<void>
  readonly insert: (body: Body) => Promise<void>
  /** Runs an `INSERT … SELECT … FROM {file}`; `settings` is the clause that closes it. */
  readonly load: (statement: Statement, file: LocalFile, settings: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** The error of an engine: its ClickHouse code when it has one. The message may hold data: it is for the log only. */
export class EngineError extends Error {
  readonly clickhouseCode: number | undefined
  /** No answer came: the connection was refused, reset or timed out. */
  readonly unreachable: boolean
  constructor(message: string, code: number | undefined, unreachable: boolean, cause?: unknown) {
    super(message, { cause })
    this.name = 'EngineError'
    this.clickhouseCode = code
    this.unreachable = unreachable
  }
}

/** A ClickHouse string literal. Only `\` and `'` can end one; both are escaped. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`
}

/** Runs SQL on the analytics store with bound parameters, limits and mapped errors. Same behaviour on both engines; no SQL of the product lives here. */
import { randomUUID } from 'node:crypto'
import { totalmem } from 'node:os'
import { Readable } from 'node:stream'
import { type ErrorCode, MercatError } from '../../core/errors.ts'
import { type BodyFormat, type Engine, EngineError, type FileFormat, type LocalFile, type Statement } from './engine.ts'
import { checkedParams } from './params.ts'

export type { BodyFormat, FileFormat, LocalFile }

/** Values for `{name:Type}` placeholders; params.ts says which. */
export type Params = Record<string, unknown>

export interface RunOptions {
  /** Ends the wait at once, and the work soon after. */
  signal?: AbortSignal | undefined
  /** The engine's own deadline. Default 60. */
  seconds?: number
  /** More settings of the statement itself: numbers or plain words only. They hold for this statement and no other. */
  settings?: Record<string, number | string>
}

/** A cluster's name in ClickHouse's configuration, and the database the connection works in. */
export interface Cluster {
  readonly name: string
  readonly database: string
}

export interface Analytics {
  readonly engine: Engine['name']
  /** Rows as objects. 64-bit integers are numbers, decimals and times are text. At most 2 GiB of memory, 64 MiB and 500,000 rows of answer. Never write a SETTINGS clause in `sql`: pass `settings`. */
  readonly query: <Row>(sql: string, params?: Params, options?: RunOptions) => Promise<Row[]>
  /** A statement without rows: `INSERT … SELECT`, DDL (`plain`: without the SETTINGS clause, which DDL does not take). */
  readonly command: (sql: string, params?: Params, options?: RunOptions & { plain?: boolean }) => Promise<void>
  /**
   * Inserts objects, or a body of bytes: rows that end at a newline, without header, in UTF-8. Times may be ISO 8601.
   * A body is never held whole; it is written in parts as it comes, so after an error some of its rows are in: callers repeat
   * the whole, and the table's engine makes that harmless.
   */
  readonly insert: (
    table: string,
    rows: readonly object[] | { body: Readable | Buffer; format: BodyFormat; columns?: readonly string[] },
    options?: Pick<RunOptions, 'signal'>,
  ) => Promise<void>
  /**
   * Loads a file of this machine by the engine's own reader, the fastest way in. `sql` is an `INSERT INTO t (…) SELECT … FROM {file}`
   * that reads `{file}` once; `file.columns` names what it reads. chDB opens the file, a server gets it as the body of the request:
   * the same statement serves both. Compressed text is unpacked before (pipe it through zlib and use `insert`).
   */
  readonly insertFile: (sql: string, file: LocalFile, params?: Params, options?: RunOptions) => Promise<void>
  /** Deletes rows; when it resolves no reader sees them. `table` and `condition` are the caller's own SQL, never input; values are parameters. */
  readonly deleteWhere: (table: string, condition: string, params?: Params, options?: RunOptions) => Promise<void>
  /** Deletes rows from the disk too, those that were deleted before included: for data that must be gone. It rewrites what it touches. */
  readonly purgeWhere: Analytics['deleteWhere']
  /** The tables that keep rows and have the column, as `deleteWhere` takes them. */
  readonly tablesWith: (column: string) => Promise<string[]>
  readonly close: () => Promise<void>
}

type Settings = Record<string, number | string>

const gibibyte = 1024 ** 3

// Settings given to a connection would leak into the statements after it: all of them go into the statement.
// The session's zone is fixed, or text without a zone would mean the machine's zone in one engine and the server's in the other.
const common: Settings = { session_timezone: 'UTC' }
const output: Settings = {
  output_format_json_quote_decimals: 1,
  output_format_json_quote_64bit_integers: 0,
  output_format_json_quote_denormals: 0,
  output_format_write_statistics: 0,
  max_memory_usage: 2 * gibibyte,
  max_result_bytes: gibibyte / 16,
  max_result_rows: 500_000,
  result_overflow_mode: 'throw',
}
const input: Settings = { date_time_input_format: 'best_effort', input_format_null_as_default: 1 }

/** chDB shares this machine with Mercat: large groupings and sorts go to disk early. A server has its own limits. */
const embedded: Settings = {
  max_memory_usage: Math.floor(totalmem() / 2),
  max_bytes_before_external_group_by: Math.floor(totalmem() / 8),
  max_bytes_before_external_sort: Math.floor(totalmem() / 8),
}

// Shards by account: a statement about one account touches one shard, and joins stay in it. Writes end when the shard has them.
// One replica is asked while it is up, so that a statement sees what the one before it wrote.
const clustered: Settings = {
  distributed_product_mode: 'local',
  optimize_skip_unused_shards: 1,
  distributed_foreground_insert: 1,
  load_balancing: 'in_order',
  prefer_localhost_replica: 0,
}

/** Rows of one piece of an insert body. */
const pieceRows = 1000

export function createAnalytics(engine: Engine, cluster: Cluster | undefined): Analytics {
  const base: Settings = cluster ? { ...common, ...clustered } : common
  const writing: Settings = engine.name === 'chdb' ? { ...base, ...embedded } : base
  const clause = (settings: Settings, options: RunOptions) => ` SETTINGS ${settingsText({ ...settings, max_execution_time: options.seconds ?? 60, ...options.settings })}`
  const statement = (sql: string, params: Params, signal: AbortSignal): Statement => ({ sql, params: checkedParams(params), id: randomUUID(), signal })

  const partsOf = (table: string) => (cluster ? `${cluster.database}.${table}_local ON CLUSTER ${cluster.name}` : table)
  const query: Analytics['query'] = async <Row>(sql: string, params: Params = {}, options: RunOptions = {}) => {
    // The engine checks its deadline between blocks and knows nothing of a silent network: the wait has an end of its own.
    const wait = ((options.seconds ?? 60) + 5) * 1000
    const text = await guarded(options.signal, wait, (signal) => engine.query(statement(sql + clause({ ...base, ...output }, options), params, signal)))
    return rowsOf<Row>(text)
  }
  const change = async (sql: string, settings: Settings, params: Params = {}, options: RunOptions = {}) => {
    const all = { ...base, ...settings, ...(cluster ? { distributed_ddl_task_timeout: options.seconds ?? 60 } : {}) }
    await guarded(options.signal, undefined, (signal) => engine.command(statement(sql + clause(all, options), params, signal)))
  }
  const deleteWhere: Analytics['deleteWhere'] = async (table, condition, params, options) =>
    await change(`DELETE FROM ${partsOf(table)} WHERE ${condition}`, { lightweight_deletes_sync: 2 }, params, options)

  return {
    engine: engine.name,
    query,
    command: async (sql, params = {}, options = {}) =>
      await guarded(options.signal, undefined, (signal) => engine.command(statement(options.plain ? sql : sql + clause(writing, options), params, signal))),
    insert: async (table, rows, options = {}) => {
      if (!('body' in rows) && rows.length === 0) return
      const body = 'body' in rows ? rows : { body: Readable.from(lines(rows), { objectMode: false }), format: 'JSONEachRow' as const, columns: undefined }
      const stream = Buffer.isBuffer(body.body) ? Readable.from([body.body], { objectMode: false }) : body.body
      try {
        await guarded(options.signal, undefined, (signal) =>
          engine.insert({ table, columns: body.columns, format: body.format, stream, settings: { ...base, ...input }, id: randomUUID(), signal }),
        )
      } finally {
        // Whoever fills it must not wait for a reader that has gone.
        stream.destroy()
      }
    },
    insertFile: async (sql, file, params = {}, options = {}) =>
      await guarded(options.signal, undefined, (signal) => engine.load(statement(sql, params, signal), file, clause({ ...writing, ...input }, options))),
    deleteWhere,
    purgeWhere: async (table, condition, params, options) => {
      await deleteWhere(table, condition, params, options)
      await change(`ALTER TABLE ${partsOf(table)} APPLY DELETED MASK`, { mutations_sync: 2 }, {}, options)
    },
    tablesWith: async (column) => {
      const suffix = cluster ? '_local' : ''
      const rows = await query<{ name: string }>(
        `SELECT DISTINCT c.table AS name FROM system.columns AS c JOIN system.tables AS t ON t.database = c.database AND t.name = c.table
        WHERE c.database = currentDatabase() AND c.name = {column:String} AND endsWith(t.engine, 'MergeTree') AND endsWith(c.table, {suffix:String}) ORDER BY name`,
        { column, suffix },
      )
      return rows.map(({ name }) => name.slice(0, name.length - suffix.length))
    },
    close: () => engine.close(),
  }
}

function settingsText(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${typeof value === 'number' ? value : `'${value.replace(/[^\w.,/ -]/g, '')}'`}`)
    .join(', ')
}

function* lines(rows: readonly object[]): Generator<Buffer> {
  for (let start = 0; start < rows.length; start += pieceRows) {
    yield Buffer.from(
      rows
        .slice(start, start + pieceRows)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    )
  }
}

/** The answer is one document, so whatever an engine might put before or after the rows cannot be taken for rows. */
function rowsOf<Row>(text: string): Row[] {
  const { meta, data, rows } = JSON.parse(text) as { meta: { name: string }[]; data: unknown[][]; rows: number }
  if (data.length !== rows) throw new EngineError('The answer is not whole', undefined, false)
  const names = meta.map(({ name }) => name)
  return data.map((values) => Object.fromEntries(names.map((name, index) => [name, values[index]])) as Row)
}

/** Starts work with a signal of its own; the caller's abort and the time limit end the wait at once, whatever the engine does. */
async function guarded<Result>(given: AbortSignal | undefined, limit: number | undefined, start: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  if (given?.aborted) throw cancelled(given.reason)
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let onAbort: (() => void) | undefined
  try {
    return await Promise.race([
      new Promise<never>((_, reject) => {
        const stop = (error: MercatError) => {
          reject(error)
          controller.abort(error)
        }
        onAbort = () => stop(cancelled(given?.reason))
        given?.addEventListener('abort', onAbort, { once: true })
        if (limit !== undefined) timer = setTimeout(() => stop(tooSlow(undefined)), limit)
      }),
      start(controller.signal),
    ])
  } catch (error) {
    throw mapError(error)
  } finally {
    clearTimeout(timer)
    if (onAbort) given?.removeEventListener('abort', onAbort)
  }
}

const cancelled = (cause: unknown) => new MercatError('cancelled', 'The query was cancelled', {}, { cause })
const tooSlow = (cause: unknown) => new MercatError('deadline_exceeded', 'The query took too long', { hint: 'Narrow the period or the filters.' }, { cause })

/** ClickHouse's codes that a caller can do something about, by the number that never changes. */
const known: Readonly<Record<number, readonly [ErrorCode, string, string?]>> = {
  158: ['too_large', 'The answer has too many rows', 'Narrow the period or the filters.'],
  159: ['deadline_exceeded', 'The query took too long', 'Narrow the period or the filters.'],
  160: ['deadline_exceeded', 'The query took too long', 'Narrow the period or the filters.'],
  241: ['deadline_exceeded', 'The query needs too much memory', 'Narrow the period or the filters.'],
  396: ['too_large', 'The answer is too large', 'Narrow the period or the filters.'],
  ...Object.fromEntries(
    // 202 too many queries, 203/209/210/279 network between nodes, 225/242/999 Keeper, 236/394 stopped by the server, 243 disk full, 319 replica unsure
    [202, 203, 209, 210, 225, 236, 242, 243, 279, 319, 394, 999].map((code) => [code, ['unavailable', 'The analytics store cannot answer at the moment'] as const]),
  ),
}

/** Unknown errors stay as they are, for the log: an engine's message may hold data, so it never becomes a caller's. */
function mapError(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error
  if (error.unreachable) return new MercatError('unavailable', 'The analytics store is not reachable at the moment', { retryAfter: 5 }, { cause: error })
  const [code, message, hint] = known[error.clickhouseCode ?? 0] ?? []
  if (!code || !message) return error
  return new MercatError(code, message, { ...(hint ? { hint } : {}), ...(code === 'unavailable' ? { retryAfter: 5 } : {}) }, { cause: error })
}

/** Runs SQL on the analytics store with bound parameters and limits. Same behaviour on both engines; no SQL of the product lives here. */
import { Readable } from 'node:stream'
import type { ClickHouseClient } from '@clickhouse/client'
import { MercatError } from '../../core/errors.ts'

/** Values for `{name:Type}` placeholders. */
export type Params = Record<string, unknown>

export interface RunOptions {
  /** Ends the wait (and the work where the engine can). */
  signal?: AbortSignal | undefined
  /** The engine's own deadline. Default 60. */
  seconds?: number
  /** More settings of the statement itself: numbers or plain words only. */
  settings?: Record<string, number | string>
}

/** Formats of insert bodies, without header. */
export type BodyFormat = 'JSONEachRow' | 'JSONCompactEachRow' | 'TabSeparated'

export interface Analytics {
  readonly engine: 'chdb' | 'clickhouse'
  /** Rows as objects. 64-bit integers are numbers, decimals and times are text. Never write a SETTINGS clause in `sql`: pass `settings`. */
  readonly query: <Row>(sql: string, params?: Params, options?: RunOptions) => Promise<Row[]>
  /** A statement without rows: `INSERT … SELECT`, DDL (`plain`: without the SETTINGS clause, which DDL does not take). */
  readonly command: (sql: string, params?: Params, options?: RunOptions & { plain?: boolean }) => Promise<void>
  /** Inserts objects, or a body of bytes in a format. */
  readonly insert: (table: string, rows: readonly object[] | { body: Readable | Buffer; format: BodyFormat; columns?: readonly string[] }) => Promise<void>
  readonly close: () => Promise<void>
}

// Settings given to the client would become SET in chDB and leak into later queries: they go into the statement.
const outputSettings = { output_format_json_quote_decimals: 1, output_format_json_quote_64bit_integers: 0, output_format_json_quote_denormals: 0 }

function settingsClause(options: RunOptions, output: boolean): string {
  const settings: Record<string, number | string> = { ...(output ? outputSettings : {}), max_execution_time: options.seconds ?? 60, ...options.settings }
  return ` SETTINGS ${Object.entries(settings).map(([name, value]) => `${name}=${typeof value === 'number' ? value : `'${value.replace(/[^\w.,/ -]/g, '')}'`}`).join(', ')}`
}

/** ClickHouse codes: 159 TIMEOUT_EXCEEDED, 241 MEMORY_LIMIT_EXCEEDED. */
function mapError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return new MercatError('cancelled', 'The query was cancelled', {}, { cause: error })
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  if (code === '159') return new MercatError('deadline_exceeded', 'The query took too long', { hint: 'Narrow the period or the filters.' }, { cause: error })
  if (code === '241') return new MercatError('deadline_exceeded', 'The query needs too much memory', { hint: 'Narrow the period or the filters.' }, { cause: error })
  if (['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE'].includes(code)) return new MercatError('unavailable', 'The analytics store is not reachable at the moment', { retryAfter: 5 }, { cause: error })
  return error
}

export function createAnalytics(client: ClickHouseClient, engine: Analytics['engine']): Analytics {
  return {
    engine,
    query: async <Row>(sql: string, params: Params = {}, options: RunOptions = {}) => {
      try {
        const result = await client.query({ query: sql + settingsClause(options, true), query_params: params, format: 'JSONEachRow', ...(options.signal ? { abort_signal: options.signal } : {}) })
        return await result.json<Row>()
      } catch (error) {
        throw mapError(error, options.signal)
      }
    },
    command: async (sql, params = {}, options = {}) => {
      try {
        await client.command({ query: options.plain ? sql : sql + settingsClause(options, false), query_params: params, ...(options.signal ? { abort_signal: options.signal } : {}) })
      } catch (error) {
        throw mapError(error, options.signal)
      }
    },
    insert: async (table, rows) => {
      try {
        if ('body' in rows) {
          const values = Buffer.isBuffer(rows.body) ? Readable.from([rows.body], { objectMode: false }) : rows.body
          await client.insert({ table, values, format: rows.format, ...(rows.columns ? { columns: [...rows.columns] as [string, ...string[]] } : {}) })
        } else if (rows.length) {
          await client.insert({ table, values: [...rows], format: 'JSONEachRow' })
        }
      } catch (error) {
        throw mapError(error, undefined)
      }
    },
    close: () => client.close(),
  }
}

/** A ClickHouse server or cluster over HTTP, by the official client. */
import { open } from 'node:fs/promises'
import { get as getHttp } from 'node:http'
import { get as getHttps } from 'node:https'
import type { Readable } from 'node:stream'
import { type ClickHouseClient, ClickHouseLogLevel, createClient } from '@clickhouse/client'
import { createLiveness } from '../liveness.ts'
import { type Engine, EngineError, literal, type Statement } from './engine.ts'
import { bindLiterals } from './params.ts'

// What takes effect before the statement is read, or in the HTTP layer, so it cannot stand in the statement; HTTP requests do not
// share a session, so nothing leaks. `wait_end_of_query` makes the server hold the answer until it is whole: an error after the
// first rows is then an error, not rows followed by text. Progress headers keep proxies from closing a long silent request.
const httpSettings = {
  wait_end_of_query: 1,
  cancel_http_readonly_queries_on_client_close: 1,
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: '20000',
  max_query_size: String(64 * 1024 * 1024),
} as const

/** Parameters travel in the URL, which servers and proxies bound: longer ones are written into the statement, the request's body. */
const mostInUrl = 4096

/** Milliseconds without a byte (progress headers come every 20 s) after which a server counts as gone. */
const silence = 120_000

export function openClickhouse(url: string): Engine {
  const client = createClient({
    url,
    application: 'mercat',
    request_timeout: silence,
    max_open_connections: 16,
    max_response_headers_size: 1024 * 1024,
    // The client's own log would print statements and the server's words, which may hold data, past Mercat's log.
    log: { level: ClickHouseLogLevel.OFF },
    clickhouse_settings: httpSettings,
    keep_alive: { eagerly_destroy_stale_sockets: true },
  })
  let gone = new AbortController()
  const live = createLiveness({
    ask: (signal) => ping(url, signal),
    away: (cause) => new EngineError('The server does not answer', undefined, true, cause),
    // Requests to it would hold their connections until the silence ends.
    onAway: () => {
      gone.abort()
      gone = new AbortController()
    },
  })
  const guarded = async <Result>({ id, signal }: { id: string; signal: AbortSignal }, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> => {
    signal.throwIfAborted()
    // Closing the request ends a SELECT; anything else goes on until it is killed.
    const end = () => void kill(client, id, gone.signal)
    signal.addEventListener('abort', end, { once: true })
    try {
      return await live.watch(() => work(AbortSignal.any([signal, gone.signal])))
    } catch (error) {
      throw toEngineError(error)
    } finally {
      signal.removeEventListener('abort', end)
    }
  }
  const asked = ({ sql, params, id }: Statement, signal: AbortSignal) => {
    const bound = bindLiterals(sql, params)
    return { ...(bound.length - sql.length > mostInUrl ? { query: bound } : { query: sql, query_params: { ...params } }), query_id: id, abort_signal: signal }
  }
  const send = async (request: Parameters<typeof client.exec>[0]) => {
    const { stream } = await client.exec(request)
    // The server keeps a connection whose answer is not read.
    for await (const _ of stream) {
    }
  }
  return {
    name: 'clickhouse',
    query: (statement) => guarded(statement, async (signal) => await (await client.query({ ...asked(statement, signal), format: 'JSONCompact' })).text()),
    command: (statement) => guarded(statement, async (signal) => void (await client.command(asked(statement, signal)))),
    insert: (body) =>
      guarded(body, async (signal) => {
        const settings = Object.entries(body.settings).map(([name, value]) => `${name}=${typeof value === 'number' ? value : literal(value)}`)
        await send({
          query: `INSERT INTO ${body.table}${body.columns ? ` (${body.columns.join(', ')})` : ''} SETTINGS ${settings.join(', ')} FORMAT ${body.format}`,
          values: heard(body.stream),
          query_id: body.id,
          abort_signal: signal,
        }).catch((error: unknown) => {
          if (toEngineError(error).clickhouseCode !== noDataToInsert) throw error
        })
      }),
    load: (statement, file, settings) =>
      guarded(statement, async (signal) => {
        const query = `${statement.sql.replaceAll('{file}', () => `input(${literal(file.columns)})`)}${settings} FORMAT ${file.format}`
        // Opened first: a missing file is the caller's error, not a request that broke.
        const handle = await open(file.path)
        await send({ ...asked({ ...statement, sql: query }, signal), values: heard(handle.createReadStream({ highWaterMark: 1024 * 1024 })) })
      }),
    close: () => {
      live.close()
      return client.close()
    },
  }
}

/** Whether the server answers, on a connection of its own: those of the client may all be busy. */
function ping(url: string, signal: AbortSignal): Promise<void> {
  const address = new URL('/ping', url)
  return new Promise((resolve, reject) => {
    const request = (address.protocol === 'https:' ? getHttps : getHttp)(address, { agent: false, signal }, (response) => {
      response.resume()
      resolve()
    })
    request.on('error', reject)
  })
}

/** A stream that fails before or after the client looks at it must not end the process; the client's request fails with it. */
function heard<Stream extends Readable>(stream: Stream): Stream {
  stream.on('error', () => {})
  return stream
}

/** Two tries: the first may come before the server has begun the statement. A server that does not answer needs no killing. */
async function kill(client: ClickHouseClient, id: string, gone: AbortSignal): Promise<void> {
  for (const pause of [0, 500]) {
    await new Promise((resolve) => setTimeout(resolve, pause).unref())
    await client.command({ query: 'KILL QUERY WHERE query_id = {id:String} ASYNC', query_params: { id }, abort_signal: gone }).catch(() => {})
  }
}

/** An empty body is nothing to do, not a fault. */
const noDataToInsert = 108

const socketErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
])

function toEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error
  const message = error instanceof Error ? error.message : String(error)
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const unreachable = socketErrors.has(code) || /^Timeout error|socket hang up/i.test(message)
  return new EngineError(message, /^\d+$/.test(code) ? Number(code) : undefined, unreachable, error)
}

/** chDB, the ClickHouse engine inside this process. Knows its traps (ADR 0002) and nothing of what is asked. */
import type { Session } from 'chdb'
import { whoseTurn } from '../../core/turn.ts'
import { StoreUnreachableError } from '../errors.ts'
import { type Body, type Engine, EngineError, type LocalFile, literal, type Statement } from './engine.ts'
import { createLanes, type Lanes } from './lanes.ts'
import { bindLiterals } from './params.ts'

// Each running statement holds a thread of libuv's pool of four; one stays free for files and password hashes.
const readers = 2
const writers = 1

/** Bytes of one insert statement: a part on disk each, so few; held in memory, so not too many. */
const chunkBytes = 16 * 1024 * 1024

/** Caches are sized for a share of a laptop, not for a server's 5 GB each; a statement may carry long lists of keys. */
const connectionArgs = ['--mark_cache_size=67108864', '--index_mark_cache_size=8388608', '--primary_index_cache_size=67108864', '--max_query_size=67108864']

/**
 * Opens chDB on a folder that no other process has open (one folder a process). Native code of 540 MB: loaded only when used.
 * @param server more of the server's configuration; the tests make a cluster of one node with it.
 */
export async function openChdb(folder: string, server: readonly string[] = []): Promise<Engine> {
  const chdb = await import('chdb').catch((error: unknown) => {
    throw new StoreUnreachableError(
      `The embedded analytics store (chDB) cannot be loaded on this machine (${process.platform} ${process.arch}): set MERCAT_CLICKHOUSE_URL to a ClickHouse server`,
      error,
    )
  })
  const open = () => new chdb.Session(folder, { connectionArgs: [...connectionArgs, ...server] })
  // The engine stops with its last session: this one stays, and ends the others' statements.
  const keeper = open()
  const reading = createLanes(readers, open)
  const writing = createLanes(writers, open)
  const closing = new AbortController()

  const run = async (lanes: Lanes<Session>, statement: Statement, format: string): Promise<string> => {
    const marker = `/* ${statement.id} */`
    const sql = `${marker} ${bindLiterals(statement.sql, statement.params)}`
    const session = await lanes.take(statement.signal, whoseTurn())
    const end = () => void kill(keeper, marker, running)
    // Rows that a failing statement had written stay in the session and would come out before the next one's.
    const running = session.queryAsync(sql, { format }).then(
      (result) => {
        const text = result.text()
        lanes.give(session, true)
        return text
      },
      (error: unknown) => {
        lanes.give(session, false)
        throw toEngineError(error)
      },
    )
    statement.signal.addEventListener('abort', end, { once: true })
    closing.signal.addEventListener('abort', end, { once: true })
    try {
      return await running
    } finally {
      statement.signal.removeEventListener('abort', end)
      closing.signal.removeEventListener('abort', end)
    }
  }

  const insertChunk = async (body: Body, values: Buffer): Promise<void> => {
    const session = await writing.take(body.signal)
    let sound = false
    try {
      await session.insert({ table: body.table, values, format: body.format, ...(body.columns ? { columns: body.columns } : {}), settings: { ...body.settings } })
      sound = true
    } catch (error) {
      throw toEngineError(error)
    } finally {
      writing.give(session, sound)
    }
  }

  return {
    name: 'chdb',
    query: (statement) => run(reading, statement, 'JSONCompact'),
    command: async (statement) => void (await run(writing, statement, 'Null')),
    insert: async (body) => {
      for await (const chunk of wholeRows(body.stream, chunkBytes)) await insertChunk(body, chunk)
    },
    load: async (statement, file, settings) => void (await run(writing, { ...statement, sql: statement.sql.replaceAll('{file}', () => fileTable(file)) + settings }, 'Null')),
    close: async () => {
      closing.abort()
      await Promise.all([reading.drain(), writing.drain()])
      keeper.close()
      // The folder is free only when the engine has let go of it.
      await chdb.drainPending()
    },
  }
}

const fileTable = ({ path, format, columns }: LocalFile) => `file(${literal(path)}, ${literal(format)}, ${literal(columns)})`

/** Asks the engine to end a statement until it has ended: the first try may come before the statement has begun. */
async function kill(keeper: Session, marker: string, running: Promise<unknown>): Promise<void> {
  let over = false
  const ended = running.then(
    () => {
      over = true
    },
    () => {
      over = true
    },
  )
  for (let pause = 20; !over; pause = Math.min(pause * 2, 1000)) {
    await keeper.queryAsync(`KILL QUERY WHERE startsWith(query, ${literal(marker)}) ASYNC`, { format: 'Null' }).catch(() => {})
    let timer: NodeJS.Timeout | undefined
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, pause)))])
    clearTimeout(timer)
  }
}

/** Cuts a stream of bytes at row ends into buffers of about `size`. */
async function* wholeRows(stream: AsyncIterable<Buffer | string>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    const cut = length + bytes.length >= size ? bytes.lastIndexOf(10) + 1 : 0
    if (cut === 0) {
      parts.push(bytes)
      length += bytes.length
      continue
    }
    yield Buffer.concat([...parts, bytes.subarray(0, cut)])
    parts = cut < bytes.length ? [bytes.subarray(cut)] : []
    length = bytes.length - cut
  }
  if (length) yield Buffer.concat(parts)
}

function toEngineError(error: unknown): EngineError {
  const message = error instanceof Error ? error.message : String(error)
  const code = /^Code: (\d+)/.exec(message)?.[1]
  return new EngineError(message, code === undefined ? undefined : Number(code), false, error)
}

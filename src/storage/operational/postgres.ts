/** A PostgreSQL server: a bounded pool, statements with a time limit, connections that come back by themselves, and an answer within 5 s when it is away. */
import { Socket } from 'node:net'
import { Kysely, PostgresDialect, type PostgresPoolClient } from 'kysely'
import pg from 'pg'
import { MercatError } from '../../core/errors.ts'
import { StoreUnreachableError } from '../errors.ts'
import { createLiveness, type Liveness } from '../liveness.ts'
import { announceClosing, type OperationalStore } from './store.ts'
import type { OperationalSchema } from './schema.ts'

const connections = 10
const statementMs = 60_000
const connectMs = 10_000
/** Milliseconds of silence before the system itself asks whether the other side is there; a dead one is known 10 s later. */
const keepAliveMs = 10_000
/** A transaction that its process forgot would hold its locks for ever. */
const idleInTransactionMs = 120_000

const { INT8, DATE } = pg.types.builtins
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (oid === INT8) return Number
    if (oid === DATE) return String
    return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text')
  },
}

export function openPostgres(url: string): OperationalStore {
  const sockets = createSockets()
  const live = createLiveness({
    ask: () => greet(url),
    away: unreachable,
    // Frozen or cut off, the server ends no connection: whoever waits on one would wait for ever, listeners and pool alike.
    onAway: sockets.destroy,
  })
  const pool = new pg.Pool({
    connectionString: url,
    stream: sockets.open,
    types,
    max: connections,
    application_name: 'mercat',
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    connectionTimeoutMillis: connectMs,
    statement_timeout: statementMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
  })
  // A connection that the server ends, idle or between two statements, must not end the process; the next query opens another.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const db = new Kysely<OperationalSchema>({ dialect: new PostgresDialect({ pool: { connect: () => connect(pool, live), end: () => pool.end(), options: pool.options } }) })
  const listening = new Set<() => Promise<void>>()
  return {
    db,
    engine: 'postgres',
    notify: async (channel, payload) => void (await live.watch(() => pool.query('SELECT pg_notify($1, $2)', [channel, payload])).catch(rethrow)),
    listen: async (channel, heard, connection = () => {}) => {
      const end = await listenPostgres(url, sockets.open, channel, heard, connection)
      listening.add(end)
      return async () => {
        listening.delete(end)
        await end()
      }
    },
    // The pool throws away a connection whose statement failed, and with it a transaction left open.
    run: async (text, values = []) => {
      const result: unknown = await live.watch(() => pool.query(text, values)).catch(rethrow)
      return { rows: [result].flat().flatMap((one) => (one as pg.QueryResult<Record<string, unknown>>).rows) }
    },
    close: async () => {
      announceClosing(db)
      await Promise.all([...listening].map((end) => end()))
      await db.destroy()
      live.close()
      if (!pool.ended && !pool.ending) await pool.end()
    },
  }
}

/** The connections there are, so that all can be ended at once. */
function createSockets(): { readonly open: () => Socket; readonly destroy: () => void } {
  const all = new Set<Socket>()
  return {
    open: () => {
      const socket = new Socket()
      all.add(socket)
      return socket.once('close', () => all.delete(socket))
    },
    destroy: () => {
      for (const socket of all) socket.destroy()
    },
  }
}

/** Whether the server answers a newcomer, whatever it says: one that has no connection to spare, or that knows no such user, is there. */
async function greet(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'mercat-alive', connectionTimeoutMillis: connectMs })
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
  } finally {
    void client.end().catch(() => {})
  }
}

const wrapped = new WeakMap<pg.PoolClient, PostgresPoolClient>()

/** The pool's client, with errors that callers can act on. Kysely wants the same object for the same connection. */
async function connect(pool: pg.Pool, live: Liveness): Promise<PostgresPoolClient> {
  const connecting = pool.connect()
  const client = await live
    .watch(() => connecting)
    .catch((error: unknown) => {
      // It may still come, for nobody.
      connecting.then(
        (late) => late.release(),
        () => {},
      )
      return rethrow(error)
    })
  const known = wrapped.get(client)
  if (known) return known
  const made = new Proxy(client, {
    get: (target, name) => {
      if (name === 'query') return (...given: [string, unknown[]]) => live.watch(() => target.query(...given)).catch(rethrow)
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  }) as PostgresPoolClient
  wrapped.set(client, made)
  return made
}

/** Listens on a connection of its own and makes it anew when it is lost, waiting up to 5 s between tries. */
async function listenPostgres(
  url: string,
  stream: () => Socket,
  channel: string,
  heard: (payload: string) => void,
  connection: (state: 'lost' | 'back') => void,
): Promise<() => Promise<void>> {
  let current: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let ended = false

  const start = async (): Promise<void> => {
    const client = new pg.Client({
      connectionString: url,
      stream,
      application_name: 'mercat-listen',
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
      connectionTimeoutMillis: connectMs,
    })
    client.on('error', () => {})
    client.on('notification', (message) => {
      if (message.channel === channel) heard(message.payload ?? '')
    })
    try {
      await client.connect()
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
    } catch (error) {
      await client.end().catch(() => {})
      throw error
    }
    if (ended) return await client.end()
    current = client
    client.on('end', () => {
      if (ended) return
      connection('lost')
      again(100)
    })
  }
  const again = (pause: number) => {
    timer = setTimeout(() => {
      start().then(
        () => (ended ? undefined : connection('back')),
        () => (ended ? undefined : again(Math.min(pause * 2, 5000))),
      )
    }, pause)
    timer.unref()
  }
  await start().catch(rethrow)
  return async () => {
    ended = true
    clearTimeout(timer)
    await current?.end().catch(() => {})
  }
}

const socketErrors = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH'])

/** SQLSTATE class 08: connection; 57P01–57P05: the server ends or starts; 53300: it has no connection to spare. */
function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  return socketErrors.has(code) || /^(08|57P0|53300)/.test(code) || /Connection terminated|timeout exceeded when trying to connect|not queryable/.test(error.message)
}

const unreachable = (cause: unknown) => new MercatError('unavailable', 'The operational store is not reachable at the moment', { retryAfter: 5 }, { cause })

function rethrow(error: unknown): never {
  if (isUnreachable(error)) throw unreachable(error)
  if (error instanceof Error && 'code' in error && error.code === '57014') throw new MercatError('deadline_exceeded', 'The query took too long', {}, { cause: error })
  throw error
}

/** What the operator can mend, in one sentence. The URL may hold a password: only its host is told. */
export function explained(url: string, error: unknown): unknown {
  const { host } = new URL(url)
  if (error instanceof MercatError && error.code === 'unavailable') return new StoreUnreachableError(`PostgreSQL at ${host} (MERCAT_DATABASE_URL) is not reachable`, error)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code.startsWith('28')) return new StoreUnreachableError(`PostgreSQL at ${host} refuses the user or password of MERCAT_DATABASE_URL`, error)
  if (code === '3D000') return new StoreUnreachableError(`PostgreSQL at ${host} has no database of the name given in MERCAT_DATABASE_URL: create it, or correct the URL`, error)
  return error
}

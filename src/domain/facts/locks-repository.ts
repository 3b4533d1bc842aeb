/** Who works on what: one refresh per account at a time, and which loads are alive, across processes. It holds no data. */
import { createTurns } from '../../core/turns.ts'
import { sql } from 'kysely'
import type { Db } from '../../storage/operational/schema.ts'
import { isEmbedded, whenClosing } from '../../storage/operational/store.ts'

/** First halves of advisory lock keys, arbitrary constants. The second half is a hash of the account, or the load's id. */
const refreshClass = 4210_0002
const loadClass = 4210_0003

/** Refreshes of different accounts that run at once in a process. Each holds a connection of the pool besides those its queries use. */
const maxRefreshes = 2

interface Held {
  /** Accounts' chains of waiting refreshes. */
  readonly queues: Map<string, Promise<void>>
  /** Loads this process runs. */
  readonly loads: Set<number>
  readonly turns: ReturnType<typeof createTurns>
  /** PostgreSQL: the connection that holds the locks of this process's loads, while there are any. */
  keeper: Keeper | undefined
}

interface Keeper {
  /** @returns false: its connection is lost, and with it all it held */
  readonly run: (statement: (connection: Db) => Promise<unknown>) => Promise<boolean>
  readonly release: () => void
}

const held = new WeakMap<Db, Held>()

function heldBy(db: Db): Held {
  const known = held.get(db) ?? { queues: new Map(), loads: new Set(), turns: createTurns(maxRefreshes), keeper: undefined }
  held.set(db, known)
  return known
}

/** Throws `unavailable` when the lock was lost with its connection: another process may be at the same work. */
type AssertHeld = () => Promise<void>

/** Runs work while no other refresh of the account runs, here or in another process. Work asks whether that is still so before it does what cannot be done over. */
export async function withRefreshLock<Result>(db: Db, accountId: string, work: (assertHeld: AssertHeld) => Promise<Result>): Promise<Result> {
  const state = heldBy(db)
  const before = state.queues.get(accountId) ?? Promise.resolve()
  const result = before.then(() => state.turns(() => (isEmbedded(db) ? work(async () => {}) : withServerLock(db, accountId, work))))
  const settled = result.then(
    () => {},
    () => {},
  )
  state.queues.set(accountId, settled)
  void settled.then(() => {
    if (state.queues.get(accountId) === settled) state.queues.delete(accountId)
  })
  return await result
}

async function withServerLock<Result>(db: Db, accountId: string, work: (assertHeld: AssertHeld) => Promise<Result>): Promise<Result> {
  return await db.connection().execute(async (connection) => {
    // Another process's refresh may take longer than a statement may wait.
    await sql`SET statement_timeout = 0`.execute(connection)
    try {
      await sql`SELECT pg_advisory_lock(${sql.lit(refreshClass)}, hashtext(${accountId}))`.execute(connection)
      return await work(async () => void (await sql`SELECT 1`.execute(connection)))
    } finally {
      // A lost connection has given the lock back already.
      await sql`SELECT pg_advisory_unlock(${sql.lit(refreshClass)}, hashtext(${accountId}))`.execute(connection).catch(() => {})
      await sql`RESET statement_timeout`.execute(connection).catch(() => {})
    }
  })
}

/** Marks the load as alive until letLoadGo, or until this process ends however it ends. */
export async function holdLoad(db: Db, id: number): Promise<void> {
  const state = heldBy(db)
  state.loads.add(id)
  if (isEmbedded(db)) return
  state.keeper ??= openKeeper(db)
  const { keeper } = state
  if (await keeper.run(async (connection) => await lockLoads(connection, [id]))) return
  keeper.release()
  // Another load may have been quicker to make a new one.
  if (state.keeper === keeper) state.keeper = undefined
  state.keeper ??= openKeeper(db)
  await state.keeper.run(async (connection) => await lockLoads(connection, [...state.loads]))
}

const lockLoads = async (connection: Db, ids: readonly number[]) =>
  await sql`SELECT pg_advisory_lock(${sql.lit(loadClass)}, key) FROM unnest(${ids.map(halfOf)}::integer[]) AS key`.execute(connection)

export async function letLoadGo(db: Db, id: number): Promise<void> {
  const state = heldBy(db)
  if (!state.loads.delete(id) || !state.keeper) return
  const { keeper } = state
  if (state.loads.size === 0) {
    state.keeper = undefined
    await keeper.run((connection) => sql`SELECT pg_advisory_unlock_all()`.execute(connection))
    keeper.release()
  } else {
    await keeper.run((connection) => sql`SELECT pg_advisory_unlock(${sql.lit(loadClass)}, ${sql.lit(halfOf(id))})`.execute(connection))
  }
}

/** The loads of the list whose process is gone. To take a living one for dead is harmless: it is refreshed as far as it is, and once more when it ends. */
export async function deadLoads(db: Db, ids: readonly number[]): Promise<number[]> {
  const { loads } = heldBy(db)
  const strange = ids.filter((id) => !loads.has(id))
  if (isEmbedded(db) || strange.length === 0) return strange
  const { rows } = await sql<{ key: number }>`SELECT DISTINCT objid::bigint AS key FROM pg_locks
    WHERE locktype = 'advisory' AND classid = ${sql.lit(loadClass)}::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`.execute(db)
  const alive = new Set(rows.map(({ key }) => key))
  return strange.filter((id) => !alive.has(halfOf(id)))
}

/** Advisory keys of two halves are 32-bit. */
const halfOf = (id: number) => id % 2 ** 31

/** Keeps one pooled connection, because a session's locks live and die with it. Its statements run one after the other. */
function openKeeper(db: Db): Keeper {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    const forget = whenClosing(db, () => release())
    release = () => {
      forget()
      resolve()
    }
  })
  let last = Promise.resolve(true)
  const connection = new Promise<Db>((resolve, reject) => {
    db.connection()
      .execute(async (given) => {
        resolve(given)
        await released
      })
      .catch(reject)
  })
  return {
    // Living loads look dead then until the next one begins, which does a refresh no harm (deadLoads).
    run: (statement) => {
      last = last
        .then(async () => {
          await statement(await connection)
          return true
        })
        .catch(() => false)
      return last
    },
    release,
  }
}

/** Counts what may be done only so often: in memory while the store is embedded (one process), in the store when several processes share it. Knows no limit of the product. */
import { CompiledQuery } from 'kysely'
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { OperationalStore } from './open.ts'

export interface LimiterOptions {
  /** Names the limit; limits of one name share their counts. */
  readonly name: string
  readonly points: number
  /** Length of the window. */
  readonly seconds: number
}

export interface Limiter {
  /** Spends a point of the key. Resolves to undefined, or, when none is left, to the seconds until the window ends (at least 1). */
  readonly spend: (key: string, points?: number) => Promise<number | undefined>
  /** Forgets the key: all points are back. */
  readonly reset: (key: string) => Promise<void>
}

export function createLimiter(store: Pick<OperationalStore, 'db' | 'engine'>, { name, points, seconds }: LimiterOptions): Limiter {
  const options = { keyPrefix: name, points, duration: seconds }
  const limiter =
    store.engine === 'pglite'
      ? new RateLimiterMemory(options)
      : new RateLimiterPostgres({
          ...options,
          storeClient: { query: (query: { text: string; values?: unknown[] }) => store.db.executeQuery(CompiledQuery.raw(query.text, query.values ?? [])) },
          storeType: 'client',
          tableName: 'rate_limits',
          tableCreated: true,
          // A key that has spent everything is refused here without asking the store again: a flood must not become a flood of queries.
          inMemoryBlockOnConsumed: points,
          // While the store does not answer, each process counts for itself rather than letting everything through.
          insuranceLimiter: new RateLimiterMemory(options),
        })
  return {
    spend: async (key, spent = 1) => {
      try {
        await limiter.consume(key, spent)
        return undefined
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000))
        throw refused
      }
    },
    reset: async (key) => void (await limiter.delete(key)),
  }
}

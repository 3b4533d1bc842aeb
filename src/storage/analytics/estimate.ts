/** How many rows statements would read, before they run: from the engine's own plan, and at no cost while the store is small. Decides nothing. */
import type { Analytics, Params } from './run.ts'

/** A SELECT that reads one large table of rows with an `account_id`. */
export interface Read {
  readonly table: string
  readonly sql: string
  readonly params: Params
}

/** While the tables have no more rows than this, reading them whole takes no time: their size is the answer. */
const small = 10_000_000
/** How long a table's size is remembered. */
const sizeMs = 60_000

const sizes = new WeakMap<Analytics, Map<string, { rows: Promise<number>; until: number }>>()

/** Rows of a table, of all accounts: kept by the engine, so nothing is read. */
async function sizeOf(analytics: Analytics, table: string): Promise<number> {
  const known = sizes.get(analytics) ?? new Map<string, { rows: Promise<number>; until: number }>()
  sizes.set(analytics, known)
  const kept = known.get(table)
  if (kept && kept.until > performance.now()) return await kept.rows
  const rows = analytics.query<{ rows: number }>(`SELECT count() AS rows FROM ${table}`).then(([row]) => row?.rows ?? 0)
  known.set(table, { rows, until: performance.now() + sizeMs })
  rows.catch(() => known.delete(table))
  return await rows
}

/**
 * Rows that the statements would read in all; while the tables are small, how many they hold. A cluster's plan says nothing of its shards: there it is all rows of the account.
 * @param tables what the statements read, the caller's own SQL like them, never input @param reads asked for only when the tables are large
 */
export async function rowsToRead(analytics: Analytics, accountId: string, tables: readonly string[], reads: () => Promise<readonly Read[]>, signal?: AbortSignal): Promise<number> {
  const stored = sum(await Promise.all(tables.map((table) => sizeOf(analytics, table))))
  if (stored <= small) return stored
  const rows = await Promise.all(
    (await reads()).map(async ({ table, sql, params }) => {
      const planned = await analytics.query<{ rows: number }>(`EXPLAIN ESTIMATE ${sql}`, params, { signal })
      if (planned.length > 0) return sum(planned.map((part) => part.rows))
      const [all] = await analytics.query<{ rows: number }>(`SELECT count() AS rows FROM ${table} WHERE account_id = {account:String}`, { account: accountId }, { signal })
      return all?.rows ?? 0
    }),
  )
  return sum(rows)
}

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0)

/** What an operational store is to the rest of Mercat, whichever engine keeps it. */
import { PGliteAdapter } from 'kysely'
import type { Db } from './schema.ts'

/**
 * Both engines give the same JavaScript: bigint and count(*) are numbers, numeric is text, timestamptz is a Date, date is text
 * (`yyyy-MM-dd`), bytea is a Uint8Array, jsonb is parsed. Both take the same parameters: text[] as an array of strings, bytea as
 * bytes, timestamptz as a Date or ISO text. One thing is the caller's: give jsonb as `JSON.stringify(value)`, or an array becomes
 * a PostgreSQL array in one engine and JSON in the other.
 */
export interface OperationalStore {
  readonly db: Db
  readonly engine: 'pglite' | 'postgres'
  /** Sends a notification to every process on this store (one process only when embedded). Channels are snake_case; a payload is at most 7,999 bytes. */
  readonly notify: (channel: string, payload: string) => Promise<void>
  /**
   * Calls back for each notification; resolves to the unsubscribing function. A lost connection is made anew by itself. `connection` is called
   * with `lost` when it goes, from when on nothing is heard, and with `back` when it is there again: what was sent meanwhile is gone, and the listener reads
   * again what it cares about.
   */
  readonly listen: (channel: string, heard: (payload: string) => void, connection?: (state: 'lost' | 'back') => void) => Promise<() => Promise<void>>
  /** Runs SQL that a library wrote: one statement with values, or several without, whose rows come one after the other. */
  readonly run: (text: string, values?: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>
  readonly close: () => Promise<void>
}

/** An embedded store belongs to this process and is one connection: locks live in memory, and a session lock would mean nothing. */
export const isEmbedded = (db: Db): boolean => db.getExecutor().adapter instanceof PGliteAdapter

const closing = new WeakMap<Db, Set<() => void>>()

/** Calls back when the store begins to close: closing waits for every connection, so whoever keeps one must give it back then. */
export function whenClosing(db: Db, release: () => void): () => void {
  const known = closing.get(db) ?? new Set()
  closing.set(db, known.add(release))
  return () => known.delete(release)
}

/** For the engines' `close`. */
export function announceClosing(db: Db): void {
  for (const release of closing.get(db) ?? []) release()
}

/** Writes deliveries to the inbox, those that come at once in one statement. Reads none and knows no source. */
import { setImmediate as turn } from 'node:timers/promises'
import { MercatError } from '../../core/errors.ts'
import { type Delivered, insertDelivered } from '../../domain/sources/index.ts'
import type { Db } from '../../storage/operational/schema.ts'

/** Bounds of one statement, and of what may wait for its turn. */
const mostRows = 200
const mostBytes = 8 * 1024 * 1024
const mostPending = 64 * 1024 * 1024

export interface InboxWriter {
  /** Resolves when it is kept. Throws `unavailable` while the store cannot keep up, or is away. */
  readonly put: (delivered: Delivered) => Promise<void>
  /** Resolves when all that was put is kept or refused. */
  readonly close: () => Promise<void>
}

interface Pending {
  readonly delivered: Delivered
  readonly done: () => void
  readonly fail: (error: unknown) => void
}

export function createInboxWriter(db: Db): InboxWriter {
  let pending: Pending[] = []
  let bytes = 0
  let writing: Promise<void> | undefined

  async function write(): Promise<void> {
    // What this turn of the event loop brings belongs together.
    await turn()
    while (pending.length > 0) {
      const group = taken()
      try {
        await insertDelivered(
          db,
          group.map(({ delivered }) => delivered),
        )
        for (const { done } of group) done()
      } catch (error) {
        await apart(group, error)
      }
    }
    // Here and not when the promise settles: whoever is put meanwhile would wait for the next.
    writing = undefined
  }

  /** One that cannot be kept (its account has just left) must not take the others with it. */
  async function apart(group: readonly Pending[], error: unknown): Promise<void> {
    if (group.length === 1 || (error instanceof MercatError && error.code === 'unavailable')) {
      for (const { fail } of group) fail(error)
      return
    }
    for (const one of group) await insertDelivered(db, [one.delivered]).then(one.done, one.fail)
  }

  function taken(): Pending[] {
    let [rows, size] = [0, 0]
    for (const { delivered } of pending) {
      if (rows > 0 && (rows >= mostRows || size + delivered.sealed.length > mostBytes)) break
      rows++
      size += delivered.sealed.length
    }
    const group = pending.slice(0, rows)
    pending = pending.slice(rows)
    bytes -= size
    return group
  }

  return {
    put: (delivered) => {
      if (bytes + delivered.sealed.length > mostPending) return Promise.reject(new MercatError('unavailable', 'More comes in than can be kept', { retryAfter: 5 }))
      return new Promise((done, fail) => {
        pending.push({ delivered, done, fail })
        bytes += delivered.sealed.length
        writing ??= write()
      })
    },
    close: async () => {
      while (writing !== undefined) await writing
    },
  }
}

/** How much waits in the inbox of each account, so that the door can say no in time and pulls can stop. A figure that is a second old will do. */
import { bytesWaiting } from '../../domain/sources/index.ts'
import type { Db } from '../../storage/operational/schema.ts'

const goodMs = 1_000

export interface Pressure {
  /**
   * Takes room in the account's inbox.
   * @param part of what may wait, for whoever leaves room to others
   * @returns gives the room back: of what is not kept, or others would be refused for what anybody sends unproved; undefined: the inbox would hold more than it may
   */
  readonly admit: (accountId: string, bytes: number, part?: number) => Promise<(() => void) | undefined>
}

/** @param most bytes of an account, as they were read */
export function createPressure(db: Db, most: number): Pressure {
  let known = new Map<string, number>()
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> | undefined
  const read = async () => {
    const now = new Map(await bytesWaiting(db))
    readAt = performance.now()
    known = now
  }
  return {
    admit: async (accountId, bytes, part = 1) => {
      if (performance.now() - readAt > goodMs) {
        reading ??= read().finally(() => {
          reading = undefined
        })
        await reading
      }
      // What is read anew meanwhile counts what was kept, and nothing that was let in only.
      const counted = known
      const waiting = counted.get(accountId) ?? 0
      // An empty inbox takes anything the door lets in.
      if (waiting > 0 && waiting + bytes > most * part) return undefined
      counted.set(accountId, waiting + bytes)
      return () => void counted.set(accountId, (counted.get(accountId) ?? 0) - bytes)
    },
  }
}

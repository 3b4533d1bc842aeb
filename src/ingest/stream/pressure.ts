/** How much waits in the inbox of each account, so that the door can say no in time. A figure that is a second old will do. */
import { MercatError } from '../../core/errors.ts'
import { bytesWaiting } from '../../domain/sources/index.ts'
import type { Db } from '../../storage/operational/schema.ts'

const goodMs = 1_000
/** What is loaded in the meantime makes room. */
const retryAfter = 10

export interface Pressure {
  /**
   * Throws `unavailable` when the account's inbox would hold more than it may.
   * @returns gives the room back: of what is not kept, or others would be refused for what anybody sends unproved
   */
  readonly admit: (accountId: string, bytes: number) => Promise<() => void>
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
    admit: async (accountId, bytes) => {
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
      if (waiting > 0 && waiting + bytes > most) {
        throw new MercatError('unavailable', 'More of this account waits to be loaded than may', { retryAfter, hint: 'Nothing of this request was kept: send it again.' })
      }
      counted.set(accountId, waiting + bytes)
      return () => void counted.set(accountId, (counted.get(accountId) ?? 0) - bytes)
    },
  }
}

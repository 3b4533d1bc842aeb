/** How many bytes of bodies may be held in memory at once, by everybody and by each account: senders that come all at once must not end the process. Reads nothing. */
import { MercatError } from '../core/errors.ts'

/** A request or two of the largest there are, unpacked; many hundreds of usual ones. */
const mostOfOne = 192 * 1024 * 1024
const mostOfAll = 2 * mostOfOne
const retryAfter = 2

/** What one request holds. */
export interface Place {
  /** Throws `unavailable` where it would be more than there is room for. */
  readonly take: (bytes: number) => void
  /** Gives back all that was taken. */
  readonly leave: () => void
}

/** @returns a place for a request of the account */
export function createRoom(): (accountId: string) => Place {
  const held = new Map<string, number>()
  let all = 0
  const move = (accountId: string, bytes: number) => {
    all += bytes
    const own = (held.get(accountId) ?? 0) + bytes
    if (own === 0) held.delete(accountId)
    else held.set(accountId, own)
  }
  return (accountId) => {
    let taken = 0
    return {
      take: (bytes) => {
        if ((held.get(accountId) ?? 0) + bytes > mostOfOne || all + bytes > mostOfAll)
          throw new MercatError('unavailable', 'More comes in at once than may', { retryAfter, hint: 'Nothing of this request was kept: send it again, and fewer at a time.' })
        taken += bytes
        move(accountId, bytes)
      },
      leave: () => {
        move(accountId, -taken)
        taken = 0
      },
    }
  }
}

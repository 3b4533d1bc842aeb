/** When an attempt that was not taken is made again: the schedule that Standard Webhooks recommends. Pure. */

const [second, minute, hour] = [1_000, 60_000, 3_600_000]
/** After the first attempt, which is made at once. */
const delays = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour] as const
/** In all: the first and one for each delay. */
export const mostAttempts = delays.length + 1
/** Up to a fifth more, so that what failed together does not come back together. */
const jitterShare = 0.2
/** No receiver may put a message off for longer. */
const longestWaitMs = 24 * hour

/**
 * The moment of the next attempt; null: it is given up.
 * @param attempts that ended so far, at least one
 * @param retryAfterMs what the receiver asked for, if it did: never sooner than that
 * @param random from 0 to 1
 */
export function nextAttempt(attempts: number, now: Date, retryAfterMs: number | undefined, random: number): Date | null {
  const delay = delays[attempts - 1]
  if (delay === undefined) return null
  return new Date(now.getTime() + Math.max(delay * (1 + jitterShare * random), Math.min(retryAfterMs ?? 0, longestWaitMs)))
}

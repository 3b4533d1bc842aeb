/** Whose work this is, for pools that serve those who wait in turn. Set by the pipeline around a call; it says nothing about what anyone may do. */
import { AsyncLocalStorage } from 'node:async_hooks'

const current = new AsyncLocalStorage<string>()

/** Does the work as a part of this person's; of everything that waits for a pool, each person's work gets its turn. */
export function inTurnOf<Result>(who: string, work: () => Result): Result {
  return current.run(who, work)
}

/** Work of nobody in particular (jobs, refreshes, commands) is one party among the others. */
export function whoseTurn(): string {
  return current.getStore() ?? ''
}

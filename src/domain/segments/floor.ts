/** The privacy floor over the counts of one answer: neither a small group nor a small difference between two counts is shown. Pure. */

export interface Counted {
  /** null: hidden. */
  readonly count: number | null
  readonly shown: string
}

/**
 * Shows counts one after the other, the most important first: one below the floor is "fewer than N"; one that differs from a count shown before by
 * fewer than the floor, and is not equal to it, is hidden, since the difference may be a group of people.
 */
export function counterOf(floor: number): (count: number) => Counted {
  const before = new Set<number>()
  return (count) => {
    if (count < floor) return { count: null, shown: `fewer than ${floor}` }
    if (!before.has(count) && [...before].some((other) => Math.abs(other - count) < floor)) return { count: null, shown: `within ${floor} of another count shown` }
    before.add(count)
    return { count, shown: count.toLocaleString('en') }
  }
}

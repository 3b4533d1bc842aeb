/** The privacy floor over the counts of one answer: neither a small group nor a small difference between two counts is shown. Pure. */
import { groupOf, pathText, type Predicate } from '../predicates/index.ts'

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

/**
 * Whether the counts of a tree's predicates together tell of a small group: whoever knows how many meet one predicate, another, and one of the two, knows how
 * many meet both; and likewise how many meet neither. Of more than two in a group it is who meets, or who fails, more than one of them.
 */
export function tellsFew(tree: Predicate, path: readonly (string | number)[], countOf: (path: string) => number, customers: number, floor: number): boolean {
  const inner = groupOf(tree)
  if (!inner) return false
  const { group, members } = inner
  const paths = members.map((_, index) => [...path, group, index])
  const whole = countOf(pathText(path))
  const counted = (one: readonly (string | number)[]) => (group === 'all' ? customers - countOf(pathText(one)) : countOf(pathText(one)))
  const more = paths.reduce((sum, one) => sum + counted(one), 0) - (group === 'any' ? whole : customers - whole)
  return (more > 0 && more < floor) || members.some((member, index) => tellsFew(member, paths[index] ?? [], countOf, customers, floor))
}

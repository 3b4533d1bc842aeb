/** What the rule editor does with a tree (web/src/kit/rule-editor/tree.ts), which the browser's tests click through only in part. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Predicate } from '../../src/domain/predicates/index.ts'
import { added, at, duplicated, groupOf, leavesOf, makeGroup, moved, pathOf, removed, replaced, rooted, sizeOf, ungrouped, wrapped } from '../../web/src/kit/rule-editor/tree.ts'

const leaf = (name: string): Predicate => ({ attribute: name, op: 'known' })
const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(leaf) as [Predicate, Predicate, Predicate, Predicate]
const tree: Predicate = { all: [a, { any: [b, c] }, d] }

describe('the tree of a rule', () => {
  it('is read and changed by place, and its paths are the server’s', () => {
    expect(at(tree, [1, 1])).toBe(c)
    expect(at(tree, [0, 0])).toBeUndefined()
    expect(pathOf(tree, [1, 1])).toBe('all[1].any[1]')
    expect(leavesOf(tree).map(({ path }) => path)).toEqual(['all[0]', 'all[1].any[0]', 'all[1].any[1]', 'all[2]'])
    expect(replaced(tree, [1, 0], d)).toEqual({ all: [a, { any: [d, c] }, d] })
    expect(added(tree, [1], d)).toEqual({ all: [a, { any: [b, c, d] }, d] })
    expect(duplicated(tree, [1])).toEqual({ all: [a, { any: [b, c] }, { any: [b, c] }, d] })
    expect(wrapped(tree, [0], 'none')).toEqual({ all: [{ none: [a] }, { any: [b, c] }, d] })
    expect(ungrouped(tree, [1])).toEqual({ all: [a, b, c, d] })
    expect(rooted(a)).toEqual({ all: [a] })
    expect(sizeOf(tree)).toEqual({ depth: 3, nodes: 6 })
  })

  it('loses groups that become empty, but not its root', () => {
    expect(removed(tree, [1, 0])).toEqual({ all: [a, { any: [c] }, d] })
    expect(removed({ all: [{ any: [{ none: [b] }] }, a] }, [0, 0, 0])).toEqual({ all: [a] })
    expect(removed({ all: [a] }, [0])).toEqual({ all: [] })
    expect(removed(tree, [])).toBe(tree)
  })

  it('moves a predicate step by step, into groups and out of them', () => {
    expect(moved(tree, [0], 'up')).toBeUndefined()
    expect(moved(tree, [0], 'down')).toEqual({ tree: { all: [{ any: [a, b, c] }, d] }, place: [0, 0] })
    expect(moved(tree, [2], 'up')).toEqual({ tree: { all: [a, { any: [b, c, d] }] }, place: [1, 2] })
    expect(moved(tree, [1, 0], 'up')).toEqual({ tree: { all: [a, b, { any: [c] }, d] }, place: [1] })
    expect(moved(tree, [1, 1], 'down')).toEqual({ tree: { all: [a, { any: [b] }, c, d] }, place: [2] })
    expect(moved(tree, [1], 'down')).toEqual({ tree: { all: [a, d, { any: [b, c] }] }, place: [2] })
    expect(moved({ all: [{ any: [a] }, b] }, [0, 0], 'down')).toEqual({ tree: { all: [a, b] }, place: [0] })
  })

  it('keeps every predicate on every way through it', () => {
    const trees = fc.letrec<{ node: Predicate; group: Predicate; leaf: Predicate }>((tie) => ({
      leaf: fc.string({ minLength: 1, maxLength: 3 }).map(leaf),
      group: fc.tuple(fc.constantFrom('all', 'any', 'none'), fc.array(tie('node'), { minLength: 1, maxLength: 3 })).map(([group, members]) => makeGroup(group, members)),
      node: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('group')),
    })).group
    const names = (of: Predicate) =>
      leavesOf(of)
        .map((one) => JSON.stringify(one.leaf))
        .sort()
    fc.assert(
      fc.property(trees, fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 4 }), fc.constantFrom('up' as const, 'down' as const), (whole, place, direction) => {
        const what = at(whole, place)
        const step = moved(whole, place, direction)
        fc.pre(what !== undefined)
        if (step) {
          expect(names(step.tree)).toEqual(names(whole))
          expect(at(step.tree, step.place)).toEqual(what)
        }
        expect(ungrouped(wrapped(whole, place), place)).toEqual(whole)
        expect(removed(duplicated(whole, place), place)).toEqual(whole)
        // No group is left empty.
        const empty = (node: Predicate): boolean => groupOf(node)?.members.length === 0 || (groupOf(node)?.members.some(empty) ?? false)
        if (step) expect(empty(step.tree)).toBe(false)
      }),
      { numRuns: 300 },
    )
  })
})

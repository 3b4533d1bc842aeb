/** What can be done with a tree of predicates while it is edited. Pure: every function gives a new tree, and leaves out nothing that it was not asked to. */
import type { AttributePredicate, Group, Place, Predicate } from './types.ts'

const groups = ['all', 'any', 'none'] as const

/** The group that a predicate is; undefined: it is a leaf. */
export function groupOf(predicate: Predicate): { readonly group: Group; readonly members: readonly Predicate[] } | undefined {
  for (const group of groups) if (group in predicate) return { group, members: (predicate as Record<Group, readonly Predicate[]>)[group] }
  return undefined
}

export const makeGroup = (group: Group, members: readonly Predicate[]): Predicate => ({ [group]: members }) as unknown as Predicate

/** What a person begins with: a predicate about nothing yet. */
export const blank: AttributePredicate = { attribute: '', op: 'is' }

/** The same rule with a group at its root, which an editor needs to add to. */
export const rooted = (tree: Predicate): Predicate => (groupOf(tree) ? tree : makeGroup('all', [tree]))

export function at(tree: Predicate, place: Place): Predicate | undefined {
  return place.reduce<Predicate | undefined>((node, index) => (node && groupOf(node)?.members[index]) || undefined, tree)
}

/** The path of a place as the server writes it: `all[0].any[1]`; '' is the root. */
export function pathOf(tree: Predicate, place: Place): string {
  let node: Predicate | undefined = tree
  const parts: string[] = []
  for (const index of place) {
    const inner: ReturnType<typeof groupOf> = node && groupOf(node)
    if (!inner) break
    parts.push(`${inner.group}[${index}]`)
    node = inner.members[index]
  }
  return parts.join('.')
}

/** Changes the members of the group at a place. */
function withMembers(tree: Predicate, place: Place, change: (members: readonly Predicate[]) => readonly Predicate[]): Predicate {
  const inner = groupOf(tree)
  if (!inner) return tree
  const [index, ...rest] = place
  if (index === undefined) return makeGroup(inner.group, change(inner.members))
  return makeGroup(
    inner.group,
    inner.members.map((member, number) => (number === index ? withMembers(member, rest, change) : member)),
  )
}

const split = (place: Place): { parent: Place; index: number } => ({ parent: place.slice(0, -1), index: place.at(-1) ?? 0 })

export function replaced(tree: Predicate, place: Place, predicate: Predicate): Predicate {
  if (place.length === 0) return predicate
  const { parent, index } = split(place)
  return withMembers(tree, parent, (members) => members.map((member, number) => (number === index ? predicate : member)))
}

/** At the end of the group at a place. */
export const added = (tree: Predicate, group: Place, predicate: Predicate): Predicate => withMembers(tree, group, (members) => [...members, predicate])

/** Groups that lose their last member go too, but for the root. */
export function removed(tree: Predicate, place: Place): Predicate {
  if (place.length === 0) return tree
  const { parent, index } = split(place)
  const without = withMembers(tree, parent, (members) => members.toSpliced(index, 1))
  const left = at(without, parent)
  return parent.length > 0 && left && groupOf(left)?.members.length === 0 ? removed(without, parent) : without
}

/** A copy right after it. */
export function duplicated(tree: Predicate, place: Place): Predicate {
  const copy = at(tree, place)
  if (place.length === 0 || !copy) return tree
  const { parent, index } = split(place)
  return withMembers(tree, parent, (members) => members.toSpliced(index + 1, 0, copy))
}

/** Puts a group around it. */
export function wrapped(tree: Predicate, place: Place, group: Group = 'any'): Predicate {
  const inside = at(tree, place)
  return inside ? replaced(tree, place, makeGroup(group, [inside])) : tree
}

/** Puts the members of a group in its place. Of `none` and of a group that joins otherwise that changes what the rule means: the person asked for it, and sees the count. */
export function ungrouped(tree: Predicate, place: Place): Predicate {
  const inner = at(tree, place) && groupOf(at(tree, place) as Predicate)
  if (!inner || place.length === 0) return tree
  const { parent, index } = split(place)
  return withMembers(tree, parent, (members) => members.toSpliced(index, 1, ...inner.members))
}

export type Direction = 'up' | 'down'

/**
 * One step up or down as the eye sees it: past its neighbour, into a neighbouring group at its near end, or out of its own group at the edge. A group that it
 * leaves empty goes. @returns the tree and where it stands now; undefined: there is no step that way
 */
export function moved(tree: Predicate, place: Place, direction: Direction): { readonly tree: Predicate; readonly place: Place } | undefined {
  const what = at(tree, place)
  if (!what || place.length === 0) return undefined
  const { parent, index } = split(place)
  const members = membersAt(tree, parent)
  const beside = direction === 'up' ? index - 1 : index + 1
  const neighbour = members[beside]
  if (neighbour === undefined) return parent.length === 0 ? undefined : outOf(tree, place, what, direction)
  const inner = groupOf(neighbour)
  if (!inner || groupOf(what)) {
    return { tree: withMembers(tree, parent, (list) => list.toSpliced(index, 1).toSpliced(beside, 0, what)), place: [...parent, beside] }
  }
  const into = direction === 'up' ? [...inner.members, what] : [what, ...inner.members]
  const filled = replaced(tree, [...parent, beside], makeGroup(inner.group, into))
  const where = direction === 'up' ? [...parent, beside, inner.members.length] : [...parent, index, 0]
  return { tree: withMembers(filled, parent, (list) => list.toSpliced(index, 1)), place: where }
}

function outOf(tree: Predicate, place: Place, what: Predicate, direction: Direction): { readonly tree: Predicate; readonly place: Place } {
  const group = split(place).parent
  const { parent, index } = split(group)
  const alone = membersAt(tree, group).length === 1
  const left = withMembers(tree, group, (list) => list.toSpliced(split(place).index, 1))
  // Alone in its group it takes the group's place.
  if (alone) return { tree: replaced(left, group, what), place: group }
  const where = direction === 'up' ? index : index + 1
  return { tree: withMembers(left, parent, (list) => list.toSpliced(where, 0, what)), place: [...parent, where] }
}

const membersAt = (tree: Predicate, place: Place): readonly Predicate[] => {
  const node = at(tree, place)
  return (node && groupOf(node)?.members) ?? []
}

/** How many levels a tree has, and how many predicates, groups counted. */
export function sizeOf(tree: Predicate): { readonly depth: number; readonly nodes: number } {
  const sizes = (groupOf(tree)?.members ?? []).map(sizeOf)
  return { depth: 1 + Math.max(0, ...sizes.map(({ depth }) => depth)), nodes: 1 + sizes.reduce((sum, { nodes }) => sum + nodes, 0) }
}

/** Every leaf with its path. */
export function leavesOf(tree: Predicate, path = ''): readonly { readonly leaf: Predicate; readonly path: string }[] {
  const inner = groupOf(tree)
  if (!inner) return [{ leaf: tree, path }]
  return inner.members.flatMap((member, index) => leavesOf(member, `${path === '' ? '' : `${path}.`}${inner.group}[${index}]`))
}

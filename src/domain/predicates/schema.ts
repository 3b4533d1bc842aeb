/** Parses a predicate tree strictly, with errors that name the path. Never recurses deeper than a tree may be. */
import { z } from 'zod'
import { attributeSchema, didNotSchema, didSchema, mostDepth, mostNodes, type Predicate } from './tree.ts'

const groups = ['all', 'any', 'none'] as const
export type Group = (typeof groups)[number]
const forms = 'must be one of {all: […]}, {any: […]}, {none: […]}, {attribute, op, value}, {did: event, …}, {didNot: event, …}'

type Path = (string | number)[]
type Report = (message: string, path: Path) => void

/** The group a predicate is; undefined for a leaf. */
export function groupOf(predicate: Predicate): { readonly group: Group; readonly members: readonly Predicate[] } | undefined {
  if ('all' in predicate) return { group: 'all', members: predicate.all }
  if ('any' in predicate) return { group: 'any', members: predicate.any }
  if ('none' in predicate) return { group: 'none', members: predicate.none }
  return undefined
}

/** A predicate tree as callers write it: at most `mostDepth` levels and `mostNodes` predicates, in a group at least one. */
export const predicateSchema = z.record(z.string(), z.unknown()).transform((given, context): Predicate => {
  let nodes = 0
  let faults = 0
  const report: Report = (message, path) => {
    if (faults++ < 10) context.addIssue({ code: 'custom', message, path })
  }
  const read = (value: unknown, path: Path, depth: number): Predicate | undefined => {
    if (depth > mostDepth) return void report(`is nested deeper than ${mostDepth} levels`, path)
    if (++nodes > mostNodes) return void (nodes === mostNodes + 1 && report(`the tree has more than ${mostNodes} predicates`, path))
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return void report(forms, path)
    const group = groups.find((name) => Object.hasOwn(value, name))
    if (group === undefined) return readLeaf(value, path, report)
    const other = Object.keys(value).find((key) => key !== group)
    if (other !== undefined) return void report(`${JSON.stringify(other.slice(0, 40))} cannot stand beside ${group}`, path)
    const members: unknown = (value as Record<Group, unknown>)[group]
    if (!Array.isArray(members) || members.length === 0) return void report('must be a list of at least one predicate', [...path, group])
    const parsed: Predicate[] = []
    for (const [index, member] of members.entries()) {
      if (nodes > mostNodes) break
      const one = read(member, [...path, group, index], depth + 1)
      if (one) parsed.push(one)
    }
    return { [group]: parsed } as unknown as Predicate
  }
  return read(given, [], 1) ?? z.NEVER
})

function readLeaf(value: object, path: Path, report: Report): Predicate | undefined {
  const schema = 'attribute' in value ? attributeSchema : 'did' in value ? didSchema : 'didNot' in value ? didNotSchema : undefined
  if (!schema) return void report(forms, path)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) report(issue.message, [...path, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))])
  return undefined
}

/** The path of a predicate or of a part of it, as errors and explanations write it: `all[0].any[1].where[0]`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '')
}

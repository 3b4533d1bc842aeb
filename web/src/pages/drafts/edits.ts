/** What a person changed in a draft and did not save: by field, so that it stays theirs when the draft changes underneath. Pure. */
import type { DraftChange, Version } from './types.ts'

/** New values by path: `name`, `startsAt`, `definition.template.subject`. undefined: taken away. */
export type Edits = ReadonlyMap<string, unknown>

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value as it is stored; undefined: none. */
function storedAt(version: Version, path: string): unknown {
  return path.split('.').reduce<unknown>((value, field) => (isRecord(value) && Object.hasOwn(value, field) ? value[field] : undefined), version)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** What a field shows. */
export function valueAt(version: Version, edits: Edits, path: string): unknown {
  return edits.has(path) ? edits.get(path) : (storedAt(version, path) ?? undefined)
}

/** With one field changed; changed back, it is no edit any more. */
export function withEdit(version: Version, edits: Edits, path: string, value: unknown): Edits {
  const next = new Map(edits)
  if (same(storedAt(version, path), value)) next.delete(path)
  else next.set(path, value)
  return next
}

/** The edits as the server takes them: fields of the definition whole, null for what is taken away. */
export function changeOf(version: Version, edits: Edits): DraftChange {
  const change: Record<string, unknown> = {}
  const definition: Record<string, unknown> = {}
  for (const [path, value] of edits) {
    const [first = '', field, ...rest] = path.split('.')
    if (first !== 'definition' || field === undefined) change[first] = value ?? null
    else definition[field] = placed(Object.hasOwn(definition, field) ? definition[field] : version.definition[field], rest, value)
  }
  return { ...change, ...(Object.keys(definition).length > 0 ? { definition } : {}) } as DraftChange
}

/** A copy with the value at its place; null when nothing is left. */
function placed(before: unknown, path: readonly string[], value: unknown): unknown {
  const [field, ...rest] = path
  if (field === undefined) return value ?? null
  const inner = placed(isRecord(before) ? before[field] : undefined, rest, value)
  const { [field]: _, ...others } = isRecord(before) ? before : {}
  const next = inner === null ? others : { ...others, [field]: inner }
  return Object.keys(next).length > 0 ? next : null
}

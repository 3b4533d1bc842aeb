/** What differs between two versions of a draft, field by field, as people review it. Pure. */
import { canonicalJson } from '../../core/json.ts'
import { clip } from '../../core/text.ts'

export interface Change {
  /** `template.subject`, `countries`, `name`. */
  readonly path: string
  /** null: there was nothing. */
  readonly before: string | null
  readonly after: string | null
}

/** Shown of a value; the whole is in the draft. */
const longestShown = 2_000
/** More are counted by the caller as what they are: another draft. */
const mostChanges = 200

/** Objects are compared field by field; lists and values as a whole, since a list's order matters and its items have no name. */
export function diff(before: unknown, after: unknown, path = ''): Change[] {
  const changes: Change[] = []
  collect(before, after, path, changes)
  return changes.slice(0, mostChanges)
}

function collect(before: unknown, after: unknown, path: string, changes: Change[]): void {
  if (isRecord(before) && isRecord(after)) {
    for (const field of [...new Set([...Object.keys(before), ...Object.keys(after)])].sort())
      collect(before[field], after[field], path === '' ? field : `${path}.${field}`, changes)
    return
  }
  if (same(before, after)) return
  changes.push({ path, before: shown(before), after: shown(after) })
}

/** A rule is one value: what changed in it is read in its words, not in its branches. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !['all', 'any', 'none', 'attribute', 'did', 'didNot'].some((field) => Object.hasOwn(value, field))
}

const empty = (value: unknown) => value === undefined || value === null
const same = (before: unknown, after: unknown) => (empty(before) && empty(after)) || (!empty(before) && !empty(after) && canonicalJson(before) === canonicalJson(after))

function shown(value: unknown): string | null {
  if (empty(value)) return null
  return clip(typeof value === 'string' ? value : JSON.stringify(value), longestShown)
}

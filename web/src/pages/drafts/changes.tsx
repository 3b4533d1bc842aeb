/** What differs between two versions, field by field: before and after. */
import { IconArrowRight } from '@tabler/icons-react'
import { exact } from '../../kit/index.ts'
import { useZone } from '../../session.ts'
import classes from './changes.module.css'
import { Long } from './long.tsx'
import type { Change } from './types.ts'
import { fieldName } from './words.ts'

/** @param label what they are, for screen readers */
export function Changes({ label, of }: { label: string; of: readonly Change[] }) {
  return (
    <ul className={classes.changes} aria-label={label}>
      {of.flatMap(byField).map((change) => (
        <li key={change.path} className={classes.change}>
          <div className={classes.field}>{fieldName(change.path)}</div>
          <div className={classes.both}>
            <Value path={change.path} text={change.before} kind="before" />
            <IconArrowRight size={15} aria-hidden className={classes.arrow} />
            <Value path={change.path} text={change.after} kind="after" />
          </div>
        </li>
      ))}
    </ul>
  )
}

function Value({ path, text, kind }: { path: string; text: string | null; kind: 'before' | 'after' }) {
  const zone = useZone()
  if (text === null || text === '[]') return <span className={classes.none}>nothing</span>
  return <Long text={wordsOf(path, text, zone)} most={240} as={kind === 'before' ? 'del' : 'ins'} className={classes.value} />
}

/** Fields whose values are lists, and objects: only these are read as such, since a text may look like either. */
const lists = new Set(['countries', 'products', 'exclusions', 'where', 'campaigns', 'variants', 'optIns', 'form'].map((field) => `definition.${field}`))
const objects = new Set(['template', 'schedule', 'followUp'].map((field) => `definition.${field}`))

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text)
  } catch {
    // Clipped: shown as it came.
    return undefined
  }
}

/** What came or went as a whole, field by field. */
function byField(change: Change): readonly Change[] {
  const side = change.before === null ? 'after' : 'before'
  const value = objects.has(change.path) ? parsed(change[side]) : undefined
  if (typeof value !== 'object' || value === null) return [change]
  return Object.entries(value).map(([field, part]) => ({
    path: `${change.path}.${field}`,
    before: null,
    after: null,
    [side]: typeof part === 'string' ? part : JSON.stringify(part),
  }))
}

/** One thing of a list in a line: "field amount, op >, value 250". */
function itemOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item)
  return Object.entries(item)
    .map(([field, value]) => `${field} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ')
}

/** Moments in the account's zone; lists of words as words. */
function wordsOf(path: string, text: string, zone: string | undefined): string {
  if (/(^|\.)(startsAt|endsAt|sendAt)$/.test(path) && !Number.isNaN(Date.parse(text))) return exact(new Date(text), zone)
  if (path.endsWith('controlShare')) return `${Number((Number(text) * 100).toFixed(4))} %`
  const list = lists.has(path) ? parsed(text) : undefined
  return Array.isArray(list) ? list.map(itemOf).join(list.some((one) => typeof one === 'object') ? '\n' : ', ') : text
}

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
      {of.map((change) => (
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
  if (text === null) return <span className={classes.none}>nothing</span>
  return <Long text={wordsOf(path, text, zone)} most={240} as={kind === 'before' ? 'del' : 'ins'} className={classes.value} />
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
  if (!text.startsWith('[')) return text
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.map(itemOf).join(list.some((one) => typeof one === 'object') ? '\n' : ', ') || 'nothing' : text
  } catch {
    // Clipped: shown as it came.
    return text
  }
}

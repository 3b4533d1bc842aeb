/** What differs between two versions, field by field: before and after. */
import { Button } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useState } from 'react'
import { exact } from '../../kit/index.ts'
import { useZone } from '../../session.ts'
import classes from './changes.module.css'
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

/** Longer ones are shown whole on demand. */
const long = 240

function Value({ path, text, kind }: { path: string; text: string | null; kind: 'before' | 'after' }) {
  const [whole, setWhole] = useState(false)
  const zone = useZone()
  const words = text === null ? null : wordsOf(path, text, zone)
  const Tag = kind === 'before' ? 'del' : 'ins'
  if (words === null) return <span className={classes.none}>nothing</span>
  return (
    <div className={classes.value}>
      <Tag className={classes.text} data-cut={(words.length > long && !whole) || undefined} dir="auto">
        {words}
      </Tag>
      {words.length > long ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </Button>
      ) : null}
    </div>
  )
}

/** Moments in the account's zone; lists of words as words. */
function wordsOf(path: string, text: string, zone: string | undefined): string {
  if (/(^|\.)(startsAt|endsAt|sendAt)$/.test(path) && !Number.isNaN(Date.parse(text))) return exact(new Date(text), zone)
  if (path.endsWith('controlShare')) return `${Number((Number(text) * 100).toFixed(4))} %`
  if (!text.startsWith('[')) return text
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) && list.every((one) => typeof one !== 'object') ? list.join(', ') || 'nothing' : text
  } catch {
    // Clipped: shown as it came.
    return text
  }
}

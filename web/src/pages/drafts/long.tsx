/** Words that somebody wrote, cut where they are very long, and whole on demand. They are text, whatever they hold. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import classes from './long.module.css'

interface LongProps {
  readonly text: string
  /** Characters from which on it is cut. */
  readonly most?: number
  /** What it was and what it is, in a comparison. */
  readonly as?: 'div' | 'del' | 'ins'
  readonly className?: string | undefined
}

export function Long({ text, most = 400, as: Tag = 'div', className }: LongProps) {
  const [whole, setWhole] = useState(false)
  const long = text.length > most
  return (
    <div className={classes.box}>
      <Tag className={`${classes.text} ${className ?? ''}`} data-cut={(long && !whole) || undefined} dir="auto">
        {text}
      </Tag>
      {long ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </Button>
      ) : null}
    </div>
  )
}
